// What a running daemon tells as it happens: to whom, in which order, again after a cut, and why no more.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { createChecker, createClient, servedAt } from '../support/api.ts'
import { type Daemon, startDaemon } from '../support/daemon.ts'
import {
  askAndTakeNothing,
  type Listener,
  listen,
  listenOver,
  type SseListener,
  type Told,
} from '../support/stream.ts'
import { until } from '../support/until.ts'
import { createWorkspace } from '../support/workspace.ts'

const ETHER = 10n ** 18n
const DOLLAR = 10n ** 8n
const TOKEN = 'a-token-that-reads'
const CLIENTS_MAX = 8

/** Accounts 0 to 2 owe 1,500, 1,200 and 900 USDC against one WETH each. */
const DEBTS = [1_500n, 1_200n, 900n]

let devnet: Devnet
let daemon: Daemon
let url: string
let configFile: string
let ask: ReturnType<typeof createClient>
let check: ReturnType<typeof createChecker>

beforeAll(async () => {
  devnet = await startDevnet({ stateBlocksMax: 1_000 })
  await devnet.openAccounts(
    DEBTS.map((debt, index) => ({
      account: devnet.account(index),
      supplies: { WETH: ETHER },
      borrows: { USDC: debt * 1_000_000n },
    })),
  )
  const work = createWorkspace(devnet, {
    rpc: [devnet.url],
    chain: { unreachableSecondsMax: 1 },
    watch: [{ account: devnet.account(1), label: 'treasury' }],
    rules: [{ name: 'Near', severity: 'warning', when: 'healthFactor < 1.05', until: 'healthFactor > 1.06' }],
    more: {
      server: {
        ...{ port: 0, tokens: [{ name: 'reader', token: TOKEN }], requestsPerMinuteMax: 60_000 },
        stream: {
          clientsMax: CLIENTS_MAX,
          heartbeatSeconds: 1,
          stallSecondsMax: 2,
          candidatesPerCycleMax: 50,
        },
      },
    },
  })
  configFile = work.configFile
  daemon = startDaemon(configFile)
  url = await servedAt(daemon)
  ask = createClient(url, TOKEN)
  check = createChecker((await ask('/openapi.json', { token: null })).body)
  await until('it is complete', async () => (await ask('/v1/status')).body.blocks[0]?.isComplete)
})
afterAll(async () => {
  await daemon?.kill()
  await devnet?.stop()
})

const idOf = (index: number): string => `${devnet.chainId}:aave-v3:main:pool:${devnet.account(index)}`
const bearer = { authorization: `Bearer ${TOKEN}` }
const idsOf = (events: readonly Told[]): readonly string[] => events.map(({ id }) => id)

const open: Listener[] = []
const sse = async (query = '', headers = {}): Promise<SseListener> => {
  const listener = await listen(url, query, TOKEN, headers)
  open.push(listener)
  await listener.next('hello')
  return listener
}
const closeAll = async (): Promise<void> => {
  for (const one of open.splice(0)) one.close()
  await until('nobody listens', async () => /^plimsoll_stream_clients 0$/m.test((await ask('/metrics')).text))
}

afterEach(closeAll)

/** Moves the price and waits until a listener has the head of that block. */
const moveTo = async (dollars: bigint, listener: Listener): Promise<string> => {
  const { block } = await devnet.setPrice('WETH', dollars * DOLLAR)
  const number = String(block.number)
  await listener.next('head', (event) => event.block?.number === number)
  return number
}

/** Every event is as the document has it. */
const expectDocumented = (events: readonly Told[]): void => {
  for (const body of events)
    expect(
      check('GET', '/v1/stream', {
        ...{ status: 200, headers: new Headers({ 'content-type': 'text/event-stream' }), body, text: '' },
      }),
    ).toEqual([])
}

