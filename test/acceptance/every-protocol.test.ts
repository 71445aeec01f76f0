// All protocols of the registry on one chain, recorded from their real contracts: one borrower, one watcher, the cost of one.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Address } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assessAll } from '../../src/monitor/assessing.ts'
import { type Follower, runCycle } from '../../src/monitor/cycle.ts'
import { syncTo } from '../../src/monitor/follow.ts'
import { registry } from '../../src/protocols/registry.ts'
import { type ProviderProxy, startProxy } from '../devnet/proxy.ts'
import { type Fixture, readFixture, wantedIn } from '../replay/fixture.ts'
import { type RecordedNode, startRecordedNode } from '../replay/node.ts'
import { cli } from '../support/cli.ts'
import { startDaemon } from '../support/daemon.ts'
import { chainAt, closeFollower, followOn } from '../support/follower.ts'
import { until } from '../support/until.ts'
import { writeWorkspace } from '../support/workspace.ts'

const FIXTURE = join(import.meta.dirname, '..', 'replay', 'fixtures', 'every-protocol.json.gz')
const PROTOCOLS = registry.map(({ protocol }) => protocol).sort()
const CYCLES = 20
/** Cycles in which audits and much activity need more gas than one call lends: 3 + ⌈gas ÷ cap⌉ − 1 requests. */
const SPLIT_MAX = 2
/** Cycles in which feeds break that answer nothing: each is asked alone, once, to tell it from one that was starved of gas. */
const SILENCES_MAX = 1

let fixture: Fixture
let node: RecordedNode
let proxy: ProviderProxy
let follower: Follower

const folder = (): string => mkdtempSync(join(tmpdir(), 'plimsoll-every-'))

/** As a user would describe it. */
const configOf = (follow: 'book' | 'watched', url: string) =>
  writeWorkspace({
    chains: [
      {
        id: fixture.deployments[0]?.chainId,
        rpc: [url],
        pollIntervalMs: 100,
        follow,
        markets: fixture.deployments.map(({ chainId: _, fromBlock, ...described }) => ({
          ...described,
          fromBlock: Number(fromBlock),
        })),
      },
    ],
    watch: [],
  })

const loansOf = (account: Address) => {
  const { tracked, cursor } = follower.book
  if (!cursor) throw new Error('nothing was followed')
  return assessAll(tracked, cursor).filter(
    (one) => one.owner === account && (one.kind === 'unassessable' || one.phase !== 'no-debt'),
  )
}

/** Somebody who borrows everywhere. */
const everybodysDebtor = (): Address => {
  const found = fixture.accounts.find(
    (account) => new Set(loansOf(account).map(({ protocol }) => protocol)).size === PROTOCOLS.length,
  )
  if (!found) throw new Error('nobody borrows from every protocol')
  return found
}

beforeAll(async () => {
  fixture = readFixture(FIXTURE)
  node = await startRecordedNode(fixture)
  proxy = await startProxy(node.url)
  const chainId = fixture.deployments[0]?.chainId ?? 0
  follower = await followOn(chainAt(proxy.url, chainId), join(folder(), 'e.db'), wantedIn(fixture))
  await syncTo(follower, await follower.chain.head(), () => undefined, new AbortController().signal)
})
afterAll(async () => {
  closeFollower(follower)
  await proxy.stop()
  await node.stop()
})

test('the recording holds every protocol of the registry', () => {
  expect(fixture.deployments.map(({ protocol }) => protocol).sort()).toEqual(PROTOCOLS)
})

test('one watcher follows them all with a header, logs and one call a cycle', async () => {
  const costs: string[] = []
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    const head = node.next()
    proxy.reset()
    const outcome = await runCycle(follower, await follower.chain.head())
    expect(outcome).toMatchObject({ kind: 'committed', mismatches: [], roundCount: 1 })
    expect(follower.book.cursor?.hash).toBe(head?.hash)
    costs.push(JSON.stringify(proxy.counts()))
  }
  const usual = JSON.stringify({ eth_getBlockByNumber: 1, eth_getLogs: 1, eth_call: 1 })
  const split = JSON.stringify({ eth_getBlockByNumber: 1, eth_getLogs: 1, eth_call: 2 })
  expect(costs.filter((cost) => cost === split).length).toBeLessThanOrEqual(SPLIT_MAX)
  expect(costs.filter((cost) => cost !== usual && cost !== split).length).toBeLessThanOrEqual(SILENCES_MAX)
})

test('one `check` shows a borrower’s loans in all of them, at one block, without a book', async () => {
  const account = everybodysDebtor()
  const { configFile, folder: home } = configOf('watched', proxy.url)
  const args = ['check', account, '--config', configFile]
  const env = { PLIMSOLL_CACHE: home }
  const { stdout } = await cli([...args, '--json'], { env })
  const [{ positions, block }] = JSON.parse(stdout).chains
  const found = positions.filter(({ phase }: { phase?: string }) => phase !== 'no-debt')
  expect([...new Set(found.map(({ protocol }: { protocol: string }) => protocol))].sort()).toEqual(PROTOCOLS)
  expect(JSON.parse(stdout).failures).toEqual([])
  expect(block.hash).toBe(follower.book.cursor?.hash)
  const healths = (list: readonly object[]) =>
    list
      .map((one) => [(one as { id: string }).id, String((one as { healthFactor?: bigint }).healthFactor)])
      .sort()
  expect(healths(found)).toEqual(healths(loansOf(account)))
  const { stdout: text } = await cli(args, { env })
  for (const protocol of PROTOCOLS) expect(text).toContain(`${protocol}:`)
})

test('`watch` keeps the same book', async () => {
  const own = await startRecordedNode(fixture)
  const { configFile } = configOf('book', own.url)
  const daemon = startDaemon(configFile)
  const positions = async () => {
    const { stdout } = await cli(['positions', '--limit', '10000', '--json', '--config', configFile])
    return stdout === '' ? undefined : JSON.parse(stdout)
  }
  await until('every borrower is read', async () => (await positions())?.blocks[0]?.isComplete === true)
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    const head = String(own.next()?.number)
    await until(`block ${head} is followed`, () =>
      daemon.lines().some(({ event, block }) => event === 'cycle' && block === head),
    )
  }
  expect(await daemon.stop()).toBe(0)
  const stored = (await positions()).positions.map(
    ({ id, healthFactor }: { id: string; healthFactor?: string }) => [id, healthFactor],
  )
  await own.stop()
  const { tracked, cursor } = follower.book
  const ours = cursor ? assessAll(tracked, cursor) : []
  expect(stored.sort()).toEqual(
    ours.map((one) => [one.id, one.kind === 'assessed' ? String(one.healthFactor) : undefined]).sort(),
  )
})
