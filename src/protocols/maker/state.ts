import type { Address, Hex } from 'viem'
import type { Fault, Market, Position } from '../../model/market.ts'
import type { PriceKey } from '../../model/price.ts'
import type { Change, Deployment, Mirror, Read } from '../adapter.ts'

/**
 * One Vat with the modules around it. Without `ilkRegistry` tokens go unnamed, and an account's own urns are looked for in
 * ilks that are known already. `cdpManager` and `getCdps` name the owners of vaults, `lockstake` engines those of their
 * urns, `proxyRegistry` and `proxyFactory` the owner behind a DSProxy.
 */
export type MakerDeployment = Deployment & {
  readonly vat: Address
  readonly dog: Address
  readonly jug: Address
  readonly spotter: Address
  readonly dai: Address
  readonly ilkRegistry?: Address
  readonly cdpManager?: Address
  readonly getCdps?: Address
  readonly lockstake?: readonly Address[]
  readonly proxyRegistry?: Address
  readonly proxyFactory?: Address
}

/** Vat.ilks without spot, which is a price: `Art` a wad, `rate` a ray, `line` and `dust` rads. */
export type VatIlk = {
  readonly Art: bigint
  readonly rate: bigint
  readonly line: bigint
  readonly dust: bigint
}

/** Jug.ilks: `duty` a ray per second, `rho` in s. */
export type JugIlk = { readonly duty: bigint; readonly rho: number }

/** Spotter.ilks: `mat` a ray. */
export type SpotterIlk = { readonly pip: Address; readonly mat: bigint }

/** Dog.ilks: `chop` a wad, `hole` and `dirt` rads. */
export type DogIlk = {
  readonly clip: Address
  readonly chop: bigint
  readonly hole: bigint
  readonly dirt: bigint
}

/** A Clipper's price curve; `unknown` is of another make. `cut` a ray, `tau` and `step` in s. */
export type Curve =
  | { readonly kind: 'linear'; readonly tau: bigint }
  | { readonly kind: 'stairstep'; readonly step: bigint; readonly cut: bigint }
  | { readonly kind: 'exponential'; readonly cut: bigint }
  | { readonly kind: 'unknown' }

/** What sells an ilk's collateral: `buf` and `cusp` rays, `tail` in s, `chip` a wad, `tip` and `chost` rads. `fee` is the engine's, a wad. */
export type Clip = {
  readonly kind: 'clipper' | 'lockstake'
  readonly buf: bigint
  readonly tail: bigint
  readonly cusp: bigint
  readonly chip: bigint
  readonly tip: bigint
  readonly chost: bigint
  readonly stopped: bigint
  readonly kicks: bigint
  readonly calc: Address
  readonly curve: Curve
  /** Lockstake only. */
  readonly engine?: Address
  readonly fee: bigint
}

/** A running auction: `tab` a rad, `lot` and `tot` (the lot at its start) wads, `tic` in s, `top` a ray. */
export type Sale = {
  readonly tab: bigint
  readonly lot: bigint
  readonly tot: bigint
  readonly usr: Address
  readonly tic: number
  readonly top: bigint
}

/**
 * Where an ilk's price comes from. `osm`: delayed; `next` is the value that its next poke puts in force, from `zzz + hop`
 * on, null where it has none, and `isSourceValid` null where the source tells whitelisted callers only. `value`: tells
 * everybody. `opaque`: tells whitelisted callers only.
 */
export type Pip =
  | {
      readonly kind: 'osm'
      readonly source: Address
      readonly next: bigint | null
      readonly zzz: number
      readonly hop: number
      readonly isStopped: boolean
      readonly isSourceValid: boolean | null
    }
  | { readonly kind: 'value' | 'opaque' }

/** The Vat's name for the collateral, as far as the registry tells it. */
export type Gem = { readonly asset: Address; readonly symbol: string }

/** Parts of an ilk that are read apart and fail apart. */
export type IlkPart = 'ilk' | 'clip' | 'pip'

