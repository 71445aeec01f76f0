// The client against a server of a few lines: what it asks, what it makes of answers, and how it mends streams.
import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { createClient, PlimsollError, paged } from './client.ts'
import { endpoints } from './generated.ts'

type Asked = { readonly url: string; readonly init: RequestInit }

/** A platform's fetch that answers from a list, the last for ever, and remembers what was asked. */
const fakeFetch = (...answers: readonly ((init: RequestInit) => Response | Promise<Response>)[]) => {
  const asked: Asked[] = []
  const fetch = async (url: unknown, init: RequestInit = {}): Promise<Response> => {
    asked.push({ url: String(url), init })
    init.signal?.throwIfAborted()
    const answer = answers[Math.min(asked.length, answers.length) - 1]
    if (!answer) throw new Error('nothing answers')
    return answer(init)
  }
  return { fetch: fetch as typeof globalThis.fetch, asked }
}

const json = (body: unknown, { status = 200, headers = {} } = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })

const problem = (kind: string, status: number, more: object = {}, headers = {}) =>
  new Response(
    JSON.stringify({ type: `urn:plimsoll:problem:${kind}`, title: 'T', status, detail: 'D', ...more }),
    { status, headers: { 'content-type': 'application/problem+json', ...headers } },
  )

const failure = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

afterEach(() => {
  vi.useRealTimers()
})

test('a method asks its operation: path, query, body and token as the document has them', async () => {
  const { fetch, asked } = fakeFetch(() => json({}))
  const client = createClient({ url: 'http://localhost:1/', token: 'secret', fetch })
  await client.positions({ maxHealth: 1.5, chain: 1, watched: true, market: undefined, sort: 'debtUsd' })
  await client.markets({ include: ['coverage', 'distribution'] })
  await client.positionHistory('1:a/b', { limit: 2n })
  expect(asked.map(({ url }) => url)).toEqual([
    'http://localhost:1/v1/positions?maxHealth=1.5&chain=1&watched=true&sort=debtUsd',
    'http://localhost:1/v1/markets?include=coverage%2Cdistribution',
    'http://localhost:1/v1/positions/1%3Aa%2Fb/history?limit=2',
  ])
  expect(asked[0]?.init).toMatchObject({ method: 'GET', headers: { authorization: 'Bearer secret' } })
  const posted = fakeFetch(() => json({}, { status: 201 }))
  await createClient({ url: '', fetch: posted.fetch }).watch({ account: '0x1', label: 'me' })
  expect(posted.asked).toMatchObject([
    {
      url: '/v1/watches',
      init: {
        method: 'POST',
        body: '{"account":"0x1","label":"me"}',
        headers: { 'content-type': 'application/json' },
      },
    },
  ])
  expect(posted.asked[0]?.init.headers).not.toHaveProperty('authorization')
})

test('whatever stands in a path is one part of it', async () => {
  const { fetch, asked } = fakeFetch(() => json({}))
  const client = createClient({ url: 'http://localhost:1', fetch })
  const text = fc.string({ minLength: 1, unit: 'grapheme' }).filter((one) => !/^\.{1,2}$/.test(one))
  await fc.assert(
    fc.asyncProperty(text, async (id) => {
      await client.position(id)
      const { pathname, search } = new URL(asked.at(-1)?.url ?? '')
      expect([search, ...pathname.split('/').map(decodeURIComponent)]).toEqual([
        '',
        '',
        'v1',
        'positions',
        id,
      ])
    }),
  )
})

test('every operation has a method, and an answer that tells of a fault with its own status is an answer', async () => {
  const { fetch } = fakeFetch(() => json({ status: 'red' }, { status: 503 }))
  const client = createClient({ url: '', fetch })
  expect(Object.keys(endpoints).filter((name) => typeof client[name as 'status'] !== 'function')).toEqual([])
  expect(await client.status()).toEqual({ status: 'red' })
})

