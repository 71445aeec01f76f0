// Prices at which a loan becomes liquidatable, one price feed after the other.
import type { Address } from 'viem'
import type { DebtLeg, Health } from '../model/assessment.ts'
import type { Feed } from '../model/feed.ts'
import type { PriceKey } from '../model/price.ts'
import { PPM } from '../units/brands.ts'
import { powerOfTen } from '../units/power-of-ten.ts'
import { askedPrices } from './asked-prices.ts'
import { type Flip, firstFlip, type Path } from './first-flip.ts'
import { areDirect, type Group, type Groups } from './groups.ts'
import { type Loan, withPrices } from './loan.ts'

/** Prices, both included, nearer to the current one first. */
export type Stretch = { readonly from: bigint; readonly to: bigint }

/**
 * At which price of one feed a loan becomes liquidatable, all others held but those of `movesWith`, which move in proportion. Prices
 * are the oracle's integers, in units of `scale`; `liquidationPrice` is the first liquidatable one met from the current price on: one
 * tick nearer the loan is safe. Null when no price does it. `changePpm` is null without a liquidation price. Where rounding
 * makes the loan safe again further on, `nonMonotone` is true and `flips` are those stretches. `unproven`: liquidatable it is there,
 * but the search was too long to say that no price before is.
 */
export type LiquidationPrice = {
  readonly asset: Address
  readonly symbol: string
  readonly price: bigint
  readonly scale: bigint
  readonly liquidationPrice: bigint | null
  readonly changePpm: bigint | null
  readonly movesWith: readonly string[]
  readonly nonMonotone?: true
  readonly flips?: readonly Stretch[]
  readonly unproven?: true
}

/** A price is searched up to this multiple of the current one. */
const RISE_FACTOR_MAX = 10n ** 6n

/** Prices that move both sides of a loan are searched down to this part of the current one: below, only roundings tell the sides apart. */
const SHARED_FALL_FACTOR_MAX = 10n ** 6n

/** How another price moves with one: as much, or the other way round where the one is what it is quoted in. */
type Move = 'with' | 'against'

type Mover = { readonly key: PriceKey; readonly symbol: string; readonly move: Move }

const quoteGroup = ({ quote }: Feed, groupOf: Groups['groupOf']): Group | undefined =>
  quote.asset && groupOf(quote.asset)

const moveOf = (feed: Feed, moved: ReadonlySet<Group>, groupOf: Groups['groupOf']): Move | undefined => {
  if (feed.isRate) return undefined
  const has = (group: Group | undefined): boolean => group !== undefined && moved.has(group)
  const [own, other] = [has(groupOf(feed.asset)), has(quoteGroup(feed, groupOf))]
  return own === other ? undefined : own ? 'with' : 'against'
}

/** Prices that move along with one. One that is itself of an asset in another of its group parts the group: it moves alone. */
const moversOf = (
  key: PriceKey,
  asked: ReadonlySet<PriceKey>,
  { feeds, groupOf }: Groups,
): readonly Mover[] => {
  const own = (feeds.get(key) ?? []).filter(({ isRate }) => !isRate)
  const moved = new Set(own.flatMap(({ asset }) => groupOf(asset) ?? []))
  if (own.some((feed) => moveOf(feed, moved, groupOf) !== 'with')) return []
  return [...asked].flatMap((other): readonly Mover[] => {
    if (other === key) return []
    const [first] = (feeds.get(other) ?? []).flatMap((feed) => {
      const move = moveOf(feed, moved, groupOf)
      return move ? [{ key: other, symbol: feed.symbol, move }] : []
    })
    return first ? [first] : []
  })
}

/** A price to be moved, and what moves with it. */
type Row = {
  readonly key: PriceKey
  readonly asset: Address
  readonly symbol: string
  readonly movers: readonly Mover[]
}

type Ends = { readonly price: bigint; readonly last: bigint; readonly isDirect: boolean }

