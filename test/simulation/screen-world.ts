// A chain in memory whose blocks are the states of an Aave pool: prices wander and fail, accounts act, come and go, blocks are orphaned.
import { type Address, getAddress, type Hash, type Hex, pad, toHex, zeroAddress } from 'viem'
import type { Chain, Header } from '../../src/chain/chain.ts'
import type { Log } from '../../src/model/evm.ts'
import type { PriceReading } from '../../src/model/price.ts'
import { aaveV3 } from '../../src/protocols/aave-v3/index.ts'
import { keys } from '../../src/protocols/aave-v3/keys.ts'
import type { AaveMarket, AavePosition, Leg, Reserve } from '../../src/protocols/aave-v3/state.ts'
import type { Adapter, Change, Deployment, Key, Mirror } from '../../src/protocols/adapter.ts'
import { RAY } from '../../src/units/brands.ts'
import { createRandom, type Random } from '../devnet/random.ts'

const CHAIN_ID = 31_337
const POOL: Address = getAddress(pad('0xaa', { size: 20 }))
const TOUCHED: Hex = pad('0x01', { size: 32 })
const PRICE_SCALE = 10n ** 8n
const REVISIONS = ['3.0', '3.3', '3.5', '3.7'] as const

export const deployment: Deployment = {
  chainId: CHAIN_ID,
  protocol: aaveV3.protocol,
  deployment: 'simulated',
  fromBlock: 0n,
}

type World = {
  readonly market: AaveMarket
  readonly positions: ReadonlyMap<Address, AavePosition>
  readonly prices: ReadonlyMap<Key, PriceReading>
}

type Block = { readonly header: Header; readonly world: World; readonly touched: readonly Address[] }

export type SimulatedChain = {
  readonly chain: Chain
  readonly adapter: Adapter
  /** Accounts of the first block. */
  readonly accounts: readonly Address[]
  /** Every account that ever was. */
  readonly everybody: readonly Address[]
  /** Mines a block; sometimes first takes some back. */
  mine(): Header
}

const ASSETS = [
  { symbol: 'WETH', decimals: 18, threshold: 8_300n, price: 2_000n * PRICE_SCALE },
  { symbol: 'WBTC', decimals: 8, threshold: 7_000n, price: 60_000n * PRICE_SCALE },
  { symbol: 'USDC', decimals: 6, threshold: 8_600n, price: PRICE_SCALE },
  { symbol: 'DAI', decimals: 18, threshold: 0n, price: PRICE_SCALE },
].map((asset, id) => ({ ...asset, id, address: getAddress(pad(toHex(0xa0 + id), { size: 20 })) }))

const idOf = (account: string) => ({
  chainId: CHAIN_ID,
  protocol: aaveV3.protocol,
  deployment: 'simulated',
  market: 'pool',
  account,
})

const reserveOf = (
  random: Random,
  { id, symbol, decimals, threshold, address }: (typeof ASSETS)[number],
): Reserve => ({
  ...{ id, symbol, asset: address },
  configuration:
    threshold | (threshold << 16n) | (10_500n << 32n) | (BigInt(decimals) << 48n) | (1n << 56n) | (1n << 58n),
  liquidityIndex: RAY + random.bigint(RAY / 10n),
  liquidityRate: random.bigint(RAY / 20n),
  variableBorrowIndex: RAY + random.bigint(RAY / 5n),
  variableBorrowRate: random.bigint(RAY / 2n),
  lastUpdateTimestamp: 1_000_000,
  ...{ aToken: zeroAddress, stableDebtToken: zeroAddress, variableDebtToken: zeroAddress },
  ...{ accruedToTreasury: 0n, isolationModeTotalDebt: 0n, deficit: 0n, liquidationGracePeriodUntil: 0 },
})

const marketOf = (random: Random, revision: string): AaveMarket => ({
  id: { chainId: CHAIN_ID, protocol: aaveV3.protocol, deployment: 'simulated', market: 'pool' },
  label: 'simulated',
  quote: { symbol: 'USD', decimals: 8 },
  ...{ revision, revisionRaw: '1', fidelity: 'exact' },
  wiring: { pool: POOL, configurator: zeroAddress, oracle: zeroAddress, sentinel: zeroAddress },
  faults: {},
  baseCurrencyUnit: PRICE_SCALE,
  reserves: Object.fromEntries(ASSETS.map((asset) => [asset.address, reserveOf(random, asset)])),
  eModes: {},
})

