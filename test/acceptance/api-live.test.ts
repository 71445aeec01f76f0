// The API of a daemon that follows watched accounts only, without a token: others are read from the chain, together and not too often.
import { request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { createClient, type Reply, servedAt } from '../support/api.ts'
import { type Daemon, startDaemon } from '../support/daemon.ts'
import { until } from '../support/until.ts'
import { createWorkspace } from '../support/workspace.ts'

let devnet: Devnet
let daemon: Daemon
let url: string
let ask: ReturnType<typeof createClient>
beforeAll(async () => {
  devnet = await startDevnet()
  await devnet.openAccounts(
    [900n, 1_500n, 1_200n, 600n].map((debt, index) => ({
      account: devnet.account(index),
      supplies: { WETH: 10n ** 18n },
      borrows: { USDC: debt * 1_000_000n },
    })),
  )
  const { configFile } = createWorkspace(devnet, {
    ...{ rpc: [devnet.url], follow: 'watched', watch: [{ account: devnet.account(0) }] },
    more: { server: { port: 0, liveReadsPerMinuteMax: 2, requestsPerMinuteMax: 200 } },
  })
  daemon = startDaemon(configFile)
  url = await servedAt(daemon)
  ask = createClient(url, null)
  await until('it has read', async () => (await ask('/v1/status')).body.status === 'green')
})
afterAll(async () => {
  await daemon?.kill()
  await devnet?.stop()
})

const callCount = async (): Promise<number> =>
  Number(/rpc_requests_total\{.*method="eth_call"\} (\d+)/.exec((await ask('/metrics')).text)?.[1])

const onChain = ({ body }: Reply) => body.chains[0]

test('a watched account is in the book; another is read at the same block, once for all who ask', async () => {
  await until('the watched one is in the book', async () => {
    const one = onChain(await ask(`/v1/accounts/${devnet.account(0)}`))
    return one.source === 'book' && one.positions.length === 1
  })
  const before = await callCount()
  const path = `/v1/accounts/${devnet.account(1)}`
  const replies = await Promise.all(Array.from({ length: 20 }, () => ask(path)))
  const after = await callCount()
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]))
  expect(onChain(replies[0] as Reply)).toMatchObject({
    ...{ source: 'live', stale: false },
    positions: [{ owner: devnet.account(1), debt: [{ symbol: 'USDC' }], shock: {} }],
  })
  expect(after).toBeGreaterThan(before)
  await ask(path)
  expect(await callCount()).toBe(after)
})

test('more accounts than may be read are refused for a while; the book is not', async () => {
  expect((await ask(`/v1/accounts/${devnet.account(2)}`)).status).toBe(200)
  const refused = await ask(`/v1/accounts/${devnet.account(3)}`)
  expect([refused.status, refused.body.type]).toEqual([429, 'urn:plimsoll:problem:rate-limited'])
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(onChain(await ask(`/v1/accounts/${devnet.account(0)}`)).source).toBe('book')
})

test('where no chain has names, that is said', async () => {
  const { status, body } = await ask('/v1/names/vitalik.eth')
  expect([status, body.detail]).toEqual([404, 'none of the chains here (31337) has a registry of ENS names'])
  expect(body.remedy).toContain('ens.registry')
  expect((await ask('/v1/status')).body.chains[0].ensRegistry).toBeNull()
})

test('without a token nothing can be changed, and a name that only points here is not answered', async () => {
  const { status, body } = await ask('/v1/watches', { method: 'POST', body: { account: devnet.account(2) } })
  expect([status, body.detail]).toEqual([403, 'without a token nothing can be changed'])
  const statusFor = (host: string): Promise<number | undefined> =>
    new Promise((done) => {
      request(`${url}/v1/status`, { headers: { host } }, (response) =>
        done(response.resume().statusCode),
      ).end()
    })
  expect(await statusFor('localhost')).toBe(200)
  expect(await statusFor('evil.example.org')).toBe(403)
})

test.each([
  'GET /v1/positions/%E0%A4%A HTTP/1.1',
  'GET /v1/positions/%00 HTTP/1.1',
  'GET /v1/../../etc/passwd HTTP/1.1',
  'GET //v1/status HTTP/1.1',
  'GET http://[ HTTP/1.1',
  'GET /v1/positions?limit=%E0%A4%A HTTP/1.1',
  'GET /v1/positions?& HTTP/1.1',
  'BREW /v1/positions HTTP/1.1',
  `GET /${'a'.repeat(20_000)} HTTP/1.1`,
])('%.60s is refused, not failed', async (line) => {
  const { hostname, port } = new URL(url)
  const text = await new Promise<string>((done, fail) => {
    const socket = connect(Number(port), hostname)
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk.toString()
    })
    socket.on('close', () => done(answer))
    socket.on('error', fail)
    socket.write(`${line}\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  })
  expect(text).toMatch(/^HTTP\/1\.1 [24]\d\d /)
})

test('who asks too often is told when to come back', async () => {
  const replies = await Promise.all(Array.from({ length: 220 }, () => ask('/v1/silences')))
  const refused = replies.filter(({ status }) => status === 429)
  expect(refused.length).toBeGreaterThan(0)
  expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
})
