// What the API of a running daemon tells: every route, every filter, and answers as the document has them.
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Point, type PositionHistoryQuery, type Positions, paged } from '../../src/client/client.ts'
import { toJson } from '../../src/model/json.ts'
import { loanOf } from '../../src/risk/known-loan.ts'
import { liquidationsOf, offersOf } from '../../src/risk/liquidation-options.ts'
import { assessLoan } from '../../src/risk/loan.ts'
import { groupsIn } from '../../src/risk/loan-state.ts'
import { riskOf } from '../../src/risk/risk.ts'
import type { Reply } from '../support/api.ts'
import { type ApiWorld, startApiWorld } from '../support/api-world.ts'
import { cli } from '../support/cli.ts'
import { until } from '../support/until.ts'

let world: ApiWorld
beforeAll(async () => {
  world = await startApiWorld()
})
afterAll(() => world?.stop())

const get: ApiWorld['get'] = (path) => world.get(path)
const send: ApiWorld['send'] = (...args) => world.send(...args)
const ask: ApiWorld['ask'] = (...args) => world.ask(...args)
const idOf = (index: number): string => world.idOf(index)

const ownersOf = ({ positions }: Pick<Positions, 'positions'>): readonly string[] =>
  positions.map(({ owner }) => owner)
const accounts = (...indexes: readonly number[]): readonly string[] =>
  indexes.map((index) => world.devnet.account(index))
const json = async (...args: readonly string[]): Promise<Reply['body']> =>
  JSON.parse((await cli([...args, '--json', '--config', world.work.configFile])).stdout)

test('the document is valid OpenAPI 3.1 and names every route; its page needs nothing else', async () => {
  const { valid, errors } = await new Validator().validate(
    structuredClone(world.document) as unknown as Parameters<Validator['validate']>[0],
  )
  expect(errors).toBeUndefined()
  expect(valid).toBe(true)
  expect(Object.keys(world.document.paths).sort()).toEqual([
    '/v1/accounts/{address}',
    '/v1/alerts',
    '/v1/alerts/{fingerprint}/acknowledgement',
    '/v1/candidates',
    '/v1/distribution',
    '/v1/export',
    '/v1/export/{table}',
    '/v1/liquidations',
    '/v1/markets',
    '/v1/markets/{id}',
    '/v1/names/{name}',
    '/v1/parameter-changes',
    '/v1/positions',
    '/v1/positions/{id}',
    '/v1/positions/{id}/history',
    '/v1/positions/{id}/state',
    '/v1/receivers',
    '/v1/receivers/{name}/dead',
    '/v1/receivers/{name}/resend',
    '/v1/receivers/{name}/test',
    '/v1/silences',
    '/v1/silences/{id}',
    '/v1/status',
    '/v1/stream',
    '/v1/stress',
    '/v1/triggers',
    '/v1/watches',
    '/v1/watches/{account}',
  ])
  const page = await ask('/docs', { token: null })
  expect(page.headers.get('content-type')).toContain('text/html')
  for (const path of Object.keys(world.document.paths)) expect(page.text).toContain(path)
  expect(page.text).not.toMatch(/src=|https?:\/\/(?!127)/)
})

test('status says what is known of each chain', async () => {
  const told = await world.client.status()
  expect(told).toMatchObject({
    ...{ status: 'green', stale: false, unread: [], problems: [], watchedCount: 1, historyDays: 90 },
    chains: [
      { chainId: 31337, follow: 'book', status: 'green', reason: null, failure: null, positionCount: 4 },
    ],
  })
  expect(told.chains[0]?.endpoints).toMatchObject([{ state: 'healthy' }])
})

test('markets, by their filters, with coverage and distribution where asked for', async () => {
  const { client } = world
  const told = await client.markets()
  expect(told).toMatchObject({
    block: { chainId: 31337 },
    stale: false,
    markets: [
      { protocol: 'aave-v3', deployment: 'main', market: 'pool', positionCount: 4, fidelity: 'exact' },
    ],
    next: null,
  })
  expect(told.markets[0]).not.toHaveProperty('coverage')
  const [whole] = (await client.markets({ include: ['coverage', 'distribution'], market: '31337:aave-v3' }))
    .markets
  expect(whole?.coverage).toMatchObject([{ symbol: 'USDC', ppm: 1_000_000 }])
  expect(whole).toEqual((await json('markets')).markets[0])
  expect((await client.markets({ hasLoans: true })).markets).toHaveLength(1)
  for (const query of [{ hasLoans: false }, { deployment: 'other' }, { market: '31337:aave-v3:mai' }])
    expect((await client.markets(query)).markets).toEqual([])
  await expect(client.markets({ chain: 1 })).rejects.toMatchObject({ kind: 'not-found', status: 404 })
})

