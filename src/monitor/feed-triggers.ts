// How far a price is from the first liquidation that its move alone brings about.
import { formatDeploymentId } from '../model/ids.ts'
import type { PriceKey } from '../model/price.ts'
import type { Mirror } from '../protocols/adapter.ts'
import type { Triggers } from '../risk/triggers.ts'

/**
 * Of one price feed of a deployment, all else held: by how many ppm it has to fall (negative) or rise before the first further
 * position may become liquidatable, null where it never does; and how many do within five percent either way. Screened:
 * rounded to ppm, and positions within the error of the screen count.
 */
export type FeedTrigger = {
  readonly deployment: string
  readonly priceKey: PriceKey
  readonly fallPpm: number | null
  readonly risePpm: number | null
  readonly nearCount: number
}

const NEAR = 0.05

const ppmOf = (share: number | undefined): number | null =>
  share === undefined || !Number.isFinite(share) ? null : Math.round((share - 1) * 1_000_000)

const distanceOf = ({ fallPpm, risePpm }: FeedTrigger): number =>
  Math.min(Math.abs(fallPpm ?? Number.POSITIVE_INFINITY), risePpm ?? Number.POSITIVE_INFINITY)

/** Triggers of feeds of several deployments, nearest first. */
export const nearestTriggers = (
  deployments: Iterable<{ triggers(): readonly FeedTrigger[] }>,
): readonly FeedTrigger[] =>
  [...deployments].flatMap((one) => one.triggers()).sort((a, b) => distanceOf(a) - distanceOf(b))

/** The trigger of every feed that has one, at the prices of a mirror. */
export const feedTriggersOf = (
  triggers: Triggers,
  feeds: readonly PriceKey[],
  { deployment, prices }: Mirror,
): readonly FeedTrigger[] => {
  triggers.refresh((key) => {
    const reading = prices.get(key)
    return reading?.kind === 'price' ? Number(reading.price) : undefined
  })
  return feeds
    .map((priceKey): FeedTrigger => {
      const { down, up } = triggers.nearest(priceKey)
      const near = [1 - NEAR, 1 + NEAR].flatMap((ratio) => triggers.crossing(priceKey, ratio))
      return {
        deployment: formatDeploymentId(deployment),
        priceKey,
        fallPpm: ppmOf(down),
        risePpm: ppmOf(up),
        nearCount: new Set(near.map(({ slot }) => slot)).size,
      }
    })
    .filter(({ fallPpm, risePpm }) => fallPpm !== null || risePpm !== null)
}
