// One broken market: its loans cannot be assessed, or are what Morpho makes of them; all others go on.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeFunctionData, pad, parseEventLogs } from 'viem'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { morphoAbi } from '../../abis/morpho-blue.ts'
import { oracleWiringAbi } from '../../abis/oracle-wiring.ts'
import type { Chain } from '../../src/chain/chain.ts'
import type { Assessment } from '../../src/model/assessment.ts'
import { assessAll, envOf } from '../../src/monitor/assessing.ts'
import { type Follower, runCycle } from '../../src/monitor/cycle.ts'
import { syncTo } from '../../src/monitor/follow.ts'
import { readAccounts } from '../../src/monitor/on-demand.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { MORPHO_ADMIN } from '../devnet/morpho-blue/deploy.ts'
import type { MarketName } from '../devnet/morpho-blue/markets.ts'
import { deployMorpho, type Morpho } from '../devnet/morpho-blue/morpho.ts'
import type { Snapshot } from '../devnet/snapshots.ts'
import { followDevnet } from '../support/follower.ts'
import { compareLoan, morphoOn, newTally } from '../support/morpho-loans.ts'

const BROKEN_PRICE = { kind: 'unassessable', reason: 'price-failed' }

let devnet: Devnet
let morpho: Morpho
let opened: Snapshot
let follower: Follower

beforeAll(async () => {
  devnet = await startDevnet()
  morpho = await deployMorpho(devnet)
  const account = devnet.account(0)
  await morpho.fundAccounts([account])
  for (const market of Object.values(morpho.addresses.markets)) {
    const assets = 10n ** BigInt(market.collateralDecimals)
    const borrowed = 10n ** BigInt(market.loanDecimals) / 1_000_000n
    await morpho.act([
      { kind: 'supplyCollateral', market: market.name, account, assets },
      { kind: 'borrow', market: market.name, account, amount: { assets: borrowed } },
    ])
  }
  opened = await devnet.snapshot()
})
afterAll(() => devnet.stop())

beforeEach(async () => {
  await devnet.revert(opened)
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-morpho-'))
  follower = await followDevnet(devnet, join(folder, 'b.db'), { wanted: [morphoOn(devnet, morpho)] })
  await syncTo(follower, await follower.chain.head(), () => undefined, new AbortController().signal)
})
afterEach(() => {
  follower.chain.close()
  follower.database.$client.close()
})

/** Follows one more block and compares all loans with Morpho's own word; the assessment of one market. */
const follow = async (name: MarketName): Promise<Assessment | undefined> => {
  await devnet.mine({ blocks: 2 })
  const outcome = await runCycle(follower, await follower.chain.head())
  expect(outcome).toMatchObject({ kind: 'committed', mismatches: [] })
  const { cursor, tracked } = follower.book
  if (!cursor) throw new Error('nothing was followed')
  const assessments = assessAll(tracked, cursor)
  const tally = newTally()
  for (const one of assessments) await compareLoan(devnet, morpho, one, tally)
  expect(tally.positions + tally.unassessable).toBe(Object.keys(morpho.addresses.markets).length)
  return assessments.find(({ market }) => market === morpho.addresses.markets[name].id)
}

test('an oracle that reverts', async () => {
  expect(await follow('wbtc')).toMatchObject({ kind: 'assessed', isLiquidatable: false })
  const mend = await morpho.break(morpho.addresses.markets.wbtc.params.oracle)
  expect(await follow('wbtc')).toMatchObject(BROKEN_PRICE)
  expect(await follow('usdc')).toMatchObject({ kind: 'assessed' })
  await mend()
  expect(await follow('wbtc')).toMatchObject({ kind: 'assessed' })
})

test('a feed behind an oracle that answers less than 0', async () => {
  await devnet.breakFeed('WETH', 'negative')
  expect(await follow('weth')).toMatchObject(BROKEN_PRICE)
  await devnet.mendFeed('WETH')
  expect(await follow('weth')).toMatchObject({ kind: 'assessed' })
})

