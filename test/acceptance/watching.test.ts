// The watcher watched, on a running daemon: each thing that is not well is told, and told when it is over.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../../src/store/database.ts'
import { markJobDone } from '../../src/store/jobs.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { cli } from '../support/cli.ts'
import { type Daemon, startDaemon } from '../support/daemon.ts'
import { until } from '../support/until.ts'
import { type Receiver, startReceiver } from '../support/webhook.ts'
import { createWorkspace, type Workspace } from '../support/workspace.ts'

const ETHER = 10n ** 18n
const HOUR = 3_600

let devnet: Devnet
let hook: Receiver
let hooked: number
let daemon: Daemon | undefined
let signs: Server
let signCount = 0
beforeAll(async () => {
  devnet = await startDevnet()
  hook = await startReceiver()
  signs = createServer((_request, response) => {
    signCount += 1
    response.writeHead(200).end()
  })
  await new Promise<void>((resolve) => signs.listen(0, '127.0.0.1', resolve))
  await devnet.openAccount({
    account: devnet.account(0),
    supplies: { WETH: ETHER },
    borrows: { USDC: ((await devnet.price('WETH')) * 77n) / 10_000n },
  })
})
afterAll(async () => {
  signs.closeAllConnections()
  signs.close()
  await hook.stop()
  await devnet.stop()
})
beforeEach(() => {
  hook.answer(200)
  hooked = hook.received.length
})
afterEach(async () => {
  await daemon?.kill()
  daemon = undefined
})

/** What the hook was told since the test began. */
const bodies = () => hook.received.slice(hooked).map(({ body }) => body)
const told = (): readonly string[] => bodies().map(({ rule, status }) => `${rule} ${status}`)

const workspace = (more: object, chain: Record<string, unknown> = {}, storeFile?: string): Workspace =>
  createWorkspace(devnet, {
    ...{ rpc: [devnet.url], follow: 'watched', webhook: { url: hook.url }, chain },
    more,
    ...(storeFile ? { storeFile } : {}),
  })

const signsOfLife = () => ({
  url: `http://127.0.0.1:${(signs.address() as AddressInfo).port}/alive`,
  everySeconds: 1,
})

const start = async (configFile: string): Promise<Daemon> => {
  const one = startDaemon(configFile)
  daemon = one
  await until('the daemon follows', () => one.lines().some(({ event }) => event === 'following'))
  return one
}

/** Mines until something holds: what is looked at beside a cycle is told by the next one. */
const untilMined = (what: string, holds: () => boolean): Promise<void> =>
  until(what, async () => {
    if (holds()) return true
    await devnet.mine({ seconds: 1 })
    return false
  })

test('watches come and go while the daemon runs, and are there when it does not', async () => {
  const account = devnet.account(0)
  const { configFile } = workspace({ watch: [{ account: devnet.account(1), label: 'fixed' }] })
  const watches = (...args: readonly string[]) => cli(['watches', ...args, '--config', configFile])
  const listed = async () => JSON.parse((await watches('list', '--json')).stdout).watches
  expect(await listed()).toMatchObject([{ account: devnet.account(1), source: 'configuration' }])
  await start(configFile)
  const added = await watches('add', account, '--label', 'treasury', '--receivers', 'hook')
  expect([added.exitCode, added.stdout]).toEqual([
    0,
    `${account} is watched as treasury; hook will hear of its loans\n`,
  ])
  const own = () => bodies().filter(({ labels }) => labels?.['account'] === account)
  await untilMined('its loan is told', () => own().some(({ status }) => status === 'firing'))
  expect(own()[0]).toMatchObject({ labels: { account, label: 'treasury' } })
  expect(await listed()).toMatchObject([
    { account: devnet.account(1), label: 'fixed', source: 'configuration' },
    { account, label: 'treasury', receivers: ['hook'], source: 'database' },
  ])
  expect((await watches('remove', account)).exitCode).toBe(0)
  const firing = async () =>
    JSON.parse((await cli(['alerts', '--config', configFile, '--json'])).stdout).alerts.filter(
      ({ state, labels }: { state: string; labels: Record<string, string> }) =>
        state === 'firing' && labels['account'] === account,
    )
  await until('its alerts are over', async () => {
    await devnet.mine({ seconds: 1 })
    return (await firing()).length === 0
  })
  await until('who was told of them hears why', () => own().some(({ status }) => status === 'resolved'))
  expect(own().find(({ status }) => status === 'resolved')?.annotations).toMatchObject({
    reason: 'nobody watches it any more',
  })
  expect(await daemon?.stop()).toBe(0)
  expect((await watches('add', account)).exitCode).toBe(0)
  expect(await listed()).toHaveLength(2)
  for (const [args, text] of [
    [['add', devnet.account(1)], 'is watched by the configuration'],
    [['remove', devnet.account(2)], 'is not watched'],
    [['add', account, '--receivers', 'nobody'], 'there is no receiver nobody'],
    [['add', '0x12'], 'is no address'],
  ] as const) {
    const { exitCode, stderr } = await watches(...args)
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(text)])
  }
})

