// The books of a system, and the price that it goes by.
import { poolAbi, priceFeedAbi, stabilityPoolAbi, troveManagerAbi } from '../../../../abis/liquity-v1.ts'
import { WAD } from '../../../units/brands.ts'
import { answerOf } from '../../answers.ts'
import { retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import {
  type LiquityMarket,
  type LiquityRead,
  PRICE_KEY,
  type System,
  updateMarket,
  type Wiring,
  withPart,
} from '../state.ts'
import { answersIn, callOf, type Views, viewCalls } from './calls.ts'
import { functionsOf } from './families.ts'

/** PriceFeed.fetchPrice asks two oracles, and writes what it finds. */
const PRICE_GAS_MAX = 400_000

const bookViews = (wiring: Wiring) => {
  const names = functionsOf[wiring.family]
  const manager = (functionName: string) => ({ to: wiring.troveManager, abi: troveManagerAbi, functionName })
  const active = (functionName: string) => ({ to: wiring.activePool, abi: poolAbi, functionName })
  const inactive = (functionName: string) => ({ to: wiring.defaultPool, abi: poolAbi, functionName })
  const pool = (functionName: string) => ({ to: wiring.stabilityPool, abi: stabilityPoolAbi, functionName })
  return {
    rewardedColl: manager('L_ETH'),
    rewardedDebt: manager(names.rewardedDebt),
    collError: manager('lastETHError_Redistribution'),
    debtError: manager(names.debtError),
    totalStakes: manager('totalStakes'),
    totalStakesSnapshot: manager('totalStakesSnapshot'),
    totalCollateralSnapshot: manager('totalCollateralSnapshot'),
    baseRate: manager('baseRate'),
    lastFeeOperationTime: manager('lastFeeOperationTime'),
    troveCount: manager('getTroveOwnersCount'),
    activeColl: active('getETH'),
    activeDebt: active(names.poolDebt),
    defaultColl: inactive('getETH'),
    defaultDebt: inactive(names.poolDebt),
    deposits: pool(names.deposits),
    lossError: pool(names.lossError),
  } as const satisfies Views<string>
}

type Books = Readonly<Record<keyof ReturnType<typeof bookViews>, bigint>>

const systemOf = (books: Books): System => {
  const { totalStakes, totalStakesSnapshot, totalCollateralSnapshot, baseRate, troveCount } = books
  const { deposits, lossError } = books
  return {
    rewards: { coll: books.rewardedColl, debt: books.rewardedDebt },
    errors: { coll: books.collError, debt: books.debtError },
    ...{ totalStakes, totalStakesSnapshot, totalCollateralSnapshot, baseRate, troveCount },
    lastFeeOperationTime: Number(books.lastFeeOperationTime),
    activePool: { coll: books.activeColl, debt: books.activeDebt },
    defaultPool: { coll: books.defaultColl, debt: books.defaultDebt },
    ...{ deposits, lossError },
  }
}

/** Everything that troves and pools are counted by. */
export const readSystem = ({ wiring }: LiquityMarket): LiquityRead => {
  const views = bookViews(wiring)
  return {
    key: keys.system,
    calls: viewCalls(views),
    decode: (results) => {
      const answer = answersIn<bigint, keyof Books>(views, results)
      if (!answer.ok)
        return [updateMarket((market) => withPart(market, 'system', answer.fault)), retry(keys.system)]
      const system = systemOf(answer.value)
      return [updateMarket((market) => ({ ...withPart(market, 'system', undefined), system }))]
    },
  }
}

/** PriceFeed.fetchPrice as any function that needs a price would have it in this block: a last good price is one as well. */
export const readPrice = ({ wiring }: LiquityMarket): LiquityRead => ({
  key: keys.price,
  calls: [callOf(wiring.priceFeed, priceFeedAbi, 'fetchPrice', [], PRICE_GAS_MAX)],
  decode: ([result]) => {
    const answer = answerOf(priceFeedAbi, 'fetchPrice', result)
    const key = PRICE_KEY
    return [
      {
        kind: 'price',
        reading: answer.ok
          ? { kind: 'price', key, price: answer.value, scale: WAD, source: wiring.priceFeed }
          : { kind: 'failed', key, error: answer.error },
      },
    ]
  },
})
