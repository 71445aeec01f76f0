// Who may ask the API of a running daemon for what, what is wrong with a request, and what it says when the chain is gone.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ApiWorld, READER, startApiWorld, TOKEN } from '../support/api-world.ts'
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

const accounts = (...indexes: readonly number[]): readonly string[] =>
  indexes.map((index) => world.devnet.account(index))

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
    const writing = await send('POST', '/v1/watches', { account: world.devnet.account(5) }, READER)
    expect([writing.status, writing.body.detail]).toEqual([403, 'the token reader may only read'])
    const refused = world.client.watch({ account: world.devnet.account(5) })
    await expect(refused).rejects.toMatchObject({
      kind: 'forbidden',
      detail: 'the token reader may only read',
    })
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
    const large = await send('POST', '/v1/watches', {
      account: world.devnet.account(5),
      label: 'x'.repeat(3_000),
    })
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

test('silences come and go', async () => {
  const { client, writer } = world
  const { silence } = await writer.silence({ match: { severity: 'info' }, seconds: 60, comment: 'calm' })
  expect(silence).toMatchObject({ holds: true, createdBy: 'token', comment: 'calm' })
  const { id } = silence
  expect((await client.silences({ holds: true })).silences).toMatchObject([{ id }])
  expect((await writer.endSilence(id)).silence).toMatchObject({ id, holds: false })
  await expect(writer.endSilence(id)).rejects.toMatchObject({ kind: 'refused', status: 409 })
  expect((await client.silences({ holds: true })).silences).toEqual([])
  await expect(writer.silence({ match: {}, seconds: 60 })).rejects.toMatchObject({ kind: 'refused' })
})

test('watches come and go, and the daemon takes them up', async () => {
  const { client, writer } = world
  const account = world.devnet.account(2)
  const watchedOwners = async (): Promise<readonly string[]> =>
    (await client.positions({ watched: true })).positions.map(({ owner }) => owner)
  const added = await writer.watch({ account, label: 'second' })
  expect(added).toMatchObject({ watch: { account, source: 'database' }, isReplaced: false })
  expect((await client.watches()).watches).toHaveLength(2)
  expect((await client.watches({ account })).watches).toMatchObject([{ label: 'second' }])
  expect(await watchedOwners()).toEqual(accounts(1, 2))
  expect(await writer.unwatch(account)).toEqual({ account })
  expect(await watchedOwners()).toEqual(accounts(1))
  for (const one of [world.devnet.account(1), account])
    await expect(writer.unwatch(one)).rejects.toMatchObject({ kind: 'refused', status: 409 })
  await expect(writer.watch({ account, receivers: ['nobody'] })).rejects.toThrow('nobody')
})

test.each([
  ['GET', '/v1/markets?include=everything', 'include'],
  ['GET', '/v1/markets?hasLoans=maybe', 'hasLoans'],
  ['GET', '/v1/distribution?market=1:%20', 'market'],
  ['GET', '/v1/markets/31337:aave-v3', 'id'],
  ['GET', '/v1/markets/31337:aave-v3:main:pool?include=everything', 'include'],
  ['GET', '/v1/receivers/hook/dead?limit=0', 'limit'],
  ['GET', '/v1/receivers?kind=webhook', 'kind'],
  ['POST', '/v1/receivers/hook/resend', 'wrong'],
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
  ['GET', '/v1/positions/1:2/state', 'id'],
  ['GET', '/v1/accounts/nobody', 'address'],
  ['GET', '/v1/accounts/0x00000000000000000000000000000000000000aa?include=all', 'include'],
  ['GET', '/v1/accounts/0x00000000000000000000000000000000000000Aa', 'address'],
  ['GET', '/v1/names/vitalik', 'name'],
  ['GET', '/v1/names/a%20b.eth', 'name'],
  ['GET', '/v1/names/vitalik.eth?chain=mainnet', 'chain'],
  ['GET', '/v1/candidates?executable=maybe', 'executable'],
  ['GET', '/v1/candidates?kind=assessed', 'kind'],
  ['GET', '/v1/liquidations?fromBlock=-1', 'fromBlock'],
  ['POST', '/v1/stress', 'wrong'],
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

test('where one of a few is wanted, they are told', async () => {
  const { status, body } = await get('/v1/export/positions?format=xml')
  const message = 'is to be one of csv, json, parquet'
  expect([status, body.detail]).toEqual([400, `format ${message}`])
  expect(body.faults).toEqual([{ in: 'query', path: 'format', message }])
  const severity = await get('/v1/alerts?severity=loud')
  expect(severity.body.detail).toBe('severity is to be one of info, warning, critical')
})

test('what is not there is not found, and a block that nobody looked at is said', async () => {
  const id = idOf(50)
  for (const path of [
    ...[`/v1/positions/${id}`, `/v1/positions/${id}/history`, `/v1/positions/1:a:b:c:d`],
    ...[
      '/v1/markets/31337:aave-v3:main:other',
      '/v1/markets/1:aave-v3:core:pool',
      '/v1/receivers/nobody/dead',
    ],
  ])
    expect((await get(path)).status).toBe(404)
  const past = await get(`/v1/positions/${idOf(1)}?at=1`)
  expect([past.status, past.body.type]).toEqual([404, 'urn:plimsoll:problem:not-observed'])
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
  const paths = Object.keys(world.document.paths)
  const names = [...JSON.stringify(world.document).matchAll(/"name":"(\w+)","in":"query"/g)].map(
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

test('it goes red when the chain is out of reach, says so on every answer, and stops cleanly', async () => {
  await world.devnet.stop()
  await until('it is red', async () => (await ask('/v1/status')).status === 503)
  const { body } = await get('/v1/status')
  expect(body).toMatchObject({ status: 'red', stale: true, blocks: [{ stale: true }] })
  expect(body.chains).toMatchObject([{ status: 'red', reason: expect.stringContaining('has failed for') }])
  expect((await get('/v1/positions')).body).toMatchObject({ stale: true, positions: [{}, {}, {}, {}] })
  const live = await get(`/v1/accounts/${world.devnet.account(0)}?live=true`)
  expect(live.body).toMatchObject({
    stale: true,
    chains: [],
    failures: [{ market: null, reason: 'endpoint-down' }],
  })
  expect((await ask('/healthz', { token: null })).status).toBe(503)
  expect((await ask('/metrics')).text).toMatch(/^plimsoll_stale\{chain="31337"\} 1$/m)
  expect(await world.daemon.stop()).toBe(0)
  await expect(ask('/v1/status')).rejects.toThrow()
})