describe('what is told', () => {
  test('a price falls: who can be liquidated is told before the head of that block, with every way to do it', async () => {
    const all = await sse()
    const [hello] = all.events
    expect(hello?.data).toMatchObject({ stale: false, resumedAfter: null, blocks: [{ chainId: 31337 }] })
    const block = await moveTo(1_760n, all)
    const told = all.events.filter((event) => event.block?.number === block)
    const candidate = told.find(({ topic }) => topic === 'candidate')
    expect(candidate?.data).toMatchObject({ change: 'appeared', id: idOf(0), owner: devnet.account(0) })
    expect(told.at(-1)).toMatchObject({
      topic: 'head',
      data: { stale: false, reorgDepth: '0', leftOut: { candidate: 0, assessment: 0 } },
    })
    expect(told.at(-1)?.data.told).toEqual({
      candidate: 1,
      assessment: told.filter(({ topic }) => topic === 'assessment').length,
      alert: 0,
    })
    const { body } = await ask('/v1/candidates')
    expect(candidate?.data.candidate).toEqual(body.candidates[0])
    expect(candidate?.data.candidate.options.length).toBeGreaterThan(0)
    const shown = told.find(({ topic, data }) => topic === 'assessment' && data.id === idOf(0))
    expect(shown?.data).toMatchObject({ cause: 'crossed', position: body.candidates[0].position })
    expectDocumented(all.events)
  })

  test('it changes with the price, interest alone is no change, and it is over when the loan recovers', async () => {
    const all = await sse('topics=candidate,head')
    await moveTo(1_740n, all)
    await devnet.mine()
    await moveTo(2_000n, all)
    const changes = all.events.filter(({ topic }) => topic === 'candidate').map(({ data }) => data)
    expect(changes.map(({ change }) => change)).toEqual(['changed', 'gone'])
    expect(changes[1]).toMatchObject({ candidate: null, position: { isLiquidatable: false } })
    expectDocumented(all.events)
  })

  test('alerts come with the commit that wrote them, and a reorg retracts them', async () => {
    const all = await sse('topics=alert,head,candidate')
    const mark = await devnet.head()
    const block = await moveTo(1_500n, all)
    const fired = await all.next('alert')
    expect(fired).toMatchObject({
      block: { number: block },
      data: { change: 'firing', was: null, alert: { rule: 'Near', labels: { label: 'treasury' } } },
    })
    await devnet.reorg(Number((await devnet.head()).number - mark.number))
    await devnet.mine({ blocks: 2 })
    const after = await all.next('head', ({ data }) => data.reorgDepth !== '0')
    expect(after.data.previous.number).toBe(block)
    const retracted = await all.next('alert', ({ data }) => data.change === 'retracted')
    expect(retracted.data).toMatchObject({
      was: 'firing',
      alert: { fingerprint: fired.data.alert.fingerprint },
    })
    const gone = await all.next('candidate', ({ data }) => data.change === 'gone')
    expect(gone.block?.hash).toBe(after.block?.hash)
    expectDocumented(all.events)
  })

  test('each client hears what it asked for', async () => {
    const all = await sse()
    const own = await sse(`owner=${devnet.account(1)}&topics=assessment,candidate,alert`)
    const treasury = await sse('topics=alert&label=treasury&severity=warning&rule=Near')
    const others = await sse('topics=alert,candidate,assessment&watched=false')
    const rich = await sse('topics=candidate&minIncentiveUsd=100000')
    const elsewhere = await sse('topics=alert&severity=critical')
    await moveTo(1_500n, all)
    await moveTo(2_000n, all)
    const heads = await sse('topics=head')
    await moveTo(2_010n, heads)
    const told = (keep: (event: Told) => boolean) =>
      idsOf(all.events.filter((event) => event.topic !== 'hello' && keep(event)))
    const heard = ({ events }: Listener) => idsOf(events.slice(1))
    const isOwn = ({ data }: Told) => (data.id ?? data.alert?.subject) === idOf(1)
    await all.next('head', ({ id }) => id === heads.events.at(-1)?.id)
    expect(told(isOwn).length).toBeGreaterThan(3)
    expect(heard(own)).toEqual(told(isOwn))
    expect(heard(treasury)).toEqual(told(({ topic }) => topic === 'alert'))
    expect(heard(others)).toEqual(told((event) => event.topic !== 'head' && !isOwn(event)))
    expect([heard(rich), heard(elsewhere)]).toEqual([[], []])
    expect(heard(heads)).toHaveLength(1)
  })
})

