// Positions that one price makes liquidatable as it moves, each with the exact price that does, nearest first.

import type { Assessment, Health } from '../../model/assessment.ts'
import type { BlockRef } from '../../model/block.ts'
import { assessOne, bookEnvOf } from '../../monitor/assessing.ts'
import { type Liquidations, waysOf } from '../../monitor/candidates.ts'
import { nativePriceOf } from '../../monitor/native-price.ts'
import type { Nearing } from '../../monitor/nearing.ts'
import { quotesOf } from '../../monitor/quoting.ts'
import type { Env } from '../../protocols/adapter.ts'
import { type TriggerPrice, triggerPrice } from '../../risk/liquidation-price.ts'
import { assessLoan, type Loan, withPrices } from '../../risk/loan.ts'
import { type FeedsByKey, feedsByKey } from '../../risk/shocked-prices.ts'
import { baseFeesOf } from '../../store/views.ts'
import { ProblemError } from '../problem.ts'
import type { Tools } from '../tools.ts'
import { attentionOf, type KnownFeed } from './feeds.ts'
import type { LoanFilter } from './filters.ts'
import { entryAt, type HealthIndex } from './health-index.ts'
import type { Pause } from './steady.ts'
import { tooMuchWork } from './walk.ts'

/** Where a page ended: the trigger price, and the position. */
export type TriggerPlace = readonly [price: string, id: string]

export type Trigger = TriggerPrice & {
  readonly position: Health
  /** Ways to liquidate it at that price, by the time of the block, where they were asked for. */
  readonly ways?: Liquidations
}

export type TriggerQuery = {
  readonly feed: KnownFeed
  /** The farthest price that is looked at, the oracle's integer. */
  readonly last: bigint
  filter(): LoanFilter
  readonly minHealth: bigint | undefined
  readonly maxHealth: bigint | undefined
  readonly after: TriggerPlace | undefined
  readonly limit: number
  readonly wantsOptions: boolean
}

export type TriggerPage = { readonly triggers: readonly Trigger[]; readonly next: TriggerPlace | undefined }

/** Exact prices that were found of one feed in one direction, up to `last`, by slot; null where none is. */
type Known = { readonly version: string; last: bigint; readonly bySlot: Map<number, TriggerPrice | null> }

/** What is found at one version of a book is remembered, so that further pages cost nothing. */
export type TriggerMemory = Map<string, Known>

export const createTriggerMemory = (): TriggerMemory => new Map()

const MEMORY_MAX = 64
/** Prices are searched of so many positions between two pauses: each takes about a millisecond. */
const SEARCHED_AT_ONCE = 4

const memoryOf = (memory: TriggerMemory, name: string, version: string, last: bigint): Known['bySlot'] => {
  const before = memory.get(name)
  if (before?.version === version && before.last === last) return before.bySlot
  const known: Known = { version, last, bySlot: new Map() }
  memory.delete(name)
  memory.set(name, known)
  const [oldest] = memory.keys()
  if (memory.size > MEMORY_MAX && oldest !== undefined) memory.delete(oldest)
  return known.bySlot
}

/** The book as a search sees it. */
type Scene = {
  readonly query: TriggerQuery
  readonly price: bigint
  readonly env: Env
  readonly feeds: FeedsByKey
  readonly known: Map<number, TriggerPrice | null>
}

const isFall = ({ query, price }: Scene): boolean => query.last < price

const loanOf = ({ query, env }: Scene, slot: number): Loan | undefined => {
  const { adapter, mirror } = query.feed.tracked
  const position = mirror.positions.at(slot)
  const market = position && mirror.markets.get(position.id.market)
  return position && market && { adapter, market, position, env }
}

const movedTo = ({ query }: Pick<Scene, 'query'>, loan: Loan, price: bigint): Loan =>
  withPrices(loan, (key) => (key === query.feed.key ? price : undefined))

const isWanted = ({ query }: Scene, assessment: Assessment, filter: LoanFilter): assessment is Health =>
  assessment.kind === 'assessed' &&
  !assessment.isLiquidatable &&
  assessment.phase !== 'no-debt' &&
  (query.minHealth === undefined || assessment.healthFactor >= query.minHealth) &&
  (query.maxHealth === undefined || assessment.healthFactor <= query.maxHealth) &&
  filter.keep(assessment)

/** The exact price; of what the screen knows nothing, the end is looked at first: beyond it only roundings could tell. */
const searched = (
  scene: Scene,
  loan: Loan,
  health: Health,
  { slot, share }: Nearing,
): TriggerPrice | null => {
  const { query, known, feeds } = scene
  const before = known.get(slot)
  if (before !== undefined) return before
  const end = share === undefined ? assessLoan(movedTo(scene, loan, query.last)) : undefined
  const isOut = end?.kind === 'assessed' && !end.isLiquidatable
  const found = isOut ? null : triggerPrice(loan, health, { key: query.feed.key, last: query.last }, feeds)
  known.set(slot, found)
  return found
}

/** Nearest the current price first, then by position. */
const compare =
  (scene: Scene) =>
  (a: Trigger, b: Trigger): number => {
    if (a.price !== b.price) return a.price > b.price === isFall(scene) ? -1 : 1
    return a.position.id < b.position.id ? -1 : a.position.id > b.position.id ? 1 : 0
  }

