// What a running daemon says of prices that move: which loans each makes liquidatable, and by which price; held against the contracts' own view.
import { type Address, decodeFunctionResult, encodeFunctionData, type Hex, numberToHex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { poolAbi } from '../../abis/aave-v3.ts'
import { type ApiWorld, startApiWorld } from '../support/api-world.ts'

let world: ApiWorld
beforeAll(async () => {
  world = await startApiWorld()
})
afterAll(() => world?.stop())

const get: ApiWorld['get'] = (path) => world.get(path)
const ids = (...indexes: readonly number[]): readonly string[] => indexes.map((index) => world.idOf(index))
const WAD = 10n ** 18n

type Trigger = {
  readonly id: string
  readonly owner: Address
  readonly price: string
  readonly changePpm: string
}

const triggersOf = async (query: string): Promise<readonly Trigger[]> =>
  (await get(`/v1/triggers?${query}`)).body.triggers
const idsOf = async (query: string): Promise<readonly string[]> =>
  (await triggersOf(query)).map(({ id }) => id)

/** What the pool says of an account at a block while a feed's contract answers one price. */
const healthAt = async (block: string, account: Address, feed: Address, price: bigint): Promise<bigint> => {
  const answering = `0x7f${numberToHex(price, { size: 32 }).slice(2)}5f5260205ff3`
  const call = { abi: poolAbi, functionName: 'getUserAccountData' } as const
  const response = await fetch(world.devnet.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ jsonrpc: '2.0', id: 1, method: 'eth_call' },
      params: [
        { to: world.devnet.addresses.pool, data: encodeFunctionData({ ...call, args: [account] }) },
        numberToHex(BigInt(block)),
        { [feed]: { code: answering } },
      ],
    }),
  })
  const { result } = (await response.json()) as { readonly result: Hex }
  return decodeFunctionResult({ ...call, data: result })[5]
}

test('feeds are listed, nearest to a liquidation first', async () => {
  const { body } = await get('/v1/triggers')
  const [first] = body.feeds
  expect(first).toMatchObject({
    ...{ chainId: 31337, protocol: 'aave-v3', deployment: 'main', risePpm: null },
    ...{ assets: [{ symbol: 'WETH' }], price: '176000000000', scale: '100000000', nearCount: 0 },
  })
  expect(first.id).toBe(`31337:aave-v3:main:${first.priceKey}`)
  expect(first.fallPpm).toBeGreaterThan(-400_000)
  expect(body.feeds.map((feed: { risePpm: number | null }) => feed.risePpm !== null).indexOf(true)).toBe(1)
  expect(body.triggers).toEqual([])
  expect([body.direction, body.until]).toEqual([null, null])
  const paged: string[] = []
  for (let next: string | null = ''; next !== null; ) {
    const page: { feeds: { id: string }[]; next: string | null } = (
      await get(`/v1/triggers?limit=2${next === '' ? '' : `&cursor=${next}`}`)
    ).body
    paged.push(...page.feeds.map(({ id }) => id))
    next = page.next
  }
  expect(paged).toEqual(body.feeds.map(({ id }: { id: string }) => id))
  expect((await get('/v1/triggers?protocol=maker')).body.feeds).toEqual([])
  expect((await get('/v1/triggers?market=31337:aave-v3:main:pool')).body.feeds).toEqual(body.feeds)
})

test('the price of each loan is the one at which its contract has it liquidatable, to the unit', async () => {
  const { body } = await get('/v1/triggers?feed=weth&down=70%')
  expect(body.triggers.map(({ id }: Trigger) => id)).toEqual(ids(2, 0, 3))
  expect([body.direction, body.until]).toEqual(['down', '52800000000'])
  const { source } = body.feeds[0]
  for (const { owner, price, id, changePpm, position } of body.triggers) {
    const at = [BigInt(price), BigInt(price) + 1n]
    const [there, nearer] = await Promise.all(
      at.map((one) => healthAt(body.block.number, owner, source, one)),
    )
    expect(there).toBeLessThan(WAD)
    expect(nearer).toBeGreaterThanOrEqual(WAD)
    expect(await healthAt(body.block.number, owner, source, 176_000_000_000n)).toBe(
      BigInt(position.healthFactor),
    )
    const { liquidationPrices } = (await get(`/v1/positions/${id}`)).body.position
    const own = liquidationPrices.find(({ symbol }: { symbol: string }) => symbol === 'WETH')
    expect([own.liquidationPrice, own.changePpm]).toEqual([price, changePpm])
  }
  const { status, body: unclear } = await get('/v1/triggers?feed=USDC&up=500')
  // Its own feed, and that of the category of stablecoins.
  expect([status, unclear.faults[0].path]).toEqual([400, 'feed'])
  const [, key] = /main:(price:\w+)/.exec(unclear.detail) ?? []
  const usdc = (await get(`/v1/triggers?feed=${key}&up=500%25`)).body
  expect(usdc.triggers.map(({ id }: Trigger) => id)).toEqual(ids(2, 0, 3))
  const [{ owner, price }] = usdc.triggers
  const health = (one: bigint): Promise<bigint> =>
    healthAt(usdc.block.number, owner, usdc.feeds[0].source, one)
  expect(await health(BigInt(price))).toBeLessThan(WAD)
  expect(await health(BigInt(price) - 1n)).toBeGreaterThanOrEqual(WAD)
})

