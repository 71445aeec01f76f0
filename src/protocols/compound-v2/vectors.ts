// Golden vectors of Compound v2 (format: README beside the vectors) against this adapter.
import type { Address } from 'viem'
import { UINT256_MAX } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { unlessRefused } from '../refusing.ts'
import { checkRecord, compareRecorded, type VectorChecks, type VectorFile, type Worlds } from '../vectors.ts'
import { cTokenIn, legIn, type Sums } from './account.ts'
import { accrue, borrowBalanceDown, exchangeRateDown, underlyingDown } from './accrual.ts'
import { assess, poolOf } from './assess.ts'
import { type CompoundPool, isDeprecated, liquidityOf } from './comptroller.ts'
import { accrueMarkets } from './execution.ts'
import { COMPTROLLER_ERRORS, type ComptrollerErrorName } from './failing.ts'
import { liquidate } from './liquidation.ts'
import { borrowRateDown } from './rate-model.ts'
import {
  type CompoundExecution,
  type CompoundRequest,
  executeLiquidation,
  LIQUIDATE_BORROW,
} from './request.ts'
import type { CompoundMarket, CompoundPosition, CompoundToken } from './state.ts'
import {
  addressOf,
  changedMarketOf,
  cTokenOf,
  envOf,
  indexOf,
  marketOf,
  positionOf,
  underlyingOf,
} from './vectors/recorded.ts'

const pricesOf = (state: VectorFile): readonly string[] =>
  state['markets'].map(({ oraclePrice }: VectorFile) => oraclePrice)

const tokensOf = ({ cTokens }: CompoundPool): readonly CompoundToken[] => Object.values(cTokens)

/** What getAccountLiquidity answers. */
const answerOf = (sums: Sums | { readonly revert: string }): object => {
  if ('revert' in sums) {
    const error = COMPTROLLER_ERRORS[sums.revert as ComptrollerErrorName] ?? sums.revert
    return { error, liquidity: 0n, shortfall: 0n }
  }
  const difference = sums.collateral - sums.borrows
  return {
    error: 0n,
    liquidity: difference > 0n ? difference : 0n,
    shortfall: difference > 0n ? 0n : -difference,
  }
}

const liquidityAnswer = (pool: CompoundPool, env: Env): object =>
  answerOf(unlessRefused(() => liquidityOf(pool, env)))

const borrowBalances = (pool: CompoundPool): readonly bigint[] =>
  tokensOf(pool).map((cToken) => borrowBalanceDown(legIn(pool, cToken).borrow, cToken))

const totalsOf = (cToken: CompoundToken): object => ({
  ...cToken.totals,
  exchangeRateStored: exchangeRateDown(cToken),
})

const checkRate = (file: VectorFile, rate: VectorFile): readonly string[] => {
  const { rateModel } = cTokenOf(file, rate['market'], file['states'][0].markets[rate['market']])
  const totals = {
    cash: BigInt(rate['cash']),
    totalBorrows: BigInt(rate['borrows']),
    totalReserves: BigInt(rate['reserves']),
  }
  return compareRecorded(
    { borrowRatePerBlock: rate['borrowRatePerBlock'] },
    { borrowRatePerBlock: borrowRateDown(rateModel, totals) },
  )
}

const checkState = (file: VectorFile, state: VectorFile): readonly string[] => {
  const market = marketOf(file, state)
  const cTokens = Object.values(market.cTokens)
  return compareRecorded(state['expected'], {
    markets: cTokens.map((cToken) => ({
      exchangeRateStored: exchangeRateDown(cToken),
      borrowRatePerBlock: borrowRateDown(cToken.rateModel, cToken.totals),
      isDeprecated: isDeprecated(market, cToken),
    })),
    accrual: state['expected'].accrual.map(({ blockNumber }: VectorFile) => ({
      blockNumber,
      markets: cTokens.map((cToken) => {
        const accrued = accrue(cToken, BigInt(blockNumber))
        return {
          ...totalsOf(accrued),
          accrualBlockNumber: accrued.totals.accruedAt,
          exchangeRateCurrent: exchangeRateDown(accrued),
        }
      }),
    })),
  })
}

/** Whether a debt may be repaid by others without a shortfall. */
const owesDeprecated = (market: CompoundMarket, { legs }: CompoundPosition): boolean =>
  Object.values(market.cTokens).some(
    (cToken) => isDeprecated(market, cToken) && (legs[cToken.address]?.borrow?.principal ?? 0n) > 0n,
  )

/** What `assess` says has to agree with the contract's liquidity, accrued and stored. */
const checkHealth = (
  market: CompoundMarket,
  position: CompoundPosition,
  env: Env,
  recorded: { readonly accrued: VectorFile; readonly stored?: VectorFile },
): readonly string[] => {
  const health = assess(market, position, env)
  if (health.kind === 'unassessable')
    return compareRecorded({ error: recorded.accrued['error'] }, { error: COMPTROLLER_ERRORS.PRICE_ERROR })
  const { debtValue, liquidationValue, isLiquidatable, stored } = health
  const sums = { collateral: liquidationValue ?? 0n, borrows: debtValue }
  return [
    ...compareRecorded(recorded.accrued, answerOf(sums)),
    ...compareRecorded(
      recorded.accrued['shortfall'] !== '0' || owesDeprecated(market, position),
      isLiquidatable,
    ),
    ...(recorded.stored ? compareRecorded(recorded.stored['shortfall'] !== '0', stored?.isLiquidatable) : []),
  ]
}