export type IlkMarket = Market & {
  readonly isShared?: never
  readonly ilk: Hex
  readonly modules: Modules
  readonly gem: Gem
  readonly faults: Readonly<Partial<Record<IlkPart, Fault>>>
  readonly vat?: VatIlk
  readonly jug?: JugIlk
  readonly spotter?: SpotterIlk
  readonly dog?: DogIlk
  /** Absent where the Dog knows none. */
  readonly clip?: Clip
  readonly pip?: Pip
  /** By id, in decimal digits. */
  readonly sales: Readonly<Record<string, Sale>>
}

/** The contracts that transactions, audits and quotes name. */
export type Modules = Pick<MakerDeployment, 'vat' | 'dog' | 'jug' | 'spotter' | 'dai'>

/** What all ilks share: `Line`, `debt`, `Hole`, `Dirt` rads, `par` and `base` rays. `cdpi` is how many vaults the manager ever opened. */
export type System = {
  readonly Line: bigint
  readonly debt: bigint
  readonly isVatLive: boolean
  readonly Hole: bigint
  readonly Dirt: bigint
  readonly isDogLive: boolean
  readonly par: bigint
  readonly base: bigint
  readonly cdpi: bigint
}

/** The shared market. `ilks` are those that the registry lists. */
export type SystemMarket = Market & {
  readonly isShared: true
  readonly system?: System
  readonly ilks?: readonly Hex[]
}

export type MakerMarket = IlkMarket | SystemMarket

/**
 * An urn: `ink` and `art` wads, interest not included. `holder` is who owns it by the manager or an engine, else the urn
 * itself; `owner` who stands behind the holder; `vault` its number, where it is one of the manager's.
 */
export type MakerPosition = Position & {
  readonly ink: bigint
  readonly art: bigint
  readonly holder: Address
  readonly vault?: bigint
}

export type MakerMirror = Mirror<MakerMarket, MakerPosition>
export type MakerChange = Change<MakerMarket, MakerPosition>
export type MakerRead = Read<MakerMarket, MakerPosition>

/** The name of the market that all ilks rest on. */
export const SYSTEM = 'system'

/** The Vat's spot of an ilk, told as the price that it stands for: spot · mat, in units of `SPOT_SCALE` of DAI. */
export const spotKeyOf = (name: string): PriceKey => `spot:${name}`

/** What a price source answers now, a wad of USD. */
export const pipKeyOf = (pip: Address): PriceKey => `pip:${pip}`

/** The quote is DAI itself: no oracle gives its price. */
export const DAI_PRICE_KEY: PriceKey = 'dai'

export const deploymentOf = (mirror: MakerMirror): MakerDeployment => mirror.deployment as MakerDeployment

export const ilkMarketOf = (mirror: MakerMirror, name: string): IlkMarket | undefined => {
  const market = mirror.markets.get(name)
  return market && !market.isShared ? market : undefined
}

export const ilkMarketsOf = (mirror: MakerMirror): readonly IlkMarket[] =>
  [...mirror.markets.values()].filter((market): market is IlkMarket => !market.isShared)

export const systemMarketOf = (mirror: MakerMirror): SystemMarket | undefined => {
  const market = mirror.markets.get(SYSTEM)
  return market?.isShared ? market : undefined
}

export const positionKey = (name: string, urn: Address): string => `${name}:${urn}`

/** A loan that is gone: neither collateral nor debt is left. */
export const isOpen = ({ ink, art }: Pick<MakerPosition, 'ink' | 'art'>): boolean => ink > 0n || art > 0n

/** Changes an ilk that is known. */
export const updateIlk = (name: string, next: (current: IlkMarket) => IlkMarket): MakerChange => ({
  kind: 'market',
  key: name,
  next: (current) => (current && !current.isShared ? next(current) : current),
})

/** An ilk whose part was read again: its fault is set or cleared, and `fault` is the first of all parts. */
export const withPart = (market: IlkMarket, part: IlkPart, fault: Fault | undefined): IlkMarket => {
  const { fault: _, ...rest } = market
  const faults = { ...market.faults }
  if (fault) faults[part] = fault
  else delete faults[part]
  const first = faults.ilk ?? faults.clip ?? faults.pip
  return { ...rest, faults, ...(first ? { fault: first } : {}) }
}
