// Clipper and LockstakeClipper on a state: kick, take, redo. They differ in the words of their refusals, in how arithmetic fails,
// and in what becomes of a lot's remainder.
import type { Address } from 'viem'
import { RAY, WAD } from '../../units/brands.ts'
import { checkedSub, checkedUint256, mulDivDown } from '../../units/mul-div.ts'
import { RefusedError, requireThat } from '../refusing.ts'
import { digs, feedPriceDown } from './accrual.ts'
import { priceAfter } from './curve.ts'
import { rdivDown, rmulDown, withoutReason, wmulDown } from './math.ts'
import { type IlkState, ratioOf } from './pool.ts'
import type { Clip, Sale } from './state.ts'

const CONTRACTS: Readonly<Record<Clip['kind'], string>> = {
  clipper: 'Clipper',
  lockstake: 'LockstakeClipper',
}

/** Refuses in the contract's own words, which begin with its name. */
const requireIn = ({ kind }: Clip, condition: boolean, revert: string): void =>
  requireThat(condition, `${CONTRACTS[kind]}/${revert}`)

/** Arithmetic of the contract: LockstakeClipper panics, Clipper gives no reason. */
const within = <T>({ kind }: Clip, action: () => T): T =>
  kind === 'clipper' ? withoutReason(action) : action()

/** What sells the ilk's collateral; where the Dog knows nothing, a call of it reverts without a reason. */
export const clipOf = ({ market }: IlkState): Clip => {
  if (!market.clip) throw new RefusedError('')
  return market.clip
}

/** Clipper.getFeedPrice, a ray of DAI. Of a source that tells us nothing it is what the Vat's spot stands for. */
export const feedPriceOf = (state: IlkState): bigint => {
  const { answer, spot, system, market } = state
  const clip = clipOf(state)
  if (answer === 'unknown') return (spot * ratioOf(market.spotter)) / RAY
  requireIn(clip, answer !== 'invalid', 'invalid-price')
  return within(clip, () => feedPriceDown(answer === 'invalid' ? 0n : answer, system.par))
}

/** ⌊feed price · buf / 1e27⌋, a ray. */
const startPriceOf = (state: IlkState, feedPrice: bigint): bigint => {
  const clip = clipOf(state)
  const top = within(clip, () => rmulDown(feedPrice, clip.buf))
  requireIn(clip, top > 0n, 'zero-top-price')
  return top
}

/** What the keeper gets for starting an auction: tip + ⌊tab · chip / 1e18⌋, a rad. */
const incentiveOf = (clip: Clip, tab: bigint): bigint =>
  within(clip, () => checkedUint256(clip.tip + wmulDown(tab, clip.chip)))

export type Kicked<S extends IlkState> = {
  readonly state: S
  readonly id: string
  readonly sale: Sale
  /** A rad of DAI for the keeper. */
  readonly coin: bigint
}

const withSale = <S extends IlkState>(state: S, id: string, sale: Sale | undefined): S => {
  const { [id]: _, ...others } = state.market.sales
  const sales = sale ? { ...others, [id]: sale } : others
  return { ...state, market: { ...state.market, sales } }
}

/** Clipper.kick. */
export const kick = <S extends IlkState>(
  state: S,
  { tab, lot, usr }: { readonly tab: bigint; readonly lot: bigint; readonly usr: Address },
  timestamp: number,
): Kicked<S> => {
  const clip = clipOf(state)
  requireIn(clip, clip.stopped < 1n, 'stopped-incorrect')
  requireIn(clip, tab > 0n, 'zero-tab')
  requireIn(clip, lot > 0n, 'zero-lot')
  const top = startPriceOf(state, feedPriceOf(state))
  const kicks = clip.kicks + 1n
  const id = kicks.toString()
  const sale: Sale = { tab, lot, tot: lot, usr, tic: timestamp, top }
  const kicked = withSale(state, id, sale)
  const market = { ...kicked.market, clip: { ...clip, kicks } }
  return { state: { ...kicked, market }, id, sale, coin: incentiveOf(clip, tab) }
}

/** A sale's price now, a ray, and whether it has run out. */
export type SaleStatus = { readonly needsRedo: boolean; readonly price: bigint }

/** A sale `seconds` after its start: it has run out beyond `tail`, or where its price is below `cusp` of the start's. */
export const statusAfter = (clip: Clip, { top }: Sale, seconds: bigint): SaleStatus => {
  const price = priceAfter(clip.curve, top, seconds)
  const isBelow = within(clip, () => rdivDown(price, top)) < clip.cusp
  return { price, needsRedo: seconds > clip.tail || isBelow }
}