test('positions: the same as the command says, worst first', async () => {
  const told = await world.client.positions()
  expect(told.positions).toEqual((await json('positions')).positions)
  expect(told.block).toEqual(told.positions[0]?.block)
  expect(ownersOf(await world.client.positions({ maxHealth: 1.5 }))).toEqual(accounts(1, 2))
})

test.each([
  ['chain=31337&owner={0}', [0]],
  ['owner={7}', []],
  ['market=31337:aave-v3:main:pool&maxHealth=1.2', [1]],
  ['minHealth=1.2&maxHealth=2', [2, 0]],
  ['protocol=aave-v3&deployment=main&debt=usdc', [1, 2, 0, 3]],
  ['debt=WETH', []],
  ['asset=WETH&liquidatable=true', [1]],
  ['collateral={weth}&liquidatable=false&phase=healthy', [2, 0, 3]],
  ['phase=no-debt&collateral=weth', []],
  ['minDebtUsd=1000', [1, 2]],
  ['minDebtUsd=500&maxDebtUsd=1250.50', [2, 0, 3]],
  ['minCollateralUsd=1700&kind=assessed&debt=usdc', [2, 0, 3]],
  ['watched=true', [1]],
  ['watched=false&debt=usdc', [2, 0, 3]],
  ['kind=unassessable', []],
  ['sort=debtUsd&minDebtUsd=1', [1, 2, 0, 3]],
])('positions?%s', async (query, indexes) => {
  const filled = query
    .replace(/\{(\d+)\}/g, (_whole, index: string) => world.devnet.account(Number(index)))
    .replace('{weth}', world.devnet.addresses.reserves['WETH']?.asset ?? '')
  expect(ownersOf((await get(`/v1/positions?${filled}`)).body)).toEqual(accounts(...(indexes as number[])))
})

test.each(['health', 'debtUsd', 'collateralUsd'] as const)(
  'pages by %s come to the whole list',
  async (sort) => {
    const { client } = world
    const whole = ownersOf(await client.positions({ sort }))
    const owners: string[] = []
    for await (const one of paged((page) => client.positions({ sort, limit: 2, ...page }))) {
      expect(one.positions.length).toBeLessThanOrEqual(2)
      owners.push(...ownersOf(one))
    }
    expect(owners).toEqual(whole)
  },
)

test('one position with its risk, as it was at a block, and its history', async () => {
  const { client } = world
  const id = idOf(1)
  const { position } = await client.position(id)
  const checked = await json('check', world.devnet.account(1))
  expect(position).toEqual(checked.chains[0].positions[0])
  expect((await client.position(id.toLowerCase())).position.id).toBe(id)
  const history = await client.positionHistory(id)
  expect(history).toMatchObject({ id, historyDays: 90, next: null })
  const [first] = history.points
  expect(first).toMatchObject({ cause: 'opened' })
  const past = await client.position(id, { at: first?.block.number })
  expect(past.position).toMatchObject({ healthFactor: first?.healthFactor })
  expect(history.points).toEqual((await json('history', id)).positions[0].points)
  const points = async (query: PositionHistoryQuery): Promise<readonly Point[]> =>
    (await client.positionHistory(id, query)).points
  const { points: one, next } = await client.positionHistory(id, { limit: 1 })
  expect([...one, ...(await points({ limit: 100, cursor: next ?? '' }))]).toEqual(history.points)
  expect((await points({ every: '1w' })).length).toBeLessThanOrEqual(2)
  expect(await points({ until: '2020-01-01' })).toEqual([])
  expect(await points({ since: '2020-01-01' })).toEqual(history.points)
})

