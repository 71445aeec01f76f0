// Which positions of a deployment may become liquidatable as one price moves so far, all others held: every one that does is among them.
import type { PriceKey } from '../model/price.ts'
import type { Adapter, Env, Mirror } from '../protocols/adapter.ts'
import type { Screen } from '../risk/screen.ts'
import type { Triggers } from '../risk/triggers.ts'

/** `share` of the current price up to which it is not liquidatable; undefined where the screen tells nothing of that. */
export type Nearing = { readonly slot: number; readonly share: number | undefined }

export type NearingInput = {
  readonly screen: Screen
  readonly triggers: Triggers
  readonly adapter: Adapter
  readonly mirror: Mirror
  /** As the factors of the screen are. */
  readonly env: Env
}

/** More than the roundings of a share and of a price as a float64. */
const SHARE_ERROR = 2 ** -40

/** An env in which one price is another share of itself, cut to a unit. */
const movedEnv = (env: Env, key: PriceKey, ratio: number): Env => {
  const PARTS = 2n ** 53n
  const share = BigInt(Math.round(ratio * Number(PARTS)))
  return {
    ...env,
    prices: (other) => {
      const reading = env.prices(other)
      return other === key && reading?.kind === 'price'
        ? { ...reading, price: (reading.price * share) / PARTS }
        : reading
    },
  }
}

/** Factors that a price moves in another way than the index of that price knows. */
const movedOtherwise = (
  { screen, adapter, mirror, env }: NearingInput,
  key: PriceKey,
  ratio: number,
): ReadonlySet<number> => {
  const { factors } = screen
  const feed = factors.feedOf(key)
  const moved = movedEnv(env, key, ratio)
  const found = new Set<number>()
  for (const [number, name] of factors.markets.entries()) {
    const market = mirror.markets.get(name)
    if (!market) continue
    for (const [label, factor] of factors.named(number)) {
      if (feed !== undefined && factors.feeds[factor] === feed) continue
      const [now, then] = [env, moved].map((one) => adapter.screen.factor(market, label, one))
      const isSame = now?.low === then?.low && now?.high === then?.high && now?.slack === then?.slack
      if (!isSame) found.add(factor)
    }
  }
  return found
}

/** Slots of which the index knows nothing, or not enough. */
const unknownSlots = (screen: Screen, otherwise: ReadonlySet<number>): readonly number[] => {
  const { rows, factors } = screen
  const found: number[] = []
  const isTold = (factor: number): boolean =>
    !Number.isNaN(factors.centres[factor] as number) && !otherwise.has(factor)
  for (let slot = 0; slot < screen.slotLimit; slot++) {
    if (screen.isAlwaysExact(slot)) found.push(slot)
    if (!screen.isScreened(slot)) continue
    const start = rows.starts[slot] as number
    const end = start + (rows.collateralCounts[slot] as number) + (rows.debtCounts[slot] as number)
    for (let at = start; at < end; at++)
      if (!isTold(rows.factors[at] as number)) {
        found.push(slot)
        break
      }
  }
  return found
}

/** Positions that are not certain to be liquidatable now and may be where a price is `ratio` times the current one or between, those of which nothing is known first, then nearest first. */
export const nearingOf = (input: NearingInput, key: PriceKey, ratio: number): readonly Nearing[] => {
  const { screen, triggers, mirror } = input
  triggers.refresh((other) => {
    const reading = mirror.prices.get(other)
    return reading?.kind === 'price' ? Number(reading.price) : undefined
  })
  const isFall = ratio <= 1
  const wider = isFall ? 1 + SHARE_ERROR : 1 - SHARE_ERROR
  const unknown = unknownSlots(screen, movedOtherwise(input, key, ratio))
  const isUnknown = new Set(unknown)
  const crossing = triggers
    .crossing(key, isFall ? ratio * (1 - SHARE_ERROR) : ratio * (1 + SHARE_ERROR))
    .filter(({ slot }) => !isUnknown.has(slot))
    .map(({ slot, share }) => ({ slot, share: share * wider }))
    .sort((a, b) => (isFall ? b.share - a.share : a.share - b.share))
  return [...unknown.map((slot) => ({ slot, share: undefined })), ...crossing]
}
