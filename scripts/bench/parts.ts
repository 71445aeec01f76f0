// What can be measured, each by its name.
import { benchAlerts } from './alerts.ts'
import { benchAssess } from './assess.ts'
import { benchBootstrap } from './bootstrap.ts'
import { benchCurve } from './curve/curve.ts'
import { benchCycle } from './cycle.ts'
import { benchHistory } from './history/history.ts'
import { benchPage } from './page.ts'
import { installPeers } from './peers/install.ts'
import { benchPonder } from './peers/ponder.ts'
import type { Report } from './report.ts'
import { benchRequests } from './requests.ts'
import { benchOptions, benchPrices } from './risk.ts'
import { benchSnapshots } from './snapshots.ts'
import { benchFaces } from './stream.ts'
import { benchStress } from './stress.ts'
import { benchWebhook } from './webhook.ts'
import { startWorld, type World } from './world.ts'

/** One bench. `isLong`: minutes, and only when it is named. */
export type Part = {
  readonly name: string
  readonly about: string
  readonly isLong: boolean
  /** Tables as they are finished. `seconds` is how long a load lasts. */
  run(options: { readonly seconds: number }): AsyncGenerator<Report>
}

/** A bench on a chain of its own, which is stopped whatever happens. */
const onWorld = async (borrowers: number, bench: (world: World) => Promise<Report>): Promise<Report> => {
  const world = await startWorld(borrowers)
  try {
    return await bench(world)
  } finally {
    await world.stop()
  }
}

export const PARTS: readonly Part[] = [
  {
    name: 'assess',
    about: 'exact assessment per position',
    isLong: false,
    async *run() {
      yield await onWorld(1_000, benchAssess)
    },
  },
  {
    name: 'risk',
    about: 'liquidation options per second',
    isLong: false,
    async *run() {
      yield await onWorld(1_000, benchPrices)
      yield await onWorld(1_000, benchOptions)
    },
  },
  {
    name: 'stress',
    about: 'scenarios, value at risk and a cascade over 100,000 stored positions',
    isLong: false,
    async *run() {
      yield await benchStress(100_000)
    },
  },
  {
    name: 'alerts',
    about: '10 rules on 100,000 positions, the judge alone',
    isLong: false,
    async *run() {
      yield await benchAlerts(100_000)
    },
  },
  {
    name: 'webhook',
    about: 'from a price that moves to the webhook, the daemon on a local chain, about seven minutes',
    isLong: true,
    async *run() {
      yield await benchWebhook()
    },
  },
  {
    name: 'faces',
    about: 'cycles of a daemon with 10,000 positions, 100 clients of its stream and 50 requests a second',
    isLong: true,
    async *run({ seconds }) {
      yield* benchFaces(10_000, seconds)
    },
  },
  {
    name: 'requests',
    about: 'requests of a daemon with 10,000 positions: how many a second, and how long each takes',
    isLong: true,
    async *run() {
      yield await benchRequests(10_000, 10)
    },
  },
  {
    name: 'page',
    about: 'the page in a browser: its first load, 10,000 rows that scroll, a what-if slider',
    isLong: true,
    async *run() {
      yield await benchPage()
    },
  },
  {
    name: 'cycle',
    about: "a cycle beside asking the pool for every account's own view, 1,000 and 10,000 positions",
    isLong: false,
    async *run() {
      yield await onWorld(1_000, (world) => benchCycle(world, 40))
      yield await onWorld(10_000, (world) => benchCycle(world, 12))
    },
  },
  {
    name: 'snapshots',
    about: 'bytes of a snapshot on disk',
    isLong: false,
    async *run() {
      yield await onWorld(1_000, benchSnapshots)
    },
  },
  {
    name: 'bootstrap',
    about: 'from an empty database to every borrower',
    isLong: false,
    async *run() {
      yield await onWorld(2_000, benchBootstrap)
    },
  },
  {
    name: 'peers',
    about: "assessment beside the protocols' own libraries: time a position, and whether they say the same",
    isLong: false,
    async *run() {
      installPeers()
      const { benchBlueSdk } = await import('./peers/blue-sdk.ts')
      const { benchAaveMathUtils } = await import('./peers/aave-math-utils.ts')
      yield await benchBlueSdk()
      yield await benchAaveMathUtils()
    },
  },
  {
    name: 'ponder',
    about: 'events per second beside an indexer',
    isLong: false,
    async *run() {
      installPeers()
      yield await onWorld(2_000, benchPonder)
    },
  },
  {
    name: 'curve',
    about: 'cycles, memory and start with 1,000 to 100,000 positions, no chain',
    isLong: false,
    async *run() {
      yield* await benchCurve([1_000, 10_000, 100_000])
    },
  },
  {
    name: 'million',
    about: 'the same with 1,000,000 positions, several minutes',
    isLong: true,
    async *run() {
      yield* await benchCurve([1_000_000])
    },
  },
  {
    name: 'history',
    about: 'one position at a past block among 1,000,000 versions, its series among 5,000,000 snapshots',
    isLong: false,
    async *run() {
      yield* await benchHistory({ positions: 5_000, blocks: 10_000, versionsEach: 200, snapshotsEach: 1_000 })
    },
  },
  {
    name: 'long-history',
    about: 'the same among 10,000,000 versions and 100,000,000 snapshots, 7 GB, many minutes',
    isLong: true,
    async *run() {
      yield* await benchHistory({
        positions: 50_000,
        blocks: 10_000,
        versionsEach: 200,
        snapshotsEach: 2_000,
      })
    },
  },
]
