// Files in which users test rules on literal series: strict, every fault at once with its line.
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { builtInRules } from '../alerts/built-in.ts'
import { fields } from '../alerts/fields.ts'
import { parseSeries } from '../alerts/rule-series.ts'
import { stepsOf } from '../alerts/rule-test-play.ts'
import { EXPECTED_STATES, type Failure, type RuleTest } from '../alerts/rule-tests.ts'
import type { NotifySettings } from '../alerts/settings.ts'
import type { AlertRule } from '../model/alert.ts'
import { BaseError, messageOf } from '../model/errors.ts'
import { registry } from '../protocols/registry.ts'
import { parseSpan } from '../units/span.ts'
import type { PathFault } from './config/issues.ts'
import { ConfigError, type Fault, loadConfig } from './config/load.ts'
import { notifySchema, notifySettings } from './config/notify.ts'
import { ruleListFaults } from './config/rule-checks.ts'
import { ruleSchema } from './config/schema.ts'
import { faultyText, parseYaml, readText } from './yaml-file.ts'

export class RuleTestFileError extends BaseError {
  override readonly name = 'RuleTestFileError'
  constructor(file: string, faults: readonly Fault[]) {
    super(faultyText(file, faults), {
      remedy: 'Correct the lines named; docs/alerts.md shows the form of rules and of their tests.',
    })
  }
}

const NO_SPAN = 'is no span of time; write one such as 12s, 5m or 1h'

const span = z.union([z.int().nonnegative(), z.string()], { error: NO_SPAN }).transform((given, context) => {
  const seconds = typeof given === 'number' ? given : parseSpan(given)
  if (seconds !== undefined) return seconds
  context.addIssue({ code: 'custom', message: NO_SPAN })
  return z.NEVER
})

const values = z.union([z.string(), z.number(), z.boolean()], { error: 'is no series' }).transform(String)

const testSchema = z.strictObject({
  name: z.string().min(1),
  interval: span.refine((seconds) => seconds > 0, 'is to be 1s or more').default(12),
  loan: z
    .strictObject({
      label: z.string().optional(),
      chainId: z.int().positive().default(1),
      protocol: z.string().default('aave-v3'),
      deployment: z.string().default('core'),
      market: z.string().default('pool'),
    })
    .prefault({}),
  series: z.record(z.string(), values),
  expect: z
    .array(
      z
        .strictObject({
          at: span,
          alert: z.string(),
          state: z.enum(EXPECTED_STATES).optional(),
          sent: z.boolean().optional(),
        })
        .refine(({ state, sent }) => state !== undefined || sent !== undefined, {
          message: 'expects nothing; write state or sent',
        }),
    )
    .default([]),
  sends: z
    .array(
      z.strictObject({
        at: span,
        alert: z.string(),
        status: z.enum(['firing', 'resolved']),
        reason: z.enum(['fired', 'worse', 'repeat', 'resolved']).optional(),
      }),
    )
    .optional(),
})

const fileSchema = z
  .strictObject({
    config: z.string().optional(),
    rules: z.array(ruleSchema).optional(),
    tests: z.array(testSchema).min(1, 'has no tests'),
  })
  .refine(({ config, rules }) => config === undefined || rules === undefined, {
    path: ['rules'],
    message: 'stands beside config; take the rules from one of them',
  })

type TestInput = z.infer<typeof testSchema>

/** The series of a test, and what is wrong with them. */
const seriesOf = ({ series }: TestInput) => {
  const parsed: Record<string, RuleTest['series'][string]> = {}
  const faults: PathFault[] = []
  for (const [name, text] of Object.entries(series)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    const found = field
      ? parseSeries(text, field)
      : { fault: `is no field; write one of ${Object.keys(fields).join(', ')}` }
    if ('values' in found) parsed[name] = found.values
    else faults.push({ path: ['series', name], message: found.fault })
  }
  const steps = stepsOf(parsed)
  for (const [name, { length }] of Object.entries(parsed))
    if (length > 1 && length < steps)
      faults.push({
        path: ['series', name],
        message: `has ${length} values, the longest series ${steps}; give as many, or one that holds throughout`,
      })
  if (faults.length === 0 && steps === 0) faults.push({ path: ['series'], message: 'has no series' })
  return { parsed, faults, steps }
}