const pathOf = (
  loan: Loan,
  { key, movers }: Pick<Row, 'key' | 'movers'>,
  { price, last, isDirect }: Ends,
): Path => {
  const moves = new Map(movers.map((mover) => [mover.key, mover.move]))
  const known = movers.flatMap((mover) => {
    const reading = loan.env.prices(mover.key)
    return reading?.kind === 'price' ? [reading.price] : []
  })
  const isProportional = movers.every(({ move }) => move === 'with')
  const priceAt = (step: bigint): bigint => (last < price ? price - step : price + step)
  return {
    isDirect,
    steps: last < price ? price - last : last - price,
    at: (step) => {
      const next = priceAt(step)
      return withPrices(loan, (other, current) => {
        if (other === key) return next
        const move = moves.get(other)
        if (!move) return undefined
        return move === 'with' ? (current * next) / price : (current * price) / next
      })
    },
    coarsestPrice: (step) => {
      if (!isProportional) return undefined
      const next = priceAt(step)
      return known.reduce((least, one) => {
        const moved = (one * next) / price
        return moved < least ? moved : least
      }, next)
    },
  }
}

const lowestOf = (row: Row, price: bigint, health: Health): bigint => {
  const keys = new Set([row.key, ...row.movers.map(({ key }) => key)])
  const isMoved = ({ priceKey, amount }: DebtLeg): boolean => amount > 0n && keys.has(priceKey)
  const isShared = health.collateral.some(isMoved) && health.debt.some(isMoved)
  const floor = isShared ? price / SHARED_FALL_FACTOR_MAX : 0n
  return floor > 1n ? floor : 1n
}

const foundAt = (flip: Flip | null, { price, last }: Ends) => {
  if (!flip) return { liquidationPrice: null, changePpm: null }
  const priceAt = (step: bigint): bigint => (last < price ? price - step : price + step)
  const liquidationPrice = priceAt(flip.step)
  const changePpm = ((liquidationPrice - price) * PPM) / price
  const flips = flip.safeAgain.map(({ from, to }) => ({ from: priceAt(from), to: priceAt(to) }))
  return {
    liquidationPrice,
    changePpm,
    ...(flips.length > 0 ? { nonMonotone: true as const, flips } : {}),
    ...(flip.isProven ? {} : { unproven: true as const }),
  }
}

/** What counts at face value: one whole asset is so many of the quote, and nothing moves that. */
const faceValueOf = (
  { key, asset, symbol }: Row,
  { collateral, debt, quote }: Health,
): LiquidationPrice | undefined => {
  const leg = [...collateral, ...debt].find(({ priceKey }) => priceKey === key)
  const nothing = { liquidationPrice: null, changePpm: null, movesWith: [] }
  return leg && { asset, symbol, price: leg.price, scale: powerOfTen(quote.decimals), ...nothing }
}

/** Where a collateral is liquidatable as its price falls, any other as it rises; what moves both sides, whichever way does it. */
const liquidationPriceOf = (
  loan: Loan,
  row: Row,
  health: Health,
  groups: Groups,
  directions: readonly ('falls' | 'rises')[],
): LiquidationPrice | undefined => {
  const reading = loan.env.prices(row.key)
  if (!reading) return faceValueOf(row, health)
  if (reading.kind !== 'price' || reading.price <= 0n) return undefined
  const { price, scale } = reading
  const { asset, symbol } = row
  const movesWith = [...new Set(row.movers.map((mover) => mover.symbol))].filter((one) => one !== symbol)
  const common = { asset, symbol, price, scale, movesWith }
  const legs = [...health.collateral, ...health.debt]
  const moved = new Set([row.key, ...row.movers.map(({ key }) => key)])
  const isDirect = areDirect(legs, moved, groups) && legs.some(({ priceKey }) => priceKey === row.key)
  for (const direction of directions) {
    const last = direction === 'falls' ? lowestOf(row, price, health) : price * RISE_FACTOR_MAX
    const ends = { price, last, isDirect }
    const flip = last === price ? null : firstFlip(pathOf(loan, row, ends))
    if (flip) return { ...common, ...foundAt(flip, ends) }
  }
  return { ...common, liquidationPrice: null, changePpm: null }
}

