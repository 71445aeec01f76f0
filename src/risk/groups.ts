// Assets whose prices are driven by the same thing, and so move together.
import type { Address } from 'viem'
import type { DebtLeg } from '../model/assessment.ts'
import type { Feed, Leaf } from '../model/feed.ts'
import type { PriceKey } from '../model/price.ts'
import type { FeedsByKey } from './shocked-prices.ts'

/** `isStable`: what its members are worth in US dollars is meant not to move. */
export type Group = {
  readonly name: string
  readonly isStable: boolean
  readonly members: readonly { readonly asset: Address; readonly symbol: string }[]
}

/** Groups of one chain. An asset is in one of them at most; one that no feed prices is in none, unless it was configured. */
export type Grouping = {
  readonly groups: readonly Group[]
  groupOf(asset: Address): Group | undefined
}

/** The groups of a chain, and what the prices of one of its deployments are of. */
export type Groups = Grouping & { readonly feeds: FeedsByKey }

/** Whether every leg that one of some prices values is an asset that this price is of itself: no share, no way through another price. */
export const areDirect = (
  legs: readonly DebtLeg[],
  moved: ReadonlySet<PriceKey>,
  { feeds }: Groups,
): boolean =>
  legs.every(
    ({ priceKey, asset, amount }) =>
      amount === 0n ||
      !moved.has(priceKey) ||
      (feeds.get(priceKey) ?? []).some((feed) => feed.asset === asset),
  )

/** A group by configuration: assets by symbol or address. Without `stable`, prices tell. */
export type GroupSetting = {
  readonly name: string
  readonly assets: readonly string[]
  readonly stable?: boolean | undefined
}

export type GroupingOptions = {
  readonly feeds: readonly Feed[]
  readonly settings: readonly GroupSetting[]
  /** Leaves by the source that rests on them, as far as they are known. */
  readonly wiring: ReadonlyMap<Address, readonly Leaf[]>
  /** US dollars per whole asset times `scale`; undefined where it is not known. */
  usdPriceOf(asset: Address): { readonly price: bigint; readonly scale: bigint } | undefined
}

/** Stable by its price: within this share of one US dollar, in percent. */
const STABLE_PERCENT = 2n

/** Sets of nodes that are one; a set has at most one configured name. */
type Sets = {
  readonly parents: Map<string, string>
  readonly settings: Map<string, GroupSetting>
}

const rootOf = ({ parents }: Sets, node: string): string => {
  let root = node
  for (let parent = parents.get(root); parent !== undefined && parent !== root; parent = parents.get(root))
    root = parent
  parents.set(node, root)
  return root
}

/** Makes two sets one, unless they were configured as two. */
const unite = (sets: Sets, one: string, other: string): void => {
  const [first, second] = [rootOf(sets, one), rootOf(sets, other)]
  if (first === second) return
  const [mine, theirs] = [sets.settings.get(first), sets.settings.get(second)]
  if (mine && theirs) return
  sets.parents.set(second, first)
  if (theirs) sets.settings.set(first, theirs)
}

const assetNode = (asset: string): string => `asset ${asset.toLowerCase()}`

/** `ETH / USD` as its two sides; undefined for what says something else. */
const sidesOf = (description: string | null): readonly [base: string, quote: string] | undefined => {
  const match = /^\s*([A-Za-z0-9.+$]+)\s*\/\s*([A-Za-z0-9.+$]+)\s*$/.exec(description ?? '')
  return match ? [match[1] as string, match[2] as string] : undefined
}

const putSettings = (sets: Sets, { feeds, settings }: GroupingOptions): void => {
  for (const setting of settings) {
    const node = `setting ${setting.name}`
    sets.settings.set(node, setting)
    for (const wanted of setting.assets) {
      unite(sets, node, assetNode(wanted))
      for (const { asset, symbol } of feeds) if (symbol === wanted) unite(sets, node, assetNode(asset))
    }
  }
}