const checkScene = (file: VectorFile, scene: VectorFile): readonly string[] => {
  const state = file['states'][scene['state']]
  const market = marketOf(file, state)
  const position = positionOf(scene['account'])
  const { stored, accrued } = scene['expected']
  const pool = poolOf(market, position)
  const prices = pricesOf(state)
  return [
    ...compareRecorded(stored, {
      getAccountLiquidity: liquidityAnswer(pool, envOf(state.blockNumber, prices)),
      borrowBalanceStored: borrowBalances(pool),
    }),
    ...accrued.flatMap((expected: VectorFile) => {
      const env = envOf(expected['blockNumber'], prices)
      const all = accrueMarkets(pool, Object.keys(market.cTokens) as Address[], env.block.number)
      return [
        ...compareRecorded(expected, {
          blockNumber: expected['blockNumber'],
          getAccountLiquidity: liquidityAnswer(all, env),
          borrowBalanceCurrent: borrowBalances(all),
          balanceOfUnderlying: tokensOf(all).map((cToken) =>
            underlyingDown(legIn(all, cToken).tokens, cToken),
          ),
        }),
        ...checkHealth(market, position, env, {
          accrued: expected['getAccountLiquidity'],
          stored: stored.getAccountLiquidity,
        }),
      ]
    }),
  ]
}

const ourOutcome = (executed: CompoundExecution, record: VectorFile, env: Env): object => {
  const { pool, repaid, seizeTokens, protocolTokens, protocolAmount, liquidatorTokens } = executed
  const touched = [record['borrowed'], record['collateral']].map((index) => cTokenIn(pool, addressOf(index)))
  return {
    returned: '0',
    repayAmount: repaid,
    seizeTokens,
    protocolSeizeTokens: protocolTokens,
    protocolSeizeAmount: protocolAmount,
    liquidatorSeizeTokens: liquidatorTokens,
    liquidatorUnderlying: underlyingDown(liquidatorTokens, cTokenIn(pool, addressOf(record['collateral']))),
    after: {
      getAccountLiquidity: liquidityAnswer(pool, env),
      borrowBalanceStored: borrowBalances(pool),
      cTokenBalance: tokensOf(pool).map((cToken) => legIn(pool, cToken).tokens),
      markets: Object.fromEntries(touched.map((cToken) => [indexOf(cToken.address), totalsOf(cToken)])),
    },
  }
}

const ourRefusal = ({ revert, args }: { revert: string; args?: readonly bigint[] }): object => {
  if (!args) return { revert }
  const [error, info, detail] = args
  return { returned: error, failure: { error, info, detail } }
}

/** The most that `liquidate` finds accepted has to be accepted, and one more refused. */
const checkLargest = (
  market: CompoundMarket,
  position: CompoundPosition,
  env: Env,
  request: CompoundRequest,
  wasAccepted: boolean,
): readonly string[] => {
  const { repay = 0n, ...open } = request
  const most = executeLiquidation(market, position, env, open)
  if ('kind' in most) return wasAccepted ? [`${repay} was accepted, ours finds nothing acceptable`] : []
  if (wasAccepted && most.repaid < repay) return [`${repay} was accepted, our most is ${most.repaid}`]
  const more = executeLiquidation(market, position, env, { ...request, repay: most.repaid + 1n })
  return 'kind' in more ? [] : [`${most.repaid + 1n} is accepted too`]
}

const checkLiquidation = (file: VectorFile, record: VectorFile): readonly string[] => {
  const market = changedMarketOf(file, record)
  const position = positionOf(record['account'])
  const env = envOf(record['blockNumber'], record['oraclePrice'])
  const repay = BigInt(record['repayAmount'])
  const request: CompoundRequest = {
    method: LIQUIDATE_BORROW,
    debtAsset: underlyingOf(record['borrowed']),
    collateralAsset: addressOf(record['collateral']),
    borrowed: addressOf(record['borrowed']),
    accrueFirst: record['accruedFirst'].map(addressOf),
    repay,
  }
  const executed = executeLiquidation(market, position, env, request)
  const outcome = liquidate(market, position, env, request)
  const isAccepted = !('kind' in executed)
  const ours = isAccepted ? ourOutcome(executed, record, env) : ourRefusal(executed)
  const { repayAmount, liquidatorSeizeTokens } = record['outcome']
  return [
    ...compareRecorded(record['outcome'], ours),
    ...(repay < UINT256_MAX ? checkLargest(market, position, env, request, repayAmount !== undefined) : []),
    ...compareRecorded(
      repayAmount === undefined
        ? { kind: 'blocked' }
        : {
            kind: 'liquidated',
            repaid: { amount: repayAmount },
            seized: [{ amount: liquidatorSeizeTokens }],
          },
      outcome,
    ),
  ]
}

/** Every recorded account, at the later block of its scene. */
export const worlds: Worlds = function* (file) {
  for (const { state: index, account, expected } of file['scenes']) {
    const state = file['states'][index]
    const { blockNumber } = expected.accrued.at(-1)
    yield {
      market: marketOf(file, state),
      position: positionOf(account),
      env: envOf(blockNumber, pricesOf(state)),
    }
  }
}

/** Runs one recorded world. */
export const checks: VectorChecks = function* (file) {
  for (const [index, rate] of file['rates'].entries())
    yield checkRecord('rates', `${index}`, () => checkRate(file, rate))
  for (const state of file['states']) yield checkRecord('states', state.label, () => checkState(file, state))
  for (const [index, scene] of file['scenes'].entries())
    yield checkRecord('scenes', `${index} (${scene.account.name})`, () => checkScene(file, scene))
  for (const [index, record] of file['liquidations'].entries())
    yield checkRecord('liquidations', `${index} (${record.kind})`, () => checkLiquidation(file, record))
}