test('what the server refuses is thrown with all that it says', async () => {
  const faults = [{ in: 'query', path: 'limit', message: 'is no number' }]
  const { fetch } = fakeFetch(
    () => problem('invalid-request', 400, { remedy: 'Mend it.', faults }),
    () => problem('rate-limited', 429, {}, { 'retry-after': '7' }),
    () => new Response('<html>', { status: 502 }),
    () => json({ error: 'of a proxy' }, { status: 503 }),
    () => json({ 'not JSON of an answer': 1 }, { status: 404 }),
  )
  const client = createClient({ url: 'http://localhost:1', fetch })
  const [refused, limited, ...others] = await Promise.all(
    Array.from({ length: 5 }, () => failure(client.positions())),
  )
  expect(refused).toBeInstanceOf(PlimsollError)
  expect(refused).toMatchObject({
    ...{ kind: 'invalid-request', status: 400, title: 'T', detail: 'D', remedy: 'Mend it.', faults },
    message: 'D. Mend it.',
  })
  expect(limited).toMatchObject({ kind: 'rate-limited', retryAfterSeconds: 7, faults: [] })
  expect(others).toMatchObject([502, 503, 404].map((status) => ({ kind: 'unexpected', status })))
  const { fetch: dead } = fakeFetch(() => Promise.reject(new TypeError('fetch failed')))
  expect(await failure(createClient({ url: 'http://localhost:1', fetch: dead }).status())).toMatchObject({
    ...{ kind: 'unreachable', status: 0, detail: 'http://localhost:1 does not answer' },
    cause: expect.any(TypeError),
  })
})

test('a table is given as it comes, and a refusal of it is thrown', async () => {
  const { fetch, asked } = fakeFetch(
    () => new Response('id,health\n1,2\n', { headers: { 'content-type': 'text/csv' } }),
    () => problem('not-found', 404),
  )
  const client = createClient({ url: 'http://localhost:1', fetch })
  expect(await (await client.exported('snapshots', { format: 'csv' })).text()).toBe('id,health\n1,2\n')
  expect(asked[0]?.url).toBe('http://localhost:1/v1/export/snapshots?format=csv')
  expect(await failure(client.exported('nothing'))).toMatchObject({ kind: 'not-found' })
})

test('a call that is given up throws what it was given up with', async () => {
  const { fetch } = fakeFetch(() => json({}))
  const reason = new Error('enough')
  const client = createClient({ url: '', fetch, signal: AbortSignal.abort(reason) })
  expect(await failure(client.status())).toBe(reason)
  const other = createClient({ url: '', fetch })
  expect(await failure(other.status({ signal: AbortSignal.abort(reason) }))).toBe(reason)
})

test('what has not changed is asked for by its name, where answers are reused', async () => {
  const answers = [
    () => json({ positions: [1] }, { headers: { etag: 'W/"a"' } }),
    () => new Response(null, { status: 304 }),
    () => json({ positions: [2] }, { headers: { etag: 'W/"b"' } }),
  ]
  const { fetch, asked } = fakeFetch(...answers)
  const client = createClient({ url: '', fetch, reuse: true })
  const told = [await client.positions(), await client.positions(), await client.positions()]
  expect(told).toEqual([{ positions: [1] }, { positions: [1] }, { positions: [2] }])
  expect(asked.map(({ init }) => (init.headers as Record<string, string>)['if-none-match'])).toEqual([
    undefined,
    'W/"a"',
    'W/"a"',
  ])
  await client.positions({ limit: 1 })
  expect(asked.at(-1)?.init.headers).not.toHaveProperty('if-none-match')
})

test('pages follow each other until the last', async () => {
  const { fetch, asked } = fakeFetch(
    () => json({ positions: [1, 2], next: 'abc' }),
    () => json({ positions: [3], next: null }),
  )
  const client = createClient({ url: '', fetch })
  const rows: unknown[] = []
  for await (const { positions } of paged((page) => client.positions({ limit: 2, ...page })))
    rows.push(...positions)
  expect(rows).toEqual([1, 2, 3])
  expect(asked.map(({ url }) => url)).toEqual(['/v1/positions?limit=2', '/v1/positions?limit=2&cursor=abc'])
})

const frame = (id: string, topic: string, data: object = {}): string =>
  `id: ${id}\nevent: ${topic}\ndata: ${JSON.stringify({ id, topic, data })}\n\n`

