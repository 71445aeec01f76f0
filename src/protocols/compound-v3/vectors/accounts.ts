// States, accounts, accrual, rates and base movements as recorded, against the functions of this adapter.
import { UINT256_MAX, WAD } from '../../../units/brands.ts'
import type { Env } from '../../adapter.ts'
import { unlessRefused } from '../../refusing.ts'
import { compareRecorded, type VectorFile } from '../../vectors.ts'
import { isBorrowCollateralized, isLiquidatable } from '../account.ts'
import {
  accrue,
  accruePool,
  type Pool,
  type ReadMarket,
  ratePerSecondDown,
  totalBorrowDown,
  totalSupplyDown,
  utilizationDown,
} from '../accrual.ts'
import { executeAction, requireBorrowable } from '../action.ts'
import { assess } from '../assess.ts'
import { presentValueDown } from '../math.ts'
import { creditBase, debitBase, updateBasePrincipal } from '../movements.ts'
import type { CometMarket, CometPosition } from '../state.ts'
import { reservesAt } from '../storefront.ts'
import {
  BASE,
  debtOf,
  envOf,
  marketOf,
  positionOf,
  recordedRevert,
  supplyOf,
  totalsOf,
  viewed,
} from './recorded.ts'

export const checkState = (state: VectorFile, file: VectorFile): readonly string[] => {
  const market = marketOf(state['market'], file)
  const { configuration, totals } = market
  const timestamp = Number(state['timestamp'])
  const accrued = accrue(market, timestamp)
  const getUtilization = utilizationDown(totals)
  return compareRecorded(state['expected'], {
    getUtilization,
    getSupplyRate: viewed(() => ratePerSecondDown(configuration.supplyRate, getUtilization)),
    getBorrowRate: viewed(() => ratePerSecondDown(configuration.borrowRate, getUtilization)),
    getReserves: viewed(() => reservesAt(market, timestamp)),
    totalSupply: totalSupplyDown(accrued),
    totalBorrow: totalBorrowDown(accrued),
  })
}

/** What assess says of the same, in the record's own words; a view that reverts is unassessable. */
const assessed = (
  market: CometMarket,
  position: CometPosition,
  env: Env,
  isAccrued: boolean,
  revert: unknown,
) => {
  const health = assess(market, position, env)
  if (health.kind === 'unassessable') return { isLiquidatable: revert }
  const view = isAccrued ? health : health.stored
  return {
    isLiquidatable: view?.isLiquidatable,
    isBelowOne: (view?.healthFactor ?? 0n) < WAD,
    borrowBalanceOf: health.debt[0]?.amount ?? 0n,
  }
}

export const checkScene = (scene: VectorFile, file: VectorFile): readonly string[] => {
  const state = file['states'][scene['state']]
  const env = envOf(state.timestamp, state.market.baseTokenPriceUsed, state.prices)
  const position = positionOf(scene['account'], scene['name'])
  const market = marketOf(state.market, file, [position])
  const stored: Pool = { market, position }
  const accrued = accruePool(stored, env.timestamp)
  const { baseTrackingIndex, baseTrackingAccrued } = updateBasePrincipal(accrued, position.principal)
  const { expected } = scene
  const views = (pool: Pool) => ({
    borrowBalanceOf: debtOf(accrued),
    balanceOf: supplyOf(accrued),
    isBorrowCollateralized: viewed(() => isBorrowCollateralized(pool, env)),
    isLiquidatable: viewed(() => isLiquidatable(pool, env)),
  })
  const ours = {
    ...views(stored),
    afterAccrueAccount: {
      ...totalsOf(accrued.market),
      ...views(accrued),
      baseTrackingIndex,
      baseTrackingAccrued,
    },
  }
  const judged = (view: VectorFile, isAccrued: boolean): readonly string[] => {
    const ofView = { isLiquidatable: view['isLiquidatable'], borrowBalanceOf: view['borrowBalanceOf'] }
    const isKnown = typeof view['isLiquidatable'] === 'boolean'
    const health = assessed(market, position, env, isAccrued, view['isLiquidatable'])
    return compareRecorded(
      isKnown
        ? { ...ofView, isBelowOne: view['isLiquidatable'] }
        : { isLiquidatable: view['isLiquidatable'] },
      health,
    )
  }
  return [
    ...compareRecorded(expected, ours),
    ...judged(expected, false),
    ...judged(expected.afterAccrueAccount, true),
  ]
}

const stateOf = (record: VectorFile, file: VectorFile): ReadMarket =>
  marketOf(file['states'][record['state']].market, file)

