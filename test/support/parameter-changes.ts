// Changes of parameters on a devnet, against what would have been without them.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Address } from 'viem'
import { expect } from 'vitest'
import type { Assessment } from '../../src/model/assessment.ts'
import type { HealthMove, ParameterChange } from '../../src/model/parameter.ts'
import { assessAll } from '../../src/monitor/assessing.ts'
import { type Follower, runCycle } from '../../src/monitor/cycle.ts'
import { syncTo } from '../../src/monitor/follow.ts'
import type { Wanted } from '../../src/monitor/track.ts'
import { listParameterChanges } from '../../src/store/parameter-changes.ts'
import type { Devnet } from '../devnet/devnet.ts'
import { followDevnet } from './follower.ts'

/** Two followers of the same deployment: one of every borrower, one of watched accounts. */
export type Watchers = { readonly book: Follower; readonly watching: Follower; readonly devnet: Devnet }

export const startWatchers = async (
  devnet: Devnet,
  wanted: Wanted,
  accounts: readonly Address[],
): Promise<Watchers> => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-changes-'))
  const book = await followDevnet(devnet, join(folder, 'book.db'), { wanted: [wanted] })
  const watching = await followDevnet(devnet, join(folder, 'watching.db'), {
    wanted: [wanted],
    watched: accounts,
  })
  for (const follower of [book, watching])
    await syncTo(follower, await follower.chain.head(), () => undefined, new AbortController().signal)
  return { book, watching, devnet }
}

/** Positions are looked at in another order where the screen names them. */
const withSortedIds = <T extends object>(effect: T): object =>
  Object.fromEntries(
    Object.entries(effect).map(([name, value]) => [
      name,
      value?.ids ? { ...value, ids: [...value.ids].sort() } : value,
    ]),
  )

/** What both followers find at the head. One assesses all positions, the other those that the screen names: they find the same. */
export const nextChanges = async ({ book, watching }: Watchers): Promise<readonly ParameterChange[]> => {
  const [ofBook, ofWatched] = await Promise.all(
    [book, watching].map(async (follower) => {
      const outcome = await runCycle(follower, await follower.chain.head())
      if (outcome.kind !== 'committed') throw new Error(`the cycle was ${outcome.kind}`)
      expect(outcome.mismatches).toEqual([])
      return outcome.parameterChanges
    }),
  )
  const findings = (list: readonly ParameterChange[] = []) =>
    list.map(({ effect: { watched: _watched, exactCount: _exactCount, ...effect }, ...change }) => ({
      ...change,
      effect: withSortedIds(effect),
    }))
  expect(findings(ofBook)).toEqual(findings(ofWatched))
  return ofWatched ?? []
}

const healths = ({ book: { tracked, cursor } }: Follower): ReadonlyMap<string, Assessment> => {
  if (!cursor) throw new Error('nothing is followed')
  return new Map(assessAll(tracked, cursor).map((one) => [one.id, one]))
}

const stored = ({ database }: Follower): readonly ParameterChange[] =>
  listParameterChanges(database, { since: 0, market: undefined })

const healthIn = (all: ReadonlyMap<string, Assessment>, id: string): bigint | null => {
  const one = all.get(id)
  return one?.kind === 'assessed' ? one.healthFactor : null
}

/**
 * Makes a change in a block of its own and follows it; then replaces that block by an empty one of the same number and time,
 * which shows what health would have been without. Answers the change that was told, and both healths of every position that
 * differ; all is as before then, and the change forgotten.
 */
export const tellOne = async (
  watchers: Watchers,
  change: () => Promise<unknown>,
): Promise<{
  readonly changes: readonly ParameterChange[]
  readonly moves: readonly HealthMove[]
  readonly liquidatable: readonly string[]
}> => {
  const { devnet, book, watching } = watchers
  const before = stored(book).length
  await change()
  const head = await devnet.head()
  const changes = await nextChanges(watchers)
  const now = healths(book)
  expect(stored(watching).slice(0, changes.length)).toEqual(changes)
  expect(stored(book)).toHaveLength(before + changes.length)
  const { head: replaced } = await devnet.reorg(1)
  expect([replaced.number, replaced.timestamp]).toEqual([head.number, head.timestamp])
  expect(await nextChanges(watchers)).toEqual([])
  const without = healths(book)
  for (const follower of [book, watching]) expect(stored(follower)).toHaveLength(before)
  const moves = [...now.keys()]
    .map((id) => ({ id, before: healthIn(without, id), after: healthIn(now, id) }))
    .filter((move) => move.before !== move.after)
  const isLiquidatable = (one: Assessment | undefined) => one?.kind === 'assessed' && one.isLiquidatable
  const liquidatable = [...now.keys()].filter(
    (id) => isLiquidatable(now.get(id)) && !isLiquidatable(without.get(id)),
  )
  return { changes, moves, liquidatable }
}

const byId = (moves: readonly HealthMove[]): readonly HealthMove[] =>
  [...moves].sort((a, b) => (a.id < b.id ? -1 : 1))

/** What was told of the effect is what the chain without the change shows. */
export const expectEffect = ({ changes, moves, liquidatable }: Awaited<ReturnType<typeof tellOne>>): void => {
  for (const { effect } of changes) {
    const moved = effect.watched.filter(({ before, after }) => before !== after)
    expect(byId(moved.map(({ becomes: _, ...move }) => move))).toEqual(byId(moves))
    expect(effect).toMatchObject({ movedCount: moves.length, uncertainCount: 0 })
    expect([...effect.newlyLiquidatable.ids].sort()).toEqual([...liquidatable].sort())
  }
}
