import { expect, test } from 'vitest'
import { createRing, type News, type Ring } from './ring.ts'

const news = (data: News['data']): News => ({ topic: 'head', chainId: 1, block: null, about: {}, data })

const jsonAt = (ring: Ring, place: number): unknown => {
  const event = ring.after(place)
  return event === 'lost' || !event ? event : JSON.parse(event.frame().json.toString())
}

test('an event is one text for all: a block of server-sent events, and the JSON within', () => {
  const ring = createRing(1_000, '0000000a')
  ring.publish(news({ amount: 10n ** 20n, text: 'ü\nv' }))
  const event = ring.after(0)
  if (!event || event === 'lost') throw new Error('there is none')
  const json =
    '{"id":"0000000a-1","topic":"head","chainId":1,"block":null,"data":{"amount":"100000000000000000000","text":"ü\\nv"}}'
  expect(event.frame().sse.toString()).toBe(`id: 0000000a-1\nevent: head\ndata: ${json}\n\n`)
  expect(event.frame().json.toString()).toBe(json)
  expect(event.frame()).toBe(event.frame())
})

test('what nobody wants is not made, and then once', () => {
  const ring = createRing(1_000_000)
  let made = 0
  ring.publish(
    news(() => {
      made += 1
      return { made }
    }),
  )
  expect(made).toBe(0)
  expect([jsonAt(ring, 0), jsonAt(ring, 0)]).toMatchObject([{ data: { made: 1 } }, { data: { made: 1 } }])
})

test('places: of the first event, the last, what is not there yet, and what is kept no longer', () => {
  const ring = createRing(300, '0000000b')
  expect([ring.newest(), ring.oldestPlace(), ring.after(0)]).toEqual([0, 0, undefined])
  for (let count = 1; count <= 10; count++) ring.publish(news({ count }))
  const oldest = ring.oldestPlace()
  expect(oldest).toBeGreaterThan(5)
  expect(ring.after(oldest - 1)).toBe('lost')
  expect(jsonAt(ring, oldest)).toMatchObject({ id: `0000000b-${oldest + 1}`, data: { count: oldest + 1 } })
  expect([ring.newest(), ring.after(10)]).toEqual([10, undefined])
  expect(ring.counts()).toMatchObject({ head: 10, alert: 0 })
})

test('an event that is larger than all that is kept is kept alone', () => {
  const ring = createRing(100)
  ring.publish(news({ text: 'x'.repeat(1_000) }))
  expect(jsonAt(ring, 0)).toMatchObject({ topic: 'head' })
  ring.publish(news({}))
  expect([ring.after(0), jsonAt(ring, 1)]).toMatchObject(['lost', { topic: 'head' }])
})

test('ids are of one process', () => {
  const ring = createRing(1_000, '0000000c')
  expect(ring.placeOf(ring.idOf(7))).toBe(7)
  expect(ring.placeOf('0000000d-7')).toBeUndefined()
})
