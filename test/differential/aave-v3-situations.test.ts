// Rare things that happen to a pool and to a chain, one by one: afterwards the mirror equals the contract.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeFunctionData, parseAbi } from 'viem'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { assessAll } from '../../src/monitor/assessing.ts'
import { isBootstrapping } from '../../src/monitor/bootstrap.ts'
import { type CycleOutcome, type Follower, runCycle } from '../../src/monitor/cycle.ts'
import { syncTo } from '../../src/monitor/follow.ts'
import type { MonitorLimits } from '../../src/monitor/limits.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { type ProviderProxy, startProxy } from '../devnet/proxy.ts'
import { accountDataAt } from '../support/account-data.ts'
import { followDevnet } from '../support/follower.ts'

const ETHER = 10n ** 18n
const ACCOUNTS = 6

let devnet: Devnet
let proxy: ProviderProxy
let follower: Follower
beforeAll(async () => {
  devnet = await startDevnet()
  proxy = await startProxy(devnet.url)
})
afterAll(async () => {
  await proxy.stop()
  await devnet.stop()
})
beforeEach(() => proxy.setFaults({}))
afterEach(() => {
  follower.chain.close()
  follower.database.$client.close()
})

const follow = async (limits: Partial<MonitorLimits> = {}): Promise<void> => {
  const file = join(mkdtempSync(join(tmpdir(), 'plimsoll-situations-')), 's.db')
  follower = await followDevnet(devnet, file, { url: proxy.url, limits: { auditsPerHead: 4, ...limits } })
  await syncTo(follower, await follower.chain.head(), () => undefined, new AbortController().signal)
}

const cycle = async (): Promise<CycleOutcome> => runCycle(follower, await follower.chain.head())

const expectEqual = async (): Promise<void> => {
  const { cursor, tracked } = follower.book
  const [only] = tracked
  if (!cursor || !only) throw new Error('nothing is followed')
  const assessments = assessAll([only], cursor)
  const truth = await accountDataAt(
    devnet,
    cursor.hash,
    assessments.map(({ owner }) => owner),
  )
  for (const assessment of assessments) {
    const { collateral, debt, healthFactor } = truth.get(assessment.owner) ?? {}
    expect(assessment).toMatchObject({
      kind: 'assessed',
      collateralValue: collateral,
      debtValue: debt,
      healthFactor,
    })
  }
  const head = await devnet.head()
  expect(cursor.hash).toBe(head.hash)
  for (let index = 0; index < ACCOUNTS; index++)
    expect(assessments.map(({ owner }) => owner)).toContain(devnet.account(index))
}

const open = () =>
  devnet.openAccounts(
    Array.from({ length: ACCOUNTS }, (_, index) => ({
      account: devnet.account(index),
      supplies: { WETH: ETHER, LINK: 10n * ETHER },
      borrows: { USDC: 300_000_000n },
      ...(index === 0 ? { stableBorrows: { DAI: 10n * ETHER } } : {}),
    })),
  )

describe('the pool', () => {
  test('lists a new reserve, which is supplied, borrowed and re-priced at once', async () => {
    await open()
    await follow()
    await devnet.act({
      kind: 'addReserve',
      spec: {
        symbol: 'NEW',
        decimals: 12,
        price: 7n * 10n ** 8n,
        ltv: 6_000,
        liquidationThreshold: 7_000,
        liquidationBonus: 10_600,
        liquidationProtocolFee: 1_000,
        reserveFactor: 1_000,
        rates: 'volatile',
      },
    })
    await devnet.act([
      { kind: 'supply', account: devnet.account(1), asset: 'NEW', amount: 10n ** 14n },
      { kind: 'borrow', account: devnet.account(2), asset: 'NEW', amount: 10n ** 13n },
    ])
    expect(await cycle()).toMatchObject({ kind: 'committed', mismatches: [] })
    await expectEqual()
    await devnet.setPrice('NEW', 9n * 10n ** 8n)
    await devnet.increaseTime(1_000_000)
    await cycle()
    await expectEqual()
  })

  test('reads a price elsewhere, moves an asset between e-modes, swaps a rate, has its oracle replaced', async () => {
    await open()
    await follow()
    const link = devnet.addresses.reserves['LINK']
    if (!link) throw new Error('no LINK')
    await devnet.act({ kind: 'setPriceSource', asset: 'DAI', source: link.feed })
    await cycle()
    await expectEqual()
    await devnet.act([
      {
        kind: 'setEModeCategory',
        category: 7,
        label: 'Odd',
        ltv: 9_000,
        liquidationThreshold: 9_300,
        liquidationBonus: 10_100,
      },
      { kind: 'setAssetEMode', asset: 'WETH', category: 7 },
    ])
    await devnet.act([
      { kind: 'setAssetEMode', asset: 'USDC', category: 7 },
      { kind: 'swapRate', account: devnet.account(0), asset: 'DAI', from: 'stable' },
    ])
    await devnet.act({ kind: 'setEMode', account: devnet.account(3), category: 7 }, { tolerateReverts: true })
    await cycle()
    await expectEqual()
    const setPriceOracle = parseAbi(['function setPriceOracle(address)'])
    await devnet.act({
      kind: 'call',
      from: devnet.addresses.admin,
      to: devnet.addresses.poolAddressesProvider,
      data: encodeFunctionData({
        abi: setPriceOracle,
        functionName: 'setPriceOracle',
        args: [devnet.addresses.oracle],
      }),
    })
    await cycle()
    await expectEqual()
  })
})

