import { type Address, getAddress, type Hash, type Hex, toHex } from 'viem'
import { BaseError, messageOf } from '../model/errors.ts'
import type { Log } from '../model/evm.ts'
import { chunksOf } from '../units/chunks.ts'
import { mayHoldLogs } from './bloom.ts'
import type { Header, LearntEvent, LogQuery } from './chain.ts'
import type { Endpoint } from './endpoint.ts'
import { type Failover, isTimedOut, NoEndpointError } from './failover.ts'
import type { Lane } from './gate.ts'
import type { ChainLimits } from './limits.ts'
import { kindOf } from './rpc-error.ts'
import { allOf } from './side-by-side.ts'

export class LogsRefusedError extends BaseError {
  override readonly name = 'LogsRefusedError'
  constructor(chainId: number, cause: unknown) {
    super(`no endpoint of chain ${chainId} serves logs: ${messageOf(cause)}`, {
      remedy:
        'Set follow: watched for this chain, which needs no logs, or list an endpoint that serves eth_getLogs.',
      cause,
    })
  }
}

export class InconsistentLogsError extends BaseError {
  override readonly name = 'InconsistentLogsError'
  constructor(endpoint: string, what: string) {
    super(`${endpoint} answers logs that do not fit its blocks: ${what}`, {
      remedy: 'The endpoint is out of step with itself; list another one first.',
    })
  }
}

type RpcLog = {
  readonly address: Address
  readonly topics: readonly Hex[]
  readonly data: Hex
  readonly blockNumber: Hex
  readonly blockHash: Hash
  readonly logIndex: Hex
  readonly transactionHash: Hash
}

const logOf = (log: RpcLog): Log => ({
  address: getAddress(log.address),
  topics: log.topics,
  data: log.data,
  blockNumber: BigInt(log.blockNumber),
  blockHash: log.blockHash,
  logIndex: Number(log.logIndex),
  transactionHash: log.transactionHash,
})

const byPlace = (a: Log, b: Log): number => Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex

/** True where every endpoint refused for what was asked, none because it is down. */
const isRefusedByAll = (error: unknown): boolean =>
  error instanceof NoEndpointError &&
  error.causes.length > 0 &&
  error.causes.every((cause) => kindOf(cause) === 'unsupported' || kindOf(cause) === 'range')

/** Logs of an endpoint's head block, asked by its hash: a second opinion where the bloom contradicts an empty answer. */
const logsByHash = async (endpoint: Endpoint, query: LogQuery, hash: Hash): Promise<readonly Log[]> => {
  const filter = { address: query.addresses, topics: [query.topics], blockHash: hash }
  return ((await endpoint.request('eth_getLogs', [filter])) as readonly RpcLog[]).map(logOf)
}

/** One log request, held against the head's header where the span ends there. */
const ask = async (
  endpoint: Endpoint,
  query: LogQuery,
  head: Header | undefined,
): Promise<readonly Log[]> => {
  const { addresses, topics, fromBlock, toBlock } = query
  const filter = {
    address: addresses,
    topics: [topics],
    fromBlock: toHex(fromBlock),
    toBlock: toHex(toBlock),
  }
  const answer = (await endpoint.request('eth_getLogs', [filter])) as readonly RpcLog[]
  const logs = answer.map(logOf)
  if (!head || toBlock !== head.number) return logs
  const stranger = logs.find(
    ({ blockNumber, blockHash }) => blockNumber === head.number && blockHash !== head.hash,
  )
  if (stranger)
    throw new InconsistentLogsError(
      endpoint.name,
      `block ${head.number} is ${head.hash}, its logs say ${stranger.blockHash}`,
    )
  const isSilent = !logs.some(({ blockNumber }) => blockNumber === head.number)
  if (isSilent && mayHoldLogs(head.logsBloom, addresses, topics)) {
    const missed = await logsByHash(endpoint, query, head.hash)
    if (missed.length > 0)
      throw new InconsistentLogsError(
        endpoint.name,
        `it leaves out ${missed.length} logs of block ${head.number}`,
      )
  }
  return logs
}

/** Requests after which a refused span may be tried again: refusals by answer size depend on where the span lies. */
const CEILING_LIFE = 64

/**
 * The span that one request covers: halved by a refusal, then growing half-way to what was refused, so that it settles
 * just below an endpoint's limit instead of running into it over and over.
 */
