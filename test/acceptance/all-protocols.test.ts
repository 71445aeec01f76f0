// One borrower, one watcher, every protocol of a chain: together, exact, and at the cost of one.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assessAll } from '../../src/monitor/assessing.ts'
import { runCycle } from '../../src/monitor/cycle.ts'
import { syncTo } from '../../src/monitor/follow.ts'
import { type AllProtocols, startAllProtocols } from '../devnet/all-protocols.ts'
import { type ProviderProxy, startProxy } from '../devnet/proxy.ts'
import { cli } from '../support/cli.ts'
import { followDevnet } from '../support/follower.ts'
import { createWorkspace } from '../support/workspace.ts'

const PROVIDER = { callGasMax: 50_000_000, answerBytesMax: 10 * 2 ** 20, logRangeMax: 1_000 }
const PROTOCOLS = ['aave-v3', 'compound-v2', 'morpho-blue', 'venus-core']

let all: AllProtocols
let proxy: ProviderProxy
beforeAll(async () => {
  all = await startAllProtocols()
  proxy = await startProxy(all.devnet.url, PROVIDER)
  for (let index = 0; index < 5; index++) await all.borrowEverywhere(all.devnet.account(index))
}, 120_000)
afterAll(async () => {
  await proxy.stop()
  await all.devnet.stop()
})

type Found = {
  protocol: string
  kind: string
  healthFactor: string
  usd: object | null
  block: { hash: string }
}

const check = async (): Promise<{ exitCode: number | null; positions: readonly Found[]; text: string }> => {
  const { configFile } = createWorkspace(all.devnet, {
    rpc: [proxy.url],
    chain: { markets: all.described },
  })
  const args = ['check', all.devnet.account(0), '--config', configFile]
  const env = { PLIMSOLL_CACHE: mkdtempSync(join(tmpdir(), 'plimsoll-cache-')) }
  const { stdout, exitCode } = await cli([...args, '--json'], { env })
  const { stdout: text } = await cli(args, { env })
  const positions: readonly Found[] = JSON.parse(stdout).chains[0].positions
  return { exitCode, text, positions: [...positions].sort((a, b) => (a.protocol < b.protocol ? -1 : 1)) }
}

test('check shows one borrower’s loans on all of them, at one block, without a book', async () => {
  const { exitCode, positions, text } = await check()
  expect(positions.map(({ protocol }) => protocol)).toEqual(PROTOCOLS)
  expect(positions.every(({ kind }) => kind === 'assessed')).toBe(true)
  expect(new Set(positions.map(({ block }) => block.hash)).size).toBe(1)
  expect(positions.find(({ protocol }) => protocol === 'morpho-blue')?.usd).toMatchObject({ debt: '1000.00' })
  expect(exitCode).toBe(0)
  for (const protocol of PROTOCOLS) expect(text).toContain(`${protocol}:main`)
})

test('one watcher follows them all with a header, logs and one call a cycle', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-all-'))
  const follower = await followDevnet(all.devnet, join(folder, 'a.db'), {
    url: proxy.url,
    wanted: all.wanted,
  })
  await syncTo(follower, await follower.chain.head(), () => undefined, new AbortController().signal)
  const counts = follower.book.tracked.map(({ mirror }) => mirror.positions.size)
  expect(counts.every((count) => count >= 5)).toBe(true)
  for (let cycle = 0; cycle < 4; cycle++) {
    await all.devnet.movePrice('WETH', 0.99)
    await all.borrowEverywhere(all.devnet.account(cycle % 2 === 0 ? cycle : 10 + cycle))
    proxy.reset()
    const outcome = await runCycle(follower, await follower.chain.head())
    expect(outcome).toMatchObject({ kind: 'committed', mismatches: [], auditCount: 2, roundCount: 1 })
    expect(proxy.counts()).toEqual({ eth_getBlockByNumber: 1, eth_getLogs: 1, eth_call: 1 })
  }
  follower.chain.close()
  follower.database.$client.close()
})

test('a watcher of accounts and a reader of one agree with the book', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-all-'))
  const account = all.devnet.account(0)
  const mirrors = await Promise.all(
    [undefined, [account]].map(async (watched) => {
      const follower = await followDevnet(all.devnet, join(folder, `${watched ? 'w' : 'b'}.db`), {
        url: all.devnet.url,
        wanted: all.wanted,
        ...(watched ? { watched } : {}),
      })
      await syncTo(follower, await follower.chain.head(), () => undefined, new AbortController().signal)
      const { tracked, cursor } = follower.book
      if (!cursor) throw new Error('nothing was committed')
      const own = assessAll(tracked, cursor).filter(({ owner }) => owner === account)
      follower.chain.close()
      follower.database.$client.close()
      return own.map((one) => (one.kind === 'assessed' ? [one.id, one.healthFactor, one.debtValue] : one))
    }),
  )
  expect(mirrors[0]).toHaveLength(PROTOCOLS.length)
  expect(mirrors[1]).toEqual(mirrors[0])
})