describe('who comes again', () => {
  test('hears what was missed, once and in order, by either way of naming the last event', async () => {
    const whole = await sse()
    const cut = await sse()
    await moveTo(1_900n, cut)
    cut.close()
    const { id: last = '' } = cut.events.at(-1) ?? {}
    await moveTo(1_700n, whole)
    await moveTo(2_000n, whole)
    const byQuery = await sse(`after=${last}`)
    const byHeader = await sse('after=00000000-1', { 'last-event-id': last })
    const socket = await listenOver(url, `after=${last}`, bearer)
    open.push(socket)
    await moveTo(2_020n, whole)
    const end = whole.events.at(-1)?.id
    for (const one of [byQuery, byHeader, socket]) {
      await one.next('head', ({ id }) => id === end)
      expect(one.events[0]).toMatchObject({ topic: 'hello', id: last, data: { resumedAfter: last } })
      expect(idsOf([...cut.events, ...one.events.slice(1)])).toEqual(idsOf(whole.events))
    }
    expect(socket.events.slice(1)).toEqual(byQuery.events.slice(1))
  })

  test('is told that events were lost where the place is not one of now', async () => {
    const other = await sse('after=00000000-7&topics=candidate,head')
    const reset = await other.next('reset')
    expect(reset.data).toMatchObject({ reason: 'restarted', lists: ['/v1/candidates', '/v1/status'] })
    const early = await sse(`after=${reset.id.split('-')[0]}-999999`)
    expect((await early.next('reset')).data).toMatchObject({ reason: 'unknown' })
    expectDocumented([...other.events, ...early.events])
  })
})

