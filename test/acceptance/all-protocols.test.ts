// One borrower, one watcher, every protocol of a chain: together, exact, and at the cost of one.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Address, encodeFunctionData, type Hex, parseAbi, toHex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Assessment } from '../../src/model/assessment.ts'
import type { Market } from '../../src/model/market.ts'
import { assessAll, envOf } from '../../src/monitor/assessing.ts'
import { runCycle } from '../../src/monitor/cycle.ts'
import { syncTo } from '../../src/monitor/follow.ts'
import { type AaveMarket, reservesOf } from '../../src/protocols/aave-v3/state.ts'
import type { CompoundMarket } from '../../src/protocols/compound-v2/state.ts'
import type { MorphoMarket } from '../../src/protocols/morpho-blue/state.ts'
import { type AllProtocols, startAllProtocols } from '../devnet/all-protocols.ts'
import { oracleAbi as compoundOracleAbi } from '../devnet/compound-v2/abis.ts'
import { priceMantissa as compoundPriceMantissa } from '../devnet/compound-v2/deploy.ts'
import { MARKETS as COMPOUND_MARKETS } from '../devnet/compound-v2/markets.ts'
import { type ProviderProxy, startProxy } from '../devnet/proxy.ts'
import { oracleAbi as venusOracleAbi } from '../devnet/venus-core/abis.ts'
import { priceMantissa as venusPriceMantissa } from '../devnet/venus-core/deploy.ts'
import { MARKETS as VENUS_MARKETS } from '../devnet/venus-core/markets.ts'
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

const viewsAbi = parseAbi([
  'function totalSupply() view returns (uint256)',
  'function exchangeRateCurrent() view returns (uint256)',
  'function totalBorrowsCurrent() view returns (uint256)',
  'function market(bytes32 id) view returns (uint128 totalSupplyAssets, uint128 totalSupplyShares, uint128 totalBorrowAssets, uint128 totalBorrowShares, uint128 lastUpdate, uint128 fee)',
  'function accrueInterest((address loanToken, address collateralToken, address oracle, address irm, uint256 lltv) marketParams)',
])

/** What contracts themselves say of totals at the head, by protocol and asset, in the order of the market. */
const ownTotals = async (market: Market): Promise<readonly (readonly [bigint, bigint])[]> => {
  const { client } = all.devnet
  const view = (
    address: Address,
    functionName: 'totalSupply' | 'exchangeRateCurrent' | 'totalBorrowsCurrent',
  ) => client.readContract({ abi: viewsAbi, address, functionName })
  if (market.id.protocol === 'aave-v3')
    return Promise.all(
      reservesOf(market as AaveMarket).map(async ({ aToken, variableDebtToken, stableDebtToken }) => [
        await view(aToken, 'totalSupply'),
        (await view(variableDebtToken, 'totalSupply')) + (await view(stableDebtToken, 'totalSupply')),
      ]),
    )
  if (market.id.protocol === 'morpho-blue') {
    const { totalSupplyAssets, totalBorrowAssets } = await client
      .readContract({
        ...{ abi: viewsAbi, address: all.morpho.addresses.morpho, functionName: 'market' },
        args: [market.id.market as Hex],
      })
      .then(([supply, , borrow]) => ({ totalSupplyAssets: supply, totalBorrowAssets: borrow }))
    return [[totalSupplyAssets, totalBorrowAssets]]
  }
  const { cTokens } = market as CompoundMarket
  return Promise.all(
    Object.values(cTokens).map(async ({ address }) => {
      const worth = (await view(address, 'totalSupply')) * (await view(address, 'exchangeRateCurrent'))
      return [worth / 10n ** 18n, await view(address, 'totalBorrowsCurrent')]
    }),
  )
}

test('what all have lent and owe together is what the contracts say, to the unit', async () => {
  const { devnet, wanted, morpho } = all
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-all-'))
  const follower = await followDevnet(devnet, join(folder, 't.db'), { url: devnet.url, wanted })
  await syncTo(follower, await follower.chain.head(), () => undefined, new AbortController().signal)
  await devnet.increaseTime(86_400)
  const markets = follower.book.tracked.flatMap(({ mirror }) => [...mirror.markets.values()])
  // Morpho tells what it has after an accrual only.
  await devnet.send(
    markets
      .filter(({ id }) => id.protocol === 'morpho-blue')
      .map((market) => ({
        ...{ from: devnet.account(0), to: morpho.addresses.morpho },
        data: encodeFunctionData({
          ...{ abi: viewsAbi, functionName: 'accrueInterest' },
          args: [(market as MorphoMarket).params],
        }),
      })),
  )
  const head = await follower.chain.head()
  await runCycle(follower, head)
  let borrowedCount = 0
  for (const { adapter, mirror } of follower.book.tracked) {
    const env = envOf(mirror, head, () => null)
    for (const market of mirror.markets.values()) {
      const told = adapter.totals?.(market, env) ?? []
      const own = await ownTotals(market)
      // A market of Morpho in which nobody borrows is announced, and not read.
      if (told.length === 0) expect(own.map(([, borrowed]) => borrowed)).toEqual([0n])
      else
        expect([adapter.protocol, told.map(({ supplied, borrowed }) => [supplied, borrowed])]).toEqual([
          adapter.protocol,
          own,
        ])
      borrowedCount += told.filter(({ borrowed }) => (borrowed ?? 0n) > 0n).length
    }
  }
  expect(borrowedCount).toBeGreaterThanOrEqual(4)
  follower.chain.close()
  follower.database.$client.close()
})

