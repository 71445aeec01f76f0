import { type Address, type Hash, maxUint256, parseAbiItem } from 'viem'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dataProviderAbi, oracleAbi, poolAbi } from './aave-v3/abis.ts'
import type { Action } from './aave-v3/actions.ts'
import { RESERVES } from './aave-v3/reserves.ts'
import { type Devnet, startDevnet } from './devnet.ts'
import { DevnetRevertError } from './errors.ts'
import type { Snapshot } from './snapshots.ts'

const ETHER = 10n ** 18n
const USDC = 10n ** 6n
const DOLLAR = 10n ** 8n

let devnet: Devnet
let fresh: Snapshot

beforeAll(async () => {
  devnet = await startDevnet()
  fresh = await devnet.snapshot()
}, 30_000)
afterEach(() => devnet.revert(fresh))
afterAll(() => devnet?.stop())

const read = async (account: Address, blockHash?: Hash) => {
  const [collateral, debt, , liquidationThreshold, ltv, healthFactor] = await devnet.client.readContract({
    address: devnet.addresses.pool,
    abi: poolAbi,
    functionName: 'getUserAccountData',
    args: [account],
    ...(blockHash === undefined ? {} : { blockHash }),
  })
  return { collateral, debt, liquidationThreshold, ltv, healthFactor }
}

const priceOf = (symbol: string) =>
  devnet.client.readContract({
    address: devnet.addresses.oracle,
    abi: oracleAbi,
    functionName: 'getAssetPrice',
    args: [devnet.addresses.feeds[symbol]?.asset ?? '0x'],
  })

const borrower = () => devnet.account(1)
const open = () =>
  devnet.openAccount({
    account: borrower(),
    supplies: { WETH: ETHER },
    borrows: { USDC: 2_000n * USDC },
  })

describe('positions', () => {
  it('opens one that the pool values by the feeds', async () => {
    await open()
    expect(await read(borrower())).toEqual({
      collateral: 3_000n * DOLLAR,
      debt: 2_000n * DOLLAR,
      liquidationThreshold: 8_300n,
      ltv: 8_050n,
      healthFactor: 1_245_000_000_000_000_000n,
    })
  })

  it('says why an action reverted', async () => {
    await open()
    const tooMuch = { kind: 'borrow', account: borrower(), asset: 'DAI', amount: 10_000n * ETHER } as const
    await expect(devnet.act(tooMuch)).rejects.toThrow(DevnetRevertError)
    const { outcomes } = await devnet.act([{ ...tooMuch, amount: ETHER }, tooMuch], { tolerateReverts: true })
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['success', 'reverted'])
    expect(outcomes[1]?.reason).toBe('36 COLLATERAL_CANNOT_COVER_NEW_BORROW')
  })

  it('lets debt grow with time', async () => {
    await open()
    const { timestamp } = await devnet.head()
    const later = await devnet.increaseTime(31_536_000)
    expect(later.timestamp - timestamp).toBe(31_536_000)
    expect((await read(borrower())).debt).toBeGreaterThan(2_000n * DOLLAR)
  })

  it('liquidates after a price fall, with a protocol fee', async () => {
    await open()
    const liquidation: Action = {
      kind: 'liquidate',
      liquidator: devnet.account(2),
      borrower: borrower(),
      debt: 'USDC',
      collateral: 'WETH',
      amount: maxUint256,
    }
    const { outcomes } = await devnet.act(liquidation, { tolerateReverts: true })
    expect(outcomes[0]?.reason).toBe('45 HEALTH_FACTOR_NOT_BELOW_THRESHOLD')
    await devnet.movePrice('WETH', 0.8)
    expect((await read(borrower())).healthFactor).toBeLessThan(ETHER)
    await devnet.act(liquidation)
    expect((await read(borrower())).debt).toBeLessThan(1_001n * DOLLAR)
    const [fee] = await devnet.client.readContract({
      address: devnet.addresses.dataProvider,
      abi: dataProviderAbi,
      functionName: 'getUserReserveData',
      args: [devnet.addresses.reserves['WETH']?.asset ?? '0x', devnet.addresses.treasury],
    })
    expect(fee).toBeGreaterThan(0n)
  })

  it('borrows more in e-mode, valued by the category’s own price source', async () => {
    const [ethereal, stable] = [devnet.account(3), devnet.account(4)]
    await devnet.openAccounts([
      { account: ethereal, supplies: { wstETH: ETHER }, borrows: { WETH: ETHER }, eMode: 1 },
      { account: stable, supplies: { DAI: 100n * ETHER }, borrows: { USDC: 90n * USDC }, eMode: 2 },
    ])
    expect((await read(ethereal)).ltv).toBe(9_000n)
    await devnet.setPrice('DAI', DOLLAR / 2n)
    expect((await read(stable)).collateral).toBe(100n * DOLLAR)
    await devnet.setPrice('PEG', DOLLAR / 2n)
    expect((await read(stable)).collateral).toBe(50n * DOLLAR)
  })

  it('borrows at a stable rate, and swaps it', async () => {
    const account = devnet.account(5)
    await devnet.openAccount({ account, supplies: { WETH: ETHER }, stableBorrows: { DAI: 100n * ETHER } })
    await devnet.act({ kind: 'swapRate', account, asset: 'DAI', from: 'stable' })
    const [, stableDebt, variableDebt] = await devnet.client.readContract({
      address: devnet.addresses.dataProvider,
      abi: dataProviderAbi,
      functionName: 'getUserReserveData',
      args: [devnet.addresses.reserves['DAI']?.asset ?? '0x', account],
    })
    expect(stableDebt).toBe(0n)
    expect(variableDebt).toBeGreaterThanOrEqual(100n * ETHER)
  })

  it('uses an isolated asset, and one whose LTV became 0', async () => {
    const [isolated, plain] = [devnet.account(6), devnet.account(7)]
    await devnet.openAccounts([
      {
        ...{ account: isolated, supplies: { CRV: 1_000n * ETHER }, collateralOn: ['CRV'] },
        borrows: { USDC: 100n * USDC },
      },
      { account: plain, supplies: { SNX: 100n * ETHER }, borrows: { USDC: 10n * USDC } },
    ])
    expect((await read(isolated)).collateral).toBe(500n * DOLLAR)
    const risk = { ltv: 0, liquidationThreshold: 6_500, liquidationBonus: 10_850 }
    await devnet.act({ kind: 'configureCollateral', asset: 'SNX', ...risk })
    expect(await read(plain)).toMatchObject({
      ltv: 0n,
      liquidationThreshold: 6_500n,
      collateral: 300n * DOLLAR,
    })
  })
})

