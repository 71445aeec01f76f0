// Every protocol that can stand on the local chain, on one chain and in one book, through activity, reorgs and faults.
import { existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Address } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resolveConfig } from '../../src/app/config/config.ts'
import type { Assessment } from '../../src/model/assessment.ts'
import type { BlockRef } from '../../src/model/block.ts'
import { assessAll } from '../../src/monitor/assessing.ts'
import type { CatalogueOptions } from '../../src/monitor/catalogue.ts'
import { type Follower, runCycle } from '../../src/monitor/cycle.ts'
import { syncTo } from '../../src/monitor/follow.ts'
import { type OnDemand, readAccounts } from '../../src/monitor/on-demand.ts'
import type { Wanted } from '../../src/monitor/track.ts'
import { UnknownKeyError } from '../../src/protocols/unknown-key.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import type { DeployLocal, LocalProtocol } from '../devnet/local-protocol.ts'
import { type ProviderProxy, startProxy } from '../devnet/proxy.ts'
import { createRandom } from '../devnet/random.ts'
import { withoutQueue } from '../support/assessments.ts'
import { chainAt, closeFollower, followDevnet } from '../support/follower.ts'
import { compareScreen, type Rows } from '../support/screen-following.ts'
import { sized } from '../support/size.ts'
import { marketStored, positionStored } from '../support/stored.ts'

const DEVNET = join(import.meta.dirname, '..', 'devnet')
const ACCOUNTS = 12
const BLOCKS = sized(12, 120)
const REORG_EVERY = 5
const REORG_DEPTH_MAX = 4
const READ_ROUNDS_MAX = 12

/** Cycles in which what fails without a word is still asked for alone, once, to tell it from what was starved of gas. */
const SETTLING_BLOCKS = 2

/** A log that names a contract nobody knew, as a new price source, costs a round more, once: rare, and none among few blocks. */
const SURPRISE_EVERY = 40

/** What a cycle may ask, however many protocols are followed. */
const CYCLE = { eth_getBlockByNumber: 1, eth_getLogs: 1, eth_call: 1 }

const locals = readdirSync(DEVNET).filter((name) => existsSync(join(DEVNET, name, 'conformance.ts')))
const random = createRandom(7)

let devnet: Devnet
let proxy: ProviderProxy
let accounts: readonly Address[]
const protocols: LocalProtocol[] = []
let wanted: readonly Wanted[]
let follower: Follower

const storeFile = (): string => join(mkdtempSync(join(tmpdir(), 'plimsoll-conformance-')), 'c.db')

/** What `check` finds of the accounts, without a book and without memory. */
const check = async (of: readonly Wanted[]): Promise<OnDemand> => {
  const { cursor } = follower.book
  if (!cursor) throw new Error('nothing was followed')
  const catalogue: CatalogueOptions = {
    store: { load: () => undefined, save: () => undefined },
    reorgDepthMax: 0,
    onProgress: () => undefined,
  }
  const chain = chainAt(devnet.url, devnet.chainId)
  const found = await readAccounts(chain, cursor, of, accounts, READ_ROUNDS_MAX, catalogue)
  chain.close()
  return found
}

const sync = async (one: Follower): Promise<void> =>
  syncTo(one, await one.chain.head(), () => undefined, new AbortController().signal)

/** By position id, without the order in which they were found. */
const byId = (assessments: readonly Assessment[]): readonly Assessment[] =>
  [...assessments].sort((a, b) => (a.id < b.id ? -1 : 1))

const cursorOf = ({ book: { cursor } }: Follower): BlockRef => {
  if (!cursor) throw new Error('nothing was followed')
  return cursor
}

const assessmentsOf = (one: Follower): readonly Assessment[] =>
  byId(assessAll(one.book.tracked, cursorOf(one)))

/** A book that begins at the head. */
const freshly = async <T>(look: (fresh: Follower) => T): Promise<T> => {
  const fresh = await followDevnet(devnet, storeFile(), { wanted })
  await sync(fresh)
  const seen = look(fresh)
  closeFollower(fresh)
  return seen
}

beforeAll(async () => {
  devnet = await startDevnet()
  proxy = await startProxy(devnet.url, {})
  accounts = Array.from({ length: ACCOUNTS }, (_, index) => devnet.account(index))
  for (const local of locals) {
    const { deploy } = (await import(join(DEVNET, local, 'conformance.ts'))) as { deploy: DeployLocal }
    protocols.push(await deploy(devnet, random, accounts))
  }
  wanted = protocols.map((one) => one.wanted)
  follower = await followDevnet(devnet, storeFile(), { url: proxy.url, wanted })
  await sync(follower)
})
afterAll(async () => {
  closeFollower(follower)
  await proxy.stop()
  await devnet.stop()
})

test('every protocol has loans that are assessed', () => {
  const assessed = assessmentsOf(follower).filter(({ kind }) => kind === 'assessed')
  const found = new Set(assessed.map(({ protocol }) => protocol))
  expect([...found].sort()).toEqual(wanted.map(({ deployment }) => deployment.protocol).sort())
})

