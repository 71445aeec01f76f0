// Absorptions, quotes and purchases as recorded, against the functions of this adapter.
import type { Env } from '../../adapter.ts'
import { unlessRefused } from '../../refusing.ts'
import { compareRecorded, type VectorFile } from '../../vectors.ts'
import { type Absorption, absorb } from '../absorb.ts'
import { isBorrowCollateralized, isLiquidatable } from '../account.ts'
import { accrue, accruePool, type Pool, type ReadMarket } from '../accrual.ts'
import { ABSORB, liquidate, terms } from '../liquidation.ts'
import { mulPriceDown, presentValueDown } from '../math.ts'
import { requireUnpaused } from '../movements.ts'
import type { CometPosition } from '../state.ts'
import { buyCollateral, collateralReserves, quoteCollateralDown, reservesAt } from '../storefront.ts'
import {
  assetOf,
  BASE,
  debtOf,
  envOf,
  marketOf,
  positionOf,
  recordedRevert,
  supplyOf,
  totalsOf,
  UNKNOWN,
  viewed,
} from './recorded.ts'

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

export const checkAbsorb = (record: VectorFile, file: VectorFile): readonly string[] => {
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

export const checkQuote = (record: VectorFile, file: VectorFile): readonly string[] => {
  const { offset, price, baseTokenPriceUsed, baseAmount, expected } = record
  const env = envOf('0', baseTokenPriceUsed, pricedAt(file, offset, price))
  const market = marketOf(emptyTotals, file)
  return compareRecorded(
    { expected },
    { expected: viewed(() => quoteCollateralDown(market, env, soldOf(offset), BigInt(baseAmount))) },
  )
}

export const checkBuy = (record: VectorFile, file: VectorFile): readonly string[] => {
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
