// @aave/math-utils beside our assessment: the same accounts, reserves and prices, at the same time.
import { formatReserves, formatUserSummary, type UserReserve } from '@aave/math-utils'
import { type Address, parseUnits } from 'viem'
import { decodeConfiguration, isUsingAsCollateral } from '../../../src/protocols/aave-v3/configuration.ts'
import { keys } from '../../../src/protocols/aave-v3/keys.ts'
import { type AavePosition, type Reserve, reservesOf } from '../../../src/protocols/aave-v3/state.ts'
import type { Report } from '../report.ts'
import { envOf, type Pool, readPool } from '../synthetic/pool.ts'
import { positionsOf } from '../synthetic/positions.ts'
import { differenceOf } from './difference.ts'
import { race } from './race.ts'

const POSITIONS = 2_000
/** Since the reserves were last touched, so that both have interest to accrue. */
const SECONDS = 21_600

const humanized = (pool: Pool, reserve: Reserve): object => {
  const configuration = decodeConfiguration(reserve.configuration)
  const reading = pool.prices.get(keys.price(reserve.asset))
  if (reading?.kind !== 'price' || !reserve.totals) throw new Error(`${reserve.symbol} is not read`)
  return {
    ...{ originalId: reserve.id, id: reserve.asset, symbol: reserve.symbol, name: reserve.symbol },
    decimals: configuration.decimals,
    underlyingAsset: reserve.asset.toLowerCase(),
    usageAsCollateralEnabled: configuration.ltv > 0n,
    reserveFactor: String(configuration.reserveFactor),
    baseLTVasCollateral: String(configuration.ltv),
    reserveLiquidationThreshold: String(configuration.liquidationThreshold),
    reserveLiquidationBonus: String(configuration.liquidationBonus),
    liquidityIndex: String(reserve.liquidityIndex),
    liquidityRate: String(reserve.liquidityRate),
    variableBorrowIndex: String(reserve.variableBorrowIndex),
    variableBorrowRate: String(reserve.variableBorrowRate),
    lastUpdateTimestamp: reserve.lastUpdateTimestamp,
    totalScaledVariableDebt: String(reserve.totals.scaledVariableDebt),
    availableLiquidity: String(reserve.totals.scaledSupply),
    priceInMarketReferenceCurrency: String(reading.price),
    ...{
      borrowCap: '0',
      supplyCap: '0',
      debtCeiling: String(configuration.debtCeiling),
      debtCeilingDecimals: 2,
    },
    ...{ isolationModeTotalDebt: '0', virtualUnderlyingBalance: '0', deficit: '0' },
  }
}

const userReservesOf = (
  { market }: Pool,
  { legs, userConfiguration }: AavePosition,
): readonly UserReserve[] =>
  Object.entries(legs).map(([asset, leg]) => ({
    underlyingAsset: asset.toLowerCase(),
    scaledATokenBalance: String(leg.scaledCollateral),
    usageAsCollateralEnabledOnUser: isUsingAsCollateral(
      userConfiguration,
      market.reserves[asset as Address]?.id ?? 0,
    ),
    scaledVariableDebt: String(leg.scaledVariableDebt),
  }))

/** Summaries of all accounts as an interface makes them: reserves once a block, then each account. */
const summaries = (pool: Pool, timestamp: number, accounts: readonly (readonly UserReserve[])[]) => {
  const reference = {
    currentTimestamp: timestamp,
    marketReferencePriceInUsd: '100000000',
    marketReferenceCurrencyDecimals: 8,
  }
  const reserves = reservesOf(pool.market).map((reserve) => humanized(pool, reserve))
  const formattedReserves = formatReserves({ ...reference, reserves })
  return accounts.map((userReserves) =>
    formatUserSummary({ ...reference, userReserves, formattedReserves, userEmodeCategoryId: 0 }),
  )
}

const WAD_DECIMALS = 18
const DOLLAR = 10n ** 8n

/** Time a position of both, and how far theirs is off. */
export const benchAaveMathUtils = async (): Promise<Report> => {
  const pool = await readPool()
  const positions = positionsOf(pool, POSITIONS)
  const env = envOf(pool, SECONDS)
  const accounts = positions.map((position) => userReservesOf(pool, position))
  const assess = () => positions.map((position) => pool.adapter.assess(pool.market, position, env))
  const summarize = () => summaries(pool, env.timestamp, accounts)
  const told = summarize().map(({ healthFactor }) => ({
    healthFactor: parseUnits(healthFactor, WAD_DECIMALS),
    isLiquidatable: Number(healthFactor) < 1,
  }))
  const { equal, largestPpm, largestOfDollarPpm, disagreeing } = differenceOf(assess(), told, DOLLAR)
  const times = await race(
    [
      { name: 'ours', run: assess },
      { name: 'theirs', run: summarize },
    ],
    POSITIONS,
  )
  const [ours = 0, theirs = 0] = [times.get('ours'), times.get('theirs')]
  return {
    name: 'aave-math-utils',
    title: `exact assessment beside @aave/math-utils formatUserSummary, ${POSITIONS} drawn accounts, Aave v3.0`,
    columns: [
      'positions',
      'ours µs each',
      'theirs µs each',
      'theirs / ours',
      'equal to the wei',
      'largest difference ppm',
      'largest, debt of a dollar or more, ppm',
      'liquidatable told differently',
    ],
    rows: [
      [String(POSITIONS), ours, theirs, theirs / ours, equal, largestPpm, largestOfDollarPpm, disagreeing],
    ],
  }
}