/** Most are close to the line, some without debt, some without collateral, some of a few units. */
const positionOf = (
  random: Random,
  owner: Address,
  asOf: bigint,
  market: AaveMarket,
  prices: World['prices'],
): AavePosition => {
  const legs: Record<Address, Leg> = {}
  let [userConfiguration, weight] = [0n, 0]
  const numberOf = ({ address, price }: (typeof ASSETS)[number]): number => {
    const reading = prices.get(keys.price(address))
    return Number(reading?.kind === 'price' ? reading.price : price) / Number(PRICE_SCALE)
  }
  const isDust = random.chance(0.1)
  const collateral = random.chance(0.03) ? [] : random.sample(ASSETS.slice(0, 3), random.integer(1, 2))
  for (const asset of collateral) {
    const value = isDust ? random.magnitude(1e-6, 1e-3) : random.magnitude(50, 1e6)
    weight += (value * Number(asset.threshold)) / 10_000
    const amount = BigInt(Math.ceil((value / numberOf(asset)) * 10 ** asset.decimals))
    legs[asset.address] = {
      scaledCollateral: (amount * RAY) / (market.reserves[asset.address]?.liquidityIndex ?? RAY),
      scaledVariableDebt: 0n,
    }
    userConfiguration |= 2n << BigInt(asset.id * 2)
  }
  const debts =
    random.chance(0.05) && collateral.length > 0 ? [] : random.sample(ASSETS, random.integer(1, 2))
  const health = random.chance(0.3) ? 0.97 + random.next() * 0.2 : 0.8 + random.next() * 2
  for (const asset of debts) {
    const value = (weight === 0 ? 10 : weight) / health / debts.length
    const amount = BigInt(Math.ceil((value / numberOf(asset)) * 10 ** asset.decimals))
    legs[asset.address] = {
      scaledCollateral: legs[asset.address]?.scaledCollateral ?? 0n,
      scaledVariableDebt: (amount * RAY) / (market.reserves[asset.address]?.variableBorrowIndex ?? RAY) + 1n,
    }
    userConfiguration |= 1n << BigInt(asset.id * 2)
  }
  const fault = random.chance(0.01) ? { fault: { reason: 'read-failed' as const, detail: 'simulated' } } : {}
  return { id: idOf(owner), owner, asOf, eMode: 0, userConfiguration, legs, ...fault }
}

const failed = (key: Key): PriceReading => ({ kind: 'failed', key, error: 'simulated' })
const priced = (key: Key, price: bigint): PriceReading => ({
  kind: 'price',
  key,
  price,
  scale: PRICE_SCALE,
  source: 'simulated',
})

/** Prices after a block: most moves are small, some large; a feed may fail, and come back where it was. */
const movedPrices = (random: Random, { prices }: World, lastKnown: Map<Key, bigint>): World['prices'] =>
  new Map(
    [...prices].map(([key, reading]): [Key, PriceReading] => {
      if (reading.kind === 'price') lastKnown.set(key, reading.price)
      if (reading.kind === 'failed' && random.chance(0.6)) return [key, reading]
      if (random.chance(0.006)) return [key, failed(key)]
      const known = lastKnown.get(key) ?? PRICE_SCALE
      if (random.chance(0.4)) return [key, priced(key, known)]
      const reach = random.chance(0.15) ? 150_000 : 12_000
      return [key, priced(key, (known * BigInt(1_000_000 + random.integer(-reach, reach))) / 1_000_000n)]
    }),
  )

const movedMarket = (random: Random, market: AaveMarket, timestamp: number): AaveMarket => {
  const { fault, ...sound } = market
  if (fault ? random.chance(0.5) : random.chance(0.03))
    return fault ? sound : { ...market, fault: { reason: 'read-failed', detail: 'simulated' } }
  if (!random.chance(0.1)) return market
  const asset = random.pick(ASSETS)
  const reserve = market.reserves[asset.address]
  if (!reserve) return market
  const liquidityIndex = reserve.liquidityIndex + random.bigint(RAY / 1_000n)
  const variableBorrowIndex = reserve.variableBorrowIndex + random.bigint(RAY / 500n)
  const next = { ...reserve, liquidityIndex, variableBorrowIndex, lastUpdateTimestamp: timestamp }
  return { ...market, reserves: { ...market.reserves, [asset.address]: next } }
}

const adapterOf = (worldAt: (hash: Hash) => World): Adapter => {
  const changesOf = (key: Key, world: World, known: unknown): readonly Change[] => {
    if (key === 'market')
      return known === world.market ? [] : [{ kind: 'market', key: 'pool', next: () => world.market }]
    if (key === 'prices') return [...world.prices.values()].map((reading) => ({ kind: 'price', reading }))
    const owner = key.slice('account:'.length) as Address
    return [{ kind: 'position', key: `pool:${owner}`, next: () => world.positions.get(owner) }]
  }
  return {
    ...aaveV3,
    subscriptions: () => [{ addresses: [POOL], topics: [TOUCHED] }],
    reduce: (_mirror, { data }) => [{ kind: 'due', key: keys.account(getAddress(data)) }],
    stateKeys: () => ['market'],
    headKeys: () => ['prices', 'market'],
    reads: (_mirror, due) =>
      due.map((key) => ({
        key,
        calls: [],
        decode: (_results, block, mirror) => changesOf(key, worldAt(block.hash), mirror.markets.get('pool')),
      })),
    audit: () => ({ calls: [], compare: () => undefined }),
    coverage: () => [],
  }
}

const logOf = (account: Address, { number, hash }: Header, logIndex: number): Log => ({
  ...{ address: POOL, topics: [TOUCHED], data: account },
  ...{ blockNumber: number, blockHash: hash, logIndex, transactionHash: hash },
})