const isBehind = (scene: Scene, { price, position }: Trigger, [last, id]: TriggerPlace): boolean => {
  const end = BigInt(last)
  return price === end ? position.id > id : price < end === isFall(scene)
}

/** Whether nothing that is still to come can stand before a trigger, or beside it. */
const isSettled = (scene: Scene, { price }: Trigger, next: Nearing | undefined): boolean => {
  if (!next) return true
  if (next.share === undefined) return false
  const share = Number(price) / Number(scene.price)
  return isFall(scene) ? share > next.share : share < next.share
}

const walkTriggers = async (
  scene: Scene,
  nearing: readonly Nearing[],
  { part, searchesMax }: { readonly part: HealthIndex['parts'][number]; readonly searchesMax: number },
  pause: Pause,
): Promise<TriggerPage> => {
  const { query } = scene
  const { after, limit } = query
  const filter = query.filter()
  const inOrder = compare(scene)
  let [waiting, found]: [Trigger[], Trigger[]] = [[], []]
  let [searchCount, workCount] = [0, 0]
  const settle = (next: Nearing | undefined): void => {
    if (waiting.length === 0) return
    waiting.sort(inOrder)
    const count = waiting.findIndex((one) => !isSettled(scene, one, next))
    const settled = count < 0 ? waiting : waiting.slice(0, count)
    waiting = count < 0 ? [] : waiting.slice(count)
    found = [...found, ...settled]
  }
  for (const [index, one] of nearing.entries()) {
    settle(one)
    if (found.length > limit) break
    if (searchCount >= searchesMax) {
      if (found.length === 0) throw tooMuchWork(searchesMax)
      return { triggers: found.slice(0, limit), next: placeOf(found.at(-1)) }
    }
    const loan = loanOf(scene, one.slot)
    const entry = entryAt(part, one.slot)
    if (!loan || !entry || !filter.isWanted(entry)) continue
    const health = assessOne(query.feed.tracked, loan.position, scene.env)
    if (!isWanted(scene, health, filter)) continue
    if (!scene.known.has(one.slot)) searchCount += 1
    const trigger = searched(scene, loan, health, one)
    const row = trigger && { ...trigger, position: health }
    if (row && (!after || isBehind(scene, row, after))) waiting.push(row)
    if (++workCount % SEARCHED_AT_ONCE === 0 || index % (16 * SEARCHED_AT_ONCE) === 0) await pause()
  }
  if (found.length <= limit) settle(undefined)
  const shown = found.slice(0, limit)
  return { triggers: shown, next: found.length > limit ? placeOf(shown.at(-1)) : undefined }
}

const placeOf = (trigger: Trigger | undefined): TriggerPlace | undefined =>
  trigger && [String(trigger.price), trigger.position.id]

const withWays = async (
  tools: Tools,
  scene: Scene,
  block: BlockRef,
  { triggers, next }: TriggerPage,
  pause: Pause,
): Promise<TriggerPage> => {
  const { tracked, chain } = scene.query.feed
  const gasPrice = {
    baseFeeWei: baseFeesOf(tools.database).get(block.chainId) ?? null,
    native: nativePriceOf(chain.state.follower?.book.tracked ?? [], block.chainId),
  }
  const prefix = scene.query.feed.id.length - scene.query.feed.key.length
  const priced: Trigger[] = []
  for (const trigger of triggers) {
    const slot = tracked.mirror.positions.slotOf(trigger.position.id.slice(prefix))
    const loan = slot === undefined ? undefined : loanOf(scene, slot)
    priced.push(loan ? { ...trigger, ways: waysOf(movedTo(scene, loan, trigger.price), gasPrice) } : trigger)
    await pause()
  }
  return { triggers: priced, next }
}

const priceUnknown = ({ id, reading }: KnownFeed): ProblemError =>
  new ProblemError(
    'unavailable',
    `the price of ${id} is not known: ${reading?.kind === 'failed' ? reading.error : 'there is none'}`,
  )

/** One page, at the version of the book that `pause` keeps to. Throws `ProblemError` where it would take too much work. */
export const listTriggers = async (tools: Tools, query: TriggerQuery, pause: Pause): Promise<TriggerPage> => {
  const { feed, last } = query
  const { tracked, chain } = feed
  const reading = tracked.mirror.prices.get(feed.key)
  if (reading?.kind !== 'price' || reading.price <= 0n) throw priceUnknown(feed)
  const { attention, block } = attentionOf(feed)
  const [index] = await tools.chains.indexes([chain])
  await pause()
  const part = index?.parts.find((one) => one.tracked === tracked)
  if (!part) return { triggers: [], next: undefined }
  const { price } = reading
  const name = `${feed.id} ${last < price ? 'down' : 'up'}`
  const scene: Scene = {
    ...{ query, price },
    env: bookEnvOf(tracked, block, quotesOf(chain.state.follower?.book.tracked ?? [])),
    feeds: feedsByKey(tracked.adapter.feeds(tracked.mirror).filter(({ key }) => key === feed.key)),
    known: memoryOf(tools.triggers, name, tools.chains.bookVersionOf([chain]), last),
  }
  const nearing = attention.nearing(feed.key, Number(last) / Number(price), scene.env)
  await pause()
  const searchesMax = tools.server.candidatesPerRequestMax
  const page = await walkTriggers(scene, nearing, { part, searchesMax }, pause)
  return query.wantsOptions ? withWays(tools, scene, block, page, pause) : page
}
