// Looking over everything that has to work: endpoints, archive, logs, database.
import type { Chain, Header } from '../chain/chain.ts'
import { blockCalls } from '../chain/multicall.ts'
import { knownChain } from '../chain/viem-chain.ts'
import { messageOf } from '../model/errors.ts'
import type { ContractCall } from '../model/evm.ts'
import { searched } from '../monitor/discovery.ts'
import { DatabaseMissingError, openDatabaseReadonly } from '../store/database.ts'
import { emptyMirror } from '../store/draft.ts'
import { type HistorySize, historySize } from '../store/retention.ts'
import { storedCursors } from '../store/views.ts'
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

/** A look that finds a limit, which is a warning where it is narrower than what is configured. */
type Limited = { readonly detail: string; readonly isNarrow: boolean }

const attemptLimit = async (
  subject: string,
  failure: Finding['state'],
  look: () => Promise<Limited>,
): Promise<Finding> => {
  try {
    const { detail, isNarrow } = await look()
    return { subject, state: isNarrow ? 'warning' : 'fine', detail }
  } catch (error) {
    return { subject, state: failure, detail: messageOf(error) }
  }
}

const grouped = (count: number | bigint): string => count.toLocaleString('en')

/** Searches the last blocks as a search for borrowers would, and tells how many it may ask for at once. */
const lookAtLogs = async (config: ChainConfig, chain: Chain, head: Header): Promise<Limited> => {
  const wanted = BigInt(config.chainLimits.logRangeMax)
  const fromBlock = head.number >= wanted ? head.number - wanted + 1n : 0n
  const [query] = config.wanted.flatMap(({ adapter, deployment }) => {
    const { addresses, topics } = searched(adapter, emptyMirror(deployment), 'borrowers')[0] ?? {
      addresses: [adapter.rootContract(deployment)],
      topics: [],
    }
    return [{ addresses, topics, fromBlock, toBlock: head.number }]
  })
  if (!query) return { detail: 'nothing to look for', isNarrow: false }
  await chain.logs(query)
  const { logRange } = chain.learnt()
  const isNarrow = logRange < wanted
  const why = isNarrow ? `more is refused, ${grouped(wanted)} are configured` : 'as configured'
  return { detail: `${isNarrow ? 'about ' : ''}${grouped(logRange)} blocks at once, ${why}`, isNarrow }
}

/** The largest read that is ever made: as many small calls as go into one. */
const lookAtReads = async (config: ChainConfig, chain: Chain, head: Header): Promise<Limited> => {
  const { callGasMax, readsPerCallMax } = config.chainLimits
  const lent = await chain.lentGas()
  const isLent = lent > BigInt(Math.floor(callGasMax * 0.9))
  const multicall3 = config.multicall3 ?? knownChain(config.id).multicall3?.address
  if (multicall3)
    await chain.read(head, Array<ContractCall>(readsPerCallMax).fill(blockCalls.timestamp(multicall3)))
  const { answerBytesMax } = chain.learnt()
  const gas = isLent
    ? `${grouped(callGasMax)} gas`
    : `${grouped(lent)} gas of ${grouped(callGasMax)} configured`
  const answers = answerBytesMax === undefined ? 'no limit met' : `at most ${grouped(answerBytesMax)} bytes`
  return { detail: `${gas}, answers: ${answers}`, isNarrow: !isLent || answerBytesMax !== undefined }
}

/** As many requests at once as are ever made. */
const lookAtRequests = async (config: ChainConfig, chain: Chain, head: Header): Promise<Limited> => {
  const wanted = config.chainLimits.requestsInFlightMax
  await Promise.all(Array.from({ length: wanted }, () => chain.header(head.number)))
  const [endpoint] = chain.endpoints()
  const { requestsInFlightMax = wanted, rateLimitCount = 0, timeoutCount = 0 } = endpoint ?? {}
  const isNarrow = rateLimitCount + timeoutCount > 0
  const met = isNarrow ? `: ${rateLimitCount} were put off, ${timeoutCount} not answered in time` : ''
  return { detail: `${isNarrow ? requestsInFlightMax : wanted} side by side${met}`, isNarrow }
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
      await attemptLimit(`${name}, reads`, 'warning', () => lookAtReads(config, chain, head)),
      await attemptLimit(`${name}, logs`, needsLogs ? 'failed' : 'warning', () =>
        lookAtLogs(config, chain, head),
      ),
      await attemptLimit(`${name}, requests`, 'warning', () => lookAtRequests(config, chain, head)),
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

const MEGABYTE = 1_000_000

const historyText = ({ bytes, chains }: HistorySize, historyDays: number): string => {
  const spans = chains.map(
    ({ chainId, blockCount, oldestTimestamp }) =>
      `${grouped(blockCount)} blocks of chain ${chainId} since ${new Date(oldestTimestamp * 1_000).toISOString()}`,
  )
  const size = `${grouped(Math.ceil(bytes / MEGABYTE))} MB`
  return [size, ...spans, `kept for ${historyDays} days`].join(', ')
}

const lookAtStore = (config: Config): readonly Finding[] => {
  const subject = `database ${config.storeFile}`
  try {
    const database = openDatabaseReadonly(config.storeFile)
    try {
      const chains = storedCursors(database)
      const blocks = chains.map(({ chainId, number }) => `chain ${chainId} at block ${number}`)
      return [
        fine(subject, blocks.length > 0 ? blocks.join(', ') : 'empty'),
        fine(`${subject}, history`, historyText(historySize(database), config.historyDays)),
      ]
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