/** Times that are no step of a test, alerts that no rule is named after, and nothing at all. */
const placeFaults = (test: TestInput, steps: number, rules: readonly AlertRule[]): readonly PathFault[] => {
  const last = (steps - 1) * test.interval
  const names = rules.map(({ name }) => name)
  if (test.expect.length === 0 && test.sends === undefined)
    return [{ path: [], message: 'expects nothing; write expect or sends' }]
  return (['expect', 'sends'] as const).flatMap((list) =>
    (test[list] ?? []).flatMap(({ at, alert }, index) => [
      ...(at % test.interval !== 0 || at > last
        ? [
            {
              path: [list, index, 'at'],
              message: `is no step: they are ${test.interval}s apart, from 0s to ${last}s`,
            },
          ]
        : []),
      ...(names.includes(alert)
        ? []
        : [{ path: [list, index, 'alert'], message: `is no rule; there are ${names.join(', ')}` }]),
    ]),
  )
}

const testOf = (input: TestInput, series: RuleTest['series']): RuleTest => ({
  name: input.name,
  intervalSeconds: input.interval,
  loan: input.loan,
  series,
  expect: input.expect.map(({ at, ...one }) => ({ atSeconds: at, ...one })),
  sends: input.sends?.map(({ at, ...one }) => ({ atSeconds: at, ...one })),
})

/** Tests and the rules that they test. `lineOf` is where in the file a test, or what it expects, stands. */
export type RuleTestFile = {
  readonly rules: readonly AlertRule[]
  readonly settings: NotifySettings
  readonly tests: readonly RuleTest[]
  lineOf(test: number, failure?: Failure): number
}

/** Rules of another file; where they cannot be had, that is a fault of this one. */
const configuredRules = (file: string, config: string) => {
  try {
    const { rules, notify } = loadConfig(resolve(dirname(file), config), process.env, registry).config
    return { rules: rules ?? builtInRules, notify, faults: [] }
  } catch (error) {
    const faults = error instanceof ConfigError ? error.faults : []
    const within = faults.map(
      ({ line, path, message }) => `line ${line}${path ? ` ${path}` : ''}: ${message}`,
    )
    const message = [messageOf(error), ...within].join(' ')
    return { rules: undefined, notify: undefined, faults: [{ path: ['config'], message }] }
  }
}

/** Reads a file of tests. Throws `RuleTestFileError` with every fault. */
export const parseRuleTests = (file: string, text: string): RuleTestFile => {
  const read = parseYaml(text, fileSchema, 'core')
  if ('faults' in read) throw new RuleTestFileError(file, read.faults)
  const { data, place } = read
  const configured = data.config === undefined ? undefined : configuredRules(file, data.config)
  const given = data.rules as readonly AlertRule[] | undefined
  const notify = configured?.notify ?? notifySchema.parse({})
  const rules = configured ? configured.rules : (given ?? builtInRules)
  const faults: PathFault[] = [...(configured?.faults ?? []), ...ruleListFaults(data.rules ?? [])]
  const tests = data.tests.map((input, index): RuleTest => {
    const { parsed, faults: own, steps } = seriesOf(input)
    const all = own.length === 0 && rules ? placeFaults(input, steps, rules) : own
    faults.push(...all.map(({ path, message }) => ({ path: ['tests', index, ...path], message })))
    return testOf(input, parsed)
  })
  if (faults.length > 0 || !rules)
    throw new RuleTestFileError(
      file,
      faults.map(place).sort((a, b) => a.line - b.line),
    )
  return {
    rules,
    settings: notifySettings(notify, [], rules),
    tests,
    lineOf: (test, failure) => {
      const within = failure ? [failure.of, ...(failure.index === null ? [] : [failure.index])] : []
      return place({ path: ['tests', test, ...within], message: '' }).line
    },
  }
}

/** Reads a file of tests. Throws `RuleTestFileError`, `UnreadableFileError`. */
export const loadRuleTests = (file: string): RuleTestFile => parseRuleTests(file, readText(file))

const rulesSchema = z.looseObject({ rules: z.array(ruleSchema) })

/** Only the rules of a file: of a configuration, or of one of tests. Throws `RuleTestFileError`, `UnreadableFileError`. */
export const loadRules = (file: string): readonly AlertRule[] => {
  const parsed = parseYaml(readText(file), rulesSchema, 'core')
  if ('faults' in parsed) throw new RuleTestFileError(file, parsed.faults)
  const { rules } = parsed.data
  const faults = ruleListFaults(rules).map(parsed.place)
  if (faults.length > 0) throw new RuleTestFileError(file, faults)
  return rules as readonly AlertRule[]
}