/** Assets with one price, one source, or one feed behind their sources, by address or by what it says that it is of. */
const putWiring = (sets: Sets, { feeds, wiring }: GroupingOptions): void => {
  for (const { asset, source } of feeds) {
    if (!source) continue
    unite(sets, assetNode(asset), `feed ${source}`)
    for (const { feed, isInverse, description } of wiring.get(source) ?? []) {
      if (isInverse) continue
      unite(sets, assetNode(asset), `feed ${feed}`)
      const sides = sidesOf(description)
      if (sides) unite(sets, assetNode(asset), `pair ${sides.join('/')}`)
    }
  }
}

type Draft = { readonly root: string; readonly members: Map<Address, string> }

const draftsOf = (sets: Sets, { feeds, settings }: GroupingOptions): readonly Draft[] => {
  const drafts = new Map<string, Draft>()
  const put = (asset: Address, symbol: string): void => {
    const root = rootOf(sets, assetNode(asset))
    const draft = drafts.get(root) ?? { root, members: new Map() }
    drafts.set(root, draft)
    if (!draft.members.has(asset)) draft.members.set(asset, symbol)
  }
  for (const { asset, symbol, isRate } of feeds) if (!isRate) put(asset, symbol)
  for (const { assets } of settings)
    for (const asset of assets) if (asset.startsWith('0x')) put(asset as Address, asset)
  return [...drafts.values()]
}

/** What most leaves of a set say that they are of: `ETH` by `ETH / USD`. */
const wordOf = (sets: Sets, root: string, { feeds, wiring }: GroupingOptions): string | undefined => {
  const counts = new Map<string, number>()
  for (const { asset, source } of feeds) {
    if (!source || rootOf(sets, assetNode(asset)) !== root) continue
    for (const { isInverse, description } of wiring.get(source) ?? []) {
      const base = isInverse ? undefined : sidesOf(description)?.[0]
      if (base) counts.set(base, (counts.get(base) ?? 0) + 1)
    }
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}

const isAboutOne = ({ price, scale }: { readonly price: bigint; readonly scale: bigint }): boolean => {
  const off = price < scale ? scale - price : price - scale
  return off * 100n <= scale * STABLE_PERCENT
}

/** The first of some names that is not taken yet; with the address where all are. */
const freeName = (taken: Set<string>, names: readonly string[], asset: Address): string => {
  const name = names.find((one) => !taken.has(one)) ?? `${names.at(-1)} ${asset}`
  taken.add(name)
  return name
}

/**
 * Groups of assets, driven by the same thing:
 * 1. those that configuration names, by symbol or address, together with whatever else is found to move with them;
 * 2. those whose prices rest on the same feed (`wiring`), where they are multiplied by it, not divided; feeds that say the same of
 *    themselves, such as `ETH / USD`, are the same;
 * 3. those with the same source; any other asset is a group of its own.
 * A group is called as configured, else by what most of its feeds say, else by its first asset. It is stable as configured,
 * else where a member's price is within 2 % of one US dollar.
 */
export const groupingOf = (options: GroupingOptions): Grouping => {
  const sets: Sets = { parents: new Map(), settings: new Map() }
  putSettings(sets, options)
  putWiring(sets, options)
  const taken = new Set(options.settings.map(({ name }) => name))
  const byAsset = new Map<string, Group>()
  const groups = draftsOf(sets, options).map(({ root, members }): Group => {
    const setting = sets.settings.get(root)
    const [[first, symbol]] = [...members] as [[Address, string]]
    const word = wordOf(sets, root, options)
    const name = setting?.name ?? freeName(taken, word ? [word, symbol] : [symbol], first)
    const prices = [...members.keys()].flatMap((asset) => options.usdPriceOf(asset) ?? [])
    const isStable = setting?.stable ?? prices.some(isAboutOne)
    const group = {
      ...{ name, isStable },
      members: [...members].map(([asset, one]) => ({ asset, symbol: one })),
    }
    for (const asset of members.keys()) byAsset.set(assetNode(asset), group)
    return group
  })
  return { groups, groupOf: (asset) => byAsset.get(assetNode(asset)) }
}