test('an oracle that falls silent and a sequencer that is down are told, and told when they are over', async () => {
  const { configFile } = workspace(
    {
      watch: [{ account: devnet.account(0) }],
      watcher: { checkSeconds: 1 },
      oracles: [{ asset: 'WETH', heartbeatSeconds: HOUR }],
      deadMansSwitch: signsOfLife(),
    },
    { sequencerUptimeFeed: devnet.addresses.feeds['LINK']?.proxy, sequencerGraceSeconds: 0 },
  )
  await devnet.setPrices({ WETH: await devnet.price('WETH') })
  await start(configFile)
  await until('a sign of life is sent', () => signCount > 0)
  await devnet.increaseTime(HOUR + 100)
  await untilMined('the oracle is stale', () => told().includes('OracleStale firing'))
  expect(bodies().find(({ rule }) => rule === 'OracleStale')?.annotations['summary']).toMatch(
    /the price feed WETH \/ USD \(0x.*\) was last updated 1 h .* heartbeat of 1 h, as configured; loans of 0x/,
  )
  expect(told().filter((one) => one.startsWith('OracleStale'))).toEqual(['OracleStale firing'])
  await devnet.setPrice('WETH', await devnet.price('WETH'))
  await untilMined('it speaks again', () => told().includes('OracleStale resolved'))
  await devnet.setPrice('LINK', 1n)
  await untilMined('the sequencer is down', () => told().includes('SequencerDown firing'))
  await devnet.breakFeed('LINK', 'zero')
  await untilMined('the sequencer is up', () => told().includes('SequencerDown resolved'))
})

test('a full disk, a receiver that fails and a digest: told to everybody, over when they are', async () => {
  const bad = await startReceiver()
  const more = {
    watch: [{ account: devnet.account(0), label: 'treasury', receivers: ['hook'] }],
    receivers: [
      { name: 'hook', webhook: { url: hook.url } },
      { name: 'bad', webhook: { url: bad.url } },
    ],
    deadMansSwitch: signsOfLife(),
    digest: { cron: '*/5 * * * * *' },
    heartbeat: { cron: '*/5 * * * * *', receivers: ['hook'] },
    watcher: { checkSeconds: 1, diskFreeBytesMin: Number.MAX_SAFE_INTEGER },
  }
  const { configFile, storeFile } = workspace(more)
  bad.answer(400)
  const running = await start(configFile)
  await until('the disk is told', () => told().includes('DatabaseAlmostFull firing'))
  await until('the receiver is told', () => told().includes('DeliveryFailing firing'))
  expect(bodies().find(({ rule }) => rule === 'DeliveryFailing')?.annotations['summary']).toContain(
    'the receiver bad does not get its messages',
  )
  await until('no sign of life is sent', () => running.lines().some(({ event }) => event === 'ping-withheld'))
  const texts = () => hook.received.slice(hooked).map(({ text }) => JSON.parse(text))
  const digest = () => texts().find(({ kind, loans }) => kind === 'digest' && loans.length > 0)
  await untilMined('a digest has the loan', () => digest() !== undefined)
  expect(digest()).toMatchObject({
    loans: [{ label: 'treasury', protocol: 'aave-v3', chainId: 31_337, assessment: { kind: 'assessed' } }],
    firing: expect.arrayContaining([expect.objectContaining({ rule: 'DatabaseAlmostFull' })]),
  })
  const isAlive = /^Plimsoll is alive: local chain at block \d+; 1 accounts watched, \d+ alerts firing$/
  await until('we are alive', () =>
    texts().some(({ kind, text }) => kind === 'heartbeat' && isAlive.test(text)),
  )
  expect(new Set(texts().map(({ id }) => id)).size).toBe(texts().length)
  expect(await running.stop()).toBe(0)
  await bad.stop()

  const { digest: _digest, heartbeat: _heartbeat, ...rest } = more
  const roomy = { ...rest, watcher: { checkSeconds: 1, diskFreeBytesMin: 0, diskFreeShareMin: 0 } }
  await start(workspace({ ...roomy, receivers: [more.receivers[0]] }, {}, storeFile).configFile)
  await until('the disk is over', () => told().includes('DatabaseAlmostFull resolved'))
})

