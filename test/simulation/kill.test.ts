// Killed at random moments of bootstrap and follow: the end is as if nothing had happened, and no alert is lost or doubled.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { registry } from '../../src/protocols/registry.ts'
import { openDatabaseReadonly } from '../../src/store/database.ts'
import { listParameterChanges } from '../../src/store/parameter-changes.ts'
import { SQLite } from '../../src/store/sqlite.ts'
import { storedChains } from '../../src/store/views.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { type ProviderProxy, startProxy } from '../devnet/proxy.ts'
import { createRandom } from '../devnet/random.ts'
import { cli } from '../support/cli.ts'
import { startDaemon } from '../support/daemon.ts'
import { sized } from '../support/size.ts'
import { until } from '../support/until.ts'
import { type Received, type Receiver, startReceiver } from '../support/webhook.ts'
import { createWorkspace, type Workspace } from '../support/workspace.ts'

const KILLS = sized(6, 24)
const BORROWERS = 60
const WATCHED = 20
const ETHER = 10n ** 18n
/** Reserve factors in basis points: the first, and the one after all kills. */
const [FACTOR, FACTOR_LAST] = [1_500, 4_000]

let devnet: Devnet
let proxy: ProviderProxy
beforeAll(async () => {
  devnet = await startDevnet({ stateBlocksMax: 2_000 })
  proxy = await startProxy(devnet.url, { delayMs: 15, logRangeMax: 3 })
})
afterAll(async () => {
  await proxy.stop()
  await devnet.stop()
})

/** None stands for another, so that what is told does not depend on the blocks at which a daemon happens to look. */
const RULES = [
  { name: 'Near', severity: 'critical', when: 'healthFactor < 1.10', until: 'healthFactor > 1.15' },
  { name: 'Under', severity: 'critical', when: 'isLiquidatable == true' },
]

const workspace = (hook: Receiver): Workspace =>
  createWorkspace(devnet, {
    rpc: [proxy.url],
    watch: Array.from({ length: WATCHED }, (_, index) => ({ account: devnet.account(index) })),
    webhook: { url: hook.url },
    rules: RULES,
    chain: { logRangeMax: 3, backlogKeysMax: 7 },
  })

/** What the database says in the end, without when each thing was read. */
const stateOf = ({ storeFile }: Workspace) => {
  const database = openDatabaseReadonly(storeFile)
  const rows = (query: string): readonly unknown[] => database.$client.prepare(query).all()
  const mirrors = storedChains(database, registry).flatMap(({ book }) =>
    book.tracked.map(({ mirror }) => mirror),
  )
  const result = {
    cursor: rows('SELECT * FROM chains'),
    positions: mirrors.map(
      ({ positions }) =>
        new Map([...positions].map(([key, { asOf: _asOf, ...position }]) => [key, position])),
    ),
    markets: mirrors.map(({ markets }) => markets),
    prices: mirrors.map(({ prices }) => prices),
    pending: rows('SELECT * FROM pending'),
    firing: rows("SELECT fingerprint FROM alerts WHERE state = 'firing' ORDER BY fingerprint"),
    waiting: rows('SELECT id FROM outbox WHERE delivered_at_ms IS NULL'),
  }
  database.$client.close()
  return result
}

const setReserveFactor = (factor: number) => devnet.act({ kind: 'setReserveFactor', asset: 'DAI', factor })

/** Changes of the reserve factor in their order: each goes on from where the last one ended. */
const factorsOf = ({ storeFile }: Workspace) => {
  const database = openDatabaseReadonly(storeFile)
  const changes = listParameterChanges(database, { since: 0, market: undefined })
  database.$client.close()
  return changes.filter(({ name }) => name === 'reserveFactor').reverse()
}

