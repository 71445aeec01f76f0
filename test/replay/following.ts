// Following a chain head by head, live or recorded: at each the mirror against a fresh read and against the contracts' own word,
// and what rows of untouched positions and the head's factors say against health.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Address } from 'viem'
import { expect } from 'vitest'
import type { Chain, Header } from '../../src/chain/chain.ts'
import type { Assessment } from '../../src/model/assessment.ts'
import { formatPositionId } from '../../src/model/ids.ts'
import type { Market, Position } from '../../src/model/market.ts'
import { encodeState } from '../../src/model/state-text.ts'
import { assessAll, envOf } from '../../src/monitor/assessing.ts'
import type { CatalogueStore } from '../../src/monitor/catalogue.ts'
import { type Follower, runCycle } from '../../src/monitor/cycle.ts'
import { syncTo } from '../../src/monitor/follow.ts'
import { createLiquidationLogs } from '../../src/monitor/liquidation-logs.ts'
import { differencesBetween } from '../../src/monitor/parameter-changes.ts'
import type { Wanted } from '../../src/monitor/track.ts'
import type { Adapter, Mirror } from '../../src/protocols/adapter.ts'
import type { Tracked } from '../../src/store/book.ts'
import { WAD } from '../../src/units/brands.ts'
import { createMemory, readAfresh } from '../support/afresh.ts'
import { withoutQueue } from '../support/assessments.ts'
import { closeFollower, followOn } from '../support/follower.ts'
import { compareScreen, type Rows } from '../support/screen-following.ts'

export type Following = {
  readonly chain: Chain
  readonly wanted: readonly Wanted[]
  readonly accounts: readonly Address[]
  /** Accounts that are read alone too, as `check` reads one. */
  readonly alone: readonly Address[]
  readonly mintedBesides: readonly string[]
  /** Every so many heads the mirror is compared; every head with a reorg too. */
  readonly compareEvery: number
  /** The next head; undefined at the end. */
  next(): Promise<Header | undefined>
  /** Called when a head has been compared. */
  done(head: Header): Promise<void>
}

/** What was compared. `audits`: positions whose contract answered; `screened`: positions whose health had bounds. */
export type Tally = {
  heads: number
  reorgs: number
  liquidations: number
  positions: number
  audits: number
  screened: number
  liquidatable: number
  unassessable: number
  /** Parameters that changed, by name: how often. */
  parameterChanges: Record<string, number>
  /** Heads without a reorg that took more than one round: a log named a contract that nobody knew. */
  surprises: number
}

/** The usual case, told quickly: what is not the same to the letter is compared in full. */
const isSame = (...[first, ...others]: readonly unknown[]): boolean =>
  others.every((other) => encodeState(other) === encodeState(first))

const withoutBlock = ({ asOf: _asOf, ...position }: Position): object => position

const assessmentsOf = (adapter: Adapter, mirror: Mirror, head: Header): ReadonlyMap<string, Assessment> => {
  const { chainId, number, hash, timestamp } = head
  const block = { chainId, number, hash, timestamp }
  const list = assessAll([{ adapter, mirror }], block)
  return new Map(list.map((one) => [one.id, one]))
}

/** Of these accounts' positions all that a fresh read finds is in the mirror, which may know more that counts for nothing; their health is the same. */
const compareFresh = async (
  { chain, accounts, alone }: Following,
  { adapter, mirror }: Tracked,
  head: Header,
  memory: CatalogueStore,
): Promise<void> => {
  const wanted = { adapter, deployment: mirror.deployment }
  const fresh = await readAfresh(chain, head, wanted, accounts, memory)
  for (const account of alone) {
    const own = [...(await readAfresh(chain, head, wanted, [account], memory)).positions.keys()]
    const all = [...fresh.positions.keys()]
    expect([head.number, account, own.filter((key) => !all.includes(key))]).toEqual([
      head.number,
      account,
      [],
    ])
  }
  const [ours, theirs] = [assessmentsOf(adapter, mirror, head), assessmentsOf(adapter, fresh, head)]
  for (const [key, position] of mirror.positions) {
    if (!accounts.includes(position.owner)) continue
    const found = fresh.positions.get(key)
    const id = formatPositionId(position.id)
    const own = ours.get(id)
    const isIdle = own?.kind === 'assessed' && own.phase === 'no-debt' && !found
    if (isIdle) continue
    expect([head.number, key, found !== undefined]).toEqual([head.number, key, true])
    const [mine, read] = [withoutBlock(position), withoutBlock(found ?? position)]
    if (!isSame(mine, read)) expect(mine).toMatchObject(read)
    const health = theirs.get(id)
    const healths = [health, own].map((one) => one && withoutQueue(one))
    if (!isSame(...healths)) expect(healths[0]).toEqual(healths[1])
  }
  for (const [key, position] of fresh.positions) {
    const health = theirs.get(formatPositionId(position.id))
    // Without prices a supply that owes nothing cannot be told from a loan.
    const isLoan = health?.kind === 'assessed' && health.phase !== 'no-debt'
    if (isLoan) expect([head.number, key, mirror.positions.has(key)]).toEqual([head.number, key, true])
  }
}

/** Every position against the contract's own word. */
const compareAudits = async (
  { chain }: Following,
  { adapter, mirror }: Tracked,
  head: Header,
  tally: Tally,
): Promise<void> => {
  const assessments = assessmentsOf(adapter, mirror, head)
  for (const position of mirror.positions.values()) {
    const market = mirror.markets.get(position.id.market)
    const assessment = assessments.get(formatPositionId(position.id))
    if (!market || !assessment) throw new Error(`${formatPositionId(position.id)} has no market`)
    tally.positions += 1
    if (assessment.kind === 'unassessable') tally.unassessable += 1
    else if (assessment.isLiquidatable) tally.liquidatable += 1
    if (market.fault) continue
    const { calls, compare } = adapter.audit(market, position)
    const differences = compare((await chain.read(head, calls)).results, assessment)
    if (differences === undefined) continue
    tally.audits += 1
    expect([head.number, assessment.id, differences]).toEqual([head.number, assessment.id, []])
  }
}