/** A body that comes in pieces and then ends, breaks, or stays open until it is given up. */
const streamed = (pieces: readonly string[], then: 'end' | 'break' | RequestInit = 'end') =>
  new Response(
    new ReadableStream({
      start: (controller) => {
        for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece))
        if (then === 'end') controller.close()
        if (then === 'break') setTimeout(() => controller.error(new TypeError('terminated')), 1)
        if (typeof then === 'object')
          then.signal?.addEventListener('abort', () => controller.error(then.signal?.reason))
      },
    }),
    { headers: { 'content-type': 'text/event-stream' } },
  )

const afterIn = ({ url }: Asked): string | null => new URL(url).searchParams.get('after')

test('a stream goes on behind its last event after every cut, and tells all that it is told', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { fetch, asked } = fakeFetch(
    () =>
      streamed([
        'retry: 3000\n\n',
        frame('a-0', 'hello', { heartbeatSeconds: 15 }),
        ':\n\n',
        frame('a-1', 'head'),
      ]),
    () => problem('unavailable', 503, {}, { 'retry-after': '5' }),
    () => Promise.reject(new TypeError('fetch failed')),
    () => streamed([frame('b-0', 'hello'), frame('b-0', 'reset'), frame('b-4', 'candidate')], 'break'),
    () => streamed([frame('b-4', 'hello'), frame('b-5', 'dropped')]),
    (init) => streamed([frame('b-5', 'hello'), frame('b-6', 'head')], init),
  )
  const ending = new AbortController()
  const client = createClient({ url: 'http://localhost:1', fetch })
  const told: string[] = []
  const listening = (async () => {
    for await (const { id, topic } of client.stream({
      topics: ['head', 'candidate'],
      signal: ending.signal,
    })) {
      told.push(`${topic} ${id}`)
      if (id === 'b-6') ending.abort()
    }
  })()
  for (let step = 0; step < 200 && !ending.signal.aborted; step++) await vi.advanceTimersByTimeAsync(100)
  await listening
  expect(told).toEqual([
    ...['hello a-0', 'head a-1', 'hello b-0', 'reset b-0', 'candidate b-4'],
    ...['hello b-4', 'dropped b-5', 'hello b-5', 'head b-6'],
  ])
  expect(asked.map(afterIn)).toEqual([null, 'a-1', 'a-1', 'a-1', 'b-4', 'b-5'])
  expect(new URL(asked[0]?.url ?? '').searchParams.get('topics')).toBe('head,candidate')
})

test('a connection on which nothing comes is taken for cut', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { fetch, asked } = fakeFetch((init) =>
    streamed([frame('a-3', 'hello', { heartbeatSeconds: 2 })], init),
  )
  const client = createClient({ url: '', fetch })
  const events = client.stream({ after: 'a-3' })
  await events.next()
  const next = events.next()
  await vi.advanceTimersByTimeAsync(5_900)
  expect(asked).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(700)
  expect((await next).value).toMatchObject({ id: 'a-3', topic: 'hello' })
  expect(asked.map(({ url }) => url)).toEqual(['/v1/stream?after=a-3', '/v1/stream?after=a-3'])
})

test('what is asked wrongly, or not to be mended, ends the stream', async () => {
  const { fetch, asked } = fakeFetch(() => problem('invalid-request', 400))
  const wrong = createClient({ url: '', fetch }).stream()
  expect(await failure(wrong.next())).toMatchObject({ kind: 'invalid-request' })
  expect(asked).toHaveLength(1)
  const once = fakeFetch(() => streamed([frame('a-1', 'head')]))
  const events: string[] = []
  for await (const { id } of createClient({ url: '', fetch: once.fetch }).stream({ reconnects: false }))
    events.push(id)
  expect(events).toEqual(['a-1'])
  const broken = fakeFetch(() => streamed([frame('a-1', 'head')], 'break'))
  const stream = createClient({ url: 'x', fetch: broken.fetch }).stream({ reconnects: false })
  await stream.next()
  expect(await failure(stream.next())).toMatchObject({ kind: 'unreachable' })
})

test('who leaves the loop leaves nothing open', async () => {
  let isCancelled = false
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(frame('a-1', 'head'))),
    cancel: () => {
      isCancelled = true
    },
  })
  const { fetch } = fakeFetch(() => new Response(body))
  for await (const _event of createClient({ url: '', fetch }).stream()) break
  expect(isCancelled).toBe(true)
})
