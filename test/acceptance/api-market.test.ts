// What a running daemon answers of one market in full, and of who is told of its alerts.
import { parseAbi } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApiWorld, READER, startApiWorld } from '../support/api-world.ts'
import { until } from '../support/until.ts'
import { type Receiver, startReceiver } from '../support/webhook.ts'

const MARKET = '31337:aave-v3:main:pool'
const supplyAbi = parseAbi(['function totalSupply() view returns (uint256)'])

let hook: Receiver
let world: ApiWorld
beforeAll(async () => {
  hook = await startReceiver()
  // Everything that is sent is refused for good.
  hook.answer(400)
  world = await startApiWorld({ hook: `${hook.url}?key=a-secret-key` })
})
afterAll(async () => {
  await world?.stop()
  await hook?.stop()
})

const follow = async (): Promise<void> => {
  const head = String((await world.devnet.head()).number)
  await until('it follows', async () => (await world.client.status()).block?.number === head)
}

test('a market has the totals of its contracts, to the unit, at the block that it names', async () => {
  const { devnet, client } = world
  await devnet.increaseTime(86_400)
  await follow()
  const { market, block } = await client.market(MARKET)
  expect(market).toMatchObject({ protocol: 'aave-v3', market: 'pool', positionCount: 4, block })
  const supplyOf = (address: `0x${string}`): Promise<bigint> =>
    devnet.client.readContract({
      ...{ abi: supplyAbi, functionName: 'totalSupply', address },
      blockNumber: BigInt(block?.number ?? 0),
    })
  for (const symbol of ['WETH', 'USDC']) {
    const reserve = devnet.addresses.reserves[symbol]
    if (!reserve) throw new Error(`there is no ${symbol}`)
    const told = market.totals?.find((one) => one.symbol === symbol)
    const supplied = await supplyOf(reserve.aToken)
    const borrowed = await supplyOf(reserve.variableDebtToken)
    expect(told).toMatchObject({ supplied: String(supplied), borrowed: String(borrowed) })
    expect(Number(told?.utilization) / 1e18).toBeCloseTo(Number(borrowed) / Number(supplied), 4)
  }
  expect(market.totals).toHaveLength(Object.keys(devnet.addresses.reserves).length)
})

test('every price has its oracle, and every feed its age at that block', async () => {
  const { market, block } = await world.client.market(MARKET)
  const weth = market.oracles.find(({ assets }) => assets[0]?.symbol === 'WETH')
  expect(market.oracleFailure).toBeNull()
  expect(weth).toMatchObject({ kind: 'feed', error: null, quote: { symbol: 'USD' }, scale: '100000000' })
  const [feed] = weth?.feeds ?? []
  const round = await world.devnet.client.readContract({
    abi: parseAbi(['function latestRoundData() view returns (uint80, int256, uint256, uint256, uint80)']),
    functionName: 'latestRoundData',
    address: feed?.feed ?? '0x',
  })
  expect(weth?.price).toBe(String(round[1]))
  expect(feed).toMatchObject({ updatedAt: Number(round[3]), isStale: false, heartbeatSeconds: null })
  expect(feed?.ageSeconds).toBe((block?.timestamp ?? 0) - Number(round[3]))
  expect(weth?.ageSeconds).toBe(feed?.ageSeconds)
})

test('parameters are as they are set, and their changes can be asked for beside', async () => {
  const { client, devnet } = world
  const settingOf = async (parameter: string) =>
    (await client.market(MARKET)).market.parameters.find(
      (one) => one.parameter === parameter && one.symbol === 'WETH',
    )
  expect(await settingOf('liquidationThreshold')).toMatchObject({ unit: 'bps', value: '8300' })
  expect(await settingOf('isPaused')).toMatchObject({ unit: 'flag', value: false })
  const risk = { ltv: 7_000, liquidationThreshold: 8_100, liquidationBonus: 10_500 }
  await devnet.act({ kind: 'configureCollateral', asset: 'WETH', ...risk })
  await follow()
  expect(await settingOf('liquidationThreshold')).toMatchObject({ value: '8100' })
  const { changes } = await client.parameterChanges({ market: MARKET, parameter: 'liquidationThreshold' })
  expect(changes).toMatchObject([{ before: '8300', after: '8100' }])
})

