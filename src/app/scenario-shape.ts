// The form of scenarios that users write, in files or in requests.
import { z } from 'zod'
import { type Parsed, parseChange, parseRise, type Scenario, type Step } from '../risk/scenario.ts'
import { parseSpan } from '../units/span.ts'

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

/** A scenario as it is written: one moment, or steps, each a moment by itself. Every scalar is text. */
export const scenarioSchema = z
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

/** The scenario of what was written; `name` is its own unless it has one. */
export const scenarioOf = (
  name: string,
  { name: own = name, steps, ...only }: z.output<typeof scenarioSchema>,
): Scenario => ({
  name: own,
  steps: steps
    ? steps.map((step, index) => stepOf(step.name ?? `step ${index + 1}`, step))
    : [stepOf(own, only)],
})
