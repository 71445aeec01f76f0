// What cannot be known is said so: never "healthy", never "no position".
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { type ProviderProxy, startProxy } from '../devnet/proxy.ts'
import type { Snapshot } from '../devnet/snapshots.ts'
import { cli } from '../support/cli.ts'
import { startDaemon } from '../support/daemon.ts'
import { until } from '../support/until.ts'
import { type Receiver, startReceiver } from '../support/webhook.ts'
import { createWorkspace } from '../support/workspace.ts'

const ETHER = 10n ** 18n

let devnet: Devnet
let proxy: ProviderProxy
let hook: Receiver
let fresh: Snapshot
beforeAll(async () => {
  devnet = await startDevnet()
  proxy = await startProxy(devnet.url)
  hook = await startReceiver()
  await devnet.openAccount({
    account: devnet.account(0),
    supplies: { WETH: ETHER, LINK: ETHER },
    borrows: { USDC: 1_000_000_000n },
  })
  fresh = await devnet.snapshot()
})
afterAll(async () => {
  await hook.stop()
  await proxy.stop()
  await devnet.stop()
})
beforeEach(async () => {
  proxy.setFaults({})
  await devnet.revert(fresh)
})

const faults: readonly (readonly [string, () => Promise<unknown>, string, RegExp])[] = [
  ['a feed that answers 0', () => devnet.breakFeed('LINK', 'zero'), 'price-failed', /price of LINK/],
  ['a feed that reverts', () => devnet.breakFeed('WETH', 'revert'), 'price-failed', /price of WETH/],
  ['a feed that burns all gas', () => devnet.breakFeed('USDC', 'burn-gas'), 'price-failed', /price of USDC/],
  ['an unknown pool revision', () => devnet.upgradePoolRevision(99), 'unknown-revision', /POOL_REVISION 99/],
]

describe('check', () => {
  test.each(faults)('%s: unassessable, exit 3', async (_what, cause, reason, detail) => {
    await cause()
    const { configFile } = createWorkspace(devnet, { rpc: [devnet.url] })
    const { exitCode, stdout } = await cli(['check', devnet.account(0), '--config', configFile, '--json'])
    expect(exitCode).toBe(3)
    const [{ positions }] = JSON.parse(stdout).chains
    expect(positions).toMatchObject([{ kind: 'unassessable', reason, detail: expect.stringMatching(detail) }])
    const people = await cli(['check', devnet.account(0), '--config', configFile])
    expect([people.exitCode, people.stdout]).toEqual([3, expect.stringContaining(`unknown: ${reason}`)])
    expect(people.stdout).not.toMatch(/healthy|no loans/)
  })

  test('an unknown revision is a failure also for an account without loans', async () => {
    await devnet.upgradePoolRevision(99)
    const { configFile } = createWorkspace(devnet, { rpc: [devnet.url] })
    const { exitCode, stdout } = await cli(['check', devnet.account(50), '--config', configFile])
    expect([exitCode, stdout]).toEqual([3, expect.stringContaining('unknown-revision')])
    expect(stdout).not.toContain('no loans found')
  })

  test('a node that lags behind the clock: stale-head, exit 3', async () => {
    const { configFile } = createWorkspace(devnet, { rpc: [devnet.url], chain: { headAgeSecondsMax: 60 } })
    const { exitCode, stdout } = await cli(['check', devnet.account(0), '--config', configFile, '--json'])
    expect([exitCode, JSON.parse(stdout).failures]).toMatchObject([3, [{ reason: 'stale-head' }]])
  })
})

describe('watch', () => {
  const watchThrough = async (
    cause: () => Promise<unknown>,
    reason: string,
    options: Partial<Parameters<typeof createWorkspace>[1]> = {},
  ): Promise<void> => {
    const account = devnet.account(0)
    const { configFile } = createWorkspace(devnet, {
      rpc: [proxy.url],
      watch: [{ account, label: 'treasury' }],
      webhook: { url: hook.url, secret: 'hush' },
      ...options,
    })
    const before = hook.received.length
    const own = () => hook.received.slice(before).map(({ body }) => body)
    const daemon = startDaemon(configFile)
    try {
      await until('the position is followed', () =>
        daemon
          .lines()
          .some(
            (line) => line['event'] === 'cycle' && line['positionCount'] === 1 && line['pendingCount'] === 0,
          ),
      )
      await cause()
      await until(`an alert says ${reason}`, async () => {
        // It has to last, in chain time.
        if (reason !== 'endpoint-down') await devnet.increaseTime(60)
        return own().some(({ rule, assessment }) => rule === 'Unassessable' && assessment?.reason === reason)
      })
      expect(own().filter(({ rule }) => rule === 'Unassessable')).toMatchObject([
        { status: 'firing', labels: { label: 'treasury', account } },
      ])
      expect(own().filter(({ status }) => status !== 'firing')).toEqual([])
    } finally {
      expect(await daemon.stop()).toBe(0)
    }
  }

  test.each(faults)('%s: an alert for the watched loan', async (_what, cause, reason) =>
    watchThrough(cause, reason),
  )

  test('a node that stops answering: an alert for the watched loan', async () =>
    watchThrough(async () => proxy.setFaults({ failure: { as: 503 } }), 'endpoint-down', {
      chain: { unreachableSecondsMax: 1 },
      rules: [
        { name: 'Always', severity: 'warning', when: 'healthFactor < 1000' },
        { name: 'Unassessable', severity: 'critical', when: 'kind == "unassessable"', forSeconds: 2 },
      ],
    }))

  test('a node that is down from the start: the watcher says so', async () => {
    proxy.setFaults({ failure: { as: 503 } })
    const { configFile } = createWorkspace(devnet, {
      rpc: [proxy.url],
      webhook: { url: hook.url },
      chain: { unreachableSecondsMax: 1 },
    })
    const before = hook.received.length
    const own = () => hook.received.slice(before).map(({ body }) => `${body.rule} ${body.status}`)
    const daemon = startDaemon(configFile)
    await until('the watcher says that it cannot see', () => own().includes('EndpointDown firing'))
    proxy.setFaults({})
    await until('the watcher says that it sees again', () => own().includes('EndpointDown resolved'))
    expect([await daemon.stop(), own()]).toEqual([0, ['EndpointDown firing', 'EndpointDown resolved']])
  })
})