export const checkAccrual = (record: VectorFile, file: VectorFile): readonly string[] => {
  const market = stateOf(record, file)
  const timestamp = Number(record['timestamp'])
  const accrued = accrue(market, timestamp)
  return compareRecorded(record['expected'], {
    ...totalsOf(accrued),
    totalSupply: totalSupplyDown(accrued),
    totalBorrow: totalBorrowDown(accrued),
    getReserves: reservesAt(market, timestamp),
  })
}

export const checkPath = (record: VectorFile, file: VectorFile): readonly string[] => {
  const market = stateOf(record, file)
  const { steps, singleStep } = record
  const after = (from: ReadMarket, { timestamp }: VectorFile): ReadMarket => accrue(from, Number(timestamp))
  const atStep = (count: number): ReadMarket => steps.slice(0, count).reduce(after, market)
  return [
    ...steps.flatMap((step: VectorFile, index: number) =>
      compareRecorded({ ...step, timestamp: undefined }, totalsOf(atStep(index + 1))),
    ),
    ...compareRecorded({ ...singleStep, timestamp: undefined }, totalsOf(after(market, singleStep))),
  ]
}

export const checkRate = ({ utilization, ...expected }: VectorFile, file: VectorFile): readonly string[] => {
  const { supplyRate, borrowRate } = stateOf({ state: 0 }, file).configuration
  return compareRecorded(expected, {
    getSupplyRate: viewed(() => ratePerSecondDown(supplyRate, BigInt(utilization))),
    getBorrowRate: viewed(() => ratePerSecondDown(borrowRate, BigInt(utilization))),
  })
}

/** Both sides of a base transfer: a debit of one and a credit of the other, as Comet.transferBase joins them. */
const transfer = (source: Pool, destination: CometPosition, env: Env, asked: bigint) =>
  unlessRefused(() => {
    const accrued = accruePool(source, env.timestamp)
    const amount = asked === UINT256_MAX ? supplyOf(accrued) : asked
    const debited = debitBase(accrued, amount)
    const credited = creditBase({ market: debited.pool.market, position: destination }, amount)
    requireBorrowable(debited.pool, debited.balance, env)
    return { pool: { ...debited.pool, market: credited.pool.market }, other: credited.pool.position }
  })

/** The events of a base movement, as recorded: what came in or went out, then supply that was made or ended. */
const eventsOf = (
  name: string | undefined,
  before: ReadMarket,
  after: ReadMarket,
  moved: readonly bigint[],
) => {
  const difference = (after.balances[BASE] ?? 0n) - (before.balances[BASE] ?? 0n)
  return [
    ...(name ? [{ event: name, amount: difference < 0n ? -difference : difference }] : []),
    ...moved
      .filter((principal) => principal > 0n)
      .map((principal) => ({
        event: 'Transfer',
        amount: presentValueDown(principal, after.totals.baseSupplyIndex),
      })),
  ]
}

const positive = (principal: bigint): bigint => (principal > 0n ? principal : 0n)

export const checkOperation = (record: VectorFile, file: VectorFile): readonly string[] => {
  const { kind, account, name, other, input, outcome, market: totals } = record
  const position = positionOf(account, name)
  const market = marketOf(totals, file, [position])
  const env = envOf(record['txTimestamp'], totals.baseTokenPriceUsed, record['prices'])
  const amount = input.amount === 'max' ? UINT256_MAX : BigInt(input.amount)
  const isIncoming = /^(supply|repay)/.test(kind)
  const receiver = other && positionOf(other.account, other.name)
  const moved = receiver
    ? transfer({ market, position }, receiver, env, amount)
    : executeAction(market, position, env, {
        kind: isIncoming ? 'supply' : 'withdraw',
        asset: BASE,
        amount,
      })
  if ('kind' in moved) return compareRecorded(outcome, { reverted: recordedRevert(moved) })
  const pool = 'pool' in moved ? moved.pool : moved
  const change = positive(pool.position.principal) - positive(position.principal)
  const received = 'other' in moved ? positive(moved.other.principal) - positive(receiver.principal) : 0n
  const changes = isIncoming ? [change] : [-change, received]
  const event = receiver ? undefined : isIncoming ? 'Supply' : 'Withdraw'
  return compareRecorded(outcome, {
    principalAfter: pool.position.principal,
    ...('other' in moved ? { otherPrincipalAfter: moved.other.principal } : {}),
    ...totalsOf(pool.market),
    events: eventsOf(event, market, pool.market, changes),
  })
}
