// How sales move prices: linear in the logarithm of the price, so that it does not matter in how many parts something is sold, and no
// price falls below nothing. A stated depth is what moves a price by 2 %; twice as much moves it by 2 % twice.
import type { Address } from 'viem'
import { PPM } from '../units/brands.ts'
import type { Depth } from './scenario.ts'
import type { Changes, Names } from './scenario-moves.ts'

/** A market of stated depth: what is sold of its sellers moves the prices of `movers`. */
export type Venue = {
  readonly name: string
  readonly movers: ReadonlySet<Address>
  readonly depthUsd: number
}

/** Where each asset is sold. */
export type Venues = { readonly all: readonly Venue[]; of(asset: Address): Venue | undefined }

/** Of the price, for one depth sold. */
const MOVE = Math.log(1 / 0.98)

/** Every depth `factor` times what was stated. An asset with a depth of its own is sold there, any other in its group's. */
export const venuesOf = (depths: readonly Depth[], { namedOf }: Names, factor: number): Venues => {
  const all = depths.map(({ subject, depthUsd }) => {
    const named = namedOf(subject)
    const movers = new Set(named?.assets ?? [])
    return { name: subject, movers, depthUsd: depthUsd * factor, isGroup: named?.isGroup ?? false }
  })
  const own = all.filter(({ isGroup }) => !isGroup)
  return {
    all,
    of: (asset) => [...own, ...all].find(({ movers }) => movers.has(asset)),
  }
}

/** What is left of a price after so much was sold, less what was bought, in US dollars at the stored price. */
export const leftOf = ({ depthUsd }: Venue, soldUsd: number): number => Math.exp((-MOVE * soldUsd) / depthUsd)

/** What sales so far, by venue, do to the prices of assets: changes in parts per million, rounded. */
export const impactOf = ({ all }: Venues, sold: ReadonlyMap<Venue, number>): Changes => {
  const left = new Map<Address, number>()
  for (const venue of all)
    for (const asset of venue.movers)
      left.set(asset, (left.get(asset) ?? 1) * leftOf(venue, sold.get(venue) ?? 0))
  return new Map([...left].map(([asset, part]) => [asset, BigInt(Math.round((part - 1) * Number(PPM)))]))
}
