// What governance changes is told with what it does to every loan: held against the same block without the change.
import { type Address, encodeFunctionData, parseAbi } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ParameterChange } from '../../src/model/parameter.ts'
import { runCycle } from '../../src/monitor/cycle.ts'
import { aaveV3 } from '../../src/protocols/aave-v3/index.ts'
import type { AaveMarket } from '../../src/protocols/aave-v3/state.ts'
import { listParameterChanges } from '../../src/store/parameter-changes.ts'
import { WAD } from '../../src/units/brands.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { accountDataAt } from '../support/account-data.ts'
import { cli } from '../support/cli.ts'
import { aaveOn, closeFollower } from '../support/follower.ts'
import {
  expectEffect,
  nextChanges,
  startWatchers,
  tellOne,
  type Watchers,
} from '../support/parameter-changes.ts'
import { createWorkspace } from '../support/workspace.ts'
import { createReader } from './aave-v3-support.ts'

const ETHER = 10n ** 18n
const ACCOUNTS = 10
/** What others lend to the pool of each asset. */
const LENT_DOLLARS = 10_000_000n

const strategyAbi = parseAbi([
  'function setReserveInterestRateStrategyAddress(address asset, address strategy)',
])

let devnet: Devnet
let watchers: Watchers
const accounts = () => Array.from({ length: ACCOUNTS }, (_, index) => devnet.account(index))

beforeAll(async () => {
  devnet = await startDevnet({ liquidity: LENT_DOLLARS })
  const dollars = (await devnet.price('WETH')) / 10n ** 8n
  await devnet.openAccounts(
    accounts().map((account, index) => ({
      account,
      supplies: index % 2 === 0 ? { WETH: ETHER } : { WETH: ETHER, LINK: 50n * ETHER },
      borrows: { USDC: (dollars * BigInt(55 + 2 * index) * 1_000_000n) / 100n },
    })),
  )
  watchers = await startWatchers(devnet, aaveOn(devnet), accounts())
})
afterAll(async () => {
  closeFollower(watchers.book)
  closeFollower(watchers.watching)
  await devnet.stop()
})

/** From what to what, by parameter and symbol. */
const stepsOf = (changes: readonly ParameterChange[]): Readonly<Record<string, readonly unknown[]>> =>
  Object.fromEntries(
    changes.map(({ name, symbol, before, after }) => [symbol ? `${name} ${symbol}` : name, [before, after]]),
  )

const reserveOf = (symbol: string) => {
  const market = watchers.book.book.tracked[0]?.mirror.markets.get('pool') as AaveMarket
  const reserve = Object.values(market.reserves).find((one) => one.symbol === symbol)
  if (!reserve) throw new Error(`no reserve ${symbol}`)
  return reserve
}

const lowered = { kind: 'configureCollateral', asset: 'WETH', ltv: 5_000, liquidationBonus: 10_600 } as const

test('Aave: a lower threshold, with the pool’s own word of both blocks', async () => {
  const told = await tellOne(watchers, () => devnet.act({ ...lowered, liquidationThreshold: 6_000 }))
  expect(stepsOf(told.changes)).toMatchObject({
    'liquidationThreshold WETH': [expect.any(BigInt), 6_000n],
    'maxLtv WETH': [expect.any(BigInt), 5_000n],
    'liquidationBonus WETH': [500n, 600n],
  })
  expect(told.moves).toHaveLength(ACCOUNTS)
  expect(told.liquidatable.length).toBeGreaterThan(0)
  expectEffect(told)
  const { hash } = await devnet.head()
  const truth = await accountDataAt(devnet, hash, accounts())
  for (const { id, before } of told.moves)
    expect(before).toBe(truth.get(id.split(':').at(-1) as `0x${string}`)?.healthFactor)
})

test('Aave: a pause blocks the liquidations of those that are liquidatable, and moves nobody', async () => {
  const price = await devnet.price('WETH')
  await devnet.setPrice('WETH', (price * 7n) / 10n)
  expect(await nextChanges(watchers)).toEqual([])
  const told = await tellOne(watchers, () => devnet.act({ kind: 'pause', asset: 'WETH', paused: true }))
  expect(stepsOf(told.changes)).toEqual({ 'isPaused WETH': [false, true] })
  expectEffect(told)
  expect(told.moves).toEqual([])
  expect(told.changes[0]?.effect.newlyBlocked.count).toBeGreaterThan(0)
  await devnet.setPrice('WETH', price)
  expect(await nextChanges(watchers)).toEqual([])
})

test('Aave: another price source moves loans by what it says otherwise than the last', async () => {
  const source = reserveOf('LINK').priceFeed
  if (!source) throw new Error('LINK has no feed')
  const told = await tellOne(watchers, () => devnet.act({ kind: 'setPriceSource', asset: 'WETH', source }))
  expect(stepsOf(told.changes)).toEqual({ 'priceSource WETH': [reserveOf('WETH').priceFeed, source] })
  expect(told.moves).toHaveLength(ACCOUNTS)
  expectEffect(told)
})

