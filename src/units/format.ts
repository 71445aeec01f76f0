import { PPM, UINT256_MAX, WAD } from './brands.ts'

/** Groups the integer digits of a decimal string in threes. */
const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',')

/**
 * A scaled integer as a decimal string with exactly `places` places, cut (never rounded up), digits grouped.
 * `formatFixed(1234567n, 3, 1)` → `1,234.5`.
 */
export const formatFixed = (value: bigint, decimals: number, places: number): string => {
  const sign = value < 0n ? '-' : ''
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, '0')
  const whole = grouped(digits.slice(0, digits.length - decimals))
  const fraction = digits
    .slice(digits.length - decimals)
    .padEnd(places, '0')
    .slice(0, places)
  return places === 0 ? `${sign}${whole}` : `${sign}${whole}.${fraction}`
}

/** An amount for people: four significant places below one, otherwise at most four decimals; trailing zeros cut. */
export const formatAmount = (value: bigint, decimals: number): string => {
  const text = formatFixed(value, decimals, Math.max(decimals, 1))
  const [whole = '0', fraction = ''] = text.split('.')
  const leading = /^-?0$/.test(whole) ? (fraction.match(/^0*/)?.[0].length ?? 0) : 0
  const kept = fraction.slice(0, leading + 4).replace(/0+$/, '')
  return kept === '' ? whole : `${whole}.${kept}`
}

/** What has to be paid, for people: shown as `formatAmount` does, but rounded up at its last place, so that it is enough. */
export const formatAmountRoundedUp = (value: bigint, decimals: number): string => {
  const digits = value.toString().length
  const hiddenDigits = digits > decimals ? decimals - 4 : digits - 4
  const step = 10n ** BigInt(Math.max(0, hiddenDigits))
  return formatAmount(((value + step - 1n) / step) * step, decimals)
}

/** A wad for people, cut to `places` decimals; `∞` for 2^256 − 1. Cut, so 0.99999 never reads as 1.0000. */
export const formatWad = (value: bigint, places = 4): string =>
  value === UINT256_MAX ? '∞' : formatFixed(value, 18, places)

/** A wad as a plain decimal string without grouping or trailing zeros: 1.5e18 → `1.5`. Exact. */
export const wadToDecimal = (value: bigint): string => {
  const fraction = (value % WAD).toString().padStart(18, '0').replace(/0+$/, '')
  return fraction === '' ? `${value / WAD}` : `${value / WAD}.${fraction}`
}

/** A signed share in parts per million as a percentage: -231_000n → `−23.10 %`. */
export const formatPpm = (value: bigint): string => {
  const sign = value < 0n ? '−' : '+'
  return `${sign}${formatFixed(value < 0n ? -value : value, 4, 2)} %`
}

/** Healths from here on are one and the same: 70 million times what is needed. Products with small integers stay exact in float64. */
export const HEALTH_PPM_MAX = 2 ** 46

/** A health factor (wad) in parts per million, cut, at most `HEALTH_PPM_MAX`: for ordering, indexes and bands. */
export const healthPpm = (healthFactor: bigint): number =>
  Math.min(Number(healthFactor / (WAD / PPM)), HEALTH_PPM_MAX)

/** Unix seconds as an ISO time in UTC, to the second. */
export const isoTime = (timestamp: number): string =>
  new Date(timestamp * 1_000).toISOString().replace('.000Z', 'Z')

/** An address by its first and last digits. */
export const shortAddress = (address: string): string => `${address.slice(0, 6)}…${address.slice(-4)}`