/** Legs by the prices that they name, each price once. */
const pricedLegs = (legs: readonly DebtLeg[]): ReadonlyMap<PriceKey, DebtLeg> => {
  const byKey = new Map<PriceKey, DebtLeg>()
  for (const leg of legs) if (leg.amount > 0n && !byKey.has(leg.priceKey)) byKey.set(leg.priceKey, leg)
  return byKey
}

/**
 * Liquidation prices of every collateral as it falls, of every debt as it rises, and of every other asset that the loan's prices pass
 * through, found on the adapter's own predicate. A price of both sides, or of a group on both sides, is looked for as it falls, then
 * as it rises. What counts at face value has no liquidation price; what failed is left out.
 */
export const liquidationPrices = (
  loan: Loan,
  health: Health,
  groups: Groups,
): readonly LiquidationPrice[] => {
  const asked = askedPrices(loan)
  const collateral = pricedLegs(health.collateral)
  const debt = pricedLegs(health.debt)
  const rowOf = ({ asset, symbol }: Pick<Row, 'asset' | 'symbol'>, key: PriceKey): Row => ({
    ...{ key, asset, symbol },
    movers: moversOf(key, asked, groups),
  })
  const isShared = ({ key, movers }: Row): boolean =>
    [key, ...movers.map((mover) => mover.key)].some((one) => debt.has(one))
  const assets = new Set([...collateral.values(), ...debt.values()].map(({ asset }) => asset))
  const between = [...asked].flatMap((key) => {
    const [feed] = groups.feeds.get(key) ?? []
    const isLeg = collateral.has(key) || debt.has(key) || !feed || feed.isRate || assets.has(feed.asset)
    return isLeg ? [] : [rowOf(feed, key)]
  })
  return [
    ...[...collateral].flatMap(([key, leg]) => {
      const row = rowOf(leg, key)
      const directions = isShared(row) ? (['falls', 'rises'] as const) : (['falls'] as const)
      return liquidationPriceOf(loan, row, health, groups, directions) ?? []
    }),
    ...[...debt].flatMap(([key, leg]) =>
      collateral.has(key) ? [] : (liquidationPriceOf(loan, rowOf(leg, key), health, groups, ['rises']) ?? []),
    ),
    ...between.flatMap((row) => liquidationPriceOf(loan, row, health, groups, ['falls', 'rises']) ?? []),
  ]
}

/** Where a loan becomes liquidatable as one price alone moves: an oracle's integer, and by how much that differs from the current one. */
export type TriggerPrice = {
  readonly price: bigint
  readonly changePpm: bigint
} & Pick<LiquidationPrice, 'nonMonotone' | 'flips' | 'unproven'>

/**
 * The first price of one feed, from the current one on up to `last`, at which a loan is liquidatable while all others hold: one tick nearer it is safe.
 * Null where none is, where it is liquidatable already, and where the price is not known.
 */
export const triggerPrice = (
  loan: Loan,
  health: Health,
  { key, last }: { readonly key: PriceKey; readonly last: bigint },
  feeds: Groups['feeds'],
): TriggerPrice | null => {
  const reading = loan.env.prices(key)
  if (reading?.kind !== 'price' || reading.price <= 0n || reading.price === last) return null
  if (health.isLiquidatable) return null
  const legs = [...health.collateral, ...health.debt]
  const moved = new Set([key])
  const isDirect =
    areDirect(legs, moved, { feeds, groups: [], groupOf: () => undefined }) &&
    legs.some(({ priceKey }) => priceKey === key)
  const ends = { price: reading.price, last, isDirect }
  const flip = firstFlip(pathOf(loan, { key, movers: [] }, ends))
  if (!flip) return null
  const { liquidationPrice, changePpm, ...rest } = foundAt(flip, ends)
  return liquidationPrice === null || changePpm === null
    ? null
    : { price: liquidationPrice, changePpm, ...rest }
}