test('so far and no farther, narrowed, in pages', async () => {
  const all = await triggersOf('feed=WETH&down=99')
  const [nearest] = all
  const percent = Number(-BigInt(nearest?.changePpm ?? 0)) / 10_000
  expect(await idsOf(`feed=WETH&down=${(percent + 0.0002).toFixed(4)}%25`)).toEqual(ids(2))
  expect(await idsOf(`feed=WETH&down=${(percent - 0.0002).toFixed(4)}`)).toEqual([])
  const weth = world.devnet.addresses.reserves['WETH']?.asset ?? ''
  for (const [query, indexes] of [
    [`owner=${world.devnet.account(3)}`, [3]],
    ['minDebtUsd=800', [2, 0]],
    ['maxDebtUsd=800&collateral=WETH', [3]],
    ['debt=WETH', []],
    ['minHealth=1.3&maxHealth=2', [0]],
    ['watched=true', []],
    ['market=31337:aave-v3:main&watched=false', [2, 0, 3]],
  ] as const)
    expect([query, await idsOf(`feed=${weth}&down=99&${query}`)]).toEqual([query, ids(...indexes)])
  const paged: Trigger[] = []
  for (let next: string | null = ''; next !== null; ) {
    const { body } = await get(
      `/v1/triggers?feed=WETH&down=99&limit=1${next === '' ? '' : `&cursor=${next}`}`,
    )
    expect(body.triggers.length).toBeLessThanOrEqual(1)
    paged.push(...body.triggers)
    next = body.next
  }
  expect(paged).toEqual(all)
})

test('with every way to liquidate each at its price', async () => {
  const [first] = (await get('/v1/triggers?feed=WETH&down=99&include=options')).body.triggers
  const [option] = first.atTrigger.options
  expect(option).toMatchObject({ method: 'liquidationCall', repaid: { symbol: 'USDC' } })
  expect(BigInt(option.repay)).toBeGreaterThan(0n)
  expect(Number(first.atTrigger.incentiveUsd)).toBeGreaterThan(0)
})

test.each([
  ['down=5', 'down'],
  ['include=options', 'include'],
  ['owner=0x0000000000000000000000000000000000000001', 'owner'],
  ['feed=WETH&down=5&up=5', 'up'],
  ['feed=WETH&down=0', 'down'],
  ['feed=WETH&down=100', 'down'],
  ['feed=WETH&down=-1%', 'down'],
  ['feed=WETH&up=many', 'up'],
  ['feed=WETH&include=all', 'include'],
  ['feed=WETH&include=options&limit=51', 'limit'],
  ['feed=WETH&cursor=abc', 'cursor'],
  [`feed=WETH&cursor=${Buffer.from('[1,"a"]').toString('base64url')}`, 'cursor'],
  [`cursor=${Buffer.from('["1","1:a:b:c:d"]').toString('base64url')}`, 'cursor'],
  ['feed=WETH&phase=healthy', 'phase'],
])('triggers?%s is told what is wrong', async (query, where) => {
  const { status, body } = await get(`/v1/triggers?${query}`)
  expect(status).toBe(400)
  expect(body.faults.map((fault: { path: string }) => fault.path)).toContain(where)
})

test('a feed that is not there', async () => {
  expect((await get('/v1/triggers?feed=DOGE')).status).toBe(404)
  expect((await get('/v1/triggers?feed=WETH&chain=5')).status).toBe(404)
})
