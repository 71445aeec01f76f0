// Who is told what, through the command line: repetition while an endpoint is dead, taking on, silences, and why.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cli } from '../support/cli.ts'
import { type Daemon, startDaemon } from '../support/daemon.ts'
import { until } from '../support/until.ts'
import { type Receiver, startReceiver } from '../support/webhook.ts'
import { type Workspace, writeWorkspace } from '../support/workspace.ts'

/** Nobody listens there. */
const DEAD = 'http://127.0.0.1:9'

let hook: Receiver
let workspace: Workspace
let daemon: Daemon | undefined
beforeAll(async () => {
  hook = await startReceiver()
  workspace = writeWorkspace({
    chains: [
      {
        id: 31_337,
        rpc: [DEAD],
        pollIntervalMs: 100,
        unreachableSecondsMax: 1,
        markets: [
          {
            protocol: 'aave-v3',
            deployment: 'main',
            poolAddressesProvider: '0x00000000000000000000000000000000000000aa',
            fromBlock: 1,
          },
        ],
      },
    ],
    receivers: [
      { name: 'hook', webhook: { url: hook.url } },
      { name: 'second', webhook: { url: hook.url } },
      { name: 'third', webhook: { url: hook.url } },
    ],
    notify: {
      repeatSeconds: { critical: 1 },
      escalate: [{ afterSeconds: 3_600, receivers: ['third'] }],
    },
  })
})
afterAll(async () => {
  await daemon?.stop()
  await hook.stop()
})

const run = (...args: readonly string[]) => cli([...args, '--config', workspace.configFile])
const json = async (...args: readonly string[]) => JSON.parse((await run(...args, '--json')).stdout)
const countOf = (): number => hook.received.filter(({ body }) => body.rule === 'EndpointDown').length
const expire = async (id: string) => run('silences', 'expire', id.slice(0, 5))

test('silences are kept without a daemon, and looked up by the beginning of their names', async () => {
  const account = '0x00000000000000000000000000000000000000AA'
  const { silence } = await json(
    ...[
      'silences',
      'add',
      '--match',
      `account=${account.toLowerCase()},alertname=/Near.{1,20}/`,
      '--for',
      '2h',
    ],
  )
  expect(silence).toMatchObject({ match: { account, alertname: '/Near.{1,20}/' }, comment: '' })
  expect(silence.endsAt - silence.startsAt).toBe(7_200)
  expect((await json('silences', 'list')).silences).toMatchObject([{ id: silence.id, holds: true }])
  expect((await expire(silence.id)).exitCode).toBe(0)
  const again = await expire(silence.id)
  expect([again.exitCode, again.stderr]).toEqual([2, expect.stringContaining('is over since')])
  const unknown = await expire('nobody')
  expect([unknown.exitCode, unknown.stderr]).toEqual([2, expect.stringContaining('there is no silence')])
  const bad = await run('silences', 'add', '--match', 'alertname=/(/', '--for', '1h')
  expect([bad.exitCode, bad.stderr]).toEqual([2, expect.stringContaining('is no regular expression')])
})

test('a dead endpoint is told again and again until somebody takes it on', async () => {
  daemon = startDaemon(workspace.configFile)
  await until('it was repeated', () => countOf() >= 6)
  const ids = hook.received.map(({ body }) => body.id)
  expect(new Set(ids).size).toBe(ids.length)
  const { alerts } = await json('alerts', '--state', 'firing')
  const down = alerts.find(({ rule }: { rule: string }) => rule === 'EndpointDown')
  expect(
    down.notices.map(({ receiver, told }: { receiver: string; told: string }) => `${receiver} ${told}`),
  ).toEqual(['hook firing', 'second firing', 'third firing'])
  const acknowledged = await run('alerts', 'ack', down.fingerprint.slice(0, 6), '--comment', 'on it')
  expect([acknowledged.exitCode, acknowledged.stdout]).toEqual([
    0,
    expect.stringContaining('acknowledged: EndpointDown'),
  ])
  await until('it is decided not to repeat it', async () => {
    const { alerts: explained } = await json('alerts', '--explain', down.fingerprint)
    const reasons = explained[0].decisions.map(({ reason }: { reason: string }) => reason)
    return reasons.filter((reason: string) => reason === 'acknowledged').length === 3
  })
  const { stdout, exitCode } = await run('alerts', '--explain', down.fingerprint.slice(0, 6))
  expect(exitCode).toBe(1)
  expect(stdout).toMatch(/EndpointDown critical, firing since .*\n.*\n {2}taken on by .*: on it\n/)
  expect(stdout).toMatch(/hook +sent +fired +it fires/)
  expect(stdout).toMatch(/hook +sent +repeat +it still fires/)
  expect(stdout).toMatch(/hook +not sent +acknowledged +somebody has taken it on \(by .*\)/)
  const table = await run('alerts')
  expect(table.stdout).toMatch(
    /critical +31337:watcher +EndpointDown +firing, acknowledged +hook firing \d\d-\d\d/,
  )
  const unknown = await run('alerts', 'ack', 'ffff')
  expect([unknown.exitCode, unknown.stderr]).toEqual([2, expect.stringContaining('there is no firing alert')])
})

test('a silence through the daemon holds until it is expired', async () => {
  const { silence } = await json(
    'silences',
    'add',
    '--match',
    'severity=/.*/',
    '--for',
    '1h',
    '--comment',
    'quiet',
  )
  expect((await json('silences', 'list')).silences).toMatchObject([{ id: silence.id, comment: 'quiet' }, {}])
  expect((await expire(silence.id)).stdout).toContain('is told now')
  const lines = daemon?.lines().filter(({ event }) => event === 'action') ?? []
  expect(lines.map(({ action }) => action)).toEqual(['alerts.ack', 'silences.add', 'silences.expire'])
})
