// What a cycle costs, counted by a proxy with a provider's limits.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CycleOutcome, runCycle } from '../../src/monitor/cycle.ts'
import { syncTo } from '../../src/monitor/follow.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { type ProviderProxy, startProxy } from '../devnet/proxy.ts'
import { cli } from '../support/cli.ts'
import { startDaemon } from '../support/daemon.ts'
import { followDevnet } from '../support/follower.ts'
import { until } from '../support/until.ts'
import { createWorkspace } from '../support/workspace.ts'

const PROVIDER = { callGasMax: 50_000_000, answerBytesMax: 10 * 2 ** 20, logRangeMax: 1_000 }
const ETHER = 10n ** 18n

let devnet: Devnet
let proxy: ProviderProxy
beforeAll(async () => {
  devnet = await startDevnet({ stateBlocksMax: 64 })
  proxy = await startProxy(devnet.url, PROVIDER)
})
afterAll(async () => {
  await proxy.stop()
  await devnet.stop()
})

const requestCount = (): number => Object.values(proxy.counts()).reduce((sum, count) => sum + count, 0)

test('a cycle takes a header, logs and one call: with 100 borrowers as with 1,000', async () => {
  let opened = 0
  const bootstrapCalls: number[] = []
  for (const borrowers of [100, 1_000]) {
    const specs = Array.from({ length: borrowers - opened }, (_, index) => ({
      account: devnet.account(opened + index),
      supplies: { WETH: ETHER },
      borrows: { USDC: 500_000_000n },
    }))
    await devnet.openAccounts(specs)
    opened = borrowers
    const follower = await followDevnet(
      devnet,
      join(mkdtempSync(join(tmpdir(), 'plimsoll-requests-')), 'r.db'),
      { url: proxy.url },
    )
    const target = await follower.chain.head()
    proxy.reset()
    await syncTo(follower, target, () => undefined, new AbortController().signal)
    const [only] = follower.book.tracked
    expect(only?.mirror.positions.size).toBeGreaterThanOrEqual(borrowers)
    const { eth_getLogs: spans = 0, eth_call: calls = 0, ...others } = proxy.counts()
    console.log(`requests to find and read ${borrowers} borrowers: ${spans} for logs, ${calls} for state`)
    expect([spans, others]).toEqual([1, { eth_getCode: 1 }])
    bootstrapCalls.push(calls)
    for (let cycle = 0; cycle < 5; cycle++) {
      await devnet.movePrice('WETH', 0.99)
      await devnet.act([
        { kind: 'repay', account: devnet.account(cycle), asset: 'USDC', amount: 1_000_000n },
        { kind: 'supply', account: devnet.account(cycle + 10), asset: 'LINK', amount: ETHER },
        { kind: 'supply', account: devnet.account(5_000 + borrowers + cycle), asset: 'WETH', amount: ETHER },
        { kind: 'borrow', account: devnet.account(5_000 + borrowers + cycle), asset: 'DAI', amount: ETHER },
      ])
      proxy.reset()
      const outcome: CycleOutcome = await runCycle(follower, await follower.chain.head())
      expect(outcome).toMatchObject({ kind: 'committed', mismatches: [], auditCount: 2 })
      expect(proxy.counts()).toEqual({ eth_getBlockByNumber: 1, eth_getLogs: 1, eth_call: 1 })
    }
    proxy.reset()
    expect(await runCycle(follower, await follower.chain.head())).toMatchObject({ kind: 'idle' })
    expect(proxy.counts()).toEqual({ eth_getBlockByNumber: 1 })
    follower.chain.close()
    follower.database.$client.close()
  }
  const [few = 0, many = 0] = bootstrapCalls
  expect(many).toBeLessThan(few * 10)
})

