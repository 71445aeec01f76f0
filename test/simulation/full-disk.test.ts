// A disk that is full, then not: cycles that cannot be written change nothing, and what follows is as if nothing had happened.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDeliverer, defaultDeliveryLimits } from '../../src/alerts/deliver.ts'
import { notifierOf } from '../../src/alerts/notifiers/index.ts'
import { openChain } from '../../src/app/chains.ts'
import { nowMs, sleep } from '../../src/app/clock.ts'
import { runChain } from '../../src/app/follow-chain.ts'
import { createLog } from '../../src/app/log.ts'
import { createNotifying } from '../../src/app/notifying.ts'
import { engineOf } from '../../src/app/watch.ts'
import { loadContext } from '../../src/cli/context.ts'
import { assessAll } from '../../src/monitor/assessing.ts'
import { type Follower, runCycle } from '../../src/monitor/cycle.ts'
import { type FollowEvent, syncTo } from '../../src/monitor/follow.ts'
import { type Database, DatabaseFullError, openDatabase } from '../../src/store/database.ts'
import { randomAccount } from '../devnet/aave-v3/random-account.ts'
import { createActivity } from '../devnet/aave-v3/random-activity.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { createRandom } from '../devnet/random.ts'
import type { Snapshot } from '../devnet/snapshots.ts'
import { closeFollower, followDevnet } from '../support/follower.ts'
import { outboxOf } from '../support/outbox.ts'
import { sized } from '../support/size.ts'
import { until } from '../support/until.ts'
import { startReceiver } from '../support/webhook.ts'
import { createWorkspace } from '../support/workspace.ts'

const ACCOUNTS = 24
const ROUNDS = sized(3, 12)
const FAILURES_PER_ROUND = 4
const REORG_DEPTH = 3
const SINCE_LONG_AGO_MS = 1_500

let devnet: Devnet
let untouched: Snapshot
beforeAll(async () => {
  devnet = await startDevnet()
  untouched = await devnet.snapshot()
})
afterAll(() => devnet.stop())

const never = new AbortController().signal
const folder = (): string => mkdtempSync(join(tmpdir(), 'plimsoll-full-'))

/** From now on the database takes only what fits into the pages that it has; undefined lifts that. */
const limitPages = ({ $client: client }: Database, isFull: boolean): void => {
  const pages = isFull ? client.pragma('page_count', { simple: true }) : 0xfffffffe
  client.pragma(`max_page_count = ${pages}`)
}

/** A position without assets that it neither has nor owes, which stay for whoever saw them touched. */
const withoutNothing = (position: object): object => {
  const { legs } = position as { legs: Readonly<Record<string, Readonly<Record<string, unknown>>>> }
  const held = Object.entries(legs).filter(([, leg]) => Object.values(leg).some((amount) => amount !== 0n))
  return { ...position, legs: Object.fromEntries(held) }
}

/** All that memory has of a book; without what may differ between followers of the same chain where `isExact` is false. */
const memoryOf = ({ book }: Follower, isExact: boolean) => ({
  cursor: book.cursor,
  tracked: book.tracked.map(({ mirror, pending, retries, discovery }) => ({
    positions: new Map(
      [...mirror.positions].map(([key, { asOf, ...rest }]) => [
        key,
        isExact ? { asOf, ...rest } : withoutNothing(rest),
      ]),
    ),
    markets: new Map(mirror.markets),
    prices: new Map(mirror.prices),
    pending: new Set(pending),
    retries: new Set(retries),
    discovery: isExact ? discovery : undefined,
  })),
})

test(`${ROUNDS} times full: a failed cycle changes nothing, and the next that fits catches up`, async () => {
  const random = createRandom(21)
  const specs = Array.from({ length: ACCOUNTS }, (_, index) => randomAccount(random, devnet.account(index)))
  await devnet.openAccounts(specs.slice(0, ACCOUNTS / 2), { tolerateReverts: true })
  const follower = await followDevnet(devnet, join(folder(), 'f.db'))
  const calm = await followDevnet(devnet, join(folder(), 'calm.db'))
  const { chain, database } = follower
  for (const one of [follower, calm]) await syncTo(one, await chain.head(), () => undefined, never)
  await devnet.openAccounts(specs.slice(ACCOUNTS / 2), { tolerateReverts: true })
  // No reorg reaches down to them.
  await devnet.mine({ blocks: REORG_DEPTH })
  const activity = createActivity(random, specs, { configuration: true })
  let [failed, committed] = [0, 0]
  for (let round = 0; round < ROUNDS; round++) {
    limitPages(database, true)
    const reorgAt = failed + 1
    let [failures, isReorged] = [0, false]
    while (failures < FAILURES_PER_ROUND) {
      const { actions, seconds } = activity.next()
      await devnet.act(actions, { tolerateReverts: true, seconds })
      if (failed === reorgAt && !isReorged) {
        isReorged = true
        await devnet.reorg(REORG_DEPTH, { extraBlocks: 1 })
      }
      await runCycle(calm, await calm.chain.head())
      const before = memoryOf(follower, true)
      const cycle = runCycle(follower, await chain.head())
      const error = await cycle.then(() => undefined).catch((thrown: unknown) => thrown)
      if (error === undefined) {
        committed += 1
        continue
      }
      expect(error).toBeInstanceOf(DatabaseFullError)
      expect(error).toMatchObject({
        message: expect.stringMatching(/f\.db.*full/),
        remedy: expect.stringContaining('Free space'),
      })
      expect(memoryOf(follower, true)).toEqual(before)
      failures += 1
      failed += 1
    }
    limitPages(database, false)
    await devnet.mine()
    await runCycle(calm, await calm.chain.head())
    const outcome = await runCycle(follower, await chain.head())
    expect(outcome).toMatchObject({ kind: 'committed', mismatches: [] })
  }
  const fresh = await followDevnet(devnet, join(folder(), 'fresh.db'))
  await syncTo(fresh, await fresh.chain.head(), () => undefined, never)
  expect(memoryOf(follower, false)).toEqual(memoryOf(calm, false))
  const head = await chain.head()
  expect(assessAll(follower.book.tracked, head)).toEqual(assessAll(fresh.book.tracked, head))
  const reopened = await followDevnet(devnet, database.$client.name)
  expect(memoryOf(reopened, false)).toEqual(memoryOf(follower, false))
  console.log(`full disk: ${failed} cycles failed without a trace, ${committed} fitted in all the same`)
  for (const one of [follower, calm, fresh, reopened]) closeFollower(one)
})