describe('prices', () => {
  it('moves several in one block, by transactions that emit AnswerUpdated', async () => {
    const { block } = await devnet.setPrices({ WETH: 2_000n * DOLLAR, WBTC: 50_000n * DOLLAR })
    const logs = await devnet.client.getLogs({
      event: parseAbiItem(
        'event AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt)',
      ),
      blockHash: block.hash,
    })
    expect(logs.map((log) => [log.address.toLowerCase(), log.args.current])).toEqual([
      [devnet.addresses.reserves['WETH']?.aggregator.toLowerCase(), 2_000n * DOLLAR],
      [devnet.addresses.reserves['WBTC']?.aggregator.toLowerCase(), 50_000n * DOLLAR],
    ])
    expect(await priceOf('WBTC')).toBe(50_000n * DOLLAR)
  })

  it('reports the same feed twice in one block', async () => {
    const prices = [1n, 2n].map((price) => ({ kind: 'setPrice', asset: 'LINK', price }) as const)
    await devnet.act(prices)
    expect(await priceOf('LINK')).toBe(2n)
  })

  it.each(['zero', 'negative', 'revert', 'burn-gas'] as const)(
    'breaks a feed (%s) and mends it',
    async (how) => {
      await open()
      await devnet.breakFeed('WETH', how)
      await expect(read(borrower())).rejects.toThrow()
      expect(await devnet.price('WETH')).toBe(3_000n * DOLLAR)
      await devnet.mendFeed('WETH')
      expect((await read(borrower())).collateral).toBe(3_000n * DOLLAR)
    },
  )

  it('replaces the aggregator behind a feed, and the source behind an asset', async () => {
    await devnet.act({ kind: 'replaceAggregator', asset: 'WETH' })
    expect(await priceOf('WETH')).toBe(3_000n * DOLLAR)
    await devnet.setPrice('WETH', 5n)
    expect(await priceOf('WETH')).toBe(5n)
    const source = devnet.addresses.feeds['WBTC']?.proxy ?? '0x'
    await devnet.act({ kind: 'setPriceSource', asset: 'WETH', source })
    expect(await priceOf('WETH')).toBe(60_000n * DOLLAR)
  })
})

