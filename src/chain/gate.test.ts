import { expect, test } from 'vitest'
import { createGate, FOREGROUND, type Lane, type Overload } from './gate.ts'
import { EndpointError } from './rpc-error.ts'

const BACKGROUND: Lane = { isBackground: true }

const putOff = (retryAfterMs?: number): EndpointError =>
  new EndpointError('here', 'eth_call', 'rate-limited', 'too many requests', { retryAfterMs })

/** A gate, and requests that are under way until told. */
const setUp = (requestsInFlightMax: number) => {
  const overloads: Overload[] = []
  let nowMs = 0
  const gate = createGate({
    ...{ requestsInFlightMax, backoffMsMin: 5, backoffMsMax: 20 },
    nowMs: () => nowMs,
    onOverload: (overload) => overloads.push(overload),
  })
  const started: string[] = []
  const ends = new Map<string, (error?: unknown) => void>()
  const send = (name: string, lane: Lane): Promise<void> => {
    const sent = gate.pass(lane, () => {
      started.push(name)
      return new Promise<void>((resolve, reject) =>
        ends.set(name, (error) => (error === undefined ? resolve() : reject(error))),
      )
    })
    sent.catch(() => undefined)
    return sent
  }
  const end = async (name: string, error?: unknown): Promise<void> => {
    ends.get(name)?.(error)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return { gate, overloads, started, send, end, pass: (ms: number) => (nowMs += ms) }
}

test('so many side by side, the rest in turn', async () => {
  const { started, send, end } = setUp(2)
  for (const name of ['a', 'b', 'c']) void send(name, BACKGROUND)
  await end('')
  expect(started).toEqual(['a', 'b'])
  await end('a')
  expect(started).toEqual(['a', 'b', 'c'])
})

test('a cycle’s request never waits behind those of a bootstrap, and its next ones go first', async () => {
  const { started, send, end } = setUp(2)
  for (const name of ['a', 'b', 'c', 'd']) void send(name, BACKGROUND)
  void send('cycle', FOREGROUND)
  void send('cycle too', FOREGROUND)
  await end('')
  expect(started).toEqual(['a', 'b', 'cycle'])
  await end('a')
  expect(started).toEqual(['a', 'b', 'cycle'])
  await end('cycle')
  expect(started).toEqual(['a', 'b', 'cycle', 'cycle too'])
  await end('cycle too')
  expect(started.at(-1)).toBe('c')
})

test('who is put off is asked half as much, once for all that were under way, and not before the time it named', async () => {
  const { gate, overloads, started, send, end, pass } = setUp(4)
  for (const name of ['a', 'b', 'c', 'd', 'e']) void send(name, BACKGROUND)
  await end('')
  await end('a', putOff(30))
  await end('b', putOff(30))
  expect(overloads).toEqual([{ kind: 'rate-limited', requestsInFlightMax: 2, pauseMs: 30 }])
  expect([started, gate.pausedUntilMs()]).toEqual([['a', 'b', 'c', 'd'], 30])
  await end('c')
  await end('d')
  expect(started).not.toContain('e')
  pass(30)
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(started).toContain('e')
  expect(gate.status()).toMatchObject({ rateLimitCount: 2, timeoutCount: 0 })
})

test('without a time it waits longer and longer, and grows again with answers', async () => {
  const { gate, overloads, send, end, pass } = setUp(4)
  for (const name of ['a', 'b', 'c']) {
    void send(name, FOREGROUND)
    await end('')
    await end(name, putOff())
    pass(1_000)
  }
  expect(overloads.map(({ pauseMs }) => pauseMs)).toEqual([5, 10, 20])
  expect(gate.status().requestsInFlightMax).toBe(1)
  for (let index = 0; index < 20; index++) {
    void send(`good ${index}`, FOREGROUND)
    await end('')
    await end(`good ${index}`)
  }
  expect(gate.status().requestsInFlightMax).toBe(4)
})

test('what waits is given up with its signal', async () => {
  const { started, send, end } = setUp(1)
  const giveUp = new AbortController()
  void send('a', BACKGROUND)
  const waiting = send('b', { isBackground: true, signal: giveUp.signal })
  void send('c', BACKGROUND)
  giveUp.abort(new Error('not wanted'))
  await expect(waiting).rejects.toThrow('not wanted')
  await end('a')
  expect(started).toEqual(['a', 'c'])
})