test('candidates: the same as the command says, with their filters', async () => {
  const { body } = await get('/v1/candidates?maxHealth=1.5')
  const stored = await json('candidates', '--max-health', '1.5')
  expect(body.candidates).toEqual(stored.candidates)
  expect(body.candidates.map(({ position }: { position: { owner: string } }) => position.owner)).toEqual(
    accounts(1, 2),
  )
  expect(body).toMatchObject({
    auctions: [],
    auctionFailures: [],
    unassessableCount: 0,
    leftOutCount: 0,
    next: null,
  })
  const ownersFor = async (query: string): Promise<readonly string[]> =>
    (await get(`/v1/candidates?${query}`)).body.candidates.map(
      ({ position }: { position: { owner: string } }) => position.owner,
    )
  expect(await ownersFor('')).toEqual(accounts(1))
  expect(await ownersFor('executable=true')).toEqual(accounts(1))
  expect(await ownersFor('executable=false')).toEqual([])
  expect(await ownersFor('minIncentiveUsd=1')).toEqual(accounts(1))
  expect(await ownersFor('minIncentiveUsd=100000')).toEqual([])
  expect(await ownersFor('maxHealth=1.5&minHealth=1.01')).toEqual(accounts(2))
  expect(await ownersFor('protocol=maker')).toEqual([])
  expect(await ownersFor('debt=USDC&collateral=WETH&watched=true')).toEqual(accounts(1))
  const first = await get('/v1/candidates?maxHealth=1.5&limit=1')
  const second = await get(`/v1/candidates?maxHealth=1.5&limit=1&cursor=${first.body.next}`)
  expect([...first.body.candidates, ...second.body.candidates]).toEqual(body.candidates)
  expect(second.body.next).toBeNull()
})

test('accounts: from the book, and read live', async () => {
  const account = world.devnet.account(2)
  const book = await world.client.account(account)
  const live = await world.client.account(account, { live: true })
  expect([book.chains[0]?.source, live.chains[0]?.source]).toEqual(['book', 'live'])
  expect(live.chains[0]?.positions).toEqual(book.chains[0]?.positions)
  expect(book.failures).toEqual([])
  expect((await world.client.account(world.devnet.account(77))).chains).toMatchObject([{ positions: [] }])
})

test('the state of a loan, of which the library computes the same to the unit, from the book and read live', async () => {
  const { client, devnet } = world
  const id = idOf(1)
  const { position, block } = await client.position(id)
  const { state, ...told } = await client.positionState(id)
  expect(told).toEqual({ block, ageSeconds: expect.any(Number), stale: false })
  const loan = loanOf(state)
  const health = assessLoan(loan)
  if (health.kind !== 'assessed') throw new Error(health.detail)
  const risk = riskOf(loan, health, groupsIn(state))
  expect({ ...(toJson(health) as object), ...(toJson(risk) as object) }).toEqual(position)
  const [candidate] = (await client.candidates()).candidates
  const { options } = liquidationsOf(loan, offersOf(loan))
  expect(candidate?.options).toMatchObject(toJson(options) as object[])
  for (const live of [false, true]) {
    const { chains } = await client.account(devnet.account(1), { include: 'state', live })
    expect(toJson(assessLoan(loanOf(chains[0]?.positions[0]?.state)))).toEqual(toJson(health))
  }
  const { chains } = await client.account(devnet.account(1))
  expect(chains[0]?.positions[0]).not.toHaveProperty('state')
  await expect(client.positionState(idOf(50))).rejects.toMatchObject({ kind: 'not-found' })
})

test('liquidations, by their filters', async () => {
  const { body } = await get('/v1/liquidations')
  expect(body.liquidations).toMatchObject([
    {
      owner: world.devnet.account(1),
      liquidator: world.devnet.account(9),
      repaid: '100000000',
      position: idOf(1),
      debt: { symbol: 'USDC', decimals: 6 },
      collateral: { symbol: 'WETH', decimals: 18 },
    },
  ])
  const block = body.liquidations[0].blockNumber
  for (const [query, count] of [
    [`owner=${world.devnet.account(1)}`, 1],
    [`owner=${world.devnet.account(2)}`, 0],
    [`liquidator=${world.devnet.account(9)}&chain=31337`, 1],
    ['market=31337:aave-v3', 1],
    ['market=31337:maker', 0],
    [`fromBlock=${block}&toBlock=${block}`, 1],
    [`fromBlock=${BigInt(block) + 1n}`, 0],
  ] as const)
    expect((await get(`/v1/liquidations?${query}`)).body.liquidations).toHaveLength(count)
})

