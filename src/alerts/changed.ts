// A parameter that governance changed, in words.
import type { ParameterChange, ParameterUnit, ParameterValue } from '../model/parameter.ts'
import { formatAmount, shortAddress } from '../units/format.ts'
import { plain } from '../units/plain.ts'

const HUNDRED = 100n

/** Places of units that are shares of one. */
const SHARE_PLACES: Readonly<Partial<Record<ParameterUnit, number>>> = { bps: 4, wad: 18, ray: 27 }

/** `eMode[1].liquidationThreshold` → `eMode 1: liquidation threshold`. */
const nameText = (name: string): string => {
  const words = (text: string): string =>
    text
      .replace(/([a-z0-9])([A-Z])/g, (_, left: string, right: string) => `${left} ${right.toLowerCase()}`)
      .replace(/\bltv\b/, 'LTV')
  const [, part, id, own] = /^(\w+)\[(.*)\]\.(\w+)$/.exec(name) ?? []
  return own === undefined ? words(name) : `${part} ${id}: ${words(own)}`
}

/** A value for people. */
const valueText = (
  value: ParameterValue | null,
  { unit, decimals }: Pick<ParameterChange, 'unit' | 'decimals'>,
): string => {
  if (value === null) return 'none'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return unit === 'address' ? shortAddress(value) : plain(value)
  const places = SHARE_PLACES[unit]
  if (places !== undefined) return `${formatAmount(value * HUNDRED, places)} %`
  if (unit === 'amount') return formatAmount(value, decimals ?? 0)
  return unit === 'seconds' ? `${value} s` : value.toString()
}

/** From what to what; in full where the short forms do not tell them apart. */
export const stepText = ({ before, after, ...how }: ParameterChange): string => {
  const texts = [valueText(before, how), valueText(after, how)]
  const told = texts[0] === texts[1] ? [before, after].map((one) => plain(String(one))) : texts
  return told.join(' → ')
}

/** Which parameter, and of what: `liquidation threshold of WETH`. */
export const parameterName = ({ name, asset, symbol }: ParameterChange): string =>
  asset === null
    ? nameText(name)
    : `${nameText(name)} of ${symbol === undefined ? shortAddress(asset) : plain(symbol)}`

/** Which parameter, from what to what. */
export const parameterText = (change: ParameterChange): string =>
  `${parameterName(change)} ${stepText(change)}`