describe('through activity and reorgs', () => {
  test('each cycle is a header, logs and one call, no audit differs, and the screen holds every health', async () => {
    let surprises = 0
    let screened = 0
    const rows: Rows = new Map()
    for (let block = 1; block <= BLOCKS; block++) {
      await random.pick(protocols).stir()
      const isReorg = block % REORG_EVERY === 0
      if (isReorg)
        await devnet.reorg(random.integer(1, REORG_DEPTH_MAX), {
          replace: () => random.pick(protocols).stir(),
          extraBlocks: 1,
        })
      proxy.reset()
      const outcome = await runCycle(follower, await follower.chain.head())
      expect(outcome).toMatchObject({ kind: 'committed', mismatches: [] })
      for (const tracked of follower.book.tracked)
        screened += compareScreen(rows, tracked, cursorOf(follower))
      if (isReorg || block <= SETTLING_BLOCKS || outcome.kind !== 'committed') continue
      expect(proxy.counts()).toEqual({ ...CYCLE, eth_call: outcome.roundCount })
      if (outcome.roundCount > 1) surprises += 1
    }
    expect(surprises).toBeLessThanOrEqual(BLOCKS / SURPRISE_EVERY)
    expect(screened).toBeGreaterThan(0)
  })

  test('the book equals a fresh read', async () => {
    await sync(follower)
    expect(await freshly(assessmentsOf)).toEqual(assessmentsOf(follower))
  })

  test('every debt is in the book', () => {
    for (const { adapter, mirror } of follower.book.tracked) {
      const block = follower.book.cursor
      if (!block) throw new Error('nothing was followed')
      const { mintedBesides = [] } = protocols.find(({ wanted: one }) => one.adapter === adapter) ?? {}
      const rows = adapter.coverage(mirror, block).filter(({ symbol }) => !mintedBesides.includes(symbol))
      expect(rows.length).toBeGreaterThan(0)
      for (const { ppm, market, symbol } of rows)
        expect(Math.abs(ppm - 1_000_000), `${market} ${symbol}: ${ppm} ppm`).toBeLessThanOrEqual(1)
    }
  })

  test('`check` finds the same without a book', async () => {
    const { assessments, failures } = await check(wanted)
    expect(failures).toEqual([])
    const ours = assessmentsOf(follower).filter(({ owner }) => accounts.includes(owner))
    const known = new Set(ours.map(({ id }) => id))
    const found = byId(assessments.filter(({ id }) => known.has(id)))
    expect(found.map(withoutQueue)).toEqual(ours.map(withoutQueue))
    const others = assessments.filter(({ id }) => !known.has(id))
    expect(others.filter((one) => one.kind === 'assessed' && one.phase !== 'no-debt')).toEqual([])
  })

  test('all state survives the store', () => {
    for (const { mirror } of follower.book.tracked) {
      for (const market of mirror.markets.values()) expect(marketStored(market)).toStrictEqual(market)
      for (const position of mirror.positions.values())
        expect(positionStored(position)).toStrictEqual(position)
    }
  })

  test('a key that no version wrote is a clear error', () => {
    for (const { adapter, mirror } of follower.book.tracked)
      expect(() => adapter.reads(mirror, ['no such key'], 'many')).toThrow(UnknownKeyError)
  })
})

test('a fork is one entry: what its deployments name, configuration knows', async () => {
  for (const { adapter, deployment } of wanted) {
    const fork = { ...deployment, deployment: 'fork' }
    const withFork = { ...adapter, deployments: [...adapter.deployments, fork] }
    const chain = {
      id: devnet.chainId,
      follow: 'watched',
      markets: [`${adapter.protocol}:fork`],
      unreachableSecondsMax: 60,
    } as const
    const input = { store: { file: '' }, chains: [chain], watch: [], receivers: [] }
    const [config] = resolveConfig([withFork], input as never).chains
    const found = await check(config?.wanted ?? [])
    const known = new Set(found.assessments.map(({ id }) => id.replace(':fork:', ':main:')))
    const ours = assessmentsOf(follower).filter((one) => one.protocol === adapter.protocol)
    expect([adapter.protocol, found.failures]).toEqual([adapter.protocol, []])
    expect(known.size).toBeGreaterThan(0)
    expect(ours.filter(({ id, owner }) => accounts.includes(owner) && !known.has(id))).toEqual([])
  }
})

test('a broken market is contained: the rest is assessed, and a cycle costs no more', async () => {
  const quiet = await followDevnet(devnet, storeFile(), {
    url: proxy.url,
    wanted,
    limits: { auditsPerHead: 0 },
  })
  await sync(quiet)
  const next = async (): Promise<void> => {
    await devnet.mine()
    await runCycle(quiet, await quiet.chain.head())
  }
  for (const { wanted: own, breakOne } of protocols) {
    const isOwn = ({ protocol }: Assessment): boolean => protocol === own.deployment.protocol
    const before = assessmentsOf(quiet).filter((one) => one.kind === 'assessed')
    await breakOne()
    await next()
    const after = assessmentsOf(quiet)
    const broken = after.filter(({ kind }) => kind === 'unassessable').map(({ id }) => id)
    expect(before.filter((one) => isOwn(one) && broken.includes(one.id)).length).toBeGreaterThan(0)
    expect(after.filter((one) => isOwn(one) && one.kind === 'assessed').length).toBeGreaterThan(0)
    expect(before.filter((one) => !isOwn(one) && broken.includes(one.id)).map(({ id }) => id)).toEqual([])
    proxy.reset()
    await next()
    expect(proxy.counts()).toEqual(CYCLE)
  }
  closeFollower(quiet)
})
