import type { Address } from 'viem'
import type { Watch } from '../../alerts/engine.ts'
import type { Receiver } from '../../alerts/notifiers/index.ts'
import { type ChainLimits, defaultChainLimits } from '../../chain/limits.ts'
import { knownEnsRegistry } from '../../chain/names.ts'
import { knownChain } from '../../chain/viem-chain.ts'
import type { AlertRule } from '../../model/alert.ts'
import { defaultMonitorLimits, type MonitorLimits } from '../../monitor/limits.ts'
import type { Follow } from '../../monitor/plan.ts'
import { SEQUENCER_FEEDS } from '../../monitor/sequencer-feeds.ts'
import type { Wanted } from '../../monitor/track.ts'
import type { Adapter } from '../../protocols/adapter.ts'
import type { GroupSetting } from '../../risk/groups.ts'
import { type NotifyInput, notifySchema } from './notify.ts'
import { type ConfigInput, HISTORY_DAYS, SEQUENCER_GRACE_SECONDS } from './schema.ts'
import { type WatcherInput, watcherDefaults } from './watcher.ts'

/** One chain to follow, all defaults filled in. */
export type ChainConfig = {
  readonly id: number
  readonly label: string
  readonly rpc: readonly string[]
  readonly pollIntervalMs: number
  readonly multicall3?: Address
  /** Where names of ENS are looked up; undefined where the chain has none. */
  readonly ensRegistry: Address | undefined
  readonly follow: Follow
  readonly wanted: readonly Wanted[]
  readonly headAgeSecondsMax: number | undefined
  /** Watched loans count as unknown after this long without a cycle. */
  readonly unreachableSecondsMax: number
  /** Half a block's time unless told: a cycle that began late does not make the next one late. */
  readonly cycleIntervalMsMin: number
  readonly chainLimits: ChainLimits
  readonly monitorLimits: MonitorLimits
  /** Assets that move together, on every chain that has them. */
  readonly groups: readonly GroupSetting[]
  /** The uptime feed of a rollup's sequencer, where one is known. */
  readonly sequencer: { readonly feed: Address; readonly graceSeconds: number } | undefined
}

export type Config = {
  readonly storeFile: string
  /** For how long the past can be recomputed and queried. */
  readonly historyDays: number
  /** Undefined where nothing is to be served. */
  readonly server: ConfigInput['server']
  readonly chains: readonly ChainConfig[]
  readonly watches: readonly Watch[]
  readonly receivers: readonly Receiver[]
  readonly notify: NotifyInput
  /** Undefined: the built-in rules. */
  readonly rules: readonly AlertRule[] | undefined
} & WatcherInput

type ChainInput = ConfigInput['chains'][number]

const DEFAULT_BLOCK_TIME_MS = 12_000
const LOCAL_POLL_INTERVAL_MS = 1_000
const CYCLE_INTERVAL_MS_MIN = 2_000
const HEAD_AGE_BLOCKS = 25
const HEAD_AGE_SECONDS_MIN = 120

/** All known deployments of a chain. */
export const knownDeployments = (adapters: readonly Adapter[], chainId: number): readonly Wanted[] =>
  adapters.flatMap((adapter) =>
    adapter.deployments
      .filter((one) => one.chainId === chainId)
      .map((deployment) => ({ adapter, deployment })),
  )

/** `protocol:deployment`, as known deployments are named in configuration. */
export const nameOfWanted = ({ deployment }: Wanted): string =>
  `${deployment.protocol}:${deployment.deployment}`

/** What of a chain is followed. */
export const wantedOf = (adapters: readonly Adapter[], { id, markets }: ChainInput): readonly Wanted[] => {
  const known = knownDeployments(adapters, id)
  if (markets === 'all') return known
  return markets.flatMap((market): readonly Wanted[] => {
    if (typeof market === 'string') return known.filter((one) => nameOfWanted(one) === market)
    const adapter = adapters.find(({ protocol }) => protocol === market['protocol'])
    const { fromBlock, ...rest } = market as { fromBlock?: number; protocol: string; deployment: string }
    const deployment = {
      chainId: id,
      ...rest,
      ...(fromBlock === undefined ? {} : { fromBlock: BigInt(fromBlock) }),
    }
    return adapter ? [{ adapter, deployment }] : []
  })
}

