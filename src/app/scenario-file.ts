// Scenarios that users write: YAML or JSON, strict, every fault at once with its line; and paths of prices.
import { z } from 'zod'
import { BaseError } from '../model/errors.ts'
import { type Parsed, parseChange, parseRise, type Scenario, type Step } from '../risk/scenario.ts'
import { parsePath } from '../risk/scenario-path.ts'
import { parseSpan } from '../units/span.ts'
import type { Fault } from './config/load.ts'
import { faultyText, parseYaml, readText } from './yaml-file.ts'

export class ScenarioError extends BaseError {
  override readonly name = 'ScenarioError'
  constructor(file: string, faults: readonly Fault[]) {
    super(faultyText(file, faults), {
      remedy: 'Correct the lines named; "plimsoll stress --help" shows the form of scenarios and paths.',
    })
  }
}

/** A text that is parsed; `error` says what else it was to be. */
const parsedBy = <T>(error: string, parse: (text: string) => Parsed<T>) =>
  z.string({ error }).transform((text, context) => {
    const parsed = parse(text)
    if ('value' in parsed) return parsed.value
    context.addIssue({ code: 'custom', message: parsed.fault })
    return z.NEVER
  })

const NO_SPAN = 'is no span of time; write one such as 30s, 6h or 7d'

const change = parsedBy('is no change of a price; write a percentage such as -30%', parseChange)
const rise = parsedBy('is no change of a rate; write points a year such as +5%', parseRise)
const span = parsedBy(NO_SPAN, (text) => {
  const value = parseSpan(text)
  return value === undefined ? { fault: `"${text}" ${NO_SPAN}` } : { value }
})

const shocks = z.record(z.string(), change)
const frozen = z.array(z.string({ error: 'is no asset; write a symbol, a group or an address' }))

const moment = {
  shocks: shocks.optional(),
  frozen: frozen.optional(),
  rates: z.record(z.string(), rise).optional(),
  time: span.optional(),
}

/** A rate does nothing in no time. */
const hasTime = ({ rates, time }: Moment): boolean => !rates || (time !== undefined && time > 0)
const TIMELESS = { path: ['rates'], message: 'needs a time; add one such as time: 30d' }

const fileSchema = z
  .strictObject({
    name: z.string().optional(),
    ...moment,
    steps: z
      .array(z.strictObject({ name: z.string().optional(), ...moment }).refine(hasTime, TIMELESS))
      .min(1, 'has no steps')
      .optional(),
  })
  .refine((file) => !file.steps || !(file.shocks || file.frozen || file.rates || file.time), {
    path: ['steps'],
    message: 'stands beside shocks, frozen, rates or time; put those into a step',
  })
  .refine((file) => file.steps || hasTime(file), TIMELESS)
  .refine((file) => file.steps || file.shocks || file.rates || file.time, {
    message: 'says nothing that happens; write shocks, time or steps',
  })

type Moment = {
  readonly shocks?: Readonly<Record<string, bigint>> | undefined
  readonly frozen?: readonly string[] | undefined
  readonly rates?: Readonly<Record<string, bigint>> | undefined
  readonly time?: number | undefined
}

const stepOf = (
  name: string,
  { shocks: changes = {}, frozen: still = [], rates: rises, time = 0 }: Moment,
): Step => ({
  name,
  shocks: Object.entries(changes).map(([subject, changePpm]) => ({ subject, changePpm })),
  frozen: still,
  seconds: time,
  ...(rises ? { rates: Object.entries(rises).map(([subject, risePpm]) => ({ subject, risePpm })) } : {}),
})

/** Reads a scenario out of text, every scalar of which is text: an address is no number. Throws `ScenarioError` with every fault. */
export const parseScenario = (file: string, text: string): Scenario => {
  const parsed = parseYaml(text, fileSchema, 'failsafe')
  if ('faults' in parsed) throw new ScenarioError(file, parsed.faults)
  const { name = file, steps, ...only } = parsed.data
  return {
    name,
    steps: steps
      ? steps.map((step, index) => stepOf(step.name ?? `step ${index + 1}`, step))
      : [stepOf(name, only)],
  }
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
