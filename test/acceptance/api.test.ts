// The API of a running daemon: every route, every filter, what is wrong on each, and answers as the document has them.
import { Validator } from '@seriousme/openapi-schema-validator'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { createChecker, createClient, type OpenApi, type Reply, servedAt } from '../support/api.ts'
import { cli } from '../support/cli.ts'
import { type Daemon, startDaemon } from '../support/daemon.ts'
import { until } from '../support/until.ts'
import { createWorkspace, type Workspace } from '../support/workspace.ts'

const ETHER = 10n ** 18n
const [TOKEN, READER] = ['a-token-that-writes', 'a-token-that-reads']

let devnet: Devnet
let work: Workspace
let daemon: Daemon
let url: string
let ask: ReturnType<typeof createClient>
let document: OpenApi
let check: ReturnType<typeof createChecker>

/** An answer that is as the document has it. */
const get = async (path: string): Promise<Reply> => {
  const reply = await ask(path)
  expect(check('GET', path, reply)).toEqual([])
  return reply
}
const send = async (
  method: string,
  path: string,
  body?: unknown,
  token: string | null = TOKEN,
): Promise<Reply> => {
  const reply = await ask(path, { method, token, ...(body === undefined ? {} : { body }) })
  expect(check(method, path, reply)).toEqual([])
  return reply
}

const idOf = (index: number): string => `31337:aave-v3:main:pool:${devnet.account(index)}`
const ownersOf = ({ body }: Reply): readonly string[] =>
  body.positions.map(({ owner }: { owner: string }) => owner)
const accounts = (...indexes: readonly number[]): readonly string[] =>
  indexes.map((index) => devnet.account(index))

beforeAll(async () => {
  devnet = await startDevnet({ stateBlocksMax: 1_000 })
  const debts = [900n, 1_500n, 1_200n, 600n]
  await devnet.openAccounts(
    debts.map((debt, index) => ({
      account: devnet.account(index),
      supplies: { WETH: ETHER },
      borrows: { USDC: debt * 1_000_000n },
    })),
  )
  work = createWorkspace(devnet, {
    rpc: [devnet.url],
    watch: [{ account: devnet.account(1), label: 'treasury' }],
    more: {
      server: {
        port: 0,
        token: TOKEN,
        tokens: [{ name: 'reader', token: READER }],
        cors: ['https://app.example.org'],
        requestsPerMinuteMax: 60_000,
        bodyBytesMax: 2_000,
      },
    },
  })
  daemon = startDaemon(work.configFile)
  url = await servedAt(daemon)
  ask = createClient(url, READER)
  document = (await ask('/openapi.json', { token: null })).body
  check = createChecker(document)
  await until('it is complete', async () => {
    const { body } = await ask('/v1/status')
    return body.status === 'green' && body.blocks.length === 1 && body.blocks[0].isComplete
  })
  // Account 1 can be liquidated now, and is, in part.
  await devnet.setPrice('WETH', 1_760n * 10n ** 8n)
  await devnet.act({
    kind: 'liquidate',
    liquidator: devnet.account(9),
    borrower: devnet.account(1),
    debt: 'USDC',
    collateral: 'WETH',
    amount: 100_000_000n,
  })
  const head = (await devnet.head()).number
  await until('it follows', async () => (await ask('/v1/status')).body.block?.number === String(head))
})
afterAll(async () => {
  await daemon?.kill()
  await devnet?.stop()
})

test('the document is valid OpenAPI 3.1 and names every route; its page needs nothing else', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document) as object)
  expect(errors).toBeUndefined()
  expect(valid).toBe(true)
  expect(Object.keys(document.paths).sort()).toEqual([
    '/v1/accounts/{address}',
    '/v1/alerts',
    '/v1/alerts/{fingerprint}/acknowledgement',
    '/v1/candidates',
    '/v1/liquidations',
    '/v1/markets',
    '/v1/positions',
    '/v1/positions/{id}',
    '/v1/positions/{id}/history',
    '/v1/silences',
    '/v1/silences/{id}',
    '/v1/status',
    '/v1/watches',
    '/v1/watches/{account}',
  ])
  const page = await ask('/docs', { token: null })
  expect(page.headers.get('content-type')).toContain('text/html')
  for (const path of Object.keys(document.paths)) expect(page.text).toContain(path)
  expect(page.text).not.toMatch(/src=|https?:\/\/(?!127)/)
})

