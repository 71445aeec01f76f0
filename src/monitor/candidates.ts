// Loans that are, or are about to be, worth a liquidator's while.
import type { Health } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import { usdTextOf } from '../protocols/assessing.ts'
import { type LiquidationOption, liquidationOptions } from '../risk/liquidation-options.ts'
import { type Assessable, assessOne, envOf } from './assessing.ts'
import { quotesOf } from './quoting.ts'

/** A loan at or below a health factor, with every way to liquidate it now. `incentiveUsd` is that of the best one. */
export type Candidate = {
  readonly position: Health
  readonly options: readonly LiquidationOption[]
  readonly incentiveUsd: string | null
}

const usdOrder = ({ incentiveUsd }: Candidate): number =>
  incentiveUsd === null ? Number.NEGATIVE_INFINITY : Number(incentiveUsd)

/** Most rewarding first, those without a known USD value behind, then worst health first. */
const byReward = (a: Candidate, b: Candidate): number => {
  const [left, right] = [usdOrder(a), usdOrder(b)]
  if (left !== right) return left > right ? -1 : 1
  const [mine, theirs] = [a.position.healthFactor, b.position.healthFactor]
  return mine === theirs ? 0 : mine < theirs ? -1 : 1
}

/** Candidates among a chain's deployments: loans with debt whose health factor (wad) is at most `maxHealth`. */
export const candidatesAmong = (
  deployments: readonly Assessable[],
  block: BlockRef,
  maxHealth: bigint,
): readonly Candidate[] => {
  const quotes = quotesOf(deployments)
  return deployments
    .flatMap((one) => {
      const env = envOf(one.mirror, block, quotes)
      return [...one.mirror.positions.values()].flatMap((position): readonly Candidate[] => {
        const health = assessOne(one, position, env)
        const market = one.mirror.markets.get(position.id.market)
        if (!market || health.kind !== 'assessed' || health.phase === 'no-debt') return []
        if (health.healthFactor > maxHealth && !health.isLiquidatable) return []
        const options = liquidationOptions(one.adapter, market, position, env)
        const [best] = options
        return [
          {
            position: health,
            options,
            incentiveUsd: best ? usdTextOf(best.incentive, best.quote, env) : null,
          },
        ]
      })
    })
    .sort(byReward)
}
