// Numbers as a reader of this browser's language has them. Cut, never rounded up: 0.9999 is not 1.
import { PPM, UINT256_MAX, WAD } from '../../units/brands.ts'
import { LOCALE } from './locale.ts'

type Decimal = `${number}`

/** A scaled integer as a decimal, exactly: `exactDecimal('1234567', 6)` → `1.234567`. */
export const exactDecimal = (text: string, decimals: number): Decimal => {
  const isNegative = text.startsWith('-')
  const digits = text.replace('-', '').padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return `${isNegative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}` as Decimal
}

const formatters = new Map<string, Intl.NumberFormat>()

const formatter = (options: Intl.NumberFormatOptions): Intl.NumberFormat => {
  const key = JSON.stringify(options)
  const known = formatters.get(key)
  if (known) return known
  const made = new Intl.NumberFormat(LOCALE, { roundingMode: 'trunc', ...options })
  formatters.set(key, made)
  return made
}

/** A whole number, digits grouped. */
export const countText = (value: number | bigint | string): string =>
  formatter({ maximumFractionDigits: 0 }).format(value as Decimal)

/** A number with so many decimals. */
export const fixedText = (value: number, places: number): string =>
  formatter({ minimumFractionDigits: places, maximumFractionDigits: places }).format(value)

/** An amount: four digits of what is below one, else two decimals, four where it is below a thousand. */
export const amountText = (text: string, decimals: number): string => {
  const exact = exactDecimal(text, decimals)
  const size = Math.abs(Number(exact))
  if (size !== 0 && size < 1) return formatter({ maximumSignificantDigits: 4 }).format(exact)
  return formatter({ maximumFractionDigits: size < 1_000 ? 4 : 2 }).format(exact)
}

/** A health factor; ∞ without debt. */
export const healthText = (text: string): string => {
  if (BigInt(text) === UINT256_MAX) return '∞'
  const exact = exactDecimal(text, 18)
  const size = Number(exact)
  if (size >= 100) return `> ${countText(size >= 10_000 ? 10_000 : 100)}`
  const places = size >= 10 ? 1 : size >= 2 ? 2 : 3
  return formatter({ minimumFractionDigits: places, maximumFractionDigits: places }).format(exact)
}

/** US dollars, from a decimal text: whole ones from a thousand on. */
export const usdText = (text: string): string => {
  const isLarge = Math.abs(Number(text)) >= 1_000
  return formatter({
    ...{ style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol' },
    maximumFractionDigits: isLarge ? 0 : 2,
    minimumFractionDigits: isLarge ? 0 : 2,
  }).format(text as Decimal)
}

/** US dollars in few letters: $1.2M. */
export const usdShort = (value: number): string =>
  formatter({
    ...{ style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol', notation: 'compact' },
    maximumSignificantDigits: 3,
  }).format(value)

/** A number in few letters: 1.2M. */
export const compactText = (value: number): string =>
  formatter({ notation: 'compact', maximumSignificantDigits: 3 }).format(value)

/** Parts per million as a percentage; a change has its sign, and two decimals where it is small. */
export const ppmText = (text: string, isChange = false): string =>
  formatter({
    ...{ style: 'percent', maximumFractionDigits: isChange && Math.abs(Number(text)) < 10_000 ? 2 : 1 },
    ...(isChange ? { signDisplay: 'exceptZero' } : {}),
  })
    .format(exactDecimal(text, 6))
    .replace('-', '−')

/** Room that is left, parts per million, as a percentage: what is there is never none. */
export const roomText = (ppm: number): string =>
  ppm > 0 && ppm < 1_000 ? `< ${ppmText('1000')}` : ppmText(String(ppm))

/** A share in wads as a percentage. */
export const shareText = (text: string): string => ppmText((BigInt(text) / (WAD / PPM)).toString())

/** How far prices that move together may fall until a health factor is one, in parts per million; 1,000,000 without debt. */
export const freeboardPpm = (healthFactor: string): number => {
  const health = BigInt(healthFactor)
  if (health === 0n) return -1_000_000
  return Number(PPM - (WAD * PPM) / health)
}