const compareCoverage = ({ mintedBesides }: Following, { adapter, mirror }: Tracked, head: Header): void => {
  for (const { ppm, market, symbol } of adapter.coverage(mirror, head)) {
    if (mintedBesides.includes(symbol)) continue
    expect(
      Math.abs(ppm - 1_000_000),
      `block ${head.number}, ${market} ${symbol}: ${ppm} ppm`,
    ).toBeLessThanOrEqual(1)
  }
}

const compareHead = async (
  following: Following,
  { book }: Follower,
  head: Header,
  tally: Tally,
  memory: CatalogueStore,
  rows: Rows,
): Promise<void> => {
  for (const tracked of book.tracked) {
    await compareFresh(following, tracked, head, memory)
    await compareAudits(following, tracked, head, tally)
    compareCoverage(following, tracked, head)
    tally.screened += compareScreen(rows, tracked, head)
  }
}

/** A market under the parameters that it had before says the same as it did; answers how many differ without. */
const compareParameters = (
  { adapter, mirror }: Tracked,
  known: ReadonlyMap<string, Market>,
  head: Header,
): number => {
  let count = 0
  for (const [name, after] of mirror.markets) {
    const before = known.get(name)
    if (!before || before === after) continue
    const changed = differencesBetween(adapter, before, after)
    count += changed.length
    if (changed.length === 0) continue
    const restored = differencesBetween(adapter, before, adapter.withParametersOf(after, before))
    const names = restored.map(({ parameter }) => parameter.name)
    expect([head.number, names.filter((one) => !/isListed$|evision$/.test(one))]).toEqual([head.number, []])
  }
  return count
}

/** The store keeps the name of a deployment and not its description: what faces ask of a mirror needs no more. */
const compareNamed = ({ adapter, mirror }: Tracked, head: Header): void => {
  const { chainId, protocol, deployment } = mirror.deployment
  const named: Mirror = { ...mirror, deployment: { chainId, protocol, deployment } }
  const told = (of: Mirror) => {
    const env = envOf(of, head, () => null)
    return {
      assessments: assessmentsOf(adapter, of, head),
      coverage: adapter.coverage(of, head),
      usdPrices: adapter.usdPrices(of),
      redemption: adapter.redemptions?.redeem(of, env, WAD),
      auctions: [...of.markets.values()].map((market) => adapter.auctions?.list(market, env)),
    }
  }
  expect(told(named)).toEqual(told(mirror))
}

/** Every account is watched. */
const EVERYBODY = { includes: () => true } as unknown as readonly Address[]

/** Follows every head of a chain and compares at each; throws at the first difference. */
export const followAndCompare = async (following: Following): Promise<Tally> => {
  const { chain, wanted, next } = following
  const first = await next()
  if (!first) throw new Error('there is no head to begin with')
  const storeFile = join(mkdtempSync(join(tmpdir(), 'plimsoll-replay-')), 'r.db')
  const follower = await followOn(chain, storeFile, wanted, { auditsPerHead: 3 })
  /** What who follows no other logs hears of liquidations. */
  const besides = createLiquidationLogs({ chain, book: follower.book, watched: EVERYBODY })
  const memory = createMemory()
  const rows: Rows = new Map()
  const tally: Tally = {
    ...{ heads: 0, reorgs: 0, liquidations: 0, positions: 0, audits: 0, screened: 0 },
    ...{ liquidatable: 0, unassessable: 0, parameterChanges: {}, surprises: 0 },
  }
  await syncTo(follower, first, () => undefined, new AbortController().signal)
  await compareHead(following, follower, first, tally, memory, rows)
  tally.heads += 1
  await following.done(first)
  for (let head = await next(); head; head = await next()) {
    const known = follower.book.tracked.map(({ mirror }) => new Map(mirror.markets))
    const unfollowed = await besides.read(
      { isReorg: false, ancestor: follower.book.cursor, isSameBlock: false },
      head,
    )
    const outcome = await runCycle(follower, head)
    if (outcome.kind !== 'committed') throw new Error(`block ${head.number}: the cycle was ${outcome.kind}`)
    expect([head.number, outcome.mismatches]).toEqual([head.number, []])
    tally.liquidations += outcome.liquidationCount
    for (const { name } of outcome.parameterChanges)
      tally.parameterChanges[name] = (tally.parameterChanges[name] ?? 0) + 1
    const changes = follower.book.tracked.map((tracked, index) =>
      compareParameters(tracked, known[index] ?? new Map(), head),
    )
    if (outcome.reorgDepth === 0n)
      expect([head.number, outcome.parameterChanges.length]).toEqual([
        head.number,
        changes.reduce((sum, count) => sum + count, 0),
      ])
    if (outcome.reorgDepth > 0n) tally.reorgs += 1
    else {
      if (outcome.roundCount > 1) tally.surprises += 1
      const heardOf = [unfollowed.fault?.message, unfollowed.liquidations.length]
      expect([head.number, ...heardOf]).toEqual([head.number, undefined, outcome.liquidationCount])
    }
    const isTurn = tally.heads % following.compareEvery === 0 || outcome.reorgDepth > 0n
    if (isTurn) await compareHead(following, follower, head, tally, memory, rows)
    tally.heads += 1
    await following.done(head)
  }
  const last = await chain.head()
  for (const tracked of follower.book.tracked) compareNamed(tracked, last)
  closeFollower(follower)
  return tally
}
