import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHub, type Member, type Transport } from './hub.ts'
import { createRing, type Frame, type News, type StreamEvent } from './ring.ts'

const LIMITS = { clientsMax: 2, heartbeatSeconds: 15, stallSecondsMax: 30 }
const ids = (frames: readonly Frame[]): readonly string[] =>
  frames.map(({ json }) => JSON.parse(json.toString()).id)
const topics = (frames: readonly Frame[]): readonly string[] =>
  frames.map(({ json }) => JSON.parse(json.toString()).topic)

/** A connection that has room for so many frames until some are taken. */
const createPipe = (room: number) => {
  const waiting: Frame[] = []
  const taken: Frame[] = []
  const said = { beats: 0, end: undefined as string | undefined, isDestroyed: false }
  const transport: Transport = {
    hasRoom: () => waiting.length < room,
    write: (frame) => {
      waiting.push(frame)
    },
    beat: () => {
      said.beats += 1
    },
    end: ({ isOurs, reason }) => {
      said.end = `${isOurs ? 'end' : 'dropped'}: ${reason}`
    },
    destroy: () => {
      said.isDestroyed = true
    },
  }
  return { transport, taken, waiting, said, take: (): void => void taken.push(...waiting.splice(0)) }
}

const news = (topic: News['topic'], text = ''): News => ({
  ...{ topic, chainId: 1, block: null, about: {}, data: { text } },
})

const world = (keptBytesMax = 100_000) => {
  let now = 0
  const ring = createRing(keptBytesMax)
  const hub = createHub({ ring, limits: LIMITS, nowMs: () => now })
  return {
    ...{ ring, hub },
    publish: async (...some: readonly News[]): Promise<void> => {
      for (const one of some) ring.publish(one)
      await new Promise(setImmediate)
    },
    pass: (seconds: number): void => {
      now += seconds * 1_000
      hub.tick()
    },
    join: (
      pipe: ReturnType<typeof createPipe>,
      wants = (_: StreamEvent) => true,
      from = ring.newest(),
    ): Member => hub.join({ transport: pipe.transport, from, first: [], wants }),
  }
}

test('each client is told what it wants, from where it begins', async () => {
  const { publish, join, ring } = world()
  await publish(news('head'), news('alert'))
  const [all, alerts] = [createPipe(100), createPipe(100)]
  join(all)
  join(alerts, ({ topic }) => topic === 'alert', 0)
  await publish(news('head'), news('alert'))
  expect(ids(all.waiting)).toEqual([3, 4].map(ring.idOf))
  expect(ids(alerts.waiting)).toEqual([2, 4].map(ring.idOf))
})

test('who leaves is told no more, and makes room for another', async () => {
  const { publish, join, hub } = world()
  const pipes = [createPipe(100), createPipe(100)]
  const members = pipes.map((pipe) => join(pipe))
  expect([hub.isFull(), hub.clientCount()]).toEqual([true, 2])
  members[0]?.leave()
  await publish(news('head'))
  expect([hub.isFull(), hub.clientCount(), pipes[0]?.waiting.length, pipes[1]?.waiting.length]).toEqual([
    ...[false, 1, 0, 1],
  ])
})

test('who is behind all that is kept is dropped with a word, and nobody else', async () => {
  const { publish, join, hub } = world(2_000)
  const [slow, quick] = [createPipe(1), createPipe(1_000)]
  join(slow)
  join(quick)
  for (let count = 0; count < 40; count++) {
    await publish(news('head', 'x'.repeat(50)))
    quick.take()
  }
  expect(topics(slow.waiting)).toEqual(['head', 'dropped'])
  expect(slow.said.end).toMatch(/^dropped: it is further behind/)
  expect(topics(quick.taken)).toEqual(Array.from({ length: 40 }, () => 'head'))
  expect([hub.clientCount(), hub.dropCounts()]).toEqual([1, { behind: 1, stalled: 0 }])
})

test('who takes nothing for too long is dropped, though little happens', async () => {
  const { publish, join, hub, pass } = world()
  const pipe = createPipe(1)
  const member = join(pipe)
  await publish(news('head'), news('alert'))
  pass(29)
  pipe.take()
  member.onRoom()
  pass(29)
  expect(hub.clientCount()).toBe(1)
  pass(2)
  expect([hub.clientCount(), topics(pipe.waiting)]).toEqual([0, ['alert', 'dropped']])
  expect(hub.dropCounts()).toEqual({ behind: 0, stalled: 1 })
})

test('a quiet client gets a heartbeat now and then, a blocked one none', async () => {
  const { publish, join, pass } = world()
  const [quiet, blocked] = [createPipe(1), createPipe(1)]
  join(quiet, () => false)
  join(blocked)
  await publish(news('head'))
  for (let count = 0; count < 29; count++) pass(1)
  expect([quiet.said.beats, blocked.said.beats]).toEqual([1, 0])
})

test('at the end all are told, and nobody is let in', () => {
  const { join, hub } = world()
  const pipe = createPipe(1)
  join(pipe)
  hub.close('the daemon stops')
  expect([topics(pipe.waiting), pipe.said.end, hub.isFull()]).toEqual([
    ['end'],
    'end: the daemon stops',
    true,
  ])
})

test('whatever happens, a client that keeps up hears every event once and in order, through any cuts', async () => {
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('publish' as const), count: fc.integer({ min: 1, max: 9 }) }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('take' as const) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut' as const) }) },
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.integer({ min: 1, max: 5 }),
      async (steps, room) => {
        const { ring, publish, join } = world()
        let pipe = createPipe(room)
        let member = join(pipe)
        const heard: string[] = []
        const take = (): void => {
          while (pipe.waiting.length > 0) {
            pipe.take()
            heard.push(...ids(pipe.taken.splice(0)))
            member.onRoom()
          }
        }
        let published = 0
        for (const one of steps) {
          if (one.kind === 'publish') {
            published += one.count
            await publish(...Array.from({ length: one.count }, () => news('head')))
          } else if (one.kind === 'take') take()
          else {
            // What was on the way is lost with the connection.
            member.leave()
            pipe = createPipe(room)
            const last = heard.at(-1)
            member = join(pipe, undefined, last === undefined ? 0 : ring.placeOf(last))
          }
        }
        take()
        expect(heard).toEqual(Array.from({ length: published }, (_, index) => ring.idOf(index + 1)))
      },
    ),
    { numRuns: 200 },
  )
})
