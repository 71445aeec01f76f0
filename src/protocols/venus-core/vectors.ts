// The adapter's own functions against recorded states and liquidations of the real contracts. Test support: not part of the build.
import type { Blocked } from '../../model/liquidation.ts'
import type { Env } from '../adapter.ts'
import { legIn, type Sums, shortfallOf } from '../compound-v2/account.ts'
import { borrowBalanceDown, exchangeRateDown, underlyingDown } from '../compound-v2/accrual.ts'
import { RejectedError } from '../compound-v2/failing.ts'
import { borrowRateDown } from '../compound-v2/rate-model.ts'
import { checkRecord, compareRecorded, type VectorChecks, type VectorFile, type Worlds } from '../vectors.ts'
import { accrued, type VenusRequest } from './execution.ts'
import {
  executeLiquidation,
  LIQUIDATE_BORROW,
  LIQUIDATE_VAI,
  type SettledExecution,
  THROUGH_CONTRACT,
} from './liquidation.ts'
import { borrowingPowerOf, liquidityOf, vaiDebtOf } from './liquidity.ts'
import { effectiveParameters } from './pool-parameters.ts'
import type { Vai, VToken } from './state.ts'
import { vaiRatePerBlockDown } from './vai.ts'
import { addressOf, at, CONTROLLER, envOf, marketOf, positionOf, rateModelOf } from './vectors/recorded.ts'
import { poolOf, vaiOf, type World } from './world.ts'

/** What the comptroller's views answer: a code, what is left and what is missing. */
const viewOf = (sums: () => Sums): object => {
  try {
    const { collateral, borrows } = sums()
    const liquidity = collateral > borrows ? collateral - borrows : 0n
    return { error: '0', liquidity, shortfall: shortfallOf({ collateral, borrows }) }
  } catch (error) {
    if (error instanceof RejectedError) return { error: error.code, liquidity: '0', shortfall: '0' }
    throw error
  }
}

const vTokensOf = ({ market }: World): readonly VToken[] => Object.values(market.cTokens)

const borrowBalances = (world: World): readonly bigint[] =>
  vTokensOf(world).map((vToken) => borrowBalanceDown(legIn(poolOf(world), vToken).borrow, vToken))

const parametersOf = ({ market, position }: World, vToken: VToken) =>
  effectiveParameters(market, position.poolId, vToken)

const checkScene = (file: VectorFile, scene: VectorFile): readonly string[] => {
  const state = file['states'][scene['state']]
  const stored: World = { market: marketOf(file, state, {}), position: positionOf(scene['account'], {}) }
  const views = (world: World, env: Env) => ({
    getAccountLiquidity: viewOf(() => liquidityOf(world, env)),
    getBorrowingPower: viewOf(() => borrowingPowerOf(world, env)),
    getVAIRepayAmount: vaiDebtOf(world),
  })
  return compareRecorded(scene['expected'], {
    stored: {
      ...views(stored, envOf(state, state['blockNumber'])),
      borrowBalanceStored: borrowBalances(stored),
      getEffectiveLiquidationIncentive: vTokensOf(stored).map(
        (vToken) => parametersOf(stored, vToken).liquidationIncentive,
      ),
      effectiveLiquidationThreshold: vTokensOf(stored).map(
        (vToken) => parametersOf(stored, vToken).liquidationThreshold,
      ),
    },
    accrued: scene['expected']['accrued'].map(({ blockNumber }: { blockNumber: string }) => {
      const env = envOf(state, blockNumber)
      const world = accrued(stored, [...vTokensOf(stored).map(({ address }) => address), CONTROLLER], env)
      return {
        blockNumber,
        ...views(world, env),
        borrowBalanceCurrent: borrowBalances(world),
        balanceOfUnderlying: vTokensOf(world).map((vToken) =>
          underlyingDown(legIn(poolOf(world), vToken).tokens, vToken),
        ),
      }
    }),
  })
}

const totalsOf = ({ totals }: VToken): object => ({ ...totals, accrualBlockNumber: totals.accruedAt })

const checkState = (file: VectorFile, state: VectorFile): readonly string[] => {
  const empty = {
    vTokenBalance: [],
    assetsIn: [],
    vaiMinterInterestIndex: 0,
    mintedVAIs: 0,
    pastVAIInterest: 0,
  }
  const stored: World = { market: marketOf(file, state, {}), position: positionOf(empty, {}) }
  const vai = vaiOf(stored.market) as Vai
  const expected = { ...state['expected'], vai: state['vai']['expected'] }
  return compareRecorded(expected, {
    vai: { getVAIRepayRatePerBlock: vaiRatePerBlockDown(vai, () => BigInt(state['vai']['oraclePrice'])) },
    markets: vTokensOf(stored).map((vToken) => ({
      exchangeRateStored: exchangeRateDown(vToken),
      borrowRatePerBlock: borrowRateDown(vToken.rateModel, vToken.totals),
    })),
    accrual: state['expected']['accrual'].map(({ blockNumber }: { blockNumber: string }) => {
      const addresses = [...vTokensOf(stored).map(({ address }) => address), CONTROLLER]
      const world = accrued(stored, addresses, envOf(state, blockNumber))
      return {
        blockNumber,
        vaiMintIndex: vaiOf(world.market)?.mintIndex,
        markets: vTokensOf(world).map((vToken) => ({
          ...totalsOf(vToken),
          exchangeRateCurrent: exchangeRateDown(vToken),
        })),
      }
    }),
  })
}

