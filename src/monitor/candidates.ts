// Loans that are, or are about to be, worth a liquidator's while.
import type { Assessment, Foreseen, Health } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import { formatDeploymentId } from '../model/ids.ts'
import { usdTextOf } from '../protocols/assessing.ts'
import { type LiquidationOption, liquidationOptions } from '../risk/liquidation-options.ts'
import { type Assessable, bookEnvOf } from './assessing.ts'
import { quotesOf } from './quoting.ts'

/**
 * A loan at or below a health factor, with every way to liquidate it now. `basis` tells by which health: that of now, or
 * one that anybody can bring about (`refreshed`), or that of a price already announced (`next`). `incentiveUsd` is that of
 * the best option.
 */
export type Candidate = {
  readonly position: Health
  readonly basis: 'now' | 'refreshed' | 'next'
  readonly options: readonly LiquidationOption[]
  readonly incentiveUsd: string | null
}

const usdOrder = ({ incentiveUsd }: Candidate): number =>
  incentiveUsd === null ? Number.NEGATIVE_INFINITY : Number(incentiveUsd)

/** Most rewarding first, those without a known USD value behind, then worst health first. */
export const byReward = (a: Candidate, b: Candidate): number => {
  const [left, right] = [usdOrder(a), usdOrder(b)]
  if (left !== right) return left > right ? -1 : 1
  const [mine, theirs] = [a.position.healthFactor, b.position.healthFactor]
  return mine === theirs ? 0 : mine < theirs ? -1 : 1
}

/** By which health a loan is a candidate, soonest first; undefined where by none. */
const basisOf = (
  { healthFactor, isLiquidatable, refreshed, next }: Health,
  maxHealth: bigint,
): Candidate['basis'] | undefined => {
  const isNear = (one: Foreseen | undefined): boolean =>
    one !== undefined && (one.healthFactor <= maxHealth || one.isLiquidatable)
  if (isNear({ healthFactor, isLiquidatable })) return 'now'
  if (isNear(refreshed)) return 'refreshed'
  return isNear(next) ? 'next' : undefined
}

/**
 * Candidates among a chain's deployments, in no order: loans with debt whose health factor (wad) is at most `maxHealth`,
 * or that are liquidatable, now or as is known to come. `assessments` are of their positions at `block`.
 */
export const candidatesAmong = (
  deployments: readonly Assessable[],
  block: BlockRef,
  assessments: readonly Assessment[],
  maxHealth: bigint,
): readonly Candidate[] => {
  const quotes = quotesOf(deployments)
  return deployments.flatMap((deployment) => {
    const { adapter, mirror } = deployment
    const env = bookEnvOf(deployment, block, quotes)
    const prefix = `${formatDeploymentId(mirror.deployment)}:`
    return assessments.flatMap((health): readonly Candidate[] => {
      if (health.kind !== 'assessed' || health.phase === 'no-debt' || !health.id.startsWith(prefix)) return []
      const position = mirror.positions.get(health.id.slice(prefix.length))
      const market = mirror.markets.get(health.market)
      const basis = basisOf(health, maxHealth)
      if (!position || !market || !basis) return []
      const options = liquidationOptions({ adapter, market, position, env })
      const [best] = options
      const incentiveUsd = best ? usdTextOf(best.incentive, best.quote, env) : null
      return [{ position: health, basis, options, incentiveUsd }]
    })
  })
}
