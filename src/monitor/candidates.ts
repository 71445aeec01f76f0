// Loans that are, or are about to be, worth a liquidator's while.
import type { Assessment, Foreseen, Health } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import { formatDeploymentId } from '../model/ids.ts'
import type { Quote } from '../model/market.ts'
import type { Env } from '../protocols/adapter.ts'
import { centsText, usdCentsOf, usdTextOf } from '../protocols/assessing.ts'
import { type GasPrice, gasCentsUp } from '../risk/gas.ts'
import { type LiquidationOption, liquidationsOf, offersOf } from '../risk/liquidation-options.ts'
import type { Loan } from '../risk/loan.ts'
import type { TwoStep } from '../risk/two-step.ts'
import { type Assessable, bookEnvOf } from './assessing.ts'
import { nativePriceOf } from './native-price.ts'
import { quotesOf } from './quoting.ts'

/** USD texts with two decimals; null where a price, the gas or its price is not known. `netUsd` is what gas leaves of the incentive. */
export type CandidateOption = LiquidationOption & {
  readonly incentiveUsd: string | null
  readonly netUsd: string | null
}

/** `gainUsd` is what two steps earn more than one; `netGainUsd` what the gas of another transaction leaves of that. */
export type CandidateTwoStep = TwoStep & {
  readonly gainUsd: string | null
  readonly netGainUsd: string | null
}

/**
 * A loan at or below a health factor, with every way to liquidate it now. `basis` tells by which health: that of now, or
 * one that anybody can bring about (`refreshed`), or that of a price already announced (`next`). `incentiveUsd` and
 * `netUsd` are those of the best option, as are the two steps, where they earn more.
 */
export type Candidate = {
  readonly position: Health
  readonly basis: 'now' | 'refreshed' | 'next'
  readonly options: readonly CandidateOption[]
  readonly twoStep: CandidateTwoStep | null
  readonly incentiveUsd: string | null
  readonly netUsd: string | null
}

/** A candidate as far as it takes to rank it; the rest is worked out where it is shown, once. */
export type Prospect = Pick<Candidate, 'position' | 'basis' | 'incentiveUsd'> & { candidate(): Candidate }

const textOf = (cents: bigint | null): string | null => (cents === null ? null : centsText(cents))

/** A value in a quote as cents, and less what gas costs. */
const usdTexts = (value: bigint, quote: Quote, gas: bigint | null, env: Env, gasPrice: GasPrice) => {
  const usd = env.quotes(quote)
  const cents = usd && usdCentsOf(value, quote.decimals, usd)
  const cost = gasCentsUp(gas, gasPrice)
  return { usd: textOf(cents), netUsd: textOf(cents === null || cost === null ? null : cents - cost) }
}

/** Every way to liquidate a loan, most rewarding first, and what the first earns. */
export type Liquidations = Pick<Candidate, 'options' | 'twoStep' | 'incentiveUsd' | 'netUsd'>

const pricedOf = (
  { options, twoStep }: ReturnType<typeof liquidationsOf>,
  env: Env,
  gasPrice: GasPrice,
): Liquidations => {
  const priced = options.map((option): CandidateOption => {
    const { usd: incentiveUsd, netUsd } = usdTexts(option.incentive, option.quote, option.gas, env, gasPrice)
    return { ...option, incentiveUsd, netUsd }
  })
  const [best] = priced
  const gain = best && twoStep && usdTexts(twoStep.gain, best.quote, best.gas, env, gasPrice)
  return {
    options: priced,
    twoStep: twoStep && { ...twoStep, gainUsd: gain?.usd ?? null, netGainUsd: gain?.netUsd ?? null },
    incentiveUsd: best?.incentiveUsd ?? null,
    netUsd: best?.netUsd ?? null,
  }
}

/** Every way to liquidate a loan as its env has it; none where it is healthy or blocked. */
export const waysOf = (loan: Loan, gasPrice: GasPrice): Liquidations =>
  pricedOf(liquidationsOf(loan, offersOf(loan)), loan.env, gasPrice)

const usdOrder = ({ incentiveUsd }: Prospect): number =>
  incentiveUsd === null ? Number.NEGATIVE_INFINITY : Number(incentiveUsd)

/** Most rewarding first, those without a known USD value behind, then worst health first. */
export const byReward = (a: Prospect, b: Prospect): number => {
  const [left, right] = [usdOrder(a), usdOrder(b)]
  if (left !== right) return left > right ? -1 : 1
  const [mine, theirs] = [a.position.healthFactor, b.position.healthFactor]
  return mine === theirs ? 0 : mine < theirs ? -1 : 1
}

/** By which health a loan is a candidate, soonest first; undefined where by none. */
export const basisOf = (
  { healthFactor, isLiquidatable, refreshed, next }: Health,
  maxHealth: bigint,
): Candidate['basis'] | undefined => {
  const isNear = (one: Foreseen | undefined): boolean =>
    one !== undefined && (one.healthFactor <= maxHealth || one.isLiquidatable)
  if (isNear({ healthFactor, isLiquidatable })) return 'now'
  if (isNear(refreshed)) return 'refreshed'
  return isNear(next) ? 'next' : undefined
}

/** A prospect of an assessment, by the same rules as `candidatesAmong`; undefined where it is none. */
export type Prospecting = (assessment: Assessment, maxHealth: bigint) => Prospect | undefined

/** Prospects of a chain's deployments at a block, whose base fee is given in wei, one after the other. */
export const prospecting = (
  deployments: readonly Assessable[],
  block: BlockRef,
  baseFeeWei: bigint | null,
): Prospecting => {
  const gasPrice: GasPrice = { baseFeeWei, native: nativePriceOf(deployments, block.chainId) }
  const quotes = quotesOf(deployments)
  const places = deployments.map(({ adapter, mirror, ...rest }) => ({
    prefix: `${formatDeploymentId(mirror.deployment)}:`,
    ...{ adapter, mirror, env: bookEnvOf({ adapter, mirror, ...rest }, block, quotes) },
  }))
  return (health, maxHealth) => {
    if (health.kind !== 'assessed' || health.phase === 'no-debt') return undefined
    const place = places.find(({ prefix }) => health.id.startsWith(prefix))
    const position = place?.mirror.positions.get(health.id.slice(place.prefix.length))
    const market = place?.mirror.markets.get(health.market)
    const basis = basisOf(health, maxHealth)
    if (!place || !position || !market || !basis) return undefined
    const { adapter, env } = place
    const loan = { adapter, market, position, env }
    const offers = offersOf(loan)
    const [best] = offers
    const known = {
      position: health,
      basis,
      incentiveUsd: best ? usdTextOf(best.incentive, market.quote, env) : null,
    }
    let liquidations: Liquidations | undefined
    return {
      ...known,
      candidate: () => {
        liquidations ??= pricedOf(liquidationsOf(loan, offers), env, gasPrice)
        return { ...known, ...liquidations }
      },
    }
  }
}

/**
 * Prospects among a chain's deployments, in no order: loans with debt whose health factor (wad) is at most `maxHealth`,
 * or that are liquidatable, now or as is known to come. `assessments` are of their positions at `block`, whose base fee
 * is given in wei.
 */
export const candidatesAmong = (
  deployments: readonly Assessable[],
  block: BlockRef,
  assessments: readonly Assessment[],
  maxHealth: bigint,
  baseFeeWei: bigint | null,
): readonly Prospect[] => {
  const prospectOf = prospecting(deployments, block, baseFeeWei)
  return assessments.flatMap((one) => prospectOf(one, maxHealth) ?? [])
}