/** Clipper.status. */
export const statusOf = (clip: Clip, sale: Sale, timestamp: number): SaleStatus =>
  statusAfter(
    clip,
    sale,
    within(clip, () => checkedSub(BigInt(timestamp), BigInt(sale.tic))),
  )

const saleIn = (state: IlkState, id: string): Sale => {
  const sale = state.market.sales[id]
  requireIn(clipOf(state), sale !== undefined, 'not-running-auction')
  return sale as Sale
}

/** What a purchase moves: `slice` of the lot (wad) for `owe` (rad). */
type Purchase = { readonly slice: bigint; readonly owe: bigint }

/** At most what raises the tab; a part has to leave at least chost to raise, and is cut to that. */
const purchaseOf = (clip: Clip, { tab, lot }: Sale, price: bigint, amount: bigint): Purchase => {
  const slice = amount < lot ? amount : lot
  const owe = within(clip, () => checkedUint256(slice * price))
  if (owe > tab) return { owe: tab, slice: tab / price }
  if (owe === tab || slice === lot || tab - owe >= clip.chost) return { owe, slice }
  requireIn(clip, tab > clip.chost, 'no-partial-purchase')
  const cut = tab - clip.chost
  return { owe: cut, slice: within(clip, () => mulDivDown(cut, 1n, price)) }
}

/** What the borrower gets back of a lot that was not sold; Lockstake burns its exit fee on what was sold. */
const returnedOf = ({ kind, fee }: Clip, tot: bigint, rest: bigint): bigint => {
  if (kind === 'clipper') return rest
  const burn = mulDivDown(checkedSub(tot, rest), fee, checkedSub(WAD, fee))
  return burn < rest ? rest - burn : 0n
}

export type Taken<S extends IlkState> = Purchase & {
  readonly state: S
  readonly price: bigint
  /** What is left of the sale; undefined when it is over. */
  readonly sale: Sale | undefined
  /** What is still to raise and to sell, as the event says it. */
  readonly left: Pick<Sale, 'tab' | 'lot'>
  /** A wad of collateral that goes back to the sale's owner. */
  readonly returned: bigint
}

/** Clipper.take by a buyer who takes at most `amount` at no more than `priceMax`. */
export const take = <S extends IlkState>(
  state: S,
  id: string,
  { amount, priceMax }: { readonly amount: bigint; readonly priceMax: bigint },
  timestamp: number,
): Taken<S> => {
  const clip = clipOf(state)
  requireIn(clip, clip.stopped < 3n, 'stopped-incorrect')
  const sale = saleIn(state, id)
  const { needsRedo, price } = statusOf(clip, sale, timestamp)
  requireIn(clip, !needsRedo, 'needs-reset')
  requireIn(clip, priceMax >= price, 'too-expensive')
  const { slice, owe } = purchaseOf(clip, sale, price, amount)
  const left = { tab: sale.tab - owe, lot: sale.lot - slice }
  const isOver = left.lot === 0n || left.tab === 0n
  const rest = isOver ? undefined : { ...sale, ...left }
  const dug = withoutReason(() => digs(state, left.lot === 0n ? sale.tab : owe))
  return {
    state: withSale(dug, id, rest),
    ...{ slice, owe, price, left },
    sale: rest,
    returned: isOver && left.lot > 0n ? returnedOf(clip, sale.tot, left.lot) : 0n,
  }
}

/** Clipper.redo. The keeper gets nothing for a sale that is dusty, by its tab or by what its lot is worth. */
export const redo = <S extends IlkState>(state: S, id: string, timestamp: number): Kicked<S> => {
  const clip = clipOf(state)
  requireIn(clip, clip.stopped < 2n, 'stopped-incorrect')
  const before = saleIn(state, id)
  requireIn(clip, statusOf(clip, before, timestamp).needsRedo, 'cannot-reset')
  const feedPrice = feedPriceOf(state)
  const sale = { ...before, tic: timestamp, top: startPriceOf(state, feedPrice) }
  const hasIncentive = clip.tip > 0n || clip.chip > 0n
  const isDusty = (): boolean =>
    before.tab < clip.chost || within(clip, () => checkedUint256(before.lot * feedPrice)) < clip.chost
  const coin = hasIncentive && !isDusty() ? incentiveOf(clip, before.tab) : 0n
  return { state: withSale(state, id, sale), id, sale, coin }
}
