// @morpho-org/blue-sdk beside our assessment: the same loans, market and price, at the same time.
import { AccrualPosition, Market } from '@morpho-org/blue-sdk'
import type { Env } from '../../../src/protocols/adapter.ts'
import { morphoBlue } from '../../../src/protocols/morpho-blue/index.ts'
import { type MorphoPosition, priceKeyOf } from '../../../src/protocols/morpho-blue/state.ts'
import type { Report } from '../report.ts'
import { drawLoans, type LoanMarket, readLoanMarket } from '../synthetic/morpho.ts'
import { differenceOf } from './difference.ts'
import { race } from './race.ts'

const POSITIONS = 2_000
/** Since the market was last touched, so that both have interest to accrue. */
const SECONDS = 21_600
const DOLLAR = 10n ** 6n

const theirMarket = ({ market, price }: LoanMarket): Market => {
  const { reading, params } = market
  if (reading?.rate.kind !== 'adaptive-curve') throw new Error('the market has no adaptive curve')
  const { totals, rate } = reading
  const lastUpdate = BigInt(totals.lastUpdate)
  return new Market({ params, ...totals, lastUpdate, price, rateAtTarget: rate.rateAtTarget })
}

const theirPosition = ({ id, owner, supplyShares, borrowShares, collateral }: MorphoPosition) => ({
  ...{ user: owner, marketId: id.market, supplyShares, borrowShares, collateral },
})

/** Everything of a loan that our assessment tells too. */
const summaryOf = ({ healthFactor, isHealthy, borrowAssets, collateralValue }: AccrualPosition) => ({
  ...{ healthFactor, isHealthy, borrowAssets, collateralValue },
})

const envAt = ({ market, price, timestamp, blockNumber }: LoanMarket): Env => {
  const { oracle } = market.params
  const at = timestamp + SECONDS
  const reading = {
    kind: 'price',
    key: priceKeyOf(oracle),
    price,
    scale: 10n ** 36n,
    source: oracle,
  } as const
  return {
    block: { chainId: market.id.chainId, number: blockNumber + 1n, hash: '0x', timestamp: at },
    timestamp: at,
    prices: (key) => (key === reading.key ? reading : undefined),
    markets: () => market,
    debtInFront: () => null,
    quotes: () => null,
  }
}

/** Time a position of both, theirs with the market accrued for every position and accrued once; and how far theirs is off. */
export const benchBlueSdk = async (): Promise<Report> => {
  const read = await readLoanMarket()
  const positions = drawLoans(read, POSITIONS)
  const env = envAt(read)
  const market = theirMarket(read)
  const inputs = positions.map(theirPosition)
  const at = BigInt(env.timestamp)
  const assess = () => positions.map((position) => morphoBlue.assess(read.market, position, env))
  const accrueEach = () =>
    inputs.map((input) => summaryOf(new AccrualPosition(input, market).accrueInterest(at)))
  const accrueOnce = () => {
    const accrued = market.accrueInterest(at)
    return inputs.map((input) => summaryOf(new AccrualPosition(input, accrued)))
  }
  const told = accrueEach().map(({ healthFactor = 0n, isHealthy }) => ({
    healthFactor,
    isLiquidatable: isHealthy === false,
  }))
  const { equal, largestPpm, disagreeing } = differenceOf(assess(), told, DOLLAR)
  const runners = [
    { name: 'ours', run: assess },
    { name: 'accrued for every position', run: accrueEach },
    { name: 'accrued once', run: accrueOnce },
  ]
  const times = await race(runners, POSITIONS)
  const ours = times.get('ours') ?? 0
  return {
    name: 'blue-sdk',
    title: `exact assessment beside @morpho-org/blue-sdk, ${POSITIONS} drawn loans in a market with an adaptive curve; ours ${ours.toFixed(1)} µs each`,
    columns: [
      'blue-sdk, its market',
      'theirs µs each',
      'theirs / ours',
      'equal to the unit',
      'largest difference ppm',
      'liquidatable told differently',
    ],
    rows: ['accrued for every position', 'accrued once'].map((name) => {
      const theirs = times.get(name) ?? 0
      return [name, theirs, theirs / ours, equal, largestPpm, disagreeing]
    }),
  }
}
