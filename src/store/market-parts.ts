// Markets in parts that change apart: one reserve that accrues does not write all of them again.
import type { Market } from '../model/market.ts'
import type { Deployment } from '../protocols/adapter.ts'
import { stateFromBytes } from './decode-state.ts'
import type { Words } from './words.ts'

/** What is not stored entry by entry, and in which order the entries of the other fields come. */
type Root = {
  readonly whole: Readonly<Record<string, unknown>>
  readonly split: Readonly<Record<string, readonly string[]>>
}

const ROOT = ''

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Records of objects are stored entry by entry. */
const isSplit = (value: unknown): value is Record<string, unknown> =>
  isObject(value) && Object.keys(value).length > 0 && Object.values(value).every(isObject)

/** The parts of a market by path: `field key` for an entry of a record, '' for the rest. */
export const partsOf = ({ id: _id, ...state }: Market): ReadonlyMap<string, unknown> => {
  const parts = new Map<string, unknown>()
  const whole: Record<string, unknown> = {}
  const split: Record<string, readonly string[]> = {}
  for (const [field, value] of Object.entries(state)) {
    if (isSplit(value)) {
      split[field] = Object.keys(value)
      for (const [key, entry] of Object.entries(value)) parts.set(`${field} ${key}`, entry)
    } else whole[field] = value
  }
  return parts.set(ROOT, { whole, split } satisfies Root)
}

/** The market of parts that `partsOf` gave. Undefined where the root or a part that it names is missing. */
export const marketOfParts = (
  { chainId, protocol, deployment }: Deployment,
  market: string,
  parts: ReadonlyMap<string, unknown>,
): Market | undefined => {
  const root = parts.get(ROOT) as Root | undefined
  if (!root) return undefined
  const fields: Record<string, unknown> = {}
  for (const [field, keys] of Object.entries(root.split)) {
    if (keys.some((key) => !parts.has(`${field} ${key}`))) return undefined
    fields[field] = Object.fromEntries(keys.map((key) => [key, parts.get(`${field} ${key}`)]))
  }
  return { id: { chainId, protocol, deployment, market }, ...root.whole, ...fields } as unknown as Market
}

/** The key of a part's entry. */
export const partKey = (market: string, path: string): string => `${market} ${path}`

/** Market and path of a part's key. */
export const parsePartKey = (key: string): { readonly market: string; readonly path: string } => {
  const space = key.indexOf(' ')
  return { market: key.slice(0, space), path: key.slice(space + 1) }
}

/** Markets of the stored parts of a deployment, by name: keys of parts with their bytes, null where a part is gone. */
export const marketsOfRows = (
  deployment: Deployment,
  words: Words,
  rows: Iterable<readonly [key: string, bytes: Buffer | null]>,
): ReadonlyMap<string, Market> => {
  const partsOfMarket = new Map<string, Map<string, unknown>>()
  for (const [key, bytes] of rows) {
    if (!bytes) continue
    const { market, path } = parsePartKey(key)
    const parts = partsOfMarket.get(market) ?? new Map<string, unknown>()
    partsOfMarket.set(market, parts.set(path, stateFromBytes(bytes, words)))
  }
  return new Map(
    [...partsOfMarket].flatMap(([name, parts]) => {
      const market = marketOfParts(deployment, name, parts)
      return market ? [[name, market] as const] : []
    }),
  )
}
