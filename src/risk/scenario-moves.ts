// What a step does to every asset that is known: names of shocks resolved, changes of groups and of single assets put together.
import type { Address } from 'viem'
import { PPM } from '../units/brands.ts'
import type { Group } from './groups.ts'
import { ALL_DEBTS, type RateJump, type Shock, type Step } from './scenario.ts'

/** An asset that a price is of. */
export type KnownAsset = { readonly asset: Address; readonly symbol: string }

/** Changes of USD prices, in parts per million, by asset. */
export type Changes = ReadonlyMap<Address, bigint>

/** How much higher yearly rates of debts are, in parts per million: everywhere, and of single assets on top of that. */
export type Rises = { readonly everywhere: bigint; readonly assets: Changes }

/**
 * What happens at one moment: how USD prices of assets change, whose oracles stand still, how many seconds later it is, and by how much
 * rates of interest differed until then, where they did.
 */
export type Moves = {
  readonly changes: Changes
  readonly frozen: ReadonlySet<Address>
  readonly seconds: number
  readonly rises?: Rises
}

/** What a name stands for: assets, and whether it names their group. */
type Named = { readonly assets: readonly Address[]; readonly isGroup: boolean }

/** One change after the other, cut. */
const compound = (one: bigint, other: bigint): bigint => ((PPM + one) * (PPM + other)) / PPM - PPM

/** Changes on top of others. */
const onTop = (changes: Changes, more: Changes): Changes => {
  const all = new Map(changes)
  for (const [asset, change] of more) all.set(asset, compound(all.get(asset) ?? 0n, change))
  return all
}

/** Whether a name is a group's, or that of the asset that the group is named after: WETH for ETH, and the other way round. */
const isNameOf = (name: string, group: string): boolean => {
  const [one, other] = [name.toLowerCase(), group.toLowerCase()]
  return one === other || one === `w${other}` || `w${one}` === other
}

/** What people may name: groups, and symbols of assets. */
const listed = (assets: readonly KnownAsset[], groups: readonly Group[]): string =>
  [...new Set([...groups.map(({ name }) => name), ...assets.map(({ symbol }) => symbol)])]
    .sort((a, b) => a.localeCompare(b))
    .join(', ')

/**
 * Finds names among groups, symbols (exactly, else in any case) and addresses; undefined where nothing bears the name. To a group
 * belongs what is called after it, even where no price of it is known: WETH that others are quoted in.
 */
export const createNames = (assets: readonly KnownAsset[], groups: readonly Group[]) => {
  const bySymbol = (isSame: (symbol: string) => boolean): readonly Address[] =>
    assets.filter(({ symbol }) => isSame(symbol)).map(({ asset }) => asset)
  const namedOf = (name: string): Named | undefined => {
    const lower = name.toLowerCase()
    if (lower.startsWith('0x')) {
      const only = assets.filter(({ asset }) => asset.toLowerCase() === lower).map(({ asset }) => asset)
      return only.length > 0 ? { assets: only, isGroup: false } : undefined
    }
    const found = groups.filter((group) => isNameOf(name, group.name))
    const exact = bySymbol((symbol) => symbol === name)
    const any =
      exact.length > 0 && found.length === 0
        ? exact
        : bySymbol((symbol) =>
            [name, ...found.map((group) => group.name)].some((one) => isNameOf(symbol, one)),
          )
    const all = [...new Set([...found.flatMap(({ members }) => members.map(({ asset }) => asset)), ...any])]
    return all.length > 0 ? { assets: all, isGroup: found.length > 0 } : undefined
  }
  return { namedOf, known: listed(assets, groups) }
}

export type Names = ReturnType<typeof createNames>

/** Names that nothing bears. */
export const strangersIn = (step: Step, { namedOf }: Names): readonly string[] => [
  ...new Set(
    [
      ...step.shocks.map(({ subject }) => subject),
      ...step.frozen,
      ...(step.rates ?? []).map(({ subject }) => subject).filter((name) => name !== ALL_DEBTS),
    ].filter((name) => !namedOf(name)),
  ),
]

/** Changes by group and of single assets, one on top of the other. */
const changesOf = (shocks: readonly Shock[], { namedOf }: Names): Changes =>
  shocks.reduce<Changes>(
    (changes, { subject, changePpm }) =>
      onTop(changes, new Map(namedOf(subject)?.assets.map((asset) => [asset, changePpm]))),
    new Map(),
  )

/** Points of all, of groups and of single assets add up. */
const risesOf = (jumps: readonly RateJump[], { namedOf }: Names): Rises => {
  const assets = new Map<Address, bigint>()
  for (const { subject, risePpm } of jumps)
    for (const asset of subject === ALL_DEBTS ? [] : (namedOf(subject)?.assets ?? []))
      assets.set(asset, (assets.get(asset) ?? 0n) + risePpm)
  const everywhere = jumps.reduce(
    (sum, { subject, risePpm }) => (subject === ALL_DEBTS ? sum + risePpm : sum),
    0n,
  )
  return { everywhere, assets }
}

/** A step as moves of assets; what nothing bears the name of is left out. */
export const movesOf = (step: Step, names: Names): Moves => ({
  changes: changesOf(step.shocks, names),
  frozen: new Set(step.frozen.flatMap((name) => names.namedOf(name)?.assets ?? [])),
  seconds: step.seconds,
  ...(step.rates && step.rates.length > 0 ? { rises: risesOf(step.rates, names) } : {}),
})

/** Moves with more of them on top: those of a depth, or of a spiral. */
export const withMore = (moves: Moves, more: Changes): Moves => ({
  ...moves,
  changes: onTop(moves.changes, more),
})
