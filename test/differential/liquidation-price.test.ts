// Liquidation prices against the contracts: at the tick the loan can be liquidated, beside it and anywhere nearer it cannot.
import {
  type Address,
  concat,
  decodeFunctionResult,
  encodeFunctionData,
  type Hex,
  multicall3Abi,
  pad,
  toHex,
} from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { poolAbi } from '../../abis/aave-v3.ts'
import type { Chain } from '../../src/chain/chain.ts'
import type { Health } from '../../src/model/assessment.ts'
import type { BlockRef } from '../../src/model/block.ts'
import type { PriceKey } from '../../src/model/price.ts'
import { envOf } from '../../src/monitor/assessing.ts'
import type { Wanted } from '../../src/monitor/track.ts'
import { readWiring } from '../../src/monitor/wiring.ts'
import { type Groups, groupingOf } from '../../src/risk/groups.ts'
import { type LiquidationPrice, liquidationPrices } from '../../src/risk/liquidation-price.ts'
import { assessLoan, type Loan } from '../../src/risk/loan.ts'
import { feedsByKey } from '../../src/risk/shocked-prices.ts'
import { randomAccount } from '../devnet/aave-v3/random-account.ts'
import { type AllProtocols, startAllProtocols } from '../devnet/all-protocols.ts'
import { oracleAbi as compoundOracleAbi, comptrollerAbi, cTokenAbi } from '../devnet/compound-v2/abis.ts'
import { enrich as enrichCompound } from '../devnet/compound-v2/compound.ts'
import { createCompoundActivity } from '../devnet/compound-v2/random-activity.ts'
import { morphoAbi } from '../devnet/morpho-blue/abis.ts'
import { MORPHO_ADMIN } from '../devnet/morpho-blue/deploy.ts'
import { createMorphoActivity } from '../devnet/morpho-blue/random-activity.ts'
import { MULTICALL3 } from '../devnet/multicall3.ts'
import { createRandom, type Random } from '../devnet/random.ts'
import { vaiControllerAbi, oracleAbi as venusOracleAbi } from '../devnet/venus-core/abis.ts'
import { createVenusActivity } from '../devnet/venus-core/random-activity.ts'
import { enrich as enrichVenus } from '../devnet/venus-core/venus.ts'
import { readAfresh } from '../support/afresh.ts'
import { chainAt } from '../support/follower.ts'
import { sized } from '../support/size.ts'

const ACCOUNTS = sized(6, 150)
const ROUNDS = sized(1, 4)
/** Prices nearer than the tick at which the contract is asked too, for every row. */
const SAMPLES = 3
const WAD = 10n ** 18n

let all: AllProtocols
let chain: Chain
beforeAll(async () => {
  all = await startAllProtocols()
  chain = chainAt(all.devnet.url, all.devnet.chainId)
})
afterAll(() => {
  chain.close()
  return all.devnet.stop()
})

/** Code that answers one word to whatever it is asked. */
const constantCode = (word: bigint): Hex => concat(['0x7f', pad(toHex(word)), '0x60005260206000f3'])

type Question = { readonly from?: Address; readonly to: Address; readonly data: Hex }

/** An eth_call at a block with some contracts replaced; what it answers, or what it says instead. */
const ask = async (
  block: BlockRef,
  question: Question,
  codes: Readonly<Record<Address, Hex>> = {},
): Promise<{ readonly data: Hex } | { readonly error: string }> => {
  const overrides = Object.fromEntries(Object.entries(codes).map(([address, code]) => [address, { code }]))
  const params = [question, { blockHash: block.hash }, overrides]
  return all.devnet.rpc.request<Hex>('eth_call', params).then(
    (data) => ({ data }),
    (error: Error) => ({ error: error.message }),
  )
}

/** What the contract says of a loan with one price replaced; undefined where it says nothing. */
type Probe = (loan: Loan, block: BlockRef, key: PriceKey, price: bigint) => Promise<boolean | undefined>

const askAave: Probe = async ({ position, adapter, market }, block, key, price) => {
  const markets = new Map([[market.id.market, market]])
  const { chainId, protocol, deployment } = market.id
  const nothing = { positions: new Map(), prices: new Map(), tallies: new Map() }
  const feeds = adapter.feeds({ deployment: { chainId, protocol, deployment }, markets, ...nothing })
  const source = feeds.find((feed) => feed.key === key)?.source
  const asset = key.slice('price:'.length)
  const proxy =
    source ?? Object.values(all.devnet.addresses.feeds).find((feed) => feed.asset === asset)?.proxy
  if (!proxy) throw new Error(`no feed of ${key}`)
  const data = encodeFunctionData({
    abi: poolAbi,
    functionName: 'getUserAccountData',
    args: [position.owner],
  })
  const answer = await ask(block, { to: all.devnet.addresses.pool, data }, { [proxy]: constantCode(price) })
  return 'data' in answer ? BigInt(`0x${answer.data.slice(-64)}`) < WAD : undefined
}

