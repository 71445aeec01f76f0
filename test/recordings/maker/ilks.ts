// The ilks of the recorded Maker: every kind of price source, every price curve, with and without auctions.

/** `source`: who tells the price. `shared`: the OSM of an ilk before it. `registered`: whether the registry lists it. */
export type IlkSpec = {
  readonly name: string
  readonly symbol: string
  readonly decimals: number
  readonly source: 'osm' | 'value' | 'toll'
  readonly shares?: string
  readonly hop?: number
  readonly clip: 'clipper' | 'lockstake' | 'none'
  readonly curve: 'linear' | 'stairstep' | 'exponential'
  readonly registered: boolean
  /** US dollars. */
  readonly price: number
  /** Per cent. */
  readonly mat: number
  /** DAI. */
  readonly dust: number
  readonly hole: number
}

const common = { decimals: 18, registered: true, clip: 'clipper', curve: 'stairstep', source: 'osm' } as const

export const ILKS: readonly IlkSpec[] = [
  { ...common, name: 'ETH-A', symbol: 'WETH', price: 2_437, mat: 145, dust: 7_500, hole: 60_000 },
  {
    ...common,
    ...{ name: 'ETH-B', symbol: 'WETH', shares: 'ETH-A', price: 2_437, mat: 130, dust: 25_000, hole: 90_000 },
    curve: 'linear',
  },
  {
    ...common,
    ...{ name: 'WBTC-C', symbol: 'WBTC', decimals: 8, price: 104_321, mat: 175, dust: 3_500, hole: 40_000 },
    ...{ curve: 'exponential', hop: 1_800 },
  },
  {
    ...common,
    ...{ name: 'GUSD-A', symbol: 'GUSD', decimals: 2, price: 1, mat: 101, dust: 100, hole: 20_000 },
    ...{ source: 'value', registered: false, curve: 'linear' },
  },
  {
    ...common,
    ...{ name: 'OPAQUE-A', symbol: 'OPQ', price: 12, mat: 150, dust: 500, hole: 30_000 },
    source: 'toll',
  },
  {
    ...common,
    ...{ name: 'RWA001-A', symbol: 'RWA001', price: 1_060, mat: 100, dust: 0, hole: 0 },
    ...{ source: 'value', clip: 'none' },
  },
  {
    ...common,
    ...{ name: 'LSE-MKR-A', symbol: 'MKR', price: 1_450, mat: 200, dust: 5_000, hole: 50_000 },
    ...{ clip: 'lockstake', curve: 'exponential' },
  },
]
