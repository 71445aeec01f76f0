// The loop with the screen against one that assesses everything exactly: the same alerts at the same blocks, the same history.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { builtInRules } from '../../src/alerts/built-in.ts'
import { createEngine, type Engine } from '../../src/alerts/engine.ts'
import { createJudge } from '../../src/app/judging.ts'
import type { Header } from '../../src/chain/chain.ts'
import type { AlertRule } from '../../src/model/alert.ts'
import type { Assessment } from '../../src/model/assessment.ts'
import { assessAll } from '../../src/monitor/assessing.ts'
import { type CycleOutcome, createFollower, type Follower, runCycle } from '../../src/monitor/cycle.ts'
import { lastOfHealth } from '../../src/monitor/last-snapshots.ts'
import { defaultMonitorLimits } from '../../src/monitor/limits.ts'
import { byHealth, rank } from '../../src/monitor/ranking.ts'
import { snapshotDue } from '../../src/monitor/snapshotting.ts'
import { keys } from '../../src/protocols/aave-v3/keys.ts'
import type { Adapter } from '../../src/protocols/adapter.ts'
import { listAlerts, openAlerts } from '../../src/store/alerts.ts'
import { loadBook, startTracking } from '../../src/store/book.ts'
import { openDatabase } from '../../src/store/database.ts'
import { newestHealths } from '../../src/store/newest-healths.ts'
import { snapshotsOf } from '../../src/store/snapshots.ts'
import { WAD } from '../../src/units/brands.ts'
import { createRandom } from '../devnet/random.ts'
import { deskOf } from '../support/desk.ts'
import { sized } from '../support/size.ts'
import { deployment, type SimulatedChain, simulate } from './screen-world.ts'

/** Every position is assessed exactly at every head. */
const NOTHING_SCREENED: Adapter['screen'] = { row: () => 'always-exact', factor: () => undefined }

const SEEDS = sized(2, 200)
const BLOCKS = 30
const SIZE = 40
const ALERTS_MAX = 100_000

const shared = {
  scope: 'book',
  severity: 'warning',
  forSeconds: 0,
  keepFiringForSeconds: 0,
  match: {},
  labels: {},
  annotations: { summary: '{{ healthFactor }}' },
} as const

const bookRules: readonly AlertRule[] = [
  { ...shared, name: 'Near', when: 'healthFactor < 1.05', until: 'healthFactor > 1.1' },
  { ...shared, name: 'Liquidatable', when: 'isLiquidatable == true', forSeconds: 24 },
  { ...shared, name: 'Large', when: 'healthFactor < 1.2 and debtUsd > 10000', keepFiringForSeconds: 100 },
  { ...shared, name: 'Between', when: 'healthFactor > 1.5 and healthFactor <= 1.503' },
  { ...shared, name: 'Perverse', when: 'not (healthFactor >= 1.02)', until: 'isLiquidatable == false' },
  { ...shared, name: 'Rich', when: 'collateralUsd > 900000' },
  { ...shared, name: 'Elsewhere', when: 'debtUsd > 1', match: { protocol: 'other' } },
]

type Mode = { readonly name: string; readonly isScreened: boolean; readonly historyMax: number }
const MODES: readonly Mode[] = [
  { name: 'exact', isScreened: false, historyMax: Number.MAX_SAFE_INTEGER },
  { name: 'screened', isScreened: true, historyMax: Number.MAX_SAFE_INTEGER },
  { name: 'budgeted', isScreened: true, historyMax: 1 },
]

const open = (world: SimulatedChain, engine: Engine, storeFile: string, mode: Mode): Follower => {
  const adapter: Adapter = mode.isScreened ? world.adapter : { ...world.adapter, screen: NOTHING_SCREENED }
  const database = openDatabase(storeFile)
  database.$client.pragma('synchronous = OFF')
  const loaded = loadBook(database, world.chain.id, [{ adapter, deployment }])
  if (loaded.tracked.length === 0) {
    const tracked = startTracking(database, adapter, deployment, undefined)
    for (const account of world.accounts) tracked.pending.add(keys.account(account))
    loaded.tracked.push(tracked)
  }
  return createFollower({
    chain: world.chain,
    database,
    book: loaded,
    follow: 'book',
    watched: world.accounts.slice(0, 2),
    limits: {
      ...defaultMonitorLimits,
      auditsPerHead: 0,
      historyAssessmentsPerCycleMax: mode.historyMax,
      reorgDepthMax: 32,
    },
    judge: createJudge(
      engine,
      openAlerts(database, world.chain.id),
      deskOf(database, world.chain.id, ['me', 'all']),
    ),
  })
}

const engineOf = (seed: number, { accounts }: SimulatedChain): Engine => {
  const random = createRandom(seed)
  return createEngine({
    rules: [...builtInRules, ...random.sample(bookRules, random.integer(0, 3))],
    watches: accounts.slice(0, 2).map((account) => ({ account, receivers: ['me'] })),
    receivers: ['me', 'all'],
  })
}

const historyOf = ({ database }: Follower, { everybody }: SimulatedChain) =>
  everybody.map((account) => snapshotsOf(database, account, 0, Number.MAX_SAFE_INTEGER))