test('a feed that is broken for good costs no further request', async () => {
  const follower = await followDevnet(
    devnet,
    join(mkdtempSync(join(tmpdir(), 'plimsoll-requests-')), 'b.db'),
    { url: proxy.url },
  )
  await syncTo(follower, await follower.chain.head(), () => undefined, new AbortController().signal)
  await devnet.breakFeed('LINK', 'revert')
  await runCycle(follower, await follower.chain.head())
  for (let cycle = 0; cycle < 2; cycle++) {
    await devnet.mine()
    proxy.reset()
    await runCycle(follower, await follower.chain.head())
    expect(requestCount()).toBe(3)
  }
  await devnet.mendFeed('LINK')
  follower.chain.close()
  follower.database.$client.close()
})

test('a liquidation of a watched account is told by one log request beside the read, later where it is refused', async () => {
  const [borrower, other, liquidator] = [7_000, 7_001, 7_002].map((index) => devnet.account(index))
  if (!borrower || !other || !liquidator) throw new Error('accounts are missing')
  const price = await devnet.price('WETH')
  const opened = { supplies: { WETH: ETHER }, borrows: { USDC: (price * 79n) / 10_000n } }
  await devnet.openAccounts([borrower, other].map((account) => ({ account, ...opened })))
  const follower = await followDevnet(
    devnet,
    join(mkdtempSync(join(tmpdir(), 'plimsoll-requests-')), 'l.db'),
    { url: proxy.url, watched: [borrower] },
  )
  const cycle = async () => {
    proxy.reset()
    const outcome = await runCycle(follower, await follower.chain.head())
    if (outcome.kind !== 'committed') throw new Error(`a cycle was ${outcome.kind}`)
    return { liquidationCount: outcome.liquidationCount, fault: outcome.liquidationsFault?.message }
  }
  const liquidate = async () => {
    await devnet.setPrice('WETH', (price * 95n) / 100n)
    const amount = 1_000_000n
    for (const account of [borrower, other])
      await devnet.act({
        kind: 'liquidate',
        liquidator,
        borrower: account,
        debt: 'USDC',
        collateral: 'WETH',
        amount,
      })
  }
  for (let quiet = 0; quiet < 2; quiet++) {
    await devnet.mine()
    expect(await cycle()).toEqual({ liquidationCount: 0, fault: undefined })
  }
  const { eth_call: calls } = proxy.counts()
  await liquidate()
  expect(await cycle()).toEqual({ liquidationCount: 1, fault: undefined })
  expect(proxy.counts()).toEqual({ eth_getBlockByNumber: 1, eth_getLogs: 1, eth_call: calls })
  proxy.setFaults({ ...PROVIDER, refuse: ['eth_getLogs'] })
  await liquidate()
  const { liquidationCount, fault } = await cycle()
  expect([liquidationCount, fault]).toEqual([0, expect.stringContaining('not known from block')])
  proxy.setFaults(PROVIDER)
  await devnet.mine()
  expect(await cycle()).toEqual({ liquidationCount: 1, fault: undefined })
  await devnet.setPrice('WETH', price)
  follower.chain.close()
  follower.database.$client.close()
})

test('follow: watched works where every log query is refused; follow: book is a clear fault there', async () => {
  proxy.setFaults({ ...PROVIDER, refuse: ['eth_getLogs'] })
  const account = devnet.account(3)
  const watched = createWorkspace(devnet, { rpc: [proxy.url], follow: 'watched', watch: [{ account }] })
  const daemon = startDaemon(watched.configFile)
  await until('a cycle is committed', () => daemon.lines().some((line) => line['event'] === 'cycle'))
  expect(await daemon.stop()).toBe(0)
  const { stdout } = await cli(['positions', '--config', watched.configFile, '--json'])
  expect(JSON.parse(stdout).positions).toMatchObject([{ owner: account, kind: 'assessed' }])

  const book = createWorkspace(devnet, { rpc: [proxy.url], follow: 'book' })
  const { exitCode, stderr } = await cli(['sync', '--config', book.configFile])
  expect([exitCode, stderr]).toEqual([3, expect.stringContaining('follow: watched')])
  proxy.setFaults(PROVIDER)
})
