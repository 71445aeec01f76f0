import type { Address } from 'viem'
import type { Chain } from '../../src/chain/chain.ts'
import { createChain } from '../../src/chain/create.ts'
import { defaultChainLimits } from '../../src/chain/limits.ts'
import { createFollower, type Follower } from '../../src/monitor/cycle.ts'
import { defaultMonitorLimits, type MonitorLimits } from '../../src/monitor/limits.ts'
import { trackDeployments, type Wanted } from '../../src/monitor/track.ts'
import { registry } from '../../src/protocols/registry.ts'
import { openDatabase } from '../../src/store/database.ts'
import type { Devnet } from '../devnet/devnet.ts'

/** A chain as the product opens it, at any address that leads to a devnet. */
export const chainAt = (url: string, id: number): Chain =>
  createChain({
    id,
    rpc: [url],
    pollIntervalMs: 50,
    headAgeSecondsMax: undefined,
    limits: { ...defaultChainLimits, endpointBackoffMsMin: 1, endpointBackoffMsMax: 1 },
    nowMs: Date.now,
  })

export type FollowDevnetOptions = {
  readonly url?: string
  readonly limits?: Partial<MonitorLimits>
  /** What is followed; the devnet's Aave unless told. */
  readonly wanted?: readonly Wanted[]
  /** Only these accounts, without a book. */
  readonly watched?: readonly Address[]
}

/** The devnet's Aave, as configuration would describe it. */
export const aaveOn = (devnet: Devnet): Wanted => {
  const [adapter] = registry
  if (!adapter) throw new Error('the registry is empty')
  const deployment = {
    chainId: devnet.chainId,
    protocol: adapter.protocol,
    deployment: 'main',
    poolAddressesProvider: devnet.addresses.poolAddressesProvider,
    fromBlock: BigInt(devnet.fromBlock),
  }
  return { adapter, deployment }
}

/** Follows a chain's book, or watched accounts, into a database, without alerting. */
export const followOn = async (
  chain: Chain,
  storeFile: string,
  wanted: readonly Wanted[],
  limits: Partial<MonitorLimits> = {},
  watched?: readonly Address[],
): Promise<Follower> => {
  const database = openDatabase(storeFile)
  const follow = watched ? 'watched' : 'book'
  const book = await trackDeployments(chain, database, wanted, follow, await chain.head())
  return createFollower({
    chain,
    database,
    book,
    follow,
    watched: watched ?? [],
    limits: { ...defaultMonitorLimits, ...limits },
    judge: {
      judge: () => ({
        ...{ alerts: [], cancelled: [], notifications: [], notices: [], decisions: [] },
        accept: () => undefined,
      }),
      openPositions: () => [],
      quiet: () => [
        { floor: -1, ceil: 1 },
        { floor: 1, ceil: Number.POSITIVE_INFINITY },
      ],
    },
  })
}

/** Follows a devnet. */
export const followDevnet = async (
  devnet: Devnet,
  storeFile: string,
  { url = devnet.url, limits, wanted = [aaveOn(devnet)], watched }: FollowDevnetOptions = {},
): Promise<Follower> => followOn(chainAt(url, devnet.chainId), storeFile, wanted, limits, watched)

/** Lets go of the chain and the database. */
export const closeFollower = ({ chain, database }: Follower): void => {
  chain.close()
  database.$client.close()
}
