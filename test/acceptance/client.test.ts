// The client at a real daemon: its stream is cut, the daemon starts again, and nothing is lost unsaid.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../../scripts/free-port.ts'
import { type Client, createClient, type StreamEvent } from '../../src/client/client.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { servedAt } from '../support/api.ts'
import { type Daemon, startDaemon } from '../support/daemon.ts'
import { until } from '../support/until.ts'
import { createWorkspace } from '../support/workspace.ts'

const DOLLAR = 10n ** 8n
const ETHER = 10n ** 18n

let devnet: Devnet
let daemon: Daemon
let url: string
let configFile: string

const start = async (): Promise<void> => {
  daemon = startDaemon(configFile)
  url = await servedAt(daemon)
  const { status } = createClient({ url })
  await until('it has read', async () => (await status()).blocks[0]?.isComplete === true)
}

beforeAll(async () => {
  devnet = await startDevnet({ stateBlocksMax: 1_000 })
  await devnet.openAccounts(
    [1_500n, 1_400n, 900n].map((debt, index) => ({
      account: devnet.account(index),
      supplies: { WETH: ETHER },
      borrows: { USDC: debt * 1_000_000n },
    })),
  )
  const server = { port: await freePort(), requestsPerMinuteMax: 60_000, stream: { heartbeatSeconds: 1 } }
  configFile = createWorkspace(devnet, { rpc: [devnet.url], more: { server } }).configFile
  await start()
})
afterAll(async () => {
  await daemon?.kill()
  await devnet?.stop()
})

/** Listens until the signal aborts. */
const listenTo = async (client: Client, signal: AbortSignal) => {
  const events: StreamEvent[] = []
  const ended = (async () => {
    for await (const event of client.stream({ signal })) events.push(event)
  })()
  await until('it is greeted', () => events.length > 0)
  return { events, ended }
}

/** A platform's fetch whose streams can be cut as a broken cable would. */
const cuttable = () => {
  let cable = new AbortController()
  const fetch: typeof globalThis.fetch = (input, init) => {
    const signals = [cable.signal, ...(init?.signal ? [init.signal] : [])]
    return globalThis.fetch(input, { ...init, signal: AbortSignal.any(signals) })
  }
  const cut = (): void => {
    cable.abort(new TypeError('terminated'))
    cable = new AbortController()
  }
  return { fetch, cut }
}

const happened = (events: readonly StreamEvent[]): readonly string[] =>
  events.flatMap(({ topic, id, chainId }) => (chainId === null ? [] : [`${topic} ${id}`]))

test('a candidate is told with the block that made it one, before its head', async () => {
  const ending = new AbortController()
  const { events, ended } = await listenTo(createClient({ url }), ending.signal)
  const { block } = await devnet.setPrice('WETH', 1_800n * DOLLAR)
  const isTold = (topic: string): boolean =>
    events.some((one) => one.topic === topic && one.block?.number === String(block.number))
  await until('the head is told', () => isTold('head'))
  const candidate = events.findIndex(({ topic }) => topic === 'candidate')
  const head = events.findIndex((one) => one.topic === 'head' && one.block.number === String(block.number))
  expect(candidate).toBeGreaterThan(0)
  expect(candidate).toBeLessThan(head)
  expect(events[candidate]).toMatchObject({
    block: { number: String(block.number), hash: block.hash },
    data: { change: 'appeared', owner: devnet.account(0), candidate: { options: [{ payer: 'liquidator' }] } },
  })
  ending.abort()
  await ended
})

test('who is cut off again and again hears everything once, in order', async () => {
  const ending = new AbortController()
  const { fetch, cut } = cuttable()
  const whole = await listenTo(createClient({ url }), ending.signal)
  const often = await listenTo(createClient({ url, fetch }), ending.signal)
  for (const price of [1_780n, 1_600n, 1_900n]) {
    cut()
    await devnet.setPrice('WETH', price * DOLLAR)
    await devnet.mine()
    await until('both have heard of it', async () => {
      const head = String((await devnet.head()).number)
      return [whole, often].every(({ events }) =>
        events.some((one) => one.topic === 'head' && one.block.number === head),
      )
    })
  }
  ending.abort()
  await Promise.all([whole.ended, often.ended])
  expect(happened(often.events)).toEqual(happened(whole.events))
  expect(often.events.filter(({ topic }) => topic === 'hello').length).toBe(4)
  expect(often.events.filter(({ topic }) => topic === 'reset')).toEqual([])
})

test('a daemon that starts again says that events were lost, and the stream goes on', async () => {
  const ending = new AbortController()
  const { events, ended } = await listenTo(createClient({ url }), ending.signal)
  expect(await daemon.stop()).toBe(0)
  await until('the end is told', () => events.some(({ topic }) => topic === 'end'))
  const stopped = await createClient({ url })
    .status()
    .catch((error: unknown) => error)
  expect(stopped).toMatchObject({ name: 'PlimsollError', kind: 'unreachable', status: 0 })
  await start()
  await until('it is told that events were lost', () => events.some(({ topic }) => topic === 'reset'))
  expect(events.find(({ topic }) => topic === 'reset')).toMatchObject({ data: { reason: 'restarted' } })
  const before = events.length
  await devnet.mine()
  await until('it goes on', () => events.slice(before).some(({ topic }) => topic === 'head'))
  ending.abort()
  await ended
})

test('what is asked wrongly is said before the stream begins', async () => {
  const stream = createClient({ url }).stream({ topics: 'weather' })
  await expect(stream.next()).rejects.toMatchObject({ kind: 'invalid-request', faults: [{ path: 'topics' }] })
})
