import { RAY, UINT256_MAX } from './brands.ts'

/**
 * base^exponent of a ray by squaring, each product rounded half up; 0^0 is one. Undefined where a step overflows 256 bits:
 * what then happens is the contract's own. (rpow of dss and of solmate.)
 */
export const rayPowHalfUp = (base: bigint, exponent: bigint): bigint | undefined => {
  if (base === 0n) return exponent === 0n ? RAY : 0n
  let x = base
  let z = exponent % 2n === 0n ? RAY : base
  for (let n = exponent / 2n; n > 0n; n /= 2n) {
    const squared = x * x + RAY / 2n
    if (squared > UINT256_MAX) return undefined
    x = squared / RAY
    if (n % 2n === 0n) continue
    const product = z * x + RAY / 2n
    if (product > UINT256_MAX) return undefined
    z = product / RAY
  }
  return z
}
