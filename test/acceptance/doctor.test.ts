// What an endpoint serves, as doctor finds it out.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { type ProviderProxy, startProxy } from '../devnet/proxy.ts'
import { cli } from '../support/cli.ts'
import { createWorkspace } from '../support/workspace.ts'

let devnet: Devnet
let proxy: ProviderProxy
beforeAll(async () => {
  devnet = await startDevnet()
  proxy = await startProxy(devnet.url)
  await devnet.mine({ blocks: 60 })
})
afterAll(async () => {
  await proxy.stop()
  await devnet.stop()
})
beforeEach(() => proxy.setFaults({}))

type Finding = { readonly subject: string; readonly state: string; readonly detail: string }

const findings = async (chain: Readonly<Record<string, unknown>>) => {
  const { configFile } = createWorkspace(devnet, { rpc: [proxy.url], chain })
  const { exitCode, stdout } = await cli(['doctor', '--json', '--config', configFile])
  const all = JSON.parse(stdout).findings as readonly Finding[]
  const about = (what: string): string => {
    const { state, detail } = all.find(({ subject }) => subject.endsWith(`, ${what}`)) ?? {}
    return `${state}: ${detail}`
  }
  return { exitCode, about }
}

test('an endpoint that serves all that is configured', async () => {
  const { exitCode, about } = await findings({ requestsInFlightMax: 4 })
  expect([exitCode, about('reads'), about('logs'), about('requests')]).toEqual([
    0,
    'fine: 50,000,000 gas, answers: no limit met',
    'fine: 10,000 blocks at once, as configured',
    'fine: 4 side by side',
  ])
})

test('one that serves less: what it was brought down to', async () => {
  proxy.setFaults({ logRangeMax: 10, answerBytesMax: 200_000, callGasMax: 10_000_000 })
  const { exitCode, about } = await findings({})
  expect(exitCode).toBe(0)
  expect(about('reads')).toMatch(
    /^warning: 9,9\d\d,\d{3} gas of 50,000,000 configured, answers: at most \d+,\d{3} bytes$/,
  )
  expect(about('logs')).toMatch(/^warning: about \d+ blocks at once, more is refused, 10,000 are configured$/)
})

test('one that puts requests off', async () => {
  proxy.setFaults({ failure: { as: 429, times: 1, methods: ['eth_getLogs'] } })
  const { exitCode, about } = await findings({})
  expect([exitCode, about('requests')]).toEqual([
    0,
    expect.stringMatching(/^warning: \d side by side: 1 were put off, 0 not answered in time$/),
  ])
})