const GWEI = 10n ** 9n

/** Moves prices so that everybody's loans are a little below the line, by the healths of one of them. */
const crash = async (assessments: readonly Assessment[]): Promise<void> => {
  const { devnet, compound, venus } = all
  const healthOn = (protocol: string): number => {
    const one = assessments.find((found) => found.protocol === protocol)
    return one?.kind === 'assessed' ? Number(one.healthFactor) / 1e18 : Number.NaN
  }
  const raised = (protocol: string, price: bigint): bigint =>
    (price * BigInt(Math.round(healthOn(protocol) * 1_020))) / 1_000n
  const usdc = <T extends { readonly symbol: string }>(specs: readonly T[]): T =>
    specs.find(({ symbol }) => symbol === 'USDC') as T
  await devnet.movePrice('WETH', 0.955 / healthOn('aave-v3'))
  const compoundPrice = compoundPriceMantissa(raised('compound-v2', usdc(COMPOUND_MARKETS).price), 6)
  const venusPrice = venusPriceMantissa(raised('venus-core', usdc(VENUS_MARKETS).price), 6)
  await devnet.send([
    {
      ...{ from: compound.addresses.admin, to: compound.addresses.oracle },
      data: encodeFunctionData({
        abi: compoundOracleAbi,
        functionName: 'setUnderlyingPrice',
        args: [compound.addresses.markets['USDC']?.cToken as Address, compoundPrice],
      }),
    },
    {
      ...{ from: venus.addresses.admin, to: venus.addresses.oracle },
      data: encodeFunctionData({
        abi: venusOracleAbi,
        functionName: 'setDirectPrice',
        args: [venus.addresses.markets['USDC']?.underlying as Address, venusPrice],
      }),
    },
  ])
  await devnet.rpc.request('anvil_setNextBlockBaseFeePerGas', [toHex(GWEI)])
  await devnet.mine({ blocks: 1 })
}

type Tried = {
  position: { protocol: string }
  options: readonly { gas: string; incentiveUsd: string; netUsd: string }[]
  twoStep: { gain: string } | null
  simulation: { outcome: string; gas: string }
}

test('candidates: the best option of each goes through, for about the gas that is said, which is taken off', async () => {
  const { devnet, described, wanted } = all
  const { configFile, storeFile } = createWorkspace(devnet, {
    rpc: [devnet.url],
    chain: { markets: described },
  })
  const follower = await followDevnet(devnet, storeFile, { url: devnet.url, wanted })
  await syncTo(follower, await follower.chain.head(), () => undefined, new AbortController().signal)
  await crash(assessAll(follower.book.tracked, await follower.chain.head()))
  await runCycle(follower, await follower.chain.head())
  follower.chain.close()
  follower.database.$client.close()
  const args = ['candidates', '--config', configFile]
  const [{ stdout }, { stdout: text }] = await Promise.all([
    cli([...args, '--simulate', '--json']),
    cli([...args, '--detail']),
  ])
  const candidates: readonly Tried[] = JSON.parse(stdout).candidates
  expect([...new Set(candidates.map(({ position }) => position.protocol))].sort()).toEqual(PROTOCOLS)
  for (const { position, options, simulation } of candidates) {
    const [best] = options
    expect([position.protocol, simulation.outcome]).toEqual([position.protocol, 'confirmed'])
    const used = Number(simulation.gas) / Number(best?.gas)
    expect([position.protocol, used > 0.8 && used < 1.25]).toEqual([position.protocol, true])
    if (best?.netUsd) expect(Number(best.netUsd)).toBeLessThan(Number(best.incentiveUsd))
  }
  expect(candidates.filter(({ options }) => options[0]?.netUsd).length).toBeGreaterThan(0)
  expect(candidates.filter(({ twoStep }) => twoStep).length).toBeGreaterThan(0)
  for (const part of ['net of gas', 'health after', 'in two steps']) expect(text).toContain(part)
})
