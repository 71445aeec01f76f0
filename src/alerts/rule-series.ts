// Series of values as people write them: `1.20 1.15x3 1.2..1.0/5 _`.
import { WAD } from '../units/brands.ts'
import { parseDecimal } from '../units/decimal.ts'
import { parseSpan } from '../units/span.ts'
import type { FieldValue, fields } from './fields.ts'

/** Values that one series may have. */
const STEPS_MAX = 100_000
const PLACES = 18
const PERCENT_PLACES = 16

/** The values of a series, numbers as wads and `undefined` for what is not known, or what is wrong with it. */
export type ParsedSeries = { readonly values: readonly FieldValue[] } | { readonly fault: string }

type Field = Pick<(typeof fields)[string], 'type' | 'kind' | 'values'>

const numberOf = (text: string, { kind }: Field): bigint | undefined => {
  const seconds = kind === 'seconds' ? parseSpan(text) : undefined
  if (seconds !== undefined) return BigInt(seconds) * WAD
  return text.endsWith('%') ? parseDecimal(text.slice(0, -1), PERCENT_PLACES) : parseDecimal(text, PLACES)
}

const wordOf = (text: string, field: Field): NonNullable<FieldValue> | undefined => {
  if (field.type === 'number') return numberOf(text, field)
  if (field.type === 'boolean') return text === 'true' || text === 'false' ? text === 'true' : undefined
  return field.values?.includes(text) ? text : undefined
}

/** So many values from the first to the last, both among them; between them each cut to 18 places. */
const rampOf = (first: bigint, last: bigint, count: number): readonly bigint[] =>
  Array.from({ length: count }, (_, at) => first + ((last - first) * BigInt(at)) / BigInt(count - 1))

const expectedOf = ({ type, kind, values = [] }: Field): string => {
  if (type === 'number') return kind === 'seconds' ? 'a span such as 12h' : 'a number such as 1.15 or -3%'
  return type === 'boolean' ? 'true or false' : `one of ${values.join(', ')}`
}

const partOf = (text: string, field: Field): ParsedSeries => {
  const ramp = field.type === 'number' ? /^(.+?)\.\.(.+)\/(\d{1,6})$/.exec(text) : null
  if (ramp) {
    const [first, last] = [numberOf(ramp[1] ?? '', field), numberOf(ramp[2] ?? '', field)]
    const count = Number(ramp[3])
    if (first === undefined || last === undefined || count < 2 || count > STEPS_MAX)
      return { fault: `"${text}" is no ramp; write the first and the last value and how many, as 1.2..1.0/5` }
    return { values: rampOf(first, last, count) }
  }
  const [, word = text, times] = /^(.+?)x(\d{1,6})$/.exec(text) ?? []
  const count = times === undefined ? 1 : Number(times)
  const value = word === '_' ? undefined : wordOf(word, field)
  if ((value === undefined && word !== '_') || count < 1 || count > STEPS_MAX)
    return {
      fault: `"${text}" is not ${expectedOf(field)}, nor _ for unknown, with x3 behind it to repeat it`,
    }
  return { values: Array.from({ length: count }, () => value) }
}

/** Parses a series of values of a field. */
export const parseSeries = (text: string, field: Field): ParsedSeries => {
  const parts = text
    .split(/\s+/)
    .filter(Boolean)
    .map((part) => partOf(part, field))
  const faults = parts.flatMap((part) => ('fault' in part ? [part.fault] : []))
  if (faults.length > 0) return { fault: faults.join('; ') }
  const values = parts.flatMap((part) => ('values' in part ? part.values : []))
  if (values.length === 0) return { fault: 'has no values' }
  return values.length > STEPS_MAX ? { fault: `has more than ${STEPS_MAX} values` } : { values }
}
