// `plimsoll receivers` as an operator uses it: who is told, a message to try, what was given up and sent again.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cli } from '../support/cli.ts'
import { nearAlert, resolvedAlert } from '../support/notifications.ts'
import { outboxOn } from '../support/outbox.ts'
import { type Receiver, startReceiver } from '../support/webhook.ts'
import { type Workspace, writeWorkspace } from '../support/workspace.ts'

let hook: Receiver
let work: Workspace
beforeAll(async () => {
  hook = await startReceiver()
  work = writeWorkspace({
    chains: [{ id: 1, rpc: ['http://127.0.0.1:1'] }],
    receivers: [
      { name: 'hook', webhook: { url: `${hook.url}?key=a-secret-key` } },
      { name: 'chat', slack: { url: `${hook.url}/services/a-secret-token` } },
    ],
  })
})
afterAll(() => hook.stop())

const run = (...args: readonly string[]) => cli(['receivers', ...args, '--config', work.configFile])

test('before anything was sent, receivers are listed with their kinds', async () => {
  const { exitCode, stdout } = await run()
  expect([exitCode, stdout]).toEqual([
    0,
    expect.stringMatching(/hook +webhook +0 +0 +0[\s\S]*chat +slack +0 +0 +0/),
  ])
})

test('a test message is really sent, and what became of it said', async () => {
  const fine = await run('test', 'hook')
  expect([fine.exitCode, fine.stdout]).toEqual([
    0,
    expect.stringMatching(/^delivered to hook \(webhook\) in \d+ ms/),
  ])
  expect(hook.received.at(-1)?.body).toMatchObject({
    kind: 'test',
    text: 'Plimsoll reaches hook: alerts will come here.',
  })
  hook.answer(500)
  const failed = await run('test', 'chat', '--json')
  expect([failed.exitCode, JSON.parse(failed.stdout)]).toMatchObject([
    1,
    { receiver: 'chat', kind: 'slack', ok: false, error: 'the receiver answered 500' },
  ])
  const unknown = await run('test', 'nobody')
  expect([unknown.exitCode, unknown.stderr]).toEqual([2, expect.stringContaining('Name one of hook, chat.')])
})

test('what was given up is shown, and sent again where it is not out of date', async () => {
  const { database, outbox, put, rows } = outboxOn(work.storeFile)
  const old = nearAlert({ id: 'old', fingerprint: 'fa' })
  put([
    old,
    { ...resolvedAlert(), id: 'over', fingerprint: 'fa' },
    nearAlert({ id: 'open', fingerprint: 'fb' }),
  ])
  const [first, second, third] = rows()
  outbox.dead(first?.sequence ?? 0, 'the receiver answered 400: a-secret-key', 1_700_000_000_000)
  outbox.delivered(second?.sequence ?? 0, 1_700_000_001_000)
  outbox.dead(third?.sequence ?? 0, 'the receiver answered 400', 1_700_000_002_000)
  database.$client.close()

  const listed = await run('--json')
  expect([listed.exitCode, JSON.parse(listed.stdout).receivers]).toMatchObject([
    1,
    [
      { receiver: 'hook', kind: 'webhook', waitingCount: 0, deliveredCount: 1, deadCount: 2 },
      { receiver: 'chat', deadCount: 0, lastError: null },
    ],
  ])
  const dead = await run('dead', 'hook')
  expect(dead.exitCode).toBe(1)
  expect(dead.stdout).toContain("treasury's Aave v3 loan on Ethereum: health 1.04")
  expect(dead.stdout).not.toContain('a-secret-key')
  const all = await run('resend', '--all', 'hook', '--json')
  expect([all.exitCode, JSON.parse(all.stdout)]).toEqual([0, { resentCount: 1, outdatedCount: 1 }])
  const one = await run('resend', 'old')
  expect([one.exitCode, one.stdout]).toEqual([0, '1 wait again, for "plimsoll watch" to send\n'])
  expect(JSON.parse((await run('--json')).stdout).receivers[0]).toMatchObject({
    waitingCount: 2,
    deadCount: 0,
  })
  const nothing = await run('resend')
  expect([nothing.exitCode, nothing.stderr]).toEqual([2, expect.stringContaining('--all NAME')])
  expect((await run('resend', '--all', 'nobody')).exitCode).toBe(2)
})
