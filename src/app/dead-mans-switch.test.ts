import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { until } from '../../test/support/until.ts'
import { sleep } from './clock.ts'
import { createDeadMansSwitch } from './dead-mans-switch.ts'
import { createLog } from './log.ts'

let server: Server
let pings: string[]
let status: number
let lines: string[]
let illness: () => string[]
let stop: AbortController
beforeEach(async () => {
  ;[pings, status, lines, stop] = [[], 200, [], new AbortController()]
  illness = () => []
  server = createServer((request, response) => {
    pings.push(request.method ?? '')
    response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  stop.abort()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const start = (method: 'GET' | 'POST' = 'GET') => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-path`
  const one = createDeadMansSwitch({
    to: { url, method, everySeconds: 1 },
    log: createLog({ level: 'debug', secrets: [], isPretty: false, write: (text) => lines.push(text) }),
    illness: () => illness(),
    sleep: (ms, signal) => sleep(ms / 100, signal),
  })
  return { ...one, ended: one.run(stop.signal) }
}

test('it pings while all is well, and not once that is over', async () => {
  const { ended, checks } = start('POST')
  await until('two pings arrived', () => pings.length >= 2)
  expect(pings[0]).toBe('POST')
  illness = () => ['chain 1 had no cycle for 5 min']
  await until('a ping is withheld', () => lines.some((line) => line.includes('"why":"chain 1 had no cycle')))
  const count = pings.length
  await until('more are', () => lines.filter((line) => line.includes('ping-withheld')).length > 3)
  expect(pings.length).toBe(count)
  expect(checks()).toMatchObject([{ name: 'DeadMansSwitchFailing', isMet: false }])
  stop.abort()
  await ended
})

test.each([
  [500, 'it answered 500'],
  [302, 'no connection'],
])('a ping that is answered %d is told, until one arrives; never its address', async (answer, why) => {
  status = answer
  const { checks } = start()
  await until('it fails', () => checks()[0]?.isMet === true)
  expect(checks()[0]?.detail).toContain(why)
  status = 200
  await until('it is reached', () => checks()[0]?.isMet === false)
  expect(lines.join('')).not.toContain('secret-path')
})

test('what cannot be asked is no sign of health', async () => {
  illness = () => {
    throw new Error('the disk is full')
  }
  start()
  await until('a ping is withheld', () => lines.some((line) => line.includes('the disk is full')))
  expect(pings).toEqual([])
})