const checkRate = (file: VectorFile, rate: VectorFile): readonly string[] => {
  const model = rateModelOf(file['markets'][rate['market']]['rateModel'])
  const totals = {
    cash: BigInt(rate['cash']),
    totalBorrows: BigInt(rate['borrows']),
    totalReserves: BigInt(rate['reserves']),
  }
  return compareRecorded(rate['borrowRatePerBlock'], borrowRateDown(model, totals))
}

/** A record's settings over the state's and the account's. */
const withSettings = (file: VectorFile, record: VectorFile): { state: VectorFile; account: VectorFile } => {
  const state: VectorFile = file['states'][record['state']]
  const { comptroller = {}, account = {}, ...lists } = (record['set'] ?? {}) as VectorFile
  const settingsOf = (list: string, index: number) => lists[`${list}[${index}]`] ?? {}
  const patched = (list: string, entries: readonly VectorFile[]) =>
    entries.map((entry, index) => ({ ...entry, ...settingsOf(list, index) }))
  return {
    account: { ...record['account'], ...account },
    state: {
      ...state,
      comptroller: {
        ...state['comptroller'],
        ...comptroller,
        pools: patched('pools', state['comptroller']['pools']),
      },
      markets: patched('markets', state['markets']),
    },
  }
}

/** The recorded outcome of a refusal: a revert, or the code that is returned with a Failure event. */
const refusalOf = ({ revert, args }: Blocked, isThroughContract: boolean): object => {
  if (isThroughContract || args === undefined)
    return { revert: revert.replace(/^Panic\((0x[0-9a-f]+)\)$/, (_, code) => `Panic(${Number(code)})`) }
  const [error, info, detail] = args
  return { returned: error, failure: { error, info, detail } }
}

const outcomeOf = (execution: SettledExecution, record: VectorFile, env: Env): object => {
  const { world, repaid, seizeTokens, toLiquidator, toTreasury } = execution
  const { position } = world
  const touched: Record<string, unknown> = record['outcome']['after']?.['markets'] ?? {}
  const collateral = world.market.cTokens[at(record['collateral'])] as VToken
  return {
    returned: '0',
    repayAmount: repaid,
    seizeTokens,
    seizeTokensForTreasury: toTreasury,
    seizeTokensForLiquidator: toLiquidator,
    liquidatorSeizeTokens: toLiquidator,
    liquidatorUnderlying: underlyingDown(toLiquidator, collateral),
    protocolSeizeTokens: '0',
    protocolSeizeAmount: '0',
    after: {
      getAccountLiquidity: viewOf(() => liquidityOf(world, env)),
      borrowBalanceStored: borrowBalances(world),
      vTokenBalance: vTokensOf(world).map((vToken) => legIn(poolOf(world), vToken).tokens),
      getVAIRepayAmount: vaiDebtOf(world),
      mintedVAIs: position.vai.minted,
      pastVAIInterest: position.vai.pastInterest,
      markets: Object.fromEntries(
        Object.keys(touched).map((index) => {
          const vToken = world.market.cTokens[at(Number(index))] as VToken
          return [index, { ...totalsOf(vToken), exchangeRateStored: exchangeRateDown(vToken) }]
        }),
      ),
    },
  }
}

const checkLiquidation = (file: VectorFile, record: VectorFile): readonly string[] => {
  const { state, account } = withSettings(file, record)
  const settings: VectorFile = record['liquidatorContract'] ?? {}
  const isThroughContract = record['liquidatorContract'] !== undefined
  const env = envOf(state, record['blockNumber'], record)
  const borrowed = addressOf(record['borrowed'])
  const request: VenusRequest = {
    method: isThroughContract
      ? THROUGH_CONTRACT
      : record['borrowed'] === 'vai'
        ? LIQUIDATE_VAI
        : LIQUIDATE_BORROW,
    borrowed,
    debtAsset: borrowed,
    collateralAsset: at(record['collateral']),
    repay: BigInt(record['repayAmount']),
    accrueFirst: [...record['accruedFirst'].map(at), ...(record['vaiAccruedFirst'] ? [CONTROLLER] : [])],
  }
  const market = marketOf(file, state, settings)
  const executed = executeLiquidation(market, positionOf(account, settings), env, request)
  return compareRecorded(
    record['outcome'],
    'kind' in executed ? refusalOf(executed, isThroughContract) : outcomeOf(executed, record, env),
  )
}

/** Runs one recorded world of today's comptroller. */
export const checks: VectorChecks = function* (file) {
  const kinds = [
    ['rates', checkRate],
    ['states', checkState],
    ['scenes', checkScene],
    ['liquidations', checkLiquidation],
    ['liquidatorCalls', checkLiquidation],
  ] as const
  for (const [kind, check] of kinds)
    for (const [index, record] of (file[kind] ?? []).entries())
      yield checkRecord(kind, `${index} ${record.kind ?? record.label ?? ''}`, () => check(file, record))
}

/** Every recorded account, and every attempt's with its settings and prices. */
export const worlds: Worlds = (file) => [
  ...file['scenes'].map((scene: VectorFile) => {
    const state = file['states'][scene['state']]
    return {
      market: marketOf(file, state, {}),
      position: positionOf(scene['account'], {}),
      env: envOf(state, state['blockNumber']),
    }
  }),
  ...[...file['liquidations'], ...file['liquidatorCalls']].map((record: VectorFile) => {
    const { state, account } = withSettings(file, record)
    const settings: VectorFile = record['liquidatorContract'] ?? {}
    return {
      market: marketOf(file, state, settings),
      position: positionOf(account, settings),
      env: envOf(state, record['blockNumber'], record),
    }
  }),
]
