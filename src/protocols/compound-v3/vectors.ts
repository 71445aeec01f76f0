// Golden vectors of Compound III (format: README beside the vectors) against this adapter.
//
// Not compared: `market.configured`, what was passed to the constructor. Its quantised form is what the getters tell, and
// the product reads those; it never quantises.
import type { Blocked } from '../../model/liquidation.ts'
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { unlessRefused } from '../refusing.ts'
import {
  checkRecord,
  compareRecorded,
  type VectorChecks,
  type VectorFile,
  type VectorResult,
} from '../vectors.ts'
import { type Absorption, absorb } from './absorb.ts'
import { balanceOf, isBorrowCollateralized, isLiquidatable } from './account.ts'
import {
  accrue,
  accruePool,
  type Pool,
  type ReadMarket,
  ratePerSecondDown,
  totalBorrowDown,
  totalSupplyDown,
  utilizationDown,
} from './accrual.ts'
import { executeAction, requireBorrowable } from './action.ts'
import { assess } from './assess.ts'
import { ABSORB, liquidate, terms } from './liquidation.ts'
import { mulPriceDown, presentValueDown } from './math.ts'
import { creditBase, debitBase, requireUnpaused, updateBasePrincipal } from './movements.ts'
import { assetOf, BASE, envOf, marketOf, positionOf, UNKNOWN } from './recorded.ts'
import type { CometMarket, CometPosition } from './state.ts'
import { buyCollateral, collateralReserves, quoteCollateralDown, reservesAt } from './storefront.ts'

/** A refusal as recorded: panics by their decimal code. */
const recordedRevert = ({ revert }: Blocked): string =>
  revert.replace(/^Panic\(0x([0-9a-f]+)\)$/, (_, code) => `Panic(${Number.parseInt(code, 16)})`)

/** What a view answers, as recorded. */
const viewed = <T extends bigint | boolean>(view: () => T): T | { readonly revert: string } => {
  const answer = unlessRefused(view)
  return typeof answer === 'object' ? { revert: recordedRevert(answer) } : answer
}

const debtOf = (pool: Pool): bigint => -(balanceOf(pool) < 0n ? balanceOf(pool) : 0n)
const supplyOf = (pool: Pool): bigint => (balanceOf(pool) > 0n ? balanceOf(pool) : 0n)

const totalsOf = ({ totals }: ReadMarket): object => ({
  ...totals,
  lastAccrualTime: BigInt(totals.lastAccrualTime),
})