const cycle = async (follower: Follower, head: Header) => {
  let last: Extract<CycleOutcome, { kind: 'committed' }> | undefined
  for (
    let outcome = await runCycle(follower, head);
    outcome.kind === 'committed';
    outcome = await runCycle(follower, head)
  )
    last = outcome
  if (!last) throw new Error(`block ${head.number} was not committed`)
  return last
}

/** Ranking assesses a few, and says what assessing all would. */
const compareRanking = ({ book: { tracked } }: Follower, head: Header): void => {
  const all = [...assessAll(tracked, head)].sort(byHealth)
  const ranking = rank(tracked, head)
  expect(ranking.count).toBe(all.length)
  for (const limit of [1, 3, 10, all.length])
    expect(new Set(ranking.worst(limit).map(healthIn))).toEqual(new Set(all.slice(0, limit).map(healthIn)))
  for (const limit of [WAD / 2n, WAD, (11n * WAD) / 10n, 10n * WAD]) {
    const isNear = (one: Assessment): boolean =>
      one.kind === 'assessed' && (one.healthFactor <= limit || one.isLiquidatable)
    const { assessments, unassessableCount } = ranking.upTo(limit)
    const byId = (a: Assessment, b: Assessment): number => (a.id < b.id ? -1 : 1)
    expect(assessments.filter(isNear).sort(byId)).toEqual(all.filter(isNear).sort(byId))
    expect(unassessableCount).toBe(all.filter(({ kind }) => kind === 'unassessable').length)
  }
}

/** What is remembered of the last snapshots is what the database says. */
const compareMemory = ({ database, attentions }: Follower, where: string): void => {
  for (const [tracked, attention] of attentions) {
    const stored = new Map(
      [...newestHealths(database, tracked.id)].map((one) => [one.entryId, lastOfHealth(one)]),
    )
    const { positions } = tracked.mirror
    for (const key of positions.keys())
      expect([where, key, attention.lastOf(key)]).toEqual([where, key, stored.get(positions.entryIdOf(key))])
  }
}

/** No snapshot is due that was not taken. */
const expectNoneDue = ({ attentions }: Follower, head: Header): void => {
  for (const [tracked, attention] of attentions)
    for (const assessment of assessAll([tracked], head)) {
      const key = assessment.id.split(':').slice(3).join(':')
      const parts = attention.partsOf(assessment.owner)
      expect(
        snapshotDue(assessment, { last: attention.lastOf(key), wasActive: false, parts }),
      ).toBeUndefined()
    }
}

const healthIn = (one: Assessment): bigint | string =>
  one.kind === 'assessed' ? one.healthFactor : one.reason

test(`${SEEDS} chains of ${BLOCKS} heads: the same alerts and the same history with and without the screen`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-screen-'))
  const tally = { heads: 0, reorgs: 0, alerts: 0, snapshots: 0, positions: 0, exact: 0, waited: 0 }
  for (let seed = 1; seed <= SEEDS; seed++) {
    const world = simulate(seed, SIZE)
    const engine = engineOf(seed, world)
    const random = createRandom(seed + 1)
    const files = MODES.map(({ name }) => join(folder, `${seed}-${name}.db`))
    const reopened = (index: number): Follower =>
      open(world, engine, files[index] ?? '', MODES[index] ?? { name: '', isScreened: true, historyMax: 0 })
    const followers = MODES.map((_, index) => reopened(index))
    for (let block = 1; block <= BLOCKS; block++) {
      const head = world.mine()
      const outcomes = []
      for (const follower of followers) outcomes.push(await cycle(follower, head))
      const where = `seed ${seed}, block ${head.number}`
      for (const follower of followers) compareMemory(follower, where)
      const [exact, screened, budgeted] = followers
      if (!exact || !screened || !budgeted) throw new Error('nothing is followed')
      const alerts = followers.map(({ database }) => listAlerts(database, ALERTS_MAX))
      expect(alerts[1], where).toEqual(alerts[0])
      expect(alerts[2], where).toEqual(alerts[0])
      expect(outcomes[1]?.waitingCount, where).toBe(0)
      expectNoneDue(screened, head)
      tally.heads += 1
      tally.reorgs += Number((outcomes[0]?.reorgDepth ?? 0n) > 0n)
      tally.positions += outcomes[1]?.screenedCount ?? 0
      tally.exact += outcomes[1]?.exactCount ?? 0
      tally.waited += outcomes[2]?.waitingCount ?? 0
      if (block % 10 === 0) {
        expect(historyOf(screened, world), where).toEqual(historyOf(exact, world))
        compareRanking(screened, head)
      }
      if (!random.chance(0.05)) continue
      for (const [index, follower] of followers.entries()) {
        follower.database.$client.close()
        followers[index] = reopened(index)
      }
    }
    const [exact] = followers
    tally.alerts += exact ? listAlerts(exact.database, ALERTS_MAX).length : 0
    tally.snapshots += exact ? historyOf(exact, world).flat().length : 0
    for (const { database } of followers) database.$client.close()
    for (const file of files) rmSync(file)
  }
  rmSync(folder, { recursive: true })
  console.log(`screen: ${JSON.stringify(tally)}`)
  expect(tally.exact).toBeLessThan(tally.positions * 0.75)
  expect(Math.min(tally.reorgs, tally.alerts, tally.waited)).toBeGreaterThan(SEEDS)
})
