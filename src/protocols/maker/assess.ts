// Health of an urn: as the Vat stores it, which is what a bark judges; after drip and poke; after the next delayed price.
import type { Assessment, BlockedBy, Foreseen, Health, Phase, Subject } from '../../model/assessment.ts'
import { subjectOf } from '../../model/subject.ts'
import { RAY, WAD } from '../../units/brands.ts'
import { ArithmeticError } from '../../units/errors.ts'
import type { Env } from '../adapter.ts'
import { unassessable, usdOf } from '../assessing.ts'
import { RefusedError, unlessRefused } from '../refusing.ts'
import { answerAfterPoke, passesAt, refresh } from './accrual.ts'
import { DAI, GEM_DECIMALS } from './amounts.ts'
import { bark, isUnsafe, valuesOf } from './bark.ts'
import { healthFactorDown, radToWadUp, SPOT_SCALE } from './math.ts'
import { MissingStateError, type Pool, poolOf, ratioOf } from './pool.ts'
import { DAI_PRICE_KEY, type MakerMarket, type MakerPosition, spotKeyOf } from './state.ts'

/** The price of a Vat's spot in units of SPOT_SCALE of DAI. */
const priceOf = ({ spot, market }: Pool): bigint => spot * ratioOf(market.spotter)

const legsOf = (pool: Pool, env: Env): Pick<Health, 'collateral' | 'debt' | 'collateralValue'> => {
  const { market, position } = pool
  const key = spotKeyOf(market.id.market)
  const price = priceOf(pool)
  const { debt } = valuesOf(pool)
  const reading = env.prices(key)
  const value = (position.ink * price * RAY) / SPOT_SCALE
  const threshold = (RAY * WAD) / ratioOf(market.spotter)
  const collateral = {
    ...market.gem,
    decimals: GEM_DECIMALS,
    priceKey: key,
    amount: position.ink,
    price: reading?.kind === 'price' ? reading.price : price,
    value,
    maxLtv: threshold,
    liquidationThreshold: threshold,
  }
  const owed = {
    asset: market.modules.dai,
    ...DAI,
    priceKey: DAI_PRICE_KEY,
    amount: radToWadUp(debt),
    price: 10n ** BigInt(market.quote.decimals),
    value: debt,
  }
  return {
    collateral: position.ink > 0n ? [collateral] : [],
    debt: position.art > 0n ? [owed] : [],
    collateralValue: value,
  }
}

/** Undefined where the state cannot come about, or leaves no price to judge by: then nobody can liquidate. */
const foreseenIn = (
  foresee: () => Pool | undefined,
): (Foreseen & { readonly debtValue: bigint }) | undefined => {
  const pool = unlessRefused(() => {
    const foreseen = foresee()
    if (!foreseen || foreseen.spot === 0n) return undefined
    const { value, debt } = valuesOf(foreseen)
    return {
      healthFactor: healthFactorDown(value, debt),
      isLiquidatable: isUnsafe(foreseen),
      debtValue: debt,
    }
  })
  return pool && 'kind' in pool ? undefined : pool
}

/** When an OSM's next price can be in force: from `zzz + hop` on, now at the earliest; undefined for other sources. */
export const nextAt = ({ market: { pip } }: Pool, timestamp: number): number | undefined => {
  if (pip.kind !== 'osm') return undefined
  const at = passesAt(pip)
  return at > timestamp ? at : timestamp
}

/** The urn after OSM.poke, drip and poke at that time. */
const afterNextPrice = (pool: Pool, at: number): Pool | undefined => {
  const { pip } = pool.market
  if (pip.kind !== 'osm') return undefined
  return refresh({ ...pool, answer: answerAfterPoke(pip, pool.answer, at) }, at)
}

const nextOf = (pool: Pool, timestamp: number): Health['next'] => {
  const at = nextAt(pool, timestamp)
  if (at === undefined) return undefined
  const foreseen = foreseenIn(() => afterNextPrice(pool, at))
  return foreseen && { healthFactor: foreseen.healthFactor, isLiquidatable: foreseen.isLiquidatable, at }
}

/** What stands in a bark's way, by how its refusal ends. Without a reason: the Dog knows no clip for the ilk. */
const obstacles: readonly (readonly [revert: string, blockedBy: BlockedBy])[] = [
  ['Dog/not-live', 'inactive'],
  ['Dog/liquidation-limit-hit', 'auction-limit'],
  ['Dog/dusty-auction-from-partial-liquidation', 'dust'],
  ['Dog/null-auction', 'no-collateral'],
  ['/stopped-incorrect', 'paused'],
  ['/invalid-price', 'price-invalid'],
  ['/zero-top-price', 'price-invalid'],
]

const blockedByOf = (pool: Pool, timestamp: number): readonly BlockedBy[] => {
  const barked = unlessRefused(() => bark(pool, timestamp))
  if (!('kind' in barked)) return []
  const known = obstacles.find(([revert]) => barked.revert.endsWith(revert))
  return [known?.[1] ?? 'disabled']
}

const phaseOf = (pool: Pool, isLiquidatable: boolean, collateralValue: bigint): Phase => {
  const { debt } = valuesOf(pool)
  if (pool.position.art === 0n) return 'no-debt'
  if (!isLiquidatable) return 'healthy'
  return collateralValue < debt ? 'bad-debt' : 'liquidatable'
}

const healthOf = (subject: Subject, pool: Pool, env: Env): Health => {
  const { timestamp } = env
  const { revision, revisionRaw, fidelity, quote } = pool.market
  const legs = legsOf(pool, env)
  const { value, debt } = valuesOf(pool)
  const isLiquidatable = isUnsafe(pool)
  const blockedBy = isLiquidatable ? blockedByOf(pool, timestamp) : []
  const hasDebt = pool.position.art > 0n
  const refreshed = hasDebt ? foreseenIn(() => refresh(pool, timestamp)) : undefined
  const next = hasDebt ? nextOf(pool, timestamp) : undefined
  return {
    kind: 'assessed',
    ...subject,
    revision,
    revisionRaw,
    fidelity,
    quote,
    ...legs,
    liquidationValue: value,
    debtValue: debt,
    healthFactor: healthFactorDown(value, debt),
    isLiquidatable,
    isExecutable: isLiquidatable && blockedBy.length === 0,
    phase: phaseOf(pool, isLiquidatable, legs.collateralValue),
    blockedBy,
    ...(refreshed ? { refreshed } : {}),
    ...(next ? { next } : {}),
    usd: usdOf(quote, legs.collateralValue, debt, env),
  }
}

/**
 * The health that Dog.bark judges, by the spot and the rate that the Vat stores; `refreshed` is what drip and poke would
 * make of it in this block, `next` what it becomes when the delayed price is taken over. A spot of 0 makes nobody safe: it says
 * that the price source was invalid at the last poke.
 */
export const assess = (market: MakerMarket, position: MakerPosition, env: Env): Assessment => {
  const subject = subjectOf(position, env.block)
  try {
    const pool = poolOf(market, position, env)
    if (position.art > 0n && pool.spot === 0n)
      return unassessable(subject, {
        reason: 'price-failed',
        detail: `the Vat's spot of ${market.id.market} is 0: its price was invalid when it was last taken over`,
      })
    return healthOf(subject, pool, env)
  } catch (error) {
    if (error instanceof MissingStateError) return unassessable(subject, error.fault)
    if (error instanceof ArithmeticError || error instanceof RefusedError)
      return unassessable(subject, {
        reason: 'maths-reverts',
        detail: error.message || 'arithmetic overflows',
      })
    throw error
  }
}