describe('the chain', () => {
  test('becomes shorter', async () => {
    await open()
    await devnet.mine({ blocks: 3 })
    await follow()
    await devnet.act({ kind: 'repay', account: devnet.account(4), asset: 'USDC', amount: 50_000_000n })
    await cycle()
    await devnet.rpc.request('anvil_rollback', [2])
    expect(await cycle()).toMatchObject({ kind: 'committed' })
    await expectEqual()
  })

  test('is reorganized deeper than remembered: everything is read again from state', async () => {
    await open()
    await follow({ reorgDepthMax: 3 })
    for (let block = 0; block < 6; block++) {
      await devnet.act({
        kind: 'repay',
        account: devnet.account(block % ACCOUNTS),
        asset: 'USDC',
        amount: 10_000_000n,
      })
      await cycle()
    }
    await devnet.reorg(6, { extraBlocks: 1 })
    const outcome = await cycle()
    expect(outcome).toMatchObject({ kind: 'committed' })
    expect(isBootstrapping(follower)).toBe(true)
    await syncTo(follower, await follower.chain.head(), () => undefined, new AbortController().signal)
    await expectEqual()
  })

  test('is shown by a node that lags: nothing moves back', async () => {
    await open()
    await follow()
    await devnet.mine({ blocks: 2 })
    await cycle()
    const { cursor } = follower.book
    proxy.setFaults({ frozenHead: Number(cursor?.number) - 2 })
    const outcome = await cycle().catch((error: unknown) => error)
    expect((outcome as CycleOutcome).kind === 'lagging' || outcome instanceof Error).toBe(true)
    expect(follower.book.cursor).toEqual(cursor)
  })

  test('goes further than the EVM remembers between two cycles', async () => {
    await open()
    await follow()
    await devnet.mine({ blocks: 300 })
    await devnet.act({ kind: 'supply', account: devnet.account(2), asset: 'LINK', amount: ETHER })
    expect(await cycle()).toMatchObject({ kind: 'committed', reorgDepth: 0n })
    await expectEqual()
  })

  test('moves between the start and the first read: nobody falls in between', async () => {
    await open()
    const file = join(mkdtempSync(join(tmpdir(), 'plimsoll-situations-')), 's.db')
    follower = await followDevnet(devnet, file, { url: proxy.url })
    await devnet.openAccount({
      account: devnet.account(70),
      supplies: { WETH: ETHER },
      borrows: { USDC: 100_000_000n },
    })
    await syncTo(follower, await follower.chain.head(), () => undefined, new AbortController().signal)
    await expectEqual()
    expect(follower.book.tracked[0]?.mirror.positions.has(`pool:${devnet.account(70)}`)).toBe(true)
  })

  test('keeps the history of blocks that stand, and forgets what orphaned blocks wrote', async () => {
    await open()
    await follow()
    const history = () =>
      follower.database.$client
        .prepare('SELECT entry_id, block_number FROM snapshots ORDER BY block_number, entry_id')
        .all()
    const before = history()
    for (let block = 0; block < 3; block++) {
      await devnet.movePrice('WETH', 0.9)
      await cycle()
    }
    expect(history().length).toBeGreaterThan(before.length)
    await devnet.reorg(3, { extraBlocks: 0 })
    await cycle()
    expect(history().slice(0, before.length)).toEqual(before)
    expect(
      history().filter((row) => !before.some((old) => JSON.stringify(old) === JSON.stringify(row))),
    ).toEqual([])
    await expectEqual()
  })
})
