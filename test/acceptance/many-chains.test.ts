// Many chains in one process: one that is slow or dead never delays another, and says so for itself.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { type ProviderProxy, startProxy } from '../devnet/proxy.ts'
import { cli } from '../support/cli.ts'
import { startDaemon } from '../support/daemon.ts'
import { until } from '../support/until.ts'
import { type Receiver, startReceiver } from '../support/webhook.ts'
import { createWorkspace } from '../support/workspace.ts'

const ETHER = 10n ** 18n
const [OTHER, DEAD] = [31_338, 31_339]
const NOBODY = 'http://127.0.0.1:1'
/** Longer than any test: what waits for this is stuck. */
const FOREVER_MS = 600_000

let devnet: Devnet
let other: Devnet
let proxy: ProviderProxy
let hook: Receiver
beforeAll(async () => {
  ;[devnet, other] = await Promise.all([startDevnet(), startDevnet({ chainId: OTHER })])
  proxy = await startProxy(other.url)
  hook = await startReceiver()
  for (const one of [devnet, other])
    await one.openAccount({
      account: one.account(0),
      supplies: { WETH: ETHER },
      borrows: { USDC: 1_000_000_000n },
    })
})
afterAll(async () => {
  await hook.stop()
  await proxy.stop()
  await Promise.all([devnet.stop(), other.stop()])
})
beforeEach(() => proxy.setFaults({}))

const workspace = (requestTimeoutMs: number) => {
  const chain = (id: number, rpc: string) => ({
    ...{ id, rpc: [rpc], pollIntervalMs: 100, cycleIntervalMsMin: 0, follow: 'book', requestTimeoutMs },
    ...{ headAgeSecondsMax: 100_000_000, unreachableSecondsMax: 1 },
    markets: [
      {
        ...{ protocol: 'aave-v3', deployment: 'main', fromBlock: other.fromBlock },
        poolAddressesProvider: other.addresses.poolAddressesProvider,
      },
    ],
  })
  return createWorkspace(devnet, {
    rpc: [devnet.url],
    watch: [{ account: devnet.account(0), label: 'treasury' }],
    webhook: { url: hook.url },
    otherChains: [chain(OTHER, proxy.url), chain(DEAD, NOBODY)],
  })
}

type Daemon = ReturnType<typeof startDaemon>

const cyclesOf = (daemon: Daemon, chainId: number) =>
  daemon.lines().filter((line) => line['event'] === 'cycle' && line['chainId'] === chainId)

const followed = async (daemon: Daemon, of: Devnet): Promise<void> => {
  const { number } = await of.head()
  await until(`block ${number} of chain ${of.chainId} is followed`, () =>
    cyclesOf(daemon, of.chainId).some((line) => line['block'] === String(number)),
  )
}

test('one chain dead, one that hangs from the start: the third keeps its cadence and raises its alerts', async () => {
  proxy.setFaults({ failure: { as: 'hang' } })
  const before = hook.received.length
  const daemon = startDaemon(workspace(FOREVER_MS).configFile)
  for (let block = 0; block < 8; block++) {
    await devnet.mine()
    await followed(daemon, devnet)
  }
  await devnet.movePrice('WETH', 0.3)
  await until('the loan on the living chain alerts', () =>
    hook.received
      .slice(before)
      .some(({ body }) => body.status === 'firing' && body.labels['label'] === 'treasury' && body.assessment),
  )
  await until('the dead chain says so', () =>
    hook.received
      .slice(before)
      .some(({ body }) => body.rule === 'EndpointDown' && String(body.labels['chainId']) === String(DEAD)),
  )
  const heard = daemon.lines().map((line) => line['chainId'])
  expect([heard.includes(OTHER), cyclesOf(daemon, DEAD)]).toEqual([false, []])
  expect(cyclesOf(daemon, devnet.chainId).length).toBeGreaterThanOrEqual(9)
  expect(await daemon.stop()).toBe(0)
})

test('a chain that begins to hang while it is followed delays nobody, and goes on when it answers again', async () => {
  const daemon = startDaemon(workspace(500).configFile)
  await followed(daemon, other)
  proxy.setFaults({ failure: { as: 'hang' } })
  await other.mine()
  for (let block = 0; block < 5; block++) {
    await devnet.mine()
    await followed(daemon, devnet)
  }
  await until('the chain that hangs says so', () =>
    daemon.lines().some((line) => line['chainId'] === OTHER && line['event'] === 'error'),
  )
  await devnet.mine()
  await followed(daemon, devnet)
  proxy.setFaults({})
  await followed(daemon, other)
  expect(await daemon.stop()).toBe(0)
})

test('sync takes them side by side: those that cannot be read are failures of their own, exit 3', async () => {
  proxy.setFaults({ failure: { as: 'hang' } })
  const { configFile } = workspace(500)
  const { exitCode, stdout, stderr } = await cli(['sync', '--json', '--config', configFile])
  const { number } = await devnet.head()
  expect([exitCode, JSON.parse(stdout)]).toMatchObject([
    3,
    {
      chains: [{ block: { chainId: devnet.chainId, number: String(number) }, positionCount: 1 }],
      failures: [
        { chainId: OTHER, market: null, reason: 'endpoint-down' },
        { chainId: DEAD, market: null, reason: 'endpoint-down' },
      ],
    },
  ])
  for (const id of [OTHER, DEAD]) expect(stderr).toContain(`chain ${id}: no endpoint of chain ${id} answers`)
  const people = await cli(['sync', '--config', configFile])
  expect([people.exitCode, people.stdout]).toEqual([3, expect.stringMatching(/at block \d+: 1 positions/)])
})
