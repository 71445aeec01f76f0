// Markets that only logs list: found without a book, by whoever watches or asks; where no logs are served, that is said.
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Address } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import type { MarketName } from '../devnet/morpho-blue/markets.ts'
import { deployMorpho, type Morpho } from '../devnet/morpho-blue/morpho.ts'
import { type ProviderProxy, startProxy } from '../devnet/proxy.ts'
import { cli } from '../support/cli.ts'
import { startDaemon } from '../support/daemon.ts'
import { until } from '../support/until.ts'
import { type Receiver, startReceiver } from '../support/webhook.ts'
import { createWorkspace, type Workspace } from '../support/workspace.ts'

const ETHER = 10n ** 18n
const NO_LOGS = { refuse: ['eth_getLogs'] }

let devnet: Devnet
let morpho: Morpho
let proxy: ProviderProxy
let hook: Receiver
let borrower: Address
beforeAll(async () => {
  devnet = await startDevnet()
  morpho = await deployMorpho(devnet)
  proxy = await startProxy(devnet.url)
  hook = await startReceiver()
  borrower = devnet.account(0)
  await devnet.openAccount({
    account: borrower,
    supplies: { WETH: ETHER },
    borrows: { USDC: 1_000_000_000n },
  })
  await morpho.fundAccounts([borrower])
  await borrow('weth')
})
afterAll(async () => {
  await hook.stop()
  await proxy.stop()
  await devnet.stop()
})

const borrow = (market: MarketName) =>
  morpho.act([
    { kind: 'supplyCollateral', market, account: borrower, assets: ETHER },
    { kind: 'borrow', market, account: borrower, amount: { assets: 1_000n } },
  ])

const idOf = (market: MarketName): string => morpho.addresses.markets[market].id

const markets = (more: object = {}) => [
  {
    protocol: 'aave-v3',
    deployment: 'main',
    poolAddressesProvider: devnet.addresses.poolAddressesProvider,
    fromBlock: devnet.fromBlock,
  },
  {
    protocol: 'morpho-blue',
    deployment: 'main',
    morpho: morpho.addresses.morpho,
    fromBlock: morpho.fromBlock,
    ...more,
  },
]

const workspace = (more: object = {}, watch: readonly { account: string }[] = []): Workspace =>
  createWorkspace(devnet, {
    rpc: [proxy.url],
    follow: 'watched',
    watch,
    webhook: { url: hook.url },
    chain: { markets: markets(more) },
  })

const check = async ({ configFile }: Workspace, cache: string) => {
  const { stdout, exitCode } = await cli(['check', borrower, '--json', '--config', configFile], {
    env: { PLIMSOLL_CACHE: cache },
  })
  const { chains, failures } = JSON.parse(stdout)
  const found = chains.flatMap(({ positions }: { positions: { protocol: string; market: string }[] }) =>
    positions.map(({ protocol, market }) => (protocol === 'aave-v3' ? 'pool' : market)),
  )
  return { found: found.sort(), failures, exitCode }
}

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'plimsoll-cache-'))

test('check finds them by logs once, remembers them, and goes on from there', async () => {
  const cache = newFolder()
  const work = workspace()
  await devnet.mine({ blocks: 300 })
  const expected = ['pool', idOf('weth')].sort()
  expect(await check(work, cache)).toEqual({ found: expected, failures: [], exitCode: 0 })
  expect(readdirSync(cache)).toHaveLength(1)
  proxy.reset()
  expect(await check(work, cache)).toMatchObject({ found: expected, exitCode: 0 })
  const searched = proxy.calls
    .filter(({ method }) => method === 'eth_getLogs')
    .map(({ params }) => Number((params as [{ fromBlock: string }])[0].fromBlock))
  expect(searched).toHaveLength(1)
  expect(searched[0]).toBeGreaterThan(morpho.fromBlock)
  for (const name of readdirSync(cache)) writeFileSync(join(cache, name), '{ "nextBlock": ')
  expect(await check(work, cache)).toMatchObject({ found: expected, exitCode: 0 })
})

test('where no logs are served, check says what it could not list, and tells the rest', async () => {
  proxy.setFaults(NO_LOGS)
  const { found, failures, exitCode } = await check(workspace(), newFolder())
  expect([found, exitCode]).toEqual([['pool'], 3])
  expect(failures).toMatchObject([
    { market: `${devnet.chainId}:morpho-blue:main`, detail: expect.stringContaining('could not be listed') },
  ])
  const named = workspace({ markets: [idOf('weth'), idOf('still')] })
  expect(await check(named, newFolder())).toEqual({
    found: ['pool', idOf('weth')].sort(),
    failures: [],
    exitCode: 0,
  })
  proxy.setFaults({})
})

test('a watcher finds loans in markets old and new', async () => {
  const work = workspace({}, [{ account: borrower }])
  const daemon = startDaemon(work.configFile)
  const positions = async (): Promise<readonly string[]> => {
    const { stdout } = await cli(['positions', '--json', '--config', work.configFile])
    if (stdout === '') return []
    return JSON.parse(stdout).positions.map(({ market }: { market: string }) => market)
  }
  await until('the loan in an old market is found', async () => (await positions()).includes(idOf('weth')))
  await borrow('still')
  await until('the loan in another market is found', async () => (await positions()).includes(idOf('still')))
  expect(await daemon.stop()).toBe(0)
})

test('a watcher without logs follows what needs none, and alerts that it does not know the rest', async () => {
  proxy.setFaults(NO_LOGS)
  const work = workspace({}, [{ account: borrower }])
  const daemon = startDaemon(work.configFile)
  const hasHeard = async (status: string): Promise<boolean> => {
    await devnet.mine()
    return hook.received.some(({ body }) => body.rule === 'MarketsUnlisted' && body.status === status)
  }
  await until('the alert is delivered', () => hasHeard('firing'))
  const { stdout } = await cli(['positions', '--json', '--config', work.configFile])
  expect(JSON.parse(stdout).positions).toMatchObject([{ protocol: 'aave-v3', kind: 'assessed' }])
  proxy.setFaults({})
  await until('it is over', () => hasHeard('resolved'))
  expect(await daemon.stop()).toBe(0)
})
