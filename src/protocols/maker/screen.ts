// How urns are screened: health is ink · spot over art · rate, both as the Vat stores them, and neither product is rounded.
//
// The factors are those two integers, so their bounds are float64's own and no slack is needed. The rate is the stored one,
// since a bark does not drip: time alone moves nothing. A spot is read out of its price as `assess` does, cut alike.
import type { Screening } from '../adapter.ts'
import { unlessRefused } from '../refusing.ts'
import { type ScreenFactor, screenFactor } from '../screening.ts'
import { type IlkState, stateOf } from './pool.ts'
import { type MakerMarket, type MakerPosition, spotKeyOf } from './state.ts'

/** wad × ray fits into 256 bits below these, and nothing reverts. */
const AMOUNT_MAX = 2n ** 128n
const FACTOR_MAX = 2n ** 127n

const SPOT = 'spot'
const RATE = 'rate'

const exactly = (value: bigint, priceKey: string | null): ScreenFactor | undefined =>
  value > FACTOR_MAX ? undefined : screenFactor({ numerator: value, denominator: 1n, slack: 0, priceKey })

const factorIn = ({ spot, market }: IlkState, name: string): ScreenFactor | undefined => {
  if (name === SPOT) return exactly(spot, spotKeyOf(market.id.market))
  // With a spot of 0 nobody knows what a debt is secured by, but who owes nothing is healthy.
  return spot === 0n ? undefined : exactly(market.vat.rate, null)
}

/** An urn by what the Vat stores of it, in rads. */
export const screen: Screening<MakerMarket, MakerPosition> = {
  row: (_market, { ink, art, fault }) => {
    const isOdd = fault !== undefined || ink > AMOUNT_MAX || art > AMOUNT_MAX
    if (isOdd) return 'always-exact'
    return {
      collateral: [{ factor: SPOT, amount: ink }],
      debt: art === 0n ? [] : [{ factor: RATE, amount: art }],
    }
  },
  factor: (market, name, env) => {
    const state = unlessRefused(() => stateOf(market, env))
    return 'kind' in state ? undefined : factorIn(state, name)
  },
  foresees: true,
}