const chainOf = (blocks: readonly Block[]): Chain => {
  const known = (at: bigint | Hash): Header | undefined =>
    blocks.find(({ header }) => (typeof at === 'bigint' ? header.number === at : header.hash === at))?.header
  const refuse = (): never => {
    throw new Error('not simulated')
  }
  return {
    id: CHAIN_ID,
    label: 'simulated',
    head: async () => blocks.at(-1)?.header ?? refuse(),
    heads: refuse,
    header: async (at) => known(at),
    logs: async ({ fromBlock, toBlock }) =>
      blocks
        .filter(({ header: { number } }) => number >= fromBlock && number <= toBlock)
        .flatMap(({ header, touched }) => touched.map((account, index) => logOf(account, header, index))),
    requestsInFlightMax: 1,
    learnt: refuse,
    background: refuse,
    read: async (_block, _calls, ancestors = []) => ({
      results: [],
      ancestors: new Map(ancestors.map((number) => [number, known(number)?.hash ?? '0x'])),
    }),
    readCached: refuse,
    codeSize: refuse,
    lentGas: async () => 0n,
    simulate: async () => ({ kind: 'answered', data: '0x' }),
    estimateGas: async () => 0n,
    endpoints: () => [],
    close: () => undefined,
  }
}

/** A pool and its accounts as of one block, drawn like those of the chain. */
export const simulateBook = (seed: number, size: number): Mirror => {
  const random = createRandom(seed)
  const market = marketOf(random, random.pick(REVISIONS))
  const prices = new Map(
    ASSETS.map(({ address, price }) => [keys.price(address), priced(keys.price(address), price)]),
  )
  const owners = Array.from({ length: size }, (_, index) =>
    getAddress(pad(toHex(0x1000 + index), { size: 20 })),
  )
  return {
    ...{ deployment, markets: new Map([[market.id.market, market]]), prices, tallies: new Map() },
    positions: new Map(
      owners.map((owner) => [`pool:${owner}`, positionOf(random, owner, 1n, market, prices)]),
    ),
  }
}

/** The same seed gives the same chain. */
export const simulate = (seed: number, size: number): SimulatedChain => {
  const random = createRandom(seed)
  const market = marketOf(random, random.pick(REVISIONS))
  const lastKnown = new Map(ASSETS.map(({ address, price }) => [keys.price(address), price]))
  const prices = new Map([...lastKnown].map(([key, price]) => [key, priced(key, price)]))
  const everybody: Address[] = []
  const newcomer = (): Address => {
    const account = getAddress(pad(toHex(0x1000 + everybody.length), { size: 20 }))
    everybody.push(account)
    return account
  }
  const accounts = Array.from({ length: size }, newcomer)
  const worlds = new Map<Hash, World>()
  const blocks: Block[] = []
  let minted = 0
  const push = (world: World, touched: readonly Address[], seconds: number): Header => {
    const parent = blocks.at(-1)?.header
    const hash = pad(toHex(++minted), { size: 32 })
    const header: Header = {
      chainId: CHAIN_ID,
      number: (parent?.number ?? 0n) + 1n,
      timestamp: (parent?.timestamp ?? 1_000_000) + seconds,
      ...{ hash, parentHash: parent?.hash ?? pad('0x', { size: 32 }), logsBloom: '0x' },
      baseFeeWei: null,
    }
    worlds.set(hash, world)
    blocks.push({ header, world, touched })
    return header
  }
  const extend = (): Header => {
    const last = blocks.at(-1)
    if (!last) {
      const positions = new Map(
        accounts.map((owner) => [owner, positionOf(random, owner, 1n, market, prices)]),
      )
      return push({ market, prices, positions }, [], 12)
    }
    const { number, timestamp } = last.header
    const seconds = random.chance(0.1) ? random.integer(1_000, 1_000_000) : 12
    const next = {
      prices: movedPrices(random, last.world, lastKnown),
      market: movedMarket(random, last.world.market, timestamp + seconds),
    }
    const positions = new Map(last.world.positions)
    const touched = new Set<Address>(random.sample([...positions.keys()], random.integer(0, 2)))
    if (random.chance(0.2)) touched.add(random.chance(0.5) ? newcomer() : random.pick(everybody))
    for (const owner of touched) {
      if (random.chance(0.15)) positions.delete(owner)
      else if (random.chance(0.8))
        positions.set(owner, positionOf(random, owner, number + 1n, next.market, next.prices))
    }
    return push({ ...next, positions }, [...touched], seconds)
  }
  return {
    chain: chainOf(blocks),
    adapter: adapterOf((hash) => {
      const world = worlds.get(hash)
      if (!world) throw new Error(`no block ${hash}`)
      return world
    }),
    ...{ accounts, everybody },
    mine: () => {
      if (blocks.length > 4 && random.chance(0.08)) {
        const depth = random.integer(1, 3)
        blocks.splice(blocks.length - depth, depth)
        for (let count = 1; count < depth; count++) extend()
      }
      const blocksAtOnce = random.chance(0.2) ? 2 : 1
      for (let count = 1; count < blocksAtOnce; count++) extend()
      return extend()
    },
  }
}