const deliveredBy = (hook: Receiver): ReadonlyMap<string, ReadonlySet<string>> => {
  const ids = new Map<string, Set<string>>()
  for (const { fingerprint, status, id } of hook.received.map(({ body }): Received => body)) {
    const key = `${fingerprint} ${status}`
    ids.set(key, (ids.get(key) ?? new Set()).add(id))
  }
  return ids
}

test(`${KILLS} kills leave no trace`, async () => {
  const random = createRandom(7)
  for (let first = 0; first < BORROWERS; first += 6)
    await devnet.openAccounts(
      Array.from({ length: 6 }, (_, index) => ({
        account: devnet.account(first + index),
        supplies: { WETH: ETHER },
        borrows: { USDC: BigInt(1_000 + ((first + index) % 10) * 120) * 1_000_000n },
      })),
    )
  const [killedHook, calmHook] = [await startReceiver(), await startReceiver()]
  const [killed, calm] = [workspace(killedHook), workspace(calmHook)]
  const calmDaemon = startDaemon(calm.configFile)
  for (let kill = 0; kill < KILLS; kill++) {
    const daemon = startDaemon(killed.configFile)
    const steps = random.integer(1, 3)
    for (let step = 0; step < steps; step++) {
      await new Promise((resolve) => setTimeout(resolve, random.integer(400, 1_400)))
      if (kill >= 2) await devnet.movePrice('WETH', 1 - 0.5 / (KILLS * 2))
      if (kill >= 2) await setReserveFactor(FACTOR + kill * 3 + step)
      await devnet.act({
        kind: 'repay',
        account: devnet.account(random.integer(0, BORROWERS - 1)),
        asset: 'USDC',
        amount: 1_000_000n,
      })
    }
    await daemon.kill()
  }
  const last = startDaemon(killed.configFile)
  const isAt = (daemon: typeof last, number: number) => (): boolean =>
    daemon
      .lines()
      .some(
        (line) =>
          line['block'] === String(number) &&
          line['pendingCount'] === 0 &&
          line['positionCount'] === BORROWERS,
      )
  for (const factor of [undefined, FACTOR_LAST]) {
    if (factor !== undefined) await setReserveFactor(factor)
    const { number } = await devnet.head()
    await until('the killed one is at the head', isAt(last, number))
    await until('the calm one is at the head', isAt(calmDaemon, number))
  }
  const isDelivered =
    ({ storeFile }: Workspace) =>
    (): boolean => {
      const database = new SQLite(storeFile, { readonly: true })
      const row = database
        .prepare('SELECT count(*) AS n FROM outbox WHERE delivered_at_ms IS NULL')
        .get() as { n: number }
      database.close()
      return row.n === 0
    }
  await until('everything is delivered', () => isDelivered(killed)() && isDelivered(calm)())
  expect([await last.stop(), await calmDaemon.stop()]).toEqual([0, 0])

  expect(stateOf(killed)).toEqual(stateOf(calm))
  for (const factors of [factorsOf(killed), factorsOf(calm)]) {
    expect(factors.at(-1)?.after).toBe(BigInt(FACTOR_LAST))
    expect(factors.slice(1).map(({ before }) => before)).toEqual(
      factors.slice(0, -1).map(({ after }) => after),
    )
  }
  const [fromKilled, fromCalm] = [deliveredBy(killedHook), deliveredBy(calmHook)]
  expect(fromCalm.size).toBeGreaterThan(WATCHED / 2)
  expect([...fromKilled.keys()].sort()).toEqual([...fromCalm.keys()].sort())
  for (const ids of fromKilled.values()) expect(ids.size).toBe(1)
  const { stdout } = await cli(['alerts', '--config', killed.configFile, '--json', '--limit', '500'])
  expect(JSON.parse(stdout).alerts.length).toBe(fromKilled.size)
  console.log(
    `kill: ${KILLS} kills, ${BORROWERS} positions, ${fromKilled.size} alerts delivered, ${killedHook.received.length} times in all`,
  )
  await killedHook.stop()
  await calmHook.stop()
})