test('finding borrowers goes on where it was', async () => {
  const follower = await followDevnet(devnet, join(folder(), 'd.db'))
  const { chain, database } = follower
  await runCycle(follower, await chain.head(), { read: chain.read, backlogKeysMax: 0 })
  database.$client.pragma('query_only = ON')
  const before = memoryOf(follower, true)
  const sync = async (): Promise<void> => syncTo(follower, await chain.head(), () => undefined, never)
  await devnet.mine()
  await expect(sync()).rejects.toThrow(DatabaseFullError)
  expect(memoryOf(follower, true)).toEqual(before)
  database.$client.pragma('query_only = OFF')
  await sync()
  expect(follower.book.tracked[0]?.mirror.positions.size).toBeGreaterThan(ACCOUNTS / 2)
  closeFollower(follower)
})

test('the daemon outlives it, says so, and loses no notification', async () => {
  // What happened by chance before may have changed what a loan can bear.
  await devnet.revert(untouched)
  const hook = await startReceiver()
  const account = devnet.account(500)
  await devnet.openAccount({
    account,
    supplies: { WETH: 10n ** 18n },
    borrows: { USDC: ((await devnet.price('WETH')) * 4n) / 1_000n },
  })
  const { configFile } = createWorkspace(devnet, {
    rpc: [devnet.url],
    watch: [{ account }],
    webhook: { url: hook.url },
    chain: { unreachableSecondsMax: 1 },
  })
  const { config } = loadContext({ config: configFile })
  const [chainConfig] = config.chains
  if (!chainConfig) throw new Error('no chain is configured')
  const database = openDatabase(config.storeFile)
  const stop = new AbortController()
  const deliverer = createDeliverer({
    outbox: outboxOf(database),
    notifiers: new Map([
      [
        'hook',
        notifierOf({ name: 'hook', webhook: { url: hook.url } }, { nowMs, writeLine: () => undefined }),
      ],
    ]),
    limits: defaultDeliveryLimits,
    ...{ nowMs, sleep, random: Math.random, onEvent: () => undefined },
  })
  const events: FollowEvent[] = []
  const log = createLog({ level: 'error', secrets: [], isPretty: false, write: () => undefined })
  const running = runChain(
    {
      ...{ config, chainConfig, database, engine: engineOf(config), chain: openChain(chainConfig) },
      watched: [account],
      log,
      notifying: createNotifying(log, deliverer.kick),
      onFollower: () => undefined,
      onNotifications: deliverer.kick,
      onEvent: (event) => events.push(event),
    },
    stop.signal,
  )
  const delivering = deliverer.run(stop.signal)
  const block = async (): Promise<bigint> => BigInt((await devnet.head()).number)
  const isAt = (number: bigint): boolean =>
    events.some(
      (one) => one.kind === 'cycle' && one.outcome.kind === 'committed' && one.outcome.head.number === number,
    )
  const errors = () => events.flatMap((one) => (one.kind === 'error' ? [one.error] : []))
  const said = () =>
    hook.received.map(({ body }) => `${body.rule} ${body.status} ${body.labels['account'] ?? ''}`)
  const start = await block()
  await until('it follows', () => isAt(start))

  const fullSinceMs = nowMs()
  database.$client.pragma('query_only = ON')
  await devnet.movePrice('WETH', 0.45)
  await until(
    'it has failed for long',
    () => errors().length > 3 && nowMs() - fullSinceMs > SINCE_LONG_AGO_MS,
  )
  expect(errors().every((error) => error instanceof DatabaseFullError)).toBe(true)
  expect(said().filter((text) => text.includes(account))).toEqual([])

  database.$client.pragma('query_only = OFF')
  const end = await block()
  await until('it follows again', () => isAt(end))
  await until('the alert has come', () => said().includes(`Liquidatable firing ${account}`))
  expect(said().filter((text) => text === `Liquidatable firing ${account}`)).toHaveLength(1)
  expect(new Set(hook.received.map(({ body }) => body.id)).size).toBe(hook.received.length)
  stop.abort()
  await Promise.all([running, delivering])
  database.$client.close()
  await hook.stop()
})
