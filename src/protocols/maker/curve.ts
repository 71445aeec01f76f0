// How an auction's price falls: the Abacus contracts.
import { RAY } from '../../units/brands.ts'
import { checkedUint256, mulDivDown } from '../../units/mul-div.ts'
import { RefusedError } from '../refusing.ts'
import { rmulDown, rpowHalfUp, withoutReason } from './math.ts'
import type { Curve } from './state.ts'

const priceDown = (curve: Curve, top: bigint, seconds: bigint): bigint => {
  switch (curve.kind) {
    case 'linear': {
      const { tau } = curve
      return seconds >= tau ? 0n : rmulDown(top, checkedUint256((tau - seconds) * RAY) / tau)
    }
    case 'stairstep':
      return rmulDown(top, rpowHalfUp(curve.cut, mulDivDown(seconds, 1n, curve.step)))
    case 'exponential':
      return rmulDown(top, rpowHalfUp(curve.cut, seconds))
    case 'unknown':
      throw new RefusedError('the price curve is of an unknown make')
  }
}

/** Abacus.price: a ray of DAI for one unit of the lot, `seconds` after the start at `top`. */
export const priceAfter = (curve: Curve, top: bigint, seconds: bigint): bigint =>
  withoutReason(() => priceDown(curve, top, seconds))
