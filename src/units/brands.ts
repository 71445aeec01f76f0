/** A bigint that carries its scale in its type, so that two ratios of different scales cannot be mixed by accident. */
type Branded<Unit extends string> = bigint & { readonly __unit: Unit }

/** A ratio scaled by 1e18. */
export type Wad = Branded<'wad'>
/** A ratio scaled by 1e27. */
export type Ray = Branded<'ray'>
/** A ratio scaled by 1e4. */
export type Bps = Branded<'bps'>

export const WAD = 10n ** 18n
export const RAY = 10n ** 27n
export const BPS = 10n ** 4n
export const PPM = 10n ** 6n
export const UINT256_MAX = 2n ** 256n - 1n

export const wad = (value: bigint): Wad => value as Wad
export const ray = (value: bigint): Ray => value as Ray
export const bps = (value: bigint): Bps => value as Bps

const WAD_PER_BPS = WAD / BPS

/** Basis points as a wad: 8250 → 0.825e18. Exact. */
export const bpsToWad = (value: Bps): Wad => wad(value * WAD_PER_BPS)