test('stress: the same as the command says, while the daemon goes on', async () => {
  const told = await send('POST', '/v1/stress', { scenario: { shocks: { WETH: '-20%' } }, curve: true })
  const { ageSeconds, stale, ...report } = told.body
  expect([told.status, stale, typeof ageSeconds]).toEqual([200, false, 'number'])
  expect(report).toEqual(await json('stress', '--shock', 'WETH=-20%', '--curve'))
  const cascade = await send('POST', '/v1/stress', {
    scenario: { steps: [{ shocks: { WETH: '-10%' } }, { time: '30d' }] },
    depths: { WETH: 5_000_000 },
  })
  expect(cascade.body).toMatchObject({ steps: [{}, { seconds: 2_592_000 }], cascade: {} })
  const unknown = await send('POST', '/v1/stress', { scenario: { shocks: { NOPE: '-20%' } } })
  expect([unknown.status, unknown.body.detail]).toEqual([400, 'nothing in the store is called NOPE'])
  expect((await send('POST', '/v1/stress', { day: '2022-06-13' })).status).toBeLessThan(500)
})

test('alerts, by their filters, why they were told, and taken on', async () => {
  const { body } = await get('/v1/alerts')
  const firing = await get('/v1/alerts?state=firing&rule=Liquidatable')
  expect(firing.body.alerts).toMatchObject([
    {
      rule: 'Liquidatable',
      severity: 'critical',
      labels: { account: world.devnet.account(1), label: 'treasury' },
    },
  ])
  const [alert] = firing.body.alerts
  for (const query of [
    `account=${world.devnet.account(1)}`,
    'label=treasury',
    `subject=${idOf(1)}`,
    'chain=31337',
    `fingerprint=${alert.fingerprint.slice(0, 8)}`,
  ])
    expect((await get(`/v1/alerts?${query}`)).body.alerts.length).toBeGreaterThan(0)
  for (const query of [
    `account=${world.devnet.account(2)}`,
    'label=other',
    'chain=0',
    'state=pending',
    'severity=info&rule=X',
  ])
    expect((await get(`/v1/alerts?${query}`)).body.alerts).toEqual([])
  expect((await get('/v1/alerts?explain=true')).body.alerts[0]).toHaveProperty('decisions')
  const one = await get('/v1/alerts?limit=1')
  const rest = await get(`/v1/alerts?limit=100&cursor=${one.body.next}`)
  expect([...one.body.alerts, ...rest.body.alerts]).toEqual(body.alerts)
  const path = `/v1/alerts/${alert.fingerprint}/acknowledgement`
  expect((await send('POST', path, { comment: 'on it' })).body.alert.fingerprint).toBe(alert.fingerprint)
  const taken = await get(`/v1/alerts?fingerprint=${alert.fingerprint}`)
  expect(taken.body.alerts[0].acknowledgement).toMatchObject({ by: 'token', comment: 'on it' })
  expect((await send('POST', '/v1/alerts/ffffffff/acknowledgement', {})).status).toBe(409)
})

test('an answer that has not changed is not sent again; it is compressed where asked for', async () => {
  const first = await get('/v1/positions')
  const etag = first.headers.get('etag') ?? ''
  const again = await ask('/v1/positions', { headers: { 'if-none-match': etag } })
  expect([again.status, again.text]).toEqual([304, ''])
  await world.devnet.mine()
  await until('a block has come', async () => (await ask('/v1/positions')).headers.get('etag') !== etag)
  expect((await ask('/v1/positions', { headers: { 'if-none-match': etag } })).status).toBe(200)
  const zipped = await ask('/v1/positions', { headers: { 'accept-encoding': 'gzip' } })
  expect([zipped.headers.get('content-encoding'), zipped.body.positions.length]).toEqual(['gzip', 4])
})

test('metrics are told to Prometheus', async () => {
  const { status, text, headers } = await ask('/metrics')
  expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')])
  for (const line of [
    /^plimsoll_head_block\{chain="31337"\} \d+$/m,
    /^plimsoll_stale\{chain="31337"\} 0$/m,
    /^plimsoll_positions\{chain="31337",deployment="31337:aave-v3:main"\} 4$/m,
    /^plimsoll_candidates\{.*\} 1$/m,
    /^plimsoll_cycle_duration_seconds_count\{chain="31337"\} [1-9]/m,
    /^plimsoll_rpc_requests_total\{chain="31337",endpoint=".*",method="eth_call"\} [1-9]/m,
    /^plimsoll_audit_checks_total\{chain="31337"\} [1-9]/m,
    /^plimsoll_alerts\{state="firing",severity="critical"\} [1-9]/m,
    /^plimsoll_database_bytes\{file="database"\} [1-9]/m,
    /^plimsoll_http_requests_total\{method="GET",route="\/v1\/positions",status="200"\} [1-9]/m,
  ])
    expect([line, line.test(text)]).toEqual([line, true])
})