test('with what looks at every loan it is what the list tells; unchanged it is not sent again', async () => {
  const { client } = world
  const include = ['coverage', 'distribution']
  const [listed] = (await client.markets({ include, market: MARKET })).markets
  const {
    parameters: _,
    totals: _totals,
    oracles: _oracles,
    oracleFailure: _failure,
    ...told
  } = (await client.market(MARKET, { include })).market
  expect(told).toEqual(listed)
  const first = await world.get(`/v1/markets/${MARKET}`)
  const etag = first.headers.get('etag') ?? ''
  const again = await world.ask(`/v1/markets/${MARKET}`, { headers: { 'if-none-match': etag } })
  expect([first.status, again.status]).toEqual([200, 304])
  await expect(client.market('31337:aave-v3:main:other')).rejects.toMatchObject({ kind: 'not-found' })
  await expect(client.market('5:aave-v3:main:pool')).rejects.toMatchObject({ kind: 'not-found' })
})

test('all loans together are spread as those of the markets are', async () => {
  const { client } = world
  const [market] = (await client.markets({ include: 'distribution' })).markets
  const countsIn = (bands: readonly { readonly count: number }[] = []) => bands.map(({ count }) => count)
  const all = await client.distribution()
  expect(all).toMatchObject({ marketCount: 1, positionCount: 4, unassessableCount: 0, stale: false })
  expect(countsIn(all.bands)).toEqual(countsIn(market?.distribution?.bands))
  expect(await client.distribution({ chain: 31337, market: '31337:aave-v3' })).toMatchObject({
    ...{ marketCount: 1, positionCount: 4 },
  })
  const none = await client.distribution({ market: '31337:maker' })
  expect([none.positionCount, countsIn(none.bands)]).toEqual([0, countsIn(all.bands).map(() => 0)])
  await expect(client.distribution({ chain: 5 })).rejects.toMatchObject({ kind: 'not-found' })
})

const hookRow = async () => (await world.client.receivers()).receivers[0]

test('what was given up is told without secrets, and sent again', async () => {
  const { client, writer } = world
  await until('it was given up', async () => ((await hookRow())?.deadCount ?? 0) > 0)
  const row = await hookRow()
  expect(row).toMatchObject({
    ...{ receiver: 'hook', kind: 'webhook', failingCount: 0, nextAttemptAt: null, quietUntil: null },
    lastError: 'the receiver answered 400',
  })
  const { dead } = await client.deadLetters('hook')
  expect(dead).toHaveLength(row?.deadCount ?? 0)
  expect(dead[0]).toMatchObject({ receiver: 'hook', attemptCount: 1, lastError: 'the receiver answered 400' })
  expect((await client.deadLetters('hook', { limit: 1 })).dead).toEqual(dead.slice(0, 1))
  hook.answer(200)
  const before = hook.received.length
  const [one] = dead
  expect(await writer.resend('hook', { id: one?.id ?? '' })).toEqual({ resentCount: 1, outdatedCount: 0 })
  await until('it arrives', async () => hook.received.length > before)
  expect(hook.received.at(-1)?.body.id).toBe(one?.id)
  await until('it is noted', async () => ((await hookRow())?.deliveredCount ?? 0) === 1)
  const { resentCount, outdatedCount } = await writer.resend('hook', {})
  expect(resentCount + outdatedCount).toBe(dead.length - 1)
  await until('all arrive', async () => (await hookRow())?.deliveredCount === 1 + resentCount)
  expect(await hookRow()).toMatchObject({ waitingCount: 0, deadCount: outdatedCount })
})

test('a test message is really sent, and what became of it said', async () => {
  const { writer } = world
  const fine = await writer.testReceiver('hook')
  expect(fine).toMatchObject({ receiver: 'hook', kind: 'webhook', ok: true, error: null })
  expect(hook.received.at(-1)?.body).toMatchObject({ kind: 'test', id: fine.id })
  hook.answer(500)
  expect(await writer.testReceiver('hook')).toMatchObject({ ok: false, error: 'the receiver answered 500' })
  hook.answer(200)
})

test('who may only read tests nobody, and a receiver that there is not is said', async () => {
  const { client, writer } = world
  const denied = await world.send('POST', '/v1/receivers/hook/test', undefined, READER)
  expect([denied.status, denied.body.detail]).toEqual([403, 'the token reader may only read'])
  await expect(client.resend('hook', {})).rejects.toMatchObject({ kind: 'forbidden' })
  for (const asked of [
    writer.testReceiver('nobody'),
    writer.resend('nobody', {}),
    client.deadLetters('nobody'),
  ])
    await expect(asked).rejects.toMatchObject({ kind: 'not-found', remedy: 'Name one of hook.' })
  await expect(writer.resend('hook', { id: 'ffff' })).rejects.toMatchObject({ kind: 'refused' })
})