export const createAdaptiveRange = (rangeMax: bigint) => {
  let range = rangeMax
  let ceiling = rangeMax + 1n
  let successCount = 0
  return {
    current: (): bigint => range,
    succeeded: (): void => {
      successCount += 1
      if (successCount % CEILING_LIFE === 0) ceiling = rangeMax + 1n
      const halfWay = (range + ceiling) / 2n
      const eighth = range + range / 8n + 1n
      range = halfWay < eighth ? halfWay : eighth
      if (range >= ceiling) range = ceiling - 1n
    },
    refused: (span: bigint): void => {
      ceiling = span
      range = span > 1n ? span / 2n : 1n
    },
    /** Nobody says that the span was too large; it may have been. */
    timedOut: (): void => {
      range = range > 1n ? range / 2n : 1n
    },
  }
}

export type LogReaderOptions = {
  readonly chainId: number
  readonly failover: Failover
  readonly limits: ChainLimits
  onLearnt(learnt: LearntEvent): void
}

const rangeOf = ({ fromBlock, toBlock }: LogQuery): bigint => toBlock - fromBlock + 1n

/**
 * Reads logs of spans of blocks, in requests whose span adapts to what the endpoint serves, side by side once that is
 * known. Throws `LogsRefusedError` where even one block is refused by all.
 */
export const createLogReader = ({ chainId, failover, limits, onLearnt }: LogReaderOptions) => {
  const range = createAdaptiveRange(BigInt(limits.logRangeMax))

  const readOnce = async (lane: Lane, query: LogQuery, head: Header | undefined): Promise<readonly Log[]> => {
    const isFinal = (error: unknown): boolean => kindOf(error) === 'range' && rangeOf(query) > 1n
    const parts = await allOf(lane, chunksOf(query.addresses, limits.logAddressesMax), (addresses, own) =>
      failover.use((endpoint) => ask(endpoint, { ...query, addresses }, head), { isFinal, lane: own }),
    )
    return parts.flat().sort(byPlace)
  }

  /** The span that a request begins with at a block. */
  const spanAt = (query: LogQuery, fromBlock: bigint): LogQuery => {
    const last = fromBlock + range.current() - 1n
    return { ...query, fromBlock, toBlock: last < query.toBlock ? last : query.toBlock }
  }

  /** Reads one span, in smaller ones as long as it is refused. */
  const readSpan = async (lane: Lane, query: LogQuery, head: Header | undefined): Promise<readonly Log[]> => {
    const logs: Log[] = []
    let fromBlock = query.fromBlock
    let timeoutCount = 0
    while (fromBlock <= query.toBlock) {
      const span = spanAt(query, fromBlock)
      const isFull = rangeOf(span) === range.current()
      try {
        for (const log of await readOnce(lane, span, head)) logs.push(log)
        if (isFull) range.succeeded()
        fromBlock = span.toBlock + 1n
        timeoutCount = 0
      } catch (error) {
        if (isTimedOut(error)) {
          range.timedOut()
          timeoutCount += 1
          if (lane.isBackground && timeoutCount < limits.attemptsMax) continue
        }
        if (kindOf(error) !== 'range')
          throw isRefusedByAll(error) ? new LogsRefusedError(chainId, error) : error
        range.refused(rangeOf(span))
        onLearnt({ limit: 'logRange', value: Number(range.current()) })
      }
    }
    return logs
  }

  return {
    range: range.current,
    /** The first span alone, so that its refusals are not met many times over; then the others side by side. */
    read: async (lane: Lane, query: LogQuery, head?: Header): Promise<readonly Log[]> => {
      if (rangeOf(query) <= 0n) return []
      const first = spanAt(query, query.fromBlock)
      const parts = [{ fromBlock: first.fromBlock, logs: await readSpan(lane, first, head) }]
      let next = first.toBlock + 1n
      const workers = Array.from({ length: next <= query.toBlock ? limits.requestsInFlightMax : 0 })
      await allOf(lane, workers, async (_worker, own) => {
        while (next <= query.toBlock) {
          const span = spanAt(query, next)
          next = span.toBlock + 1n
          parts.push({ fromBlock: span.fromBlock, logs: await readSpan(own, span, head) })
        }
      })
      parts.sort((a, b) => Number(a.fromBlock - b.fromBlock))
      return parts.flatMap(({ logs }) => logs)
    },
  }
}
