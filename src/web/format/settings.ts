// What is set of a market, in words.
import type { Parameter } from '../../client/client.ts'
import { shortAddress } from './loans.ts'
import { LOCALE } from './locale.ts'
import { amountText, countText, exactDecimal } from './numbers.ts'
import { momentExact, momentText, spanText } from './times.ts'

type Unit = Parameter['unit']
type Value = Parameter['value'] | null
/** What it takes to read a value. */
type Told = Pick<Parameter, 'unit' | 'decimals'>

/** Decimals of what is a share. */
const SHARES: Readonly<Partial<Record<Unit, number>>> = { bps: 4, wad: 18, ray: 27 }

/** Seconds from here on are moments, not spans. */
const MOMENT_FROM = 1_000_000_000

/** A share as a percentage; two decimals, or four digits of a very small one. */
const percentText = (exact: string): string => {
  const size = Math.abs(Number(exact))
  return new Intl.NumberFormat(LOCALE, {
    style: 'percent',
    roundingMode: 'trunc',
    ...(size !== 0 && size < 0.0001 ? { maximumSignificantDigits: 4 } : { maximumFractionDigits: 2 }),
  }).format(exact as `${number}`)
}

const secondsText = (seconds: number): string => {
  if (seconds === 0) return 'none'
  return seconds < MOMENT_FROM ? spanText(seconds) : momentText(seconds)
}

/** A value as it reads. */
export const settingText = (value: Value, { unit, decimals = 0 }: Told): string => {
  if (value === null) return 'none'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  const places = SHARES[unit]
  if (places !== undefined) return percentText(exactDecimal(value, places))
  if (unit === 'amount') return amountText(value, decimals)
  if (unit === 'seconds') return secondsText(Number(value))
  if (unit === 'address') return shortAddress(value)
  if (unit === 'count') return countText(value)
  return value === '' ? 'none' : value
}

/** What it exactly is, on hover. */
export const settingExact = (value: Value, { unit, decimals = 0 }: Told): string => {
  if (value === null || typeof value === 'boolean') return settingText(value, { unit })
  const places = SHARES[unit]
  if (unit === 'bps') return `${value} basis points`
  if (places !== undefined) return exactDecimal(value, places)
  if (unit === 'amount') return exactDecimal(value, decimals)
  if (unit !== 'seconds') return value
  return Number(value) < MOMENT_FROM ? `${value} s` : momentExact(Number(value))
}

/** `eMode[1].liquidationThreshold` → `Liquidation threshold`. */
export const nameText = (parameter: string): string => {
  const own = parameter.slice(parameter.lastIndexOf('.') + 1)
  const words = own
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/\bltv\b/g, 'LTV')
    .replace(/\be mode\b/g, 'e-mode')
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}

/** `eMode[1].maxLtv` → `E-mode 1`; empty where it holds in all of the market. */
const partText = (parameter: string): string => {
  const part = parameter.includes('.') ? parameter.slice(0, parameter.lastIndexOf('.')) : ''
  const [, list, key] = /^(\w+)\[(.+)\]$/.exec(part) ?? []
  return list === undefined ? part : `${nameText(list)} ${key}`
}

/** The part and the asset that a parameter is of, such as `WETH` or `E-mode 1`; empty for all of the market. */
export const placeText = ({
  parameter,
  asset,
  symbol,
}: Pick<Parameter, 'parameter' | 'asset' | 'symbol'>): string =>
  [partText(parameter), asset === null ? '' : (symbol ?? shortAddress(asset))].filter(Boolean).join(' · ')

/** Parameters that belong together: of one asset, of a part of the market, or of all of it (`isWhole`). */
export type Settings = {
  readonly name: string
  readonly isWhole: boolean
  readonly asset: string | null
  readonly parameters: readonly Parameter[]
}

/** Groups of parameters in their own order. */
export const settingsOf = (parameters: readonly Parameter[]): readonly Settings[] => {
  const groups = new Map<string, Settings>()
  for (const one of parameters) {
    const place = placeText(one)
    const key = `${place} ${one.asset ?? ''}`
    const known = groups.get(key)
    const isWhole = place === ''
    const name = isWhole ? 'The whole market' : place
    groups.set(key, { name, isWhole, asset: one.asset, parameters: [...(known?.parameters ?? []), one] })
  }
  return [...groups.values()]
}