test('a rate model of another make that reverts', async () => {
  const mend = await morpho.break(morpho.addresses.rateModels.fragile)
  expect(await follow('fragile')).toMatchObject({ kind: 'unassessable', reason: 'read-failed' })
  expect(await follow('foreign')).toMatchObject({ kind: 'assessed', fidelity: 'observed' })
  await mend()
  expect(await follow('fragile')).toMatchObject({ kind: 'assessed' })
})

test('a price of 0: everything is unhealthy, and all collateral goes for nothing', async () => {
  await morpho.act([{ kind: 'setOraclePrice', market: 'low', price: 0n }])
  const assessment = await follow('low')
  expect(assessment).toMatchObject({
    kind: 'assessed',
    healthFactor: 0n,
    isLiquidatable: true,
    isExecutable: true,
    phase: 'bad-debt',
  })
  const { cursor, tracked } = follower.book
  const [only] = tracked
  if (!cursor || !only) throw new Error('nothing was followed')
  const { adapter, mirror } = only
  const { id } = morpho.addresses.markets.low
  const [market, position] = [mirror.markets.get(id), mirror.positions.get(`${id}:${devnet.account(0)}`)]
  if (!market || !position) throw new Error('the loan is not in the mirror')
  const seconds = 12
  const env = { ...envOf(mirror, cursor, () => null), timestamp: cursor.timestamp + seconds }
  const [best] = adapter.terms(market, position, env)
  expect(best).toMatchObject({ repayMax: 0n, payer: 'liquidator' })
  if (!best) throw new Error('no terms')
  const predicted = adapter.liquidate(market, position, env, best.request)
  const { to, data } = adapter.call(market, position, best.request)
  const { outcomes } = await devnet.send([{ from: MORPHO_ADMIN, to, data }], seconds)
  const [event] = parseEventLogs({ abi: morphoAbi, eventName: 'Liquidate', logs: outcomes[0]?.logs as never })
  expect(predicted).toMatchObject({
    kind: 'liquidated',
    repaid: { amount: event?.args.repaidAssets },
    seized: [{ amount: event?.args.seizedAssets }],
    badDebt: [{ amount: event?.args.badDebtAssets }],
  })
})

/** Remembers no list of markets. */
const catalogue = {
  store: { load: () => undefined, save: () => undefined },
  reorgDepthMax: 1,
  onProgress: () => undefined,
}

test('an endpoint that does not tell what oracles rest on: loans and their risks all the same', async () => {
  const { chain } = follower
  const { id } = morpho.addresses.markets.wbtc
  const wanted = [morphoOn(devnet, morpho, { markets: [id] })]
  const read = (tried: Chain) =>
    chain.head().then((head) => readAccounts(tried, head, wanted, [devnet.account(0)], 12, catalogue, []))
  const asked = encodeFunctionData({ abi: oracleWiringAbi, functionName: 'description' })
  const silent: Chain = {
    ...chain,
    readCached: async (block, calls) => {
      if (calls.some((call) => 'data' in call && call.data === asked)) throw new Error('too much')
      return chain.readCached(block, calls)
    },
  }
  const [told, untold] = [await read(chain), await read(silent)]
  expect(told.failures).toEqual([])
  expect(untold.failures).toMatchObject([{ market: null, reason: 'read-failed' }])
  expect(untold.failures[0]?.detail).toMatch(/price oracles rest on.*: too much$/)
  expect(untold.assessments).toEqual(told.assessments)
  for (const { id } of told.assessments)
    expect([id, untold.riskOf(id) !== undefined]).toEqual([id, told.riskOf(id) !== undefined])
})

test('a market that configuration names and Morpho does not have', async () => {
  const missing = pad('0x1d', { size: 32 })
  const { id } = morpho.addresses.markets.wbtc
  const wanted = morphoOn(devnet, morpho, { markets: [missing, id] })
  const { chain } = follower
  const read = await readAccounts(chain, await chain.head(), [wanted], [devnet.account(0)], 12, catalogue)
  expect(read.assessments).toMatchObject([{ kind: 'assessed', market: id }])
  expect(read.failures).toMatchObject([{ reason: 'read-failed', detail: `there is no market ${missing}` }])
})
