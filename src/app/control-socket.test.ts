// Actions through the socket of a daemon: answered, refused, failed, unreachable.
import { existsSync, mkdtempSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import type { Database } from '../store/database.ts'
import type { Config } from './config/config.ts'
import { defineAction, RefusedError } from './control.ts'
import { askDaemon, controlPath, NoDaemonError, serveControl } from './control-socket.ts'

const double = defineAction({
  name: 'double',
  schema: z.strictObject({ number: z.int().max(1_000) }),
  run: ({ number }, { nowMs }) => ({ number: number * 2, nowMs }),
})
const refuse = defineAction({
  name: 'refuse',
  schema: z.unknown(),
  run: () => {
    throw new RefusedError('not today', { remedy: 'Come tomorrow.' })
  },
})
const fail = defineAction({
  name: 'fail',
  schema: z.unknown(),
  run: () => {
    throw new Error('the disk is gone')
  },
})

let storeFile: string
let performed: string[]
let control: { close(): Promise<void> } | undefined

const serve = async (): Promise<void> => {
  control = await serveControl(storeFile, {
    actions: [double, refuse, fail],
    tools: () => ({ database: {} as Database, config: {} as Config, nowMs: 7 }),
    onPerformed: (name) => performed.push(name),
  })
}

beforeEach(() => {
  storeFile = join(mkdtempSync(join(tmpdir(), 'plimsoll-control-')), 'plimsoll.db')
  performed = []
})
afterEach(async () => {
  await control?.close()
  control = undefined
})

test('an action is performed and told of', async () => {
  await serve()
  expect(await askDaemon(storeFile, 'double', { number: 21 })).toEqual({ number: 42, nowMs: 7 })
  expect(performed).toEqual(['double'])
})

test('the socket is its owner’s alone and gone afterwards', async () => {
  await serve()
  expect(statSync(controlPath(storeFile)).mode & 0o777).toBe(0o600)
  await control?.close()
  control = undefined
  expect(existsSync(controlPath(storeFile))).toBe(false)
})

test('what is refused and what fails says why, and is not told of as done', async () => {
  await serve()
  await expect(askDaemon(storeFile, 'refuse', {})).rejects.toMatchObject({
    name: 'RefusedError',
    message: 'not today',
    remedy: 'Come tomorrow.',
  })
  await expect(askDaemon(storeFile, 'fail', {})).rejects.toMatchObject({
    name: 'DaemonFailedError',
    message: 'the disk is gone',
  })
  await expect(askDaemon(storeFile, 'double', { number: 'one' })).rejects.toThrow(
    'double was asked for wrongly: number is to be a number, and is text',
  )
  await expect(askDaemon(storeFile, 'nothing', {})).rejects.toThrow('there is no action nothing')
  await expect(askDaemon(storeFile, 'double', { number: 1, text: 'x'.repeat(70_000) })).rejects.toThrow(
    'more than 65536 bytes were sent',
  )
  expect(performed).toEqual([])
})

test('a socket that a killed daemon left does not stop the next one', async () => {
  writeFileSync(controlPath(storeFile), '')
  await serve()
  expect(await askDaemon(storeFile, 'double', { number: 1 })).toMatchObject({ number: 2 })
})

test('without a daemon, it says so', async () => {
  await expect(askDaemon(storeFile, 'double', { number: 1 })).rejects.toThrow(NoDaemonError)
})

test('a path that is too long for a socket is replaced by a short one', async () => {
  storeFile = join(dirname(storeFile), 'd'.repeat(120), 'plimsoll.db')
  expect(controlPath(storeFile).length).toBeLessThan(104)
  await serve()
  expect(await askDaemon(storeFile, 'double', { number: 3 })).toMatchObject({ number: 6 })
})

test('what is no request of ours harms nothing', async () => {
  await serve()
  const socket = connect(controlPath(storeFile))
  socket.resume()
  socket.write('hello\r\n\r\n')
  await new Promise((resolve) => socket.on('close', resolve))
  expect(await askDaemon(storeFile, 'double', { number: 4 })).toMatchObject({ number: 8 })
})