test('reads that fail for long and a job that was missed are told, and told when they are over', async () => {
  const provider = devnet.addresses.poolAddressesProvider
  const code = await devnet.rpc.request('eth_getCode', [provider, 'latest'])
  const nextRun = new Date(Date.now() + 15_000)
  const { configFile, storeFile } = workspace(
    {
      watch: [{ account: devnet.account(0) }],
      watcher: { checkSeconds: 1, jobLateSecondsMax: 1 },
      heartbeat: { cron: `${nextRun.getUTCSeconds()} * * * * *` },
    },
    { mirrorBehindSecondsMax: 30 },
  )
  const database = openDatabase(storeFile)
  markJobDone(database, 'heartbeat', nextRun.getTime() - 5 * 60_000)
  database.$client.close()
  const running = await start(configFile)
  await until('the missed job is told', () => told().includes('JobMissed firing'))
  expect(bodies().find(({ rule }) => rule === 'JobMissed')?.annotations['summary']).toMatch(
    /^the job heartbeat was due at .* ago, and is not done: nobody was there to do it$/,
  )
  const follow = async (): Promise<void> => {
    const { number } = await devnet.mine({ seconds: 10 })
    await until(`block ${number} is followed`, () =>
      running.lines().some(({ event, block }) => event === 'cycle' && block === String(number)),
    )
  }
  await follow()
  await devnet.rpc.request('anvil_setCode', [provider, '0x'])
  for (let block = 0; block < 5; block++) await follow()
  await until('the mirror is behind', () => told().includes('MirrorBehind firing'))
  expect(bodies().find(({ rule }) => rule === 'MirrorBehind')?.annotations['summary']).toMatch(
    /aave-v3:main: \d+ reads fail and are tried again with every head, for \d+ s: /,
  )
  await devnet.rpc.request('anvil_setCode', [provider, code])
  await untilMined('the mirror has caught up', () => told().includes('MirrorBehind resolved'))
  await until('the job is done', () => told().includes('JobMissed resolved'))
})

test('a liquidation of a watched account is told', async () => {
  const account = devnet.account(0)
  const { configFile } = workspace({ watch: [{ account, label: 'treasury' }] })
  const running = await start(configFile)
  await until('a cycle is committed', () => running.lines().some(({ event }) => event === 'cycle'))
  const price = await devnet.price('WETH')
  await devnet.setPrice('WETH', (price * 90n) / 100n)
  const debt = { liquidator: devnet.account(9), borrower: account, debt: 'USDC', collateral: 'WETH' }
  await devnet.act({ kind: 'liquidate', ...debt, amount: 1_000_000n })
  await until('it is told', () => told().includes('Liquidated firing'))
  expect(bodies().find(({ rule }) => rule === 'Liquidated')).toMatchObject({
    labels: { account, label: 'treasury' },
    annotations: { summary: expect.stringMatching(/ was liquidated: 0\.\d+ WETH taken for 1 USDC /) },
  })
  const { stdout } = await cli(['liquidations', '--json', '--config', configFile])
  expect(JSON.parse(stdout).liquidations).toMatchObject([{ owner: account, repaid: '1000000' }])
  await devnet.setPrice('WETH', price)
})
