// What might happen to prices, and when: the words in which people, files and crash days of the past say it.
import { PPM } from '../units/brands.ts'

/** A change of a USD price, in parts per million of it: −30 % is −300,000. `subject` is a group, a symbol or an address. */
export type Shock = { readonly subject: string; readonly changePpm: bigint }

/** Parts per million that the yearly rate of a debt is higher: five points are 50,000. `subject` is a group, a symbol, an address or `all`. */
export type RateJump = { readonly subject: string; readonly risePpm: bigint }

/** What names every debt. */
export const ALL_DEBTS = 'all'

/**
 * Prices and time at one moment, both against the state that is stressed, not against the step before. A price of an asset that is
 * `frozen` stays as it was, whatever the asset does; `seconds` of interest accrue at the rates of the stored state, changed by
 * `rates` where there are any.
 */
export type Step = {
  readonly name: string
  readonly shocks: readonly Shock[]
  readonly frozen: readonly string[]
  readonly seconds: number
  readonly rates?: readonly RateJump[]
}

/** `source`: where its figures are from. */
export type Scenario = { readonly name: string; readonly source?: string; readonly steps: readonly Step[] }

/** A value, or what is wrong with its text, to be put behind the name of what was given. */
export type Parsed<T> = { readonly value: T } | { readonly fault: string }

/** No asset rises more than this many times over. */
const CHANGE_PPM_MAX = 1_000n * PPM

/** Percents with at most this many places are whole parts per million. */
const PERCENT_PLACES = 4

const PERCENT = /^([+\-−]?)(\d+)(?:\.(\d+))?\s*%$/

/** No rate rises by more: thousands of percent a year, more than most contracts take. */
const RISE_PPM_MAX = 100n * PPM

/** A percentage in parts per million; `what` it is otherwise no such thing of. */
const parsePercent = (text: string, what: string): Parsed<bigint> => {
  const match = PERCENT.exec(text.trim())
  if (!match) return { fault: `"${text}" is ${what}` }
  const [, sign = '', whole = '', fraction = ''] = match
  if (fraction.length > PERCENT_PLACES)
    return { fault: `"${text}" has more than ${PERCENT_PLACES} decimals; round it` }
  const size = BigInt(whole + fraction.padEnd(PERCENT_PLACES, '0'))
  return { value: sign === '' || sign === '+' ? size : -size }
}

/** A change such as `-30%` or `+12.5%`, in parts per million. */
export const parseChange = (text: string): Parsed<bigint> => {
  const parsed = parsePercent(text, 'no change of a price; write a percentage such as -30%')
  if ('fault' in parsed) return parsed
  if (parsed.value < -PPM) return { fault: `"${text}" is below -100%; no price falls by more than all of it` }
  if (parsed.value > CHANGE_PPM_MAX)
    return { fault: `"${text}" is above +100000%; no such rise is simulated` }
  return parsed
}

/** A change of a yearly rate such as `+5%`, five points, in parts per million. */
export const parseRise = (text: string): Parsed<bigint> => {
  const parsed = parsePercent(text, 'no change of a rate; write points a year such as +5%')
  if ('fault' in parsed) return parsed
  if (parsed.value < -PPM)
    return { fault: `"${text}" is below -100%; no rate falls by more than 100 points a year` }
  if (parsed.value > RISE_PPM_MAX) return { fault: `"${text}" is above +10000%; no such rate is simulated` }
  return parsed
}

/** A jump of a rate such as `USDC=+5%`. */
export const parseRateJump = (text: string): Parsed<RateJump> => {
  const at = text.lastIndexOf('=')
  const subject = text.slice(0, Math.max(at, 0)).trim()
  if (subject === '')
    return { fault: `"${text}" is no rate; write a debt and its points a year, such as USDC=+5% or all=+20%` }
  const rise = parseRise(text.slice(at + 1))
  return 'fault' in rise ? rise : { value: { subject, risePpm: rise.value } }
}

/** A shock such as `WETH=-30%`. */
export const parseShock = (text: string): Parsed<Shock> => {
  const at = text.lastIndexOf('=')
  const subject = text.slice(0, Math.max(at, 0)).trim()
  if (subject === '')
    return { fault: `"${text}" is no shock; write an asset or a group and its change, such as WETH=-30%` }
  const change = parseChange(text.slice(at + 1))
  return 'fault' in change ? change : { value: { subject, changePpm: change.value } }
}

/** What is named more than once, in the order of its second naming. */
export const repeatedIn = (subjects: readonly string[]): readonly string[] => [
  ...new Set(subjects.filter((subject, index) => subjects.indexOf(subject) < index)),
]

/** The change from one price to another, in parts per million, cut; both in one unit, `from` above 0. */
export const changeBetween = (from: bigint, to: bigint): bigint => ((to - from) * PPM) / from

/** How much of an asset can be sold before its price falls by 2 %: US dollars at the stored price. */
export type Depth = { readonly subject: string; readonly depthUsd: number }

const MAGNITUDES: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, b: 1e9 }

/** A depth such as `WETH=5m`: thousands, millions or billions of US dollars. */
export const parseDepth = (text: string): Parsed<Depth> => {
  const match = /^(.+)=([\d_]+(?:\.\d+)?)([kmb]?)$/i.exec(text.trim())
  const [, subject = '', digits = '', magnitude = ''] = match ?? []
  const depthUsd = Number(digits.replaceAll('_', '')) * (MAGNITUDES[magnitude.toLowerCase()] ?? Number.NaN)
  if (!match || !Number.isFinite(depthUsd))
    return {
      fault: `"${text}" is no depth; write an asset and the US dollars that move it by 2 %, such as WETH=5m`,
    }
  if (depthUsd <= 0) return { fault: `"${text}" is no depth; nothing can be sold into a market without any` }
  return { value: { subject: subject.trim(), depthUsd } }
}
