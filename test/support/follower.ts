import type { Chain } from '../../src/chain/chain.ts'
import { createChain } from '../../src/chain/create.ts'
import { defaultChainLimits } from '../../src/chain/limits.ts'
import { createFollower, type Follower } from '../../src/monitor/cycle.ts'
import { defaultMonitorLimits, type MonitorLimits } from '../../src/monitor/limits.ts'
import { trackDeployments } from '../../src/monitor/track.ts'
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

/** Follows a devnet's book into a database, without alerting. */
export const followDevnet = async (
  devnet: Devnet,
  storeFile: string,
  options: { readonly url?: string; readonly limits?: Partial<MonitorLimits> } = {},
): Promise<Follower> => {
  const chain = chainAt(options.url ?? devnet.url, devnet.chainId)
  const database = openDatabase(storeFile)
  const [adapter] = registry
  if (!adapter) throw new Error('the registry is empty')
  const deployment = {
    chainId: devnet.chainId,
    protocol: adapter.protocol,
    deployment: 'main',
    poolAddressesProvider: devnet.addresses.poolAddressesProvider,
    fromBlock: BigInt(devnet.fromBlock),
  }
  const book = await trackDeployments(chain, database, [{ adapter, deployment }], 'book', await chain.head())
  return createFollower({
    chain,
    database,
    book,
    follow: 'book',
    watched: [],
    limits: { ...defaultMonitorLimits, ...options.limits },
    judge: () => ({ alerts: [], cancelled: [], notifications: [], accept: () => undefined }),
    lastSnapshots: new Map(),
  })
}