describe('configuration', () => {
  it('adds a reserve to the running pool, and forgets it with its block', async () => {
    const spec = {
      ...RESERVES[2],
      symbol: 'RAI',
      decimals: 27,
      price: 3n * DOLLAR,
    } as (typeof RESERVES)[number]
    const before = await devnet.snapshot()
    await devnet.act({ kind: 'addReserve', spec })
    const account = devnet.account(8)
    await devnet.openAccount({
      account,
      supplies: { RAI: 100n * 10n ** 27n },
      borrows: { USDC: 10n * USDC },
    })
    expect((await read(account)).collateral).toBe(300n * DOLLAR)
    await devnet.revert(before)
    expect(devnet.addresses.reserves['RAI']).toBeUndefined()
  })

  it('changes e-modes, freezes, pauses, caps', async () => {
    const { outcomes } = await devnet.act([
      { kind: 'setAssetEMode', asset: 'LINK', category: 1 },
      {
        ...{ kind: 'setEModeCategory', category: 3, label: 'Test', ltv: 8_000 },
        ...{ liquidationThreshold: 8_500, liquidationBonus: 10_200, priceSource: 'PEG' },
      },
      { kind: 'freeze', asset: 'WBTC', frozen: true },
      { kind: 'pause', asset: 'WETH', paused: true },
      { kind: 'setDebtCeiling', asset: 'CRV', ceiling: 1_00n },
    ])
    expect(outcomes.map((outcome) => outcome.logs.length)).toEqual([1, 1, 1, 1, 1])
    await expect(open()).rejects.toThrow('29 RESERVE_PAUSED')
  })

  it('answers another revision of a pool that works as before', async () => {
    await open()
    const before = await read(borrower())
    await devnet.upgradePoolRevision(99)
    const address = devnet.addresses.pool
    expect(await devnet.client.readContract({ address, abi: poolAbi, functionName: 'POOL_REVISION' })).toBe(
      99n,
    )
    const { debt, ...rest } = await read(borrower())
    expect({ ...rest, debt: before.debt }).toEqual({ ...before, healthFactor: rest.healthFactor })
    expect(debt).toBeGreaterThanOrEqual(before.debt)
    await devnet.act({ kind: 'repay', account: borrower(), asset: 'USDC', amount: maxUint256 })
    expect((await read(borrower())).debt).toBe(0n)
  })
})

describe('history', () => {
  beforeEach(async () => {
    await open()
  })

  it('replaces blocks by others', async () => {
    await devnet.mine({ blocks: 25 })
    const { block: doomed } = await devnet.movePrice('WETH', 0.5)
    const { orphaned, ancestor, head } = await devnet.reorg(22, {
      replace: () => devnet.act({ kind: 'repay', account: borrower(), asset: 'USDC', amount: maxUint256 }),
      extraBlocks: 1,
    })
    expect(orphaned.at(-1)).toEqual(doomed)
    expect(ancestor.number).toBe(doomed.number - 22)
    expect(head.number).toBe(doomed.number + 1)
    const blocks = await Promise.all(
      orphaned.map(({ number }) => devnet.client.getBlock({ blockNumber: BigInt(number) })),
    )
    expect(blocks.filter((block, index) => block.hash === orphaned[index]?.hash)).toEqual([])
    expect(blocks[0]?.parentHash).toBe(ancestor.hash)
    await expect(devnet.client.getLogs({ blockHash: doomed.hash })).rejects.toThrow('unknown block')
    await expect(read(borrower(), doomed.hash)).rejects.toThrow()
    expect(await read(borrower(), head.hash)).toMatchObject({ debt: 0n, collateral: 3_000n * DOLLAR })
    expect((await read(borrower(), ancestor.hash)).debt).toBeGreaterThan(0n)
  })

  it('brings orphaned transactions back in another block', async () => {
    const { outcomes, block } = await devnet.setPrices({ WETH: 7n * DOLLAR, LINK: DOLLAR })
    await devnet.mine()
    await devnet.reorg(3, { reinclude: true })
    const receipt = await devnet.client.getTransactionReceipt({ hash: outcomes[1]?.hash ?? '0x' })
    expect(receipt).toMatchObject({ status: 'success', blockNumber: BigInt(block.number - 1) })
    expect(receipt.blockHash).not.toBe(block.hash)
    expect(await read(borrower())).toMatchObject({ collateral: 7n * DOLLAR })
  })

  it('replaces empty blocks by empty blocks of other hashes', async () => {
    await devnet.mine({ blocks: 3 })
    const { orphaned, head } = await devnet.reorg(3)
    expect(head.number).toBe(orphaned.at(-1)?.number)
    expect(head.timestamp).toBe(orphaned.at(-1)?.timestamp)
    expect(head.hash).not.toBe(orphaned.at(-1)?.hash)
  })

  it('returns to a snapshot more than once, and mines what was queued', async () => {
    const snapshot = await devnet.snapshot()
    for (const price of [10n, 20n]) {
      devnet.queue({ kind: 'setPrice', asset: 'WETH', price: price * DOLLAR })
      const { number } = await devnet.mine({ blocks: 2, seconds: 5 })
      expect(number).toBe(snapshot.block.number + 2)
      expect(await priceOf('WETH')).toBe(price * DOLLAR)
      expect(await devnet.revert(snapshot)).toEqual(snapshot.block)
      expect(await priceOf('WETH')).toBe(3_000n * DOLLAR)
    }
  })
})

describe('start', () => {
  it('leaves Multicall3 out when told, and takes a chain id and a time', async () => {
    const other = await startDevnet({ multicall3: false, chainId: 7_777, timestamp: 1_700_000_000 })
    try {
      expect(await other.client.getChainId()).toBe(7_777)
      expect(await other.client.getCode({ address: other.addresses.multicall3 })).toBeUndefined()
      expect((await other.head()).timestamp).toBeLessThan(1_700_000_100)
      expect(await devnet.client.getCode({ address: devnet.addresses.multicall3 })).toBeDefined()
    } finally {
      await other.stop()
    }
    await expect(other.head()).rejects.toThrow()
  })
})