type Defined<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> }

const defined = <T extends object>(values: T): Defined<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>

const chainOf = (
  adapters: readonly Adapter[],
  input: ChainInput,
  groups: readonly GroupSetting[],
): ChainConfig => {
  const known = knownChain(input.id)
  const blockTimeMs = known.blockTimeMs ?? DEFAULT_BLOCK_TIME_MS
  const headAge = Math.max(HEAD_AGE_SECONDS_MIN, Math.ceil((HEAD_AGE_BLOCKS * blockTimeMs) / 1_000))
  const { callGasMax, logRangeMax, requestsInFlightMax, requestTimeoutMs } = input
  const { reorgDepthMax, auditsPerHead, backlogKeysMax, mirrorBehindSecondsMax } = input
  const sequencerFeed = input.sequencerUptimeFeed ?? SEQUENCER_FEEDS.get(input.id)
  const { historyAssessmentsPerCycleMax, changeEffectPositionsMax } = input
  return {
    id: input.id,
    label: known.label,
    rpc: input.rpc ?? known.publicRpc,
    pollIntervalMs: input.pollIntervalMs ?? (known.isLocal ? LOCAL_POLL_INTERVAL_MS : blockTimeMs),
    ...(input.multicall3 ? { multicall3: input.multicall3 } : {}),
    ensRegistry: input.ens?.registry ?? knownEnsRegistry(input.id),
    follow: input.follow,
    wanted: wantedOf(adapters, input),
    headAgeSecondsMax: input.headAgeSecondsMax ?? (known.isLocal ? undefined : headAge),
    unreachableSecondsMax: input.unreachableSecondsMax,
    cycleIntervalMsMin:
      input.cycleIntervalMsMin ?? (known.isLocal ? 0 : Math.max(blockTimeMs / 2, CYCLE_INTERVAL_MS_MIN)),
    chainLimits: {
      ...defaultChainLimits,
      ...defined({ callGasMax, logRangeMax, requestsInFlightMax, requestTimeoutMs }),
    },
    monitorLimits: {
      ...defaultMonitorLimits,
      ...defined({ reorgDepthMax, auditsPerHead, backlogKeysMax, mirrorBehindSecondsMax }),
      ...defined({ historyAssessmentsPerCycleMax, changeEffectPositionsMax }),
    },
    groups,
    sequencer: sequencerFeed && { feed: sequencerFeed, graceSeconds: input.sequencerGraceSeconds },
  }
}

/** What a validated file means, with the defaults of each chain. A watch without receivers speaks to all. */
export const resolveConfig = (adapters: readonly Adapter[], input: ConfigInput): Config => ({
  storeFile: input.store.file,
  historyDays: input.store.historyDays,
  server: input.server,
  chains: input.chains.map((chain) => chainOf(adapters, chain, input.groups)),
  watches: input.watch.map(({ account, label, receivers }) => ({
    account,
    ...(label === undefined ? {} : { label }),
    receivers: receivers ?? input.receivers.map(({ name }) => name),
  })),
  receivers: input.receivers,
  notify: input.notify,
  rules: input.rules as readonly AlertRule[] | undefined,
  watcher: input.watcher,
  oracles: input.oracles,
  deadMansSwitch: input.deadMansSwitch,
  digest: input.digest,
  heartbeat: input.heartbeat,
})

/** Without a file: every chain with known deployments, on its public endpoints. */
export const publicConfig = (adapters: readonly Adapter[]): Config => {
  const ids = [...new Set(adapters.flatMap(({ deployments }) => deployments.map(({ chainId }) => chainId)))]
  const chains = ids.map(
    (id): ChainInput => ({
      ...{ id, follow: 'watched', markets: 'all', unreachableSecondsMax: 60 },
      sequencerGraceSeconds: SEQUENCER_GRACE_SECONDS,
    }),
  )
  return {
    storeFile: './plimsoll.db',
    historyDays: HISTORY_DAYS,
    server: undefined,
    chains: chains.map((chain) => chainOf(adapters, chain, [])).filter(({ rpc }) => rpc.length > 0),
    watches: [],
    receivers: [],
    notify: notifySchema.parse({}),
    rules: undefined,
    ...watcherDefaults(),
  }
}
