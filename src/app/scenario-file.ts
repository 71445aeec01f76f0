// Scenarios that users write: YAML or JSON, strict, every fault at once with its line; and paths of prices.
import { BaseError } from '../model/errors.ts'
import type { Scenario } from '../risk/scenario.ts'
import { parsePath } from '../risk/scenario-path.ts'
import type { Fault } from './config/load.ts'
import { scenarioOf, scenarioSchema } from './scenario-shape.ts'
import { faultyText, parseYaml, readText } from './yaml-file.ts'

export class ScenarioError extends BaseError {
  override readonly name = 'ScenarioError'
  constructor(file: string, faults: readonly Fault[]) {
    super(faultyText(file, faults), {
      remedy: 'Correct the lines named; "plimsoll stress --help" shows the form of scenarios and paths.',
    })
  }
}

/** Reads a scenario out of text, every scalar of which is text: an address is no number. Throws `ScenarioError` with every fault. */
export const parseScenario = (file: string, text: string): Scenario => {
  const parsed = parseYaml(text, scenarioSchema, 'failsafe')
  if ('faults' in parsed) throw new ScenarioError(file, parsed.faults)
  return scenarioOf(file, parsed.data)
}

const textOf = (file: string): string =>
  readText(file, 'Name a file that is there, or a crash day of "plimsoll stress --scenario list".')

/** Reads a scenario file. Throws `ScenarioError`, `UnreadableFileError`. */
export const loadScenario = (file: string): Scenario => parseScenario(file, textOf(file))

/** Reads a path of prices. Throws `ScenarioError`, `UnreadableFileError`. */
export const loadPath = (file: string): Scenario => {
  const parsed = parsePath(file, textOf(file))
  if ('scenario' in parsed) return parsed.scenario
  throw new ScenarioError(
    file,
    parsed.faults.map(({ line, message }) => ({ line, column: 1, path: '', message })),
  )
}
