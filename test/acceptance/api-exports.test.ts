// Tables as files while a daemon has other things to do: few at once, no faster than they are taken, and gone with who asked.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, servedAt } from '../support/api.ts'
import { cli } from '../support/cli.ts'
import { type Daemon, startDaemon } from '../support/daemon.ts'
import { fillSnapshots } from '../support/snapshot-rows.ts'
import { until } from '../support/until.ts'
import { writeWorkspace } from '../support/workspace.ts'

/** More rows than sockets hold of them. */
const [POSITIONS, EACH] = [1_000, 120]

let daemon: Daemon
let url: string
let configFile: string
beforeAll(async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'plimsoll-api-exports-')), 'rows.db')
  fillSnapshots(file, POSITIONS, EACH)
  const account = '0x00000000000000000000000000000000000000AA'
  configFile = writeWorkspace(
    {
      server: { port: 0 },
      chains: [{ id: 1, rpc: ['http://127.0.0.1:9'] }],
      watch: [{ account }],
    },
    file,
  ).configFile
  daemon = startDaemon(configFile)
  url = await servedAt(daemon)
})
afterAll(() => daemon?.kill())

const PATH = '/v1/export/snapshots?format=csv'
const asked = (signal?: AbortSignal): Promise<Response> =>
  fetch(`${url}${PATH}`, { headers: { 'accept-encoding': 'identity' }, ...(signal ? { signal } : {}) })

test('all rows come, whole, however slowly they are taken', async () => {
  const { stdout } = await cli(['export', 'snapshots', '--format', 'csv', '--config', configFile])
  expect(await (await asked()).text()).toBe(stdout)
  const packed = await fetch(`${url}${PATH}`, { headers: { 'accept-encoding': 'gzip' } })
  expect(packed.headers.get('content-encoding')).toBe('gzip')
  expect(await packed.text()).toBe(stdout)
})

test('a few at once: others are told to come back, until one who asked is gone', async () => {
  const ask = createClient(url, null)
  const leaving = new AbortController()
  const [first, second] = [await asked(leaving.signal), await asked()]
  const third = await ask(PATH)
  expect([third.status, third.body.type, third.headers.get('retry-after')]).toEqual([
    503,
    'urn:plimsoll:problem:unavailable',
    '10',
  ])
  expect((await ask('/v1/status')).status).toBeLessThan(600)
  leaving.abort()
  await expect(first.text()).rejects.toThrow()
  await until('there is room again', async () => {
    const response = await asked()
    await response.body?.cancel()
    return response.status === 200
  })
  expect((await second.text()).trimEnd().split('\n').length).toBe(1 + POSITIONS * EACH)
})

test('a daemon that stops does not wait for who takes nothing', async () => {
  const waiting = await asked()
  expect(await daemon.stop()).toBe(0)
  await expect(waiting.text()).rejects.toThrow()
})