describe('who is not let in, or no longer', () => {
  test('bad words are told before anything begins, over a WebSocket too', async () => {
    for (const [query, where] of [
      ['topics=heads', 'topics'],
      ['topics=', 'topics'],
      ['after=7', 'after'],
      ['after=00000000-01', 'after'],
      ['owner=0x12', 'owner'],
      ['severity=loud', 'severity'],
      ['limit=3', 'limit'],
    ]) {
      const { status, body } = await ask(`/v1/stream?${query}`)
      expect([status, body.faults?.[0]?.path]).toEqual([400, where])
      await expect(listenOver(url, query ?? '', bearer)).rejects.toThrow(
        /400: .*"invalid-request|400: .*faults/,
      )
    }
    expect((await ask('/v1/stream', { headers: { 'last-event-id': 'x' } })).status).toBe(400)
    expect((await ask('/v1/stream?chain=5')).status).toBe(404)
    expect((await ask('/v1/stream', { token: 'a-wrong-token' })).status).toBe(401)
    await expect(listenOver(url, '', {})).rejects.toThrow(/401: .*unauthorized/)
    await expect(listenOver(url, '', { ...bearer, origin: 'https://evil.example.org' })).rejects.toThrow(
      /403: /,
    )
  })

  test('no more than so many at once', async () => {
    for (let count = 0; count < CLIENTS_MAX; count++) await sse('topics=alert')
    const { status, body, headers } = await ask('/v1/stream')
    expect([status, body.type]).toEqual([503, 'urn:plimsoll:problem:unavailable'])
    expect(headers.get('retry-after')).toBe('5')
    await expect(listenOver(url, '', bearer)).rejects.toThrow(/503: /)
    await closeAll()
    await sse('topics=alert')
  })

  test('who only asks whether there is a stream does not listen', async () => {
    const head = await ask('/v1/stream', { method: 'HEAD' })
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
    expect(await metric('stream_clients')).toBe(0)
  })

  test('a quiet stream shows that it lives, is not packed, and is kept by nobody', async () => {
    const quiet = await sse('topics=status')
    expect(Object.fromEntries(quiet.headers)).toMatchObject({
      ...{ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store, no-transform' },
      'x-accel-buffering': 'no',
    })
    expect(quiet.headers.get('content-encoding')).toBeNull()
    await until('it beats', () => quiet.beatCount() > 1)
  })
})

const metric = async (name: string): Promise<number> => {
  const [, value] = new RegExp(`^plimsoll_${name} (\\d+)$`, 'm').exec((await ask('/metrics')).text) ?? []
  return Number(value)
}

test('more candidates than one cycle tells of are said, and follow with the next', async () => {
  const all = await sse('topics=candidate,head')
  await devnet.openAccounts(
    Array.from({ length: 60 }, (_, index) => ({
      account: devnet.account(100 + index),
      supplies: { WETH: ETHER },
      borrows: { USDC: 1_500_000_000n },
    })),
  )
  await moveTo(1_700n, all)
  const head = all.events.at(-1)
  expect(head?.data).toMatchObject({ told: { candidate: 50 }, leftOut: { candidate: 11 } })
  await devnet.mine()
  await all.next('head', ({ data }) => data.leftOut.candidate === 0, all.events.length)
  const appeared = all.events.filter(({ data }) => data.change === 'appeared').map(({ data }) => data.id)
  expect(appeared).toHaveLength(61)
  expect(new Set(appeared).size).toBe(61)
})

test('who takes nothing is dropped, and others are not disturbed', async () => {
  // Each fall brings as many candidates: more than a connection takes on its own, before long.
  const first = await sse('topics=candidate,head')
  const other = await sse('topics=alert')
  const socket = await askAndTakeNothing(url, 'topics=candidate', TOKEN)
  await until('it is dropped', async () => {
    await moveTo(1_700n, first)
    await moveTo(2_000n, first)
    return (await metric('stream_dropped_total\\{reason="stalled"\\}')) > 0
  })
  socket.destroy()
  const heads = first.events.filter(({ topic }) => topic === 'head')
  const toldCount = heads.reduce((sum, { data }) => sum + data.told.candidate, 0)
  expect(toldCount).toBeGreaterThan(120)
  expect(first.events.filter(({ topic }) => topic === 'candidate')).toHaveLength(toldCount)
  expect(new Set(idsOf(first.events.slice(1))).size).toBe(first.events.length - 1)
  expect([first.ended(), other.ended()]).toEqual([undefined, undefined])
  expect(await metric('stream_clients')).toBe(2)
  expect(await metric('stream_events_total\\{topic="head"\\}')).toBeGreaterThan(10)
})

test('when the daemon stops, streams end with a word; after a restart who comes again is told that events were lost', async () => {
  const [events, socket] = [await sse(), await listenOver(url, '', bearer)]
  await socket.next('hello')
  const last = await events.next('hello')
  expect(await daemon.stop()).toBe(0)
  await until('both have ended', () => events.ended() !== undefined && socket.ended() !== undefined)
  for (const one of [events, socket])
    expect(one.events.at(-1)).toMatchObject({ topic: 'end', data: { reason: 'the daemon stops' } })
  expect(socket.ended()).toBe(1_001)
  daemon = startDaemon(configFile)
  url = await servedAt(daemon)
  ask = createClient(url, TOKEN)
  const again = await sse(`after=${last.id}`)
  expect((await again.next('reset')).data).toMatchObject({ reason: 'restarted' })
  await moveTo(1_700n, again)
  expect(again.events.some(({ topic, data }) => topic === 'candidate' && data.id === idOf(0))).toBe(true)
})

test('when the chain is out of reach, it is said, and so is what is not known any more', async () => {
  const all = await sse('topics=status,alert')
  await devnet.stop()
  const status = await all.next('status')
  expect(status.data).toMatchObject({ stale: true, reason: expect.stringContaining('has failed for') })
  const down = await all.next('alert', ({ data }) => data.alert.rule === 'EndpointDown')
  expect(down.data).toMatchObject({ change: 'firing', alert: { subject: `${devnet.chainId}:watcher` } })
  expectDocumented(all.events)
})
