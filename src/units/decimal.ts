/**
 * A decimal literal as an exact integer of `decimals` places: `parseDecimal('1.10', 18)` → 1.1e18.
 * Returns undefined when the text is no decimal number or has more places than fit.
 */
export const parseDecimal = (text: string, decimals: number): bigint | undefined => {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text.trim().replaceAll('_', ''))
  if (!match) return undefined
  const [, sign = '', whole = '0', fraction = ''] = match
  if (fraction.length > decimals) return undefined
  const magnitude = BigInt(whole + fraction.padEnd(decimals, '0'))
  return sign === '-' ? -magnitude : magnitude
}
