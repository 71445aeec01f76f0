// The past recomputed from the store against the contracts' own views, called at the same blocks.
import { existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Address } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BlockRef } from '../../src/model/block.ts'
import { formatPositionId, parsePositionId } from '../../src/model/ids.ts'
import { type Follower, runCycle } from '../../src/monitor/cycle.ts'
import { syncTo } from '../../src/monitor/follow.ts'
import { assessAt } from '../../src/monitor/past.ts'
import { registry } from '../../src/protocols/registry.ts'
import { pastState } from '../../src/store/history.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import type { DeployLocal, LocalProtocol } from '../devnet/local-protocol.ts'
import { createRandom } from '../devnet/random.ts'
import { closeFollower, followDevnet } from '../support/follower.ts'
import { sized } from '../support/size.ts'

const DEVNET = join(import.meta.dirname, '..', 'devnet')
const ACCOUNTS = 10
const BLOCKS = sized(30, 200)
const PAIRS = sized(200, 2_000)
const REORG_EVERY = 7
const REORG_DEPTH_MAX = 4

const locals = readdirSync(DEVNET).filter((name) => existsSync(join(DEVNET, name, 'conformance.ts')))
const random = createRandom(23)

let devnet: Devnet
let accounts: readonly Address[]
let follower: Follower
const protocols: LocalProtocol[] = []
/** Heads of committed cycles that are still on the chain, with the positions that were in the book. */
const seen = new Map<bigint, { readonly block: BlockRef; readonly ids: ReadonlySet<string> }>()

const note = (): void => {
  const { cursor, tracked } = follower.book
  if (!cursor) throw new Error('nothing was followed')
  const ids = tracked.flatMap(({ mirror }) =>
    [...mirror.positions.values()].map(({ id }) => formatPositionId(id)),
  )
  seen.set(cursor.number, { block: cursor, ids: new Set(ids) })
}

const forgetAbove = (number: bigint): void => {
  for (const at of seen.keys()) if (at > number) seen.delete(at)
}

beforeAll(async () => {
  devnet = await startDevnet({ stateBlocksMax: 5_000 })
  accounts = Array.from({ length: ACCOUNTS }, (_, index) => devnet.account(index))
  for (const local of locals) {
    const { deploy } = (await import(join(DEVNET, local, 'conformance.ts'))) as { deploy: DeployLocal }
    protocols.push(await deploy(devnet, random, accounts))
  }
  const file = join(mkdtempSync(join(tmpdir(), 'plimsoll-history-')), 'h.db')
  follower = await followDevnet(devnet, file, { wanted: protocols.map(({ wanted }) => wanted) })
  await syncTo(follower, await follower.chain.head(), () => undefined, new AbortController().signal)
  note()
})
afterAll(async () => {
  closeFollower(follower)
  await devnet.stop()
})

test(`${PAIRS} positions at observed blocks are what the contracts said then`, async () => {
  for (let block = 1; block <= BLOCKS; block++) {
    await random.pick(protocols).stir()
    if (block % REORG_EVERY === 0)
      await devnet.reorg(random.integer(1, REORG_DEPTH_MAX), {
        replace: () => random.pick(protocols).stir(),
        extraBlocks: 1,
      })
    const before = follower.book.cursor?.number ?? 0n
    const outcome = await runCycle(follower, await follower.chain.head())
    if (outcome.kind !== 'committed') continue
    forgetAbove(before - outcome.reorgDepth)
    note()
  }
  const { database, chain, book } = follower
  for (const [number, { block }] of seen)
    expect((await chain.header(number))?.hash, `block ${number}`).toBe(block.hash)

  const blocks = [...seen.values()]
  const counts: Record<string, number> = {}
  for (let pair = 0; pair < PAIRS; pair++) {
    const { block, ids } = random.pick(blocks)
    const id = random.pick([...ids])
    const past = assessAt(database, registry, parsePositionId(id), block.number)
    if (past.kind !== 'assessed') throw new Error(`${id} at block ${block.number}: ${past.kind}`)
    const { assessment } = past
    expect(assessment.block).toEqual(block)
    const { deployment, market, account } = parsePositionId(id)
    const tracked = book.tracked.find(
      ({ mirror }) =>
        mirror.deployment.protocol === assessment.protocol && mirror.deployment.deployment === deployment,
    )
    if (!tracked) throw new Error(`${id} is not followed`)
    const state = pastState(database, tracked.id, tracked.mirror.deployment, block.number)
    const [then, position] = [state.market(market), state.position(`${market}:${account}`)]
    if (!then || !position) throw new Error(`${id} at block ${block.number} has no state`)
    const audit = tracked.adapter.audit(then, position)
    const { results } = await chain.read(block, audit.calls)
    const differences = audit.compare(results, assessment)
    if (differences) expect(differences, `${id} at block ${block.number}`).toEqual([])
    const kind = `${assessment.protocol} ${differences ? 'compared' : assessment.kind}`
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  console.log(`history: ${blocks.length} blocks, ${PAIRS} pairs, 0 differences ${JSON.stringify(counts)}`)
  for (const { wanted } of protocols)
    expect(counts[`${wanted.deployment.protocol} compared`], wanted.deployment.protocol).toBeGreaterThan(0)
})

test('positions that were not there yet, and blocks that were not observed, are not made up', () => {
  const { database, book } = follower
  const [first] = [...seen.keys()].sort((a, b) => Number(a - b))
  const [id] = seen.get(first ?? 0n)?.ids ?? []
  if (first === undefined || id === undefined) throw new Error('nothing was seen')
  const before = assessAt(database, registry, parsePositionId(id), first - 1n)
  expect(before).toMatchObject({ kind: 'unobserved', after: { number: first } })
  const stranger = `${id.slice(0, id.lastIndexOf(':'))}:0x0000000000000000000000000000000000000001`
  expect(assessAt(database, registry, parsePositionId(stranger), first)).toMatchObject({
    kind: 'unknown-position',
    block: { number: first },
  })
  const beyond = assessAt(database, registry, parsePositionId(id), (book.cursor?.number ?? 0n) + 5n)
  expect(beyond).toMatchObject({ kind: 'unobserved', after: undefined })
})
