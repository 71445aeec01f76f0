// Looking over everything that has to work: endpoints, archive, logs, database.
import type { Chain } from '../chain/chain.ts'
import { messageOf } from '../model/errors.ts'
import { registry } from '../protocols/registry.ts'
import { DatabaseMissingError, openDatabaseReadonly } from '../store/database.ts'
import { storedChains } from '../store/views.ts'
import { openChain } from './chains.ts'
import { nowMs } from './clock.ts'
import type { ChainConfig, Config } from './config/config.ts'

/** One thing looked at. `warning`: works, but not for everything. */
export type Finding = {
  readonly subject: string
  readonly state: 'fine' | 'warning' | 'failed'
  readonly detail: string
}

const fine = (subject: string, detail: string): Finding => ({ subject, state: 'fine', detail })

const attempt = async (
  subject: string,
  failure: Finding['state'],
  look: () => Promise<string>,
): Promise<Finding> => {
  try {
    return fine(subject, await look())
  } catch (error) {
    return { subject, state: failure, detail: messageOf(error) }
  }
}

const lookAtEndpoint = async (config: ChainConfig, url: string): Promise<readonly Finding[]> => {
  const chain: Chain = openChain({ ...config, rpc: [url] })
  const name = `chain ${config.id}, ${new URL(url).host}`
  try {
    const head = await chain.head()
    const age = Math.max(0, Math.floor(nowMs() / 1_000) - head.timestamp)
    const needsLogs = config.follow === 'book'
    return [
      fine(name, `right chain, head ${head.number}, ${age} s old`),
      await attempt(`${name}, calls`, 'failed', async () => {
        const started = nowMs()
        await chain.read(head, [], head.number > 0n ? [head.number - 1n] : [])
        return `pinned to a block, ${nowMs() - started} ms`
      }),
      await attempt(`${name}, logs`, needsLogs ? 'failed' : 'warning', async () => {
        const address = config.wanted.map(({ adapter, deployment }) => adapter.rootContract(deployment))
        await chain.logs({ addresses: address, topics: [], fromBlock: head.number, toBlock: head.number })
        return 'served'
      }),
      await attempt(`${name}, archive`, 'warning', async () => {
        const [first] = config.wanted
        if (!first) return 'nothing to look for'
        await chain.codeSize(first.adapter.rootContract(first.deployment), first.deployment.fromBlock ?? 1n)
        return 'old state is there'
      }),
    ]
  } catch (error) {
    return [{ subject: name, state: 'failed', detail: messageOf(error) }]
  } finally {
    chain.close()
  }
}

const lookAtStore = (config: Config): readonly Finding[] => {
  const subject = `database ${config.storeFile}`
  try {
    const database = openDatabaseReadonly(config.storeFile)
    try {
      const chains = storedChains(database, registry)
      const blocks = chains.map(({ block }) => `chain ${block.chainId} at block ${block.number}`)
      return [fine(subject, blocks.length > 0 ? blocks.join(', ') : 'empty')]
    } finally {
      database.$client.close()
    }
  } catch (error) {
    const state = error instanceof DatabaseMissingError ? 'warning' : 'failed'
    return [{ subject, state, detail: messageOf(error) }]
  }
}

/** Looks at every endpoint of every chain, and at the database. */
export const examine = async (config: Config): Promise<readonly Finding[]> => {
  const endpoints = config.chains.flatMap((chain) => chain.rpc.map((url) => ({ chain, url })))
  const found = await Promise.all(endpoints.map(({ chain, url }) => lookAtEndpoint(chain, url)))
  return [...lookAtStore(config), ...found.flat()]
}