describe('who asks', () => {
  test('without a token, with a wrong one, and with one that only reads', async () => {
    const none = await ask('/v1/status', { token: null })
    expect([none.status, none.headers.get('www-authenticate'), none.body.type]).toEqual([
      401,
      expect.stringContaining('Bearer'),
      'urn:plimsoll:problem:unauthorized',
    ])
    expect(none.headers.get('content-type')).toBe('application/problem+json')
    expect((await ask('/metrics', { token: null })).status).toBe(401)
    expect((await ask('/v1/positions', { token: `${READER}x` })).status).toBe(401)
    expect(
      (await ask('/v1/positions', { token: null, headers: { authorization: 'Basic eDp5' } })).status,
    ).toBe(401)
    const writing = await send('POST', '/v1/watches', { account: devnet.account(5) }, READER)
    expect([writing.status, writing.body.detail]).toEqual([403, 'the token reader may only read'])
  })

  test('pages of listed origins may read, others may not', async () => {
    const allowed = await ask('/v1/status', { headers: { origin: 'https://app.example.org' } })
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example.org')
    const other = await ask('/v1/status', { headers: { origin: 'https://evil.example.org' } })
    expect(other.headers.get('access-control-allow-origin')).toBeNull()
    const preflight = await ask('/v1/watches', {
      method: 'OPTIONS',
      token: null,
      headers: { origin: 'https://app.example.org', 'access-control-request-method': 'POST' },
    })
    expect(preflight.status).toBe(204)
  })

  test('what is not served, not answered, too long or too large', async () => {
    expect((await ask('/v1/nothing')).status).toBe(404)
    const wrong = await ask('/v1/positions', { method: 'DELETE', token: TOKEN })
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET'])
    expect((await ask(`/v1/positions?market=${'x'.repeat(5_000)}`)).status).toBe(414)
    const large = await send('POST', '/v1/watches', { account: devnet.account(5), label: 'x'.repeat(3_000) })
    expect(large.status).toBe(413)
    const text = await ask('/v1/watches', { method: 'POST', token: TOKEN, body: '{', headers: {} })
    expect([text.status, text.body.detail]).toEqual([400, 'the body is no JSON'])
    const form = await ask('/v1/watches', {
      ...{ method: 'POST', token: TOKEN, body: 'a=b' },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(form.status).toBe(415)
  })
})

test('status says what is known of each chain', async () => {
  const { status, body } = await get('/v1/status')
  expect(status).toBe(200)
  expect(body).toMatchObject({
    ...{ status: 'green', stale: false, unread: [], problems: [], watchedCount: 1, historyDays: 90 },
    chains: [
      { chainId: 31337, follow: 'book', status: 'green', reason: null, failure: null, positionCount: 4 },
    ],
  })
  expect(body.chains[0].endpoints).toMatchObject([{ state: 'healthy' }])
})

test('markets, by their filters, with coverage and distribution where asked for', async () => {
  const { body } = await get('/v1/markets')
  expect(body).toMatchObject({
    block: { chainId: 31337 },
    stale: false,
    markets: [
      { protocol: 'aave-v3', deployment: 'main', market: 'pool', positionCount: 4, fidelity: 'exact' },
    ],
    next: null,
  })
  expect(body.markets[0]).not.toHaveProperty('coverage')
  const whole = await get('/v1/markets?include=coverage,distribution&market=31337:aave-v3')
  expect(whole.body.markets[0].coverage).toMatchObject([{ symbol: 'USDC', ppm: 1_000_000 }])
  const stored = JSON.parse((await cli(['markets', '--json', '--config', work.configFile])).stdout).markets[0]
  expect(whole.body.markets[0]).toEqual(stored)
  for (const query of ['protocol=maker', 'deployment=other', 'market=31337:aave-v3:mai'])
    expect((await get(`/v1/markets?${query}`)).body.markets).toEqual([])
  expect((await get('/v1/markets?chain=1')).status).toBe(404)
})

test('positions: the same as the command says, worst first', async () => {
  const { body } = await get('/v1/positions')
  const stored = JSON.parse((await cli(['positions', '--json', '--config', work.configFile])).stdout)
  expect(body.positions).toEqual(stored.positions)
  expect(body.block).toEqual(body.positions[0].block)
  expect(ownersOf(await get('/v1/positions?maxHealth=1.5'))).toEqual(accounts(1, 2))
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
    .replace(/\{(\d+)\}/g, (_whole, index: string) => devnet.account(Number(index)))
    .replace('{weth}', devnet.addresses.reserves['WETH']?.asset ?? '')
  expect(ownersOf(await get(`/v1/positions?${filled}`))).toEqual(accounts(...(indexes as number[])))
})

test.each(['health', 'debtUsd', 'collateralUsd'])('pages by %s come to the whole list', async (sort) => {
  const whole = ownersOf(await get(`/v1/positions?sort=${sort}`))
  const paged: string[] = []
  let cursor = ''
  do {
    const { body } = await get(`/v1/positions?sort=${sort}&limit=2${cursor}`)
    expect(body.positions.length).toBeLessThanOrEqual(2)
    paged.push(...ownersOf({ body } as Reply))
    cursor = body.next === null ? '' : `&cursor=${body.next}`
  } while (cursor !== '')
  expect(paged).toEqual(whole)
})

test('one position with its risk, as it was at a block, and its history', async () => {
  const id = idOf(1)
  const { body } = await get(`/v1/positions/${id}`)
  const checked = JSON.parse(
    (await cli(['check', devnet.account(1), '--json', '--config', work.configFile])).stdout,
  )
  expect(body.position).toEqual(checked.chains[0].positions[0])
  expect((await get(`/v1/positions/${id.toLowerCase()}`)).body.position.id).toBe(id)
  const history = await get(`/v1/positions/${id}/history`)
  expect(history.body).toMatchObject({ id, historyDays: 90, next: null })
  const [first] = history.body.points
  expect(first).toMatchObject({ cause: 'opened' })
  const past = await get(`/v1/positions/${id}?at=${first.block.number}`)
  expect(past.body.position.healthFactor).toBe(first.healthFactor)
  const stored = JSON.parse((await cli(['history', id, '--json', '--config', work.configFile])).stdout)
  expect(history.body.points).toEqual(stored.positions[0].points)
  const one = await get(`/v1/positions/${id}/history?limit=1`)
  const rest = await get(`/v1/positions/${id}/history?limit=100&cursor=${one.body.next}`)
  expect([...one.body.points, ...rest.body.points]).toEqual(history.body.points)
  expect((await get(`/v1/positions/${id}/history?every=1w`)).body.points.length).toBeLessThanOrEqual(2)
  expect((await get(`/v1/positions/${id}/history?until=2020-01-01`)).body.points).toEqual([])
  expect((await get(`/v1/positions/${id}/history?since=2020-01-01`)).body.points).toEqual(history.body.points)
})

test('candidates: the same as the command says, with their filters', async () => {
  const { body } = await get('/v1/candidates?maxHealth=1.5')
  const stored = JSON.parse(
    (await cli(['candidates', '--max-health', '1.5', '--json', '--config', work.configFile])).stdout,
  )
  expect(body.candidates).toEqual(stored.candidates)
  expect(body.candidates.map(({ position }: { position: { owner: string } }) => position.owner)).toEqual(
    accounts(1, 2),
  )
  expect(body).toMatchObject({ auctions: [], auctionFailures: [], unassessableCount: 0, next: null })
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
  const account = devnet.account(2)
  const book = await get(`/v1/accounts/${account}`)
  const live = await get(`/v1/accounts/${account}?live=true`)
  expect([book.body.chains[0].source, live.body.chains[0].source]).toEqual(['book', 'live'])
  expect(live.body.chains[0].positions).toEqual(book.body.chains[0].positions)
  expect(book.body.failures).toEqual([])
  expect((await get(`/v1/accounts/${devnet.account(77)}`)).body.chains).toMatchObject([{ positions: [] }])
})

test('liquidations, by their filters', async () => {
  const { body } = await get('/v1/liquidations')
  expect(body.liquidations).toMatchObject([
    { owner: devnet.account(1), liquidator: devnet.account(9), repaid: '100000000', position: idOf(1) },
  ])
  const block = body.liquidations[0].blockNumber
  for (const [query, count] of [
    [`owner=${devnet.account(1)}`, 1],
    [`owner=${devnet.account(2)}`, 0],
    [`liquidator=${devnet.account(9)}&chain=31337`, 1],
    ['market=31337:aave-v3', 1],
    ['market=31337:maker', 0],
    [`fromBlock=${block}&toBlock=${block}`, 1],
    [`fromBlock=${BigInt(block) + 1n}`, 0],
  ] as const)
    expect((await get(`/v1/liquidations?${query}`)).body.liquidations).toHaveLength(count)
})

test('alerts, by their filters, why they were told, and taken on', async () => {
  const { body } = await get('/v1/alerts')
  const firing = await get('/v1/alerts?state=firing&rule=Liquidatable')
  expect(firing.body.alerts).toMatchObject([
    { rule: 'Liquidatable', severity: 'critical', labels: { account: devnet.account(1), label: 'treasury' } },
  ])
  const [alert] = firing.body.alerts
  for (const query of [
    `account=${devnet.account(1)}`,
    'label=treasury',
    `subject=${idOf(1)}`,
    'chain=31337',
    `fingerprint=${alert.fingerprint.slice(0, 8)}`,
  ])
    expect((await get(`/v1/alerts?${query}`)).body.alerts.length).toBeGreaterThan(0)
  for (const query of [
    `account=${devnet.account(2)}`,
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

test('silences come and go', async () => {
  const added = await send('POST', '/v1/silences', {
    match: { severity: 'info' },
    seconds: 60,
    comment: 'calm',
  })
  expect([added.status, added.body.silence]).toMatchObject([
    201,
    { holds: true, createdBy: 'token', comment: 'calm' },
  ])
  const { id } = added.body.silence
  expect((await get('/v1/silences?holds=true')).body.silences).toMatchObject([{ id }])
  expect((await send('DELETE', `/v1/silences/${id}`)).body.silence).toMatchObject({ id, holds: false })
  expect((await send('DELETE', `/v1/silences/${id}`)).status).toBe(409)
  expect((await get('/v1/silences?holds=true')).body.silences).toEqual([])
  expect((await send('POST', '/v1/silences', { match: {}, seconds: 60 })).status).toBe(409)
})

test('watches come and go, and the daemon takes them up', async () => {
  const account = devnet.account(2)
  const added = await send('POST', '/v1/watches', { account, label: 'second' })
  expect([added.status, added.body]).toMatchObject([
    201,
    { watch: { account, source: 'database' }, isReplaced: false },
  ])
  expect((await get('/v1/watches')).body.watches).toHaveLength(2)
  expect((await get(`/v1/watches?account=${account}`)).body.watches).toMatchObject([{ label: 'second' }])
  expect(ownersOf(await get('/v1/positions?watched=true'))).toEqual(accounts(1, 2))
  expect((await send('DELETE', `/v1/watches/${account}`)).body).toEqual({ account })
  expect(ownersOf(await get('/v1/positions?watched=true'))).toEqual(accounts(1))
  for (const one of [devnet.account(1), account])
    expect((await send('DELETE', `/v1/watches/${one}`)).status).toBe(409)
  expect((await send('POST', '/v1/watches', { account, receivers: ['nobody'] })).body.detail).toContain(
    'nobody',
  )
})

test.each([
  ['GET', '/v1/markets?include=everything', 'include'],
  ['GET', '/v1/positions?limit=0', 'limit'],
  ['GET', '/v1/positions?limit=501', 'limit'],
  ['GET', '/v1/positions?limit=2&limit=3', 'limit'],
  ['GET', '/v1/positions?maxHealth=low', 'maxHealth'],
  ['GET', '/v1/positions?minHealth=-1', 'minHealth'],
  ['GET', '/v1/positions?owner=0x12', 'owner'],
  ['GET', '/v1/positions?minDebtUsd=1.234', 'minDebtUsd'],
  ['GET', '/v1/positions?sort=owner', 'sort'],
  ['GET', '/v1/positions?cursor=abc', 'cursor'],
  ['GET', `/v1/positions?cursor=${Buffer.from('[1]').toString('base64url')}`, 'cursor'],
  ['GET', '/v1/positions?order=up', 'order'],
  ['GET', '/v1/positions?chain=x', 'chain'],
  ['GET', '/v1/positions?market=a:b', 'market'],
  ['GET', '/v1/positions?__proto__=1', '__proto__'],
  ['GET', '/v1/positions/1:2', 'id'],
  ['GET', '/v1/positions/31337:aave-v3:main:pool:x?at=latest', 'at'],
  ['GET', '/v1/positions/31337:aave-v3:main:pool:x/history?since=soon', 'since'],
  ['GET', '/v1/positions/31337:aave-v3:main:pool:x/history?every=0s', 'every'],
  ['GET', '/v1/accounts/nobody', 'address'],
  ['GET', '/v1/accounts/0x00000000000000000000000000000000000000Aa', 'address'],
  ['GET', '/v1/candidates?executable=maybe', 'executable'],
  ['GET', '/v1/candidates?kind=assessed', 'kind'],
  ['GET', '/v1/liquidations?fromBlock=-1', 'fromBlock'],
  ['GET', '/v1/alerts?state=open', 'state'],
  ['GET', '/v1/alerts?fingerprint=xyz', 'fingerprint'],
  ['GET', '/v1/silences?holds=1', 'holds'],
  ['POST', '/v1/silences', 'match'],
  ['POST', '/v1/watches', 'account'],
  ['DELETE', '/v1/watches/me', 'account'],
  ['DELETE', '/v1/silences/zz', 'id'],
  ['GET', '/v1/watches?account=me', 'account'],
])('%s %s is told what is wrong', async (method, path, where) => {
  const { status, body } = await send(method, path, method === 'POST' ? { wrong: 1 } : undefined)
  expect(status).toBe(400)
  expect(body.faults.map((fault: { path: string }) => fault.path)).toContain(where)
})

test('what is not there is not found, and a block that nobody looked at is said', async () => {
  const id = idOf(50)
  for (const path of [`/v1/positions/${id}`, `/v1/positions/${id}/history`, `/v1/positions/1:a:b:c:d`])
    expect((await get(path)).status).toBe(404)
  const past = await get(`/v1/positions/${idOf(1)}?at=1`)
  expect([past.status, past.body.type]).toEqual([404, 'urn:plimsoll:problem:not-observed'])
})

test('an answer that has not changed is not sent again; it is compressed where asked for', async () => {
  const first = await get('/v1/positions')
  const etag = first.headers.get('etag') ?? ''
  const again = await ask('/v1/positions', { headers: { 'if-none-match': etag } })
  expect([again.status, again.text]).toEqual([304, ''])
  await devnet.mine()
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
    /^plimsoll_rpc_requests\{chain="31337",endpoint=".*",method="eth_call"\} [1-9]/m,
    /^plimsoll_audit_checks_total\{chain="31337"\} [1-9]/m,
    /^plimsoll_alerts\{state="firing",severity="critical"\} [1-9]/m,
    /^plimsoll_database_bytes\{file="database"\} [1-9]/m,
    /^plimsoll_http_requests_total\{method="GET",route="\/v1\/positions",status="200"\} [1-9]/m,
  ])
    expect([line, line.test(text)]).toEqual([line, true])
})

const anyText = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e9',
    'null',
    'true',
    '9'.repeat(30),
    '0x',
    '%00',
    '1:2:3:4:5',
    "' OR 1=1 --",
  ),
  fc.tuple(fc.constantFrom('health', 'debtUsd'), fc.anything()).map((place) => {
    try {
      return Buffer.from(JSON.stringify(place)).toString('base64url')
    } catch {
      return 'x'
    }
  }),
)

test('no query and no body makes it fail', async () => {
  const paths = Object.keys(document.paths)
  const names = [...JSON.stringify(document).matchAll(/"name":"(\w+)","in":"query"/g)].map(
    ([, name = '']) => name,
  )
  const query = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...new Set(names)), fc.string()), anyText), {
    maxLength: 4,
  })
  const method = fc.constantFrom('GET', 'GET', 'GET', 'POST', 'DELETE')
  const request = fc.record({
    path: fc.constantFrom(...paths),
    method,
    query,
    part: anyText,
    body: fc.json(),
  })
  await fc.assert(
    fc.asyncProperty(request, async ({ path, method: how, query: asked, part, body }) => {
      const filled = path.replace(/\{\w+\}/g, encodeURIComponent(part) || 'x')
      const search = new URLSearchParams(asked.map(([key, value]): [string, string] => [key, value]))
      const reply = await ask(`${filled}?${search}`, {
        method: how,
        token: TOKEN,
        ...(how === 'POST' ? { body } : {}),
      })
      expect(reply.status).toBeLessThan(500)
    }),
    { numRuns: 400 },
  )
})

test('it goes red when blocks stop coming, and stops cleanly', async () => {
  expect(await daemon.stop()).toBe(0)
  await expect(ask('/v1/status')).rejects.toThrow()
})