test('Aave: a steeper curve is told, and moves nobody now', async () => {
  const { asset, rateStrategy } = reserveOf('USDC')
  const steeper = reserveOf('WETH').rateStrategy
  if (!steeper || steeper === rateStrategy) throw new Error('both have the same strategy')
  const { admin: from, configurator: to } = devnet.addresses
  const functionName = 'setReserveInterestRateStrategyAddress'
  const data = encodeFunctionData({ abi: strategyAbi, functionName, args: [asset, steeper] })
  const told = await tellOne(watchers, () => devnet.act({ kind: 'call', from, to, data }))
  expect(stepsOf(told.changes)).toEqual({ 'rateModel USDC': [rateStrategy, steeper] })
  expectEffect(told)
  expect(told.moves).toEqual([])
})

test('a change that a reorg brings back is told at its new block, once', async () => {
  await devnet.act({ ...lowered, liquidationThreshold: 7_000 })
  const [first] = await nextChanges(watchers)
  await devnet.mine({ blocks: 2 })
  expect(await nextChanges(watchers)).toEqual([])
  await devnet.reorg(3, { reinclude: true, extraBlocks: 1 })
  const again = await nextChanges(watchers)
  expect(again.map(({ name, before, after }) => [name, before, after])).toContainEqual([
    first?.name,
    first?.before,
    first?.after,
  ])
  const { number } = await devnet.head()
  const all = listParameterChanges(watchers.book.database, { since: 0, market: undefined })
  expect(all.map(({ blockNumber }) => blockNumber)).toEqual(again.map(() => BigInt(number)))
})

test('the command line tells them, for people and for programs', async () => {
  const storeFile = watchers.watching.database.$client.name
  const { configFile } = createWorkspace(devnet, { rpc: [devnet.url], storeFile })
  const run = (...args: readonly string[]) => cli(['changes', '--config', configFile, ...args])
  const all = JSON.parse((await run('--json')).stdout)
  expect(all.changes).toContainEqual(
    expect.objectContaining({ parameter: 'liquidationThreshold', symbol: 'WETH', after: '7000' }),
  )
  const { stdout } = await run('--market', `${devnet.chainId}:aave-v3`)
  expect(stdout).toMatch(/liquidation threshold of WETH [\d.]+ % → 70 %/)
  expect(stdout).toMatch(new RegExp(`${ACCOUNTS} of ${ACCOUNTS} loans move, by up to −0\\.\\d{4}`))
  expect((await run('--market', `${devnet.chainId}:aave`)).stdout).toContain('no parameter changed')
  const wrong = await run('--market', 'WETH')
  expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('no id of a market')])
})

test('more than one cycle looks at is told as a number', async () => {
  const { book } = watchers
  const limited = { ...book, limits: { ...book.limits, changeEffectPositionsMax: 3 } }
  await devnet.act({ ...lowered, liquidationThreshold: 6_500 })
  const outcome = await runCycle(limited, await book.chain.head())
  const [change] = outcome.kind === 'committed' ? outcome.parameterChanges : []
  expect(change?.effect).toMatchObject({
    positionCount: ACCOUNTS,
    exactCount: 3,
    uncertainCount: ACCOUNTS - 3,
    movedCount: 3,
  })
})

test('a scenario whose rate jumps as the pool’s does where most of an asset is borrowed owes what the pool then does', async () => {
  const reader = createReader(devnet)
  const [account] = accounts()
  if (!account) throw new Error('no account')
  const rateOf = (market: AaveMarket): bigint => {
    const usdc = Object.values(market.reserves).find(({ symbol }) => symbol === 'USDC')
    return usdc?.variableBorrowRate ?? 0n
  }
  const { market, position, env } = await reader.loan(account)
  // Rates change with a touch of the reserve, to which it accrues at the old one.
  const whale = {
    account: devnet.account(ACCOUNTS),
    supplies: { WETH: 20_000n * ETHER },
    borrows: { USDC: (LENT_DOLLARS * 1_000_000n * 8n) / 10n },
  }
  await devnet.openAccounts([whale])
  const touched = (await devnet.head()).timestamp
  const jumped = rateOf((await reader.loan(account)).market)
  // A scenario's points are a wad, the pool's rate a ray.
  const points = (jumped - rateOf(market)) / 10n ** 9n
  expect(points).toBeGreaterThan(WAD / 100n)
  await devnet.increaseTime(30 * 86_400)
  const { hash, timestamp } = await devnet.head()
  const truth = (await accountDataAt(devnet, hash, [account])).get(account)
  const rise = (asset: Address): bigint => (market.reserves[asset]?.symbol === 'USDC' ? points : 0n)
  const raised = aaveV3.withRates?.(market, rise, { ...env, timestamp: touched }) ?? market
  const [then, without] = [raised, market].map((one) => aaveV3.assess(one, position, { ...env, timestamp }))
  if (then?.kind !== 'assessed' || without?.kind !== 'assessed') throw new Error('not assessed')
  // What a wad cuts of a ray is far less than a unit of USDC, which is a hundred of the base currency.
  expect(Number((truth?.debt ?? 0n) - then.debtValue)).toBeLessThanOrEqual(100)
  expect(Number((truth?.debt ?? 0n) - then.debtValue)).toBeGreaterThanOrEqual(0)
  expect(then.collateralValue).toBe(truth?.collateral)
  expect(then.debtValue - without.debtValue).toBeGreaterThan(1_000n)
  reader.close()
})
