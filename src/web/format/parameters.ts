// What governance changed, in words.
import type { ParameterChange } from '../../client/client.ts'
import { RAY, WAD } from '../../units/brands.ts'
import { shortAddress } from './loans.ts'
import { amountText, countText, ppmText } from './numbers.ts'
import { spanText } from './times.ts'

type Value = ParameterChange['before']

const PPM_PER_BPS = 100n

/** A number in the unit of its parameter. */
const numberText = (value: string, { unit, decimals = 0 }: ParameterChange): string => {
  switch (unit) {
    case 'bps':
      return ppmText(String(BigInt(value) * PPM_PER_BPS))
    case 'wad':
      return ppmText(String((BigInt(value) * 1_000_000n) / WAD))
    case 'ray':
      return ppmText(String((BigInt(value) * 1_000_000n) / RAY))
    case 'amount':
      return amountText(value, decimals)
    case 'seconds':
      return spanText(Number(value))
    case 'address':
      return shortAddress(value)
    case 'count':
      return countText(value)
    default:
      return value
  }
}

const valueText = (value: Value, change: ParameterChange): string =>
  value === null
    ? 'none'
    : typeof value === 'boolean'
      ? value
        ? 'yes'
        : 'no'
      : numberText(value, change)

/** `liquidationThreshold of WETH: 83% → 80%`. */
export const changeText = (change: ParameterChange): string => {
  const { parameter, asset, symbol, before, after } = change
  const of = asset === null ? '' : ` of ${symbol ?? shortAddress(asset)}`
  return `${parameter}${of}: ${valueText(before, change)} → ${valueText(after, change)}`
}