/** Morpho refuses to liquidate what is healthy, in so many words. */
const askMorpho: Probe = async ({ position, market }, block, _key, price) => {
  const place = Object.values(all.morpho.addresses.markets).find(({ id }) => id === market.id.market)
  if (!place) throw new Error(`no market ${market.id.market}`)
  const args = [place.params, position.owner, 0n, 1n, '0x'] as const
  const data = encodeFunctionData({ abi: morphoAbi, functionName: 'liquidate', args })
  const question = { from: MORPHO_ADMIN, to: all.morpho.addresses.morpho, data }
  const answer = await ask(block, question, { [place.params.oracle]: constantCode(price) })
  return 'data' in answer || !answer.error.includes('position is healthy')
}

type Call = { readonly target: Address; readonly allowFailure: boolean; readonly callData: Hex }

/** The shortfall after some calls in one frame: a price that is set, and every accrual. */
const shortfallAfter = async (
  block: BlockRef,
  calls: readonly Call[],
  comptroller: Address,
  account: Address,
): Promise<boolean | undefined> => {
  const callData = encodeFunctionData({
    ...{ abi: comptrollerAbi, functionName: 'getAccountLiquidity', args: [account] },
  } as const)
  const all3 = [...calls, { target: comptroller, allowFailure: true, callData }]
  const data = encodeFunctionData({ abi: multicall3Abi, functionName: 'aggregate3', args: [all3] })
  const answer = await ask(block, { to: MULTICALL3, data })
  if (!('data' in answer)) return undefined
  const results = decodeFunctionResult({ abi: multicall3Abi, functionName: 'aggregate3', data: answer.data })
  const last = results.at(-1)
  if (!last?.success) return undefined
  const [code, , shortfall] = decodeFunctionResult({
    ...{ abi: comptrollerAbi, functionName: 'getAccountLiquidity', data: last.returnData },
  } as const)
  return code === 0n ? shortfall > 0n : undefined
}

const accrualOf = (target: Address): Call => ({
  target,
  allowFailure: true,
  callData: encodeFunctionData({ abi: cTokenAbi, functionName: 'accrueInterest' }),
})

const cTokenIn = (key: PriceKey): Address => key.slice('price:'.length) as Address

/** Oracles of the local chain say a fixed price of the native asset. */
const isFixed = (key: PriceKey): boolean => {
  const { compound, venus } = all
  const markets = [
    ...Object.values(compound.addresses.markets).map(({ cToken, underlying }) => [cToken, underlying]),
    ...Object.values(venus.addresses.markets).map(({ vToken, underlying }) => [vToken, underlying]),
  ]
  return markets.some(([token, underlying]) => token === cTokenIn(key) && underlying === undefined)
}

const askCompound: Probe = ({ position }, block, key, price) => {
  const { comptroller, oracle, markets } = all.compound.addresses
  const args = [cTokenIn(key), price] as const
  const callData = encodeFunctionData({ abi: compoundOracleAbi, functionName: 'setUnderlyingPrice', args })
  const accruals = Object.values(markets).map(({ cToken }) => accrualOf(cToken))
  const set = { target: oracle, allowFailure: false, callData }
  return shortfallAfter(block, [set, ...accruals], comptroller, position.owner)
}

const askVenus: Probe = ({ position }, block, key, price) => {
  const { comptroller, oracle, markets, vaiController } = all.venus.addresses
  const market = Object.values(markets).find(({ vToken }) => vToken === cTokenIn(key))
  if (!market?.underlying) throw new Error(`no market of ${key}`)
  const args = [market.underlying, price] as const
  const callData = encodeFunctionData({ abi: venusOracleAbi, functionName: 'setDirectPrice', args })
  const vai = encodeFunctionData({ abi: vaiControllerAbi, functionName: 'accrueVAIInterest' })
  const calls = [
    { target: oracle, allowFailure: false, callData },
    ...Object.values(markets).map(({ vToken }) => accrualOf(vToken)),
    { target: vaiController, allowFailure: true, callData: vai },
  ]
  return shortfallAfter(block, calls, comptroller, position.owner)
}

/** Who is asked, by protocol. */
const PROBES: Readonly<Record<string, Probe>> = {
  'aave-v3': askAave,
  'morpho-blue': askMorpho,
  'compound-v2': askCompound,
  'venus-core': askVenus,
}

const openLoans = async (random: Random, accounts: readonly Address[]): Promise<void> => {
  const { devnet, morpho, compound, venus } = all
  await devnet.openAccounts(
    accounts.map((account) => randomAccount(random, account)),
    { tolerateReverts: true },
  )
  await morpho.fundAccounts(accounts)
  const ofMorpho = createMorphoActivity(devnet, morpho, random, accounts)
  for (const account of accounts)
    await morpho.act(await ofMorpho.open(random.pick(ofMorpho.markets), account), { tolerateReverts: true })
  await enrichCompound(devnet, compound.addresses, accounts)
  await enrichVenus(devnet, venus.addresses, accounts)
  const ofCompound = createCompoundActivity({
    ...{ random, accounts, addresses: compound.addresses, zeroPrices: false },
  })
  const ofVenus = createVenusActivity({ random, accounts, addresses: venus.addresses, isCalm: true })
  for (const account of accounts) await devnet.send([...ofCompound.open(account), ...ofVenus.open(account)])
}