const checkState = (state: VectorFile, file: VectorFile): readonly string[] => {
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

const checkScene = (scene: VectorFile, file: VectorFile): readonly string[] => {
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

const checkAccrual = (record: VectorFile, file: VectorFile): readonly string[] => {
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

const checkPath = (record: VectorFile, file: VectorFile): readonly string[] => {
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

const checkRate = ({ utilization, ...expected }: VectorFile, file: VectorFile): readonly string[] => {
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

const checkOperation = (record: VectorFile, file: VectorFile): readonly string[] => {
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

const offsets = (file: VectorFile): readonly number[] =>
  file['assets'].map(({ offset }: VectorFile): number => offset)

const reservesOf = (market: ReadMarket, file: VectorFile): readonly bigint[] =>
  offsets(file).map((offset) => collateralReserves(market, assetOf(offset)))

/** An absorption in the words of its events. */
const absorbedOf = ({ pool, seized, basePaidOut }: Absorption, env: Env): object => {
  const { baseTokenPriceFeed, baseScale } = pool.market.configuration
  const basePrice = env.prices(`price:${baseTokenPriceFeed}`)
  const { principal, assetsIn, collateral } = pool.position
  const usdValue = mulPriceDown(basePaidOut, basePrice?.kind === 'price' ? basePrice.price : 0n, baseScale)
  return {
    absorbDebt: { basePaidOut, usdValue },
    absorbCollateral: seized.map(({ info, amount, value }) => ({
      offset: info.offset,
      collateralAbsorbed: amount,
      usdValue: value,
    })),
    transferAmount: principal > 0n ? presentValueDown(principal, pool.market.totals.baseSupplyIndex) : null,
    principalAfter: principal,
    assetsInAfter: BigInt(assetsIn & 0xffff),
    _reservedAfter: BigInt(assetsIn >> 16),
    balanceOfAfter: supplyOf(pool),
    collateralBalancesAllZero: Object.keys(collateral).length === 0,
  }
}

/** The same account by liquidate and terms: repayment and bad debt are the event's basePaidOut, and what is seized is the event's. */
const checkOutcome = (stored: Pool, env: Env, recorded: VectorFile | undefined): readonly string[] => {
  const { market, position } = stored
  const request = { method: ABSORB, debtAsset: BASE, collateralAsset: assetOf(0) }
  const outcome = liquidate(market, position, env, request)
  const option = terms(market, position, env).at(-1)
  if (!recorded || outcome.kind === 'blocked')
    return compareRecorded({ kind: 'blocked', terms: null }, { kind: outcome.kind, terms: option ?? null })
  const { absorbDebt, absorbCollateral } = recorded
  const { repaid, seized, badDebt } = outcome
  return compareRecorded(
    {
      paid: absorbDebt.basePaidOut,
      repayMax: repaid.amount.toString(),
      seized: absorbCollateral.map((one: VectorFile) => ({
        amount: one['collateralAbsorbed'],
        value: one['usdValue'],
      })),
    },
    { paid: repaid.amount + (badDebt[0]?.amount ?? 0n), repayMax: option?.repayMax, seized },
  )
}

type Batch = {
  readonly market: ReadMarket
  readonly absorbed: readonly Absorption[]
  readonly differences: readonly string[]
}

/** absorb(absorber, accounts): an accrual, then one account after the other; whatever is refused reverts all. */
const absorbAll = (
  market: ReadMarket,
  accounts: readonly CometPosition[],
  env: Env,
  recorded: readonly VectorFile[],
): Batch => {
  requireUnpaused(market, 'absorb')
  const positions = new Map(accounts.map((position) => [position.owner, position]))
  let batch: Batch = { market: accrue(market, env.timestamp), absorbed: [], differences: [] }
  for (const [index, { owner }] of accounts.entries()) {
    const stored: Pool = { market: batch.market, position: positions.get(owner) as CometPosition }
    const differences = checkOutcome(stored, env, recorded[index])
    const one = absorb(stored, env)
    positions.set(owner, one.pool.position)
    batch = {
      market: one.pool.market,
      absorbed: [...batch.absorbed, one],
      differences: [...batch.differences, ...differences],
    }
  }
  return batch
}

/** Views at the block before, and at the time of the transaction, as far as they are recorded. */
const checkViews = (record: VectorFile, stored: Pool, env: Env, view: VectorFile): readonly string[] => {
  const before = accruePool(stored, Number(record['timestamp']))
  const accrued = accruePool(stored, env.timestamp)
  return [
    ...compareRecorded(view, {
      isLiquidatable: viewed(() => isLiquidatable(stored, env)),
      isBorrowCollateralized: viewed(() => isBorrowCollateralized(stored, env)),
      borrowBalanceOf: debtOf(before),
    }),
    ...compareRecorded(record['atTx'], {
      isLiquidatableStored: viewed(() => isLiquidatable(stored, env)),
      isLiquidatableAccrued: viewed(() => isLiquidatable(accrued, env)),
      borrowBalanceOf: debtOf(accrued),
      reservesBefore: reservesAt(stored.market, env.timestamp),
      accrued: totalsOf(accrued.market),
    }),
  ]
}

const checkAbsorb = (record: VectorFile, file: VectorFile): readonly string[] => {
  const { market: totals, outcome } = record
  const members: readonly VectorFile[] = record['accounts'] ?? [record]
  const positions = members.map((one) => positionOf(one['account'], one['name']))
  const unique = [...new Map(positions.map((one) => [one.owner, one])).values()]
  const market = marketOf(totals, file, unique, outcome.collateralReservesBefore)
  const env = envOf(record['txTimestamp'], totals.baseTokenPriceUsed, record['prices'])
  const views = positions.flatMap((position, index) =>
    checkViews(record, { market, position }, env, members[index]?.['viewBefore']),
  )
  const batch = unlessRefused(() => absorbAll(market, positions, env, outcome.absorbed ?? []))
  if ('kind' in batch) return [...views, ...compareRecorded(outcome, { reverted: recordedRevert(batch) })]
  const after = batch.market
  return [
    ...views,
    ...batch.differences,
    ...compareRecorded(outcome, {
      absorbed: batch.absorbed.map((one) => absorbedOf(one, env)),
      marketAfter: totalsOf(after),
      reservesAfter: reservesAt(after, env.timestamp),
      collateralReservesBefore: reservesOf(market, file),
      collateralReservesAfter: reservesOf(after, file),
    }),
  ]
}

const pricedAt = (file: VectorFile, offset: number, price: string | null): readonly (string | null)[] =>
  offsets(file).map((one) => (one === offset ? price : null))

const soldOf = (offset: number) => (offset === -1 ? BASE : offset < 0 ? UNKNOWN : assetOf(offset))

/** A market of which nothing matters but its configuration. */
const emptyTotals = {
  ...{ baseSupplyIndex: 0, baseBorrowIndex: 0, trackingSupplyIndex: 0, trackingBorrowIndex: 0 },
  ...{ totalSupplyBase: 0, totalBorrowBase: 0, lastAccrualTime: 0, pauseFlags: 0, baseTokenBalance: 0 },
}

const checkQuote = (record: VectorFile, file: VectorFile): readonly string[] => {
  const { offset, price, baseTokenPriceUsed, baseAmount, expected } = record
  const env = envOf('0', baseTokenPriceUsed, pricedAt(file, offset, price))
  const market = marketOf(emptyTotals, file)
  return compareRecorded(
    { expected },
    { expected: viewed(() => quoteCollateralDown(market, env, soldOf(offset), BigInt(baseAmount))) },
  )
}

const checkBuy = (record: VectorFile, file: VectorFile): readonly string[] => {
  const { offset, price, input, atTx, market: totals } = record
  const env = envOf(record['txTimestamp'], totals.baseTokenPriceUsed, pricedAt(file, offset, price))
  const inStore = offsets(file).map((one) => (one === offset ? atTx.collateralReserves : '0'))
  const market = marketOf(totals, file, [], inStore)
  const asset = soldOf(offset)
  const [baseAmount, minAmount] = [BigInt(input.baseAmount), BigInt(input.minAmount)]
  const before = compareRecorded(atTx, {
    quoteCollateral: viewed(() => quoteCollateralDown(market, env, asset, baseAmount)),
    getReserves: reservesAt(market, env.timestamp),
    collateralReserves: offset < 0 ? null : collateralReserves(market, asset),
  })
  const bought = unlessRefused(() => buyCollateral(market, env, { asset, minAmount, baseAmount }))
  if ('kind' in bought)
    return [...before, ...compareRecorded(record['outcome'], { reverted: recordedRevert(bought) })]
  const after = bought.market
  return [
    ...before,
    ...compareRecorded(record['outcome'], {
      collateralAmount: bought.collateralAmount,
      baseAmount: (after.balances[BASE] ?? 0n) - (market.balances[BASE] ?? 0n),
      reservesAfter: reservesAt(after, env.timestamp),
      collateralReservesAfter: collateralReserves(after, asset),
      baseSupplyIndexAfter: after.totals.baseSupplyIndex,
      lastAccrualTimeAfter: BigInt(after.totals.lastAccrualTime),
    }),
  ]
}

type Check = (record: VectorFile, file: VectorFile) => readonly string[]

const kinds: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  accounts: {
    states: checkState,
    scenes: checkScene,
    accrual: checkAccrual,
    paths: checkPath,
    rates: checkRate,
    operations: checkOperation,
  },
  absorb: { absorbs: checkAbsorb, batches: checkAbsorb },
  quotes: { quotes: checkQuote, buys: checkBuy },
}

/** Runs one recorded file. */
export const checks: VectorChecks = function* (file): Generator<VectorResult> {
  const lists = kinds[file['kind']]
  if (!lists) throw new Error(`records of kind ${file['kind']} are not known`)
  for (const [name, records] of Object.entries(file)) {
    if (!Array.isArray(records) || name === 'assets') continue
    const check = lists[name]
    if (!check) throw new Error(`lists of ${name} are not known`)
    for (const [index, record] of records.entries())
      yield checkRecord(name, `${index} ${record.kind ?? record.label ?? record.name ?? ''}`, () =>
        check(record, file),
      )
  }
}
