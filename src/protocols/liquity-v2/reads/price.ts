// PriceFeed: fetching is a transaction that may shut the branch down, so it is tried, after all that it could change is read.
import { priceFeedAbi, troveManagerAbi } from '../../../../abis/liquity-v2.ts'
import type { CallResult } from '../../../model/evm.ts'
import type { PriceKey, PriceReading } from '../../../model/price.ts'
import { WAD } from '../../../units/brands.ts'
import { answerOf } from '../../answers.ts'
import { due } from '../../changing.ts'
import { keys } from '../keys.ts'
import {
  branchOf,
  type Contracts,
  type LiquityChange,
  type LiquityMirror,
  type LiquityRead,
  priceKeyOf,
  redemptionPriceKeyOf,
} from '../state.ts'
import { callOf } from './calls.ts'
import { updateBranch } from './changes.ts'

/** Up to three oracles, and a shutdown. */
const FETCH_GAS_MAX = 700_000

const readingOf = (
  key: PriceKey,
  name: 'fetchPrice' | 'fetchRedemptionPrice',
  result: CallResult | undefined,
): PriceReading => {
  const answer = answerOf(priceFeedAbi, name, result)
  if (!answer.ok) return { kind: 'failed', key, error: answer.error }
  return { kind: 'price', key, price: answer.value[0], scale: WAD, source: 'PriceFeed' }
}

/** Whether the branch was shut down is asked first: a shutdown from a failed oracle shows in no event that all feeds share. */
export const readPrice = (branch: string, { troveManager, priceFeed }: Contracts): LiquityRead => ({
  key: keys.price(branch),
  calls: [
    callOf(troveManager, troveManagerAbi, 'shutdownTime', []),
    callOf(priceFeed, priceFeedAbi, 'fetchPrice', [], FETCH_GAS_MAX),
    callOf(priceFeed, priceFeedAbi, 'fetchRedemptionPrice', [], FETCH_GAS_MAX),
  ],
  decode: ([first, second, third], _block, mirror: LiquityMirror): readonly LiquityChange[] => {
    const shutdownTime = answerOf(troveManagerAbi, 'shutdownTime', first)
    const price = answerOf(priceFeedAbi, 'fetchPrice', second)
    const isFeedDown = price.ok && price.value[1]
    const market = branchOf(mirror, branch)
    const known = market?.pools?.shutdownTime
    const isShutSince = shutdownTime.ok && known !== undefined && Number(shutdownTime.value) !== known
    return [
      { kind: 'price', reading: readingOf(priceKeyOf(priceFeed), 'fetchPrice', second) },
      { kind: 'price', reading: readingOf(redemptionPriceKeyOf(priceFeed), 'fetchRedemptionPrice', third) },
      ...(market && market.isFeedDown !== isFeedDown
        ? [updateBranch(mirror, branch, (current) => ({ ...current, isFeedDown }))]
        : []),
      ...(isShutSince ? due(keys.pools(branch)) : []),
    ]
  },
})