type Tally = { rows: number; found: number; never: number; already: number; questions: number }

const keyOf = ({ asset, price }: LiquidationPrice, { collateral, debt }: Health): PriceKey | undefined =>
  [...collateral, ...debt].find((leg) => leg.asset === asset && leg.price === price && leg.amount > 0n)
    ?.priceKey

/** Asks the contract at the tick, one nearer, and at some prices between there and the current one. */
const holdRow = async (
  probe: Probe,
  loan: Loan,
  health: Health,
  row: LiquidationPrice,
  random: Random,
  tally: Tally,
): Promise<void> => {
  const key = keyOf(row, health)
  if (key === undefined || !loan.env.prices(key) || isFixed(key)) return
  const { price, liquidationPrice } = row
  const expectAt = async (at: bigint, isLiquidatable: boolean): Promise<void> => {
    tally.questions++
    const said = await probe(loan, health.block, key, at)
    expect([health.id, row.symbol, at, said]).toEqual([health.id, row.symbol, at, isLiquidatable])
  }
  tally.rows++
  if (liquidationPrice === null) {
    tally.never++
    const isCollateral = health.collateral.some(({ priceKey }) => priceKey === key)
    if (isCollateral) await expectAt(price - random.bigint(price), false)
    return
  }
  await expectAt(liquidationPrice, true)
  if (liquidationPrice === price) {
    tally.already++
    return
  }
  tally.found++
  const nearer = liquidationPrice < price ? 1n : -1n
  await expectAt(liquidationPrice + nearer, false)
  const distance = (price - liquidationPrice) * nearer
  for (let sample = 0; sample < SAMPLES && distance > 1n; sample++)
    await expectAt(liquidationPrice + nearer * (1n + random.bigint(distance)), false)
}

const holdAll = async (wanted: Wanted, accounts: readonly Address[], random: Random): Promise<Tally> => {
  const tally = { rows: 0, found: 0, never: 0, already: 0, questions: 0 }
  const { adapter } = wanted
  const probe = PROBES[adapter.protocol]
  if (!probe) throw new Error(`no contract of ${adapter.protocol} to ask`)
  const head = await chain.head()
  const mirror = await readAfresh(chain, head, wanted, accounts)
  const feeds = adapter.feeds(mirror)
  const grouping = groupingOf({ feeds, settings: [], wiring: new Map(), usdPriceOf: () => undefined })
  const groups: Groups = { ...grouping, feeds: feedsByKey(feeds) }
  const env = envOf(mirror, head, () => null)
  for (const position of mirror.positions.values()) {
    const market = mirror.markets.get(position.id.market)
    if (!market) continue
    const loan: Loan = { adapter, market, position, env }
    const health = assessLoan(loan)
    if (health.kind !== 'assessed' || health.phase === 'no-debt') continue
    for (const row of liquidationPrices(loan, health, groups))
      await holdRow(probe, loan, health, row, random, tally)
  }
  return tally
}

test(`liquidation prices of ${ACCOUNTS * 4} random loans in ${ROUNDS} states are the contracts' own, to the tick`, async () => {
  const random = createRandom(20_261_127)
  let rows = 0
  for (let round = 0; round < ROUNDS; round++) {
    const accounts = Array.from({ length: ACCOUNTS }, (_, index) =>
      all.devnet.account(round * ACCOUNTS + index),
    )
    await openLoans(random, accounts)
    await all.devnet.mine({ blocks: 50 })
    for (const wanted of all.wanted) {
      const tally = await holdAll(wanted, accounts, random)
      console.log(
        `${wanted.adapter.protocol}: ${tally.rows} liquidation prices, ${tally.found} found, ${tally.never} that no price reaches, ${tally.already} of loans that are liquidatable; the contract was asked ${tally.questions} times, 0 mismatches`,
      )
      expect(tally.found).toBeGreaterThan(0)
      rows += tally.rows
    }
  }
  expect(rows).toBeGreaterThan(ACCOUNTS * ROUNDS)
})

test('what price sources rest on is read from the chain: feeds say what they are of', async () => {
  const { devnet } = all
  const head = await chain.head()
  const proxies = Object.values(devnet.addresses.feeds).map(({ proxy }) => proxy)
  const wiring = await readWiring(chain.readCached, head, proxies)
  for (const { proxy, symbol } of Object.values(devnet.addresses.feeds))
    expect(wiring.get(proxy)).toEqual([{ feed: proxy, isInverse: false, description: `${symbol} / USD` }])
})
