import type { Address, Hash, Hex } from 'viem'
import type { BlockRef } from '../model/block.ts'
import type { Call, CallResult, Log } from '../model/evm.ts'
import type { Overload } from './gate.ts'
import type { CallRequest, Overrides, Simulated } from './simulate.ts'

/** A block header as far as following a chain needs it. */
export type Header = BlockRef & {
  readonly parentHash: Hash
  readonly logsBloom: Hex
  /** Wei per unit of gas; null where the chain has no base fee. */
  readonly baseFeeWei: bigint | null
}

/** One union of logs: contracts × first topics, in `[fromBlock, toBlock]`. */
export type LogQuery = {
  readonly addresses: readonly Address[]
  readonly topics: readonly Hex[]
  readonly fromBlock: bigint
  readonly toBlock: bigint
}

/** The answers of calls at one block, and what the same call proved about it: the hash of an earlier block, the time. */
export type PinnedRead = {
  readonly results: readonly CallResult[]
  /** Hashes of the block numbers asked for, as the block itself remembers them; zero beyond its memory of 256. */
  readonly ancestors: ReadonlyMap<bigint, Hash>
}

/** A limit of the endpoints that was met: requests are made so much smaller from now on. Blocks, gas or bytes. */
export type LearntEvent = { readonly limit: 'logRange' | 'callGas' | 'answerBytes'; readonly value: number }

/** What talking to a chain tells of itself. */
export type ChainEvent =
  | ({ readonly kind: 'limit' } & LearntEvent)
  | ({ readonly kind: 'overload'; readonly endpoint: string } & Pick<
      Overload,
      'requestsInFlightMax' | 'pauseMs'
    > & { readonly reason: Overload['kind'] })

/** What is learnt of the endpoints so far. */
export type LearntLimits = {
  /** Blocks that one log request covers now. */
  readonly logRange: bigint
  /** Gas and bytes of answers that one call is kept under; undefined where no limit was met. */
  readonly callGasMax: number | undefined
  readonly answerBytesMax: number | undefined
}

/** One chain behind one or more endpoints. Every method fails over between them and throws `EndpointError`s when none answers. */
export type Chain = {
  readonly id: number
  readonly label: string
  /** The newest head: one request. Throws `StaleHeadError` where every endpoint lags behind its bound. */
  head(): Promise<Header>
  /** New heads by subscription where the first healthy endpoint has one, else by polling. Ends with the signal; failures are reported, not thrown. */
  heads(signal: AbortSignal, onError: (error: unknown) => void): AsyncIterable<Header>
  /** A header by number or hash; undefined where the endpoint has none. */
  header(at: bigint | Hash): Promise<Header | undefined>
  /** Logs of a span, whole: split where the endpoint refuses, in block and log order. */
  logs(query: LogQuery, head?: Header): Promise<readonly Log[]>
  /** Log requests that are made side by side at most, and what is learnt of the others' size. */
  readonly requestsInFlightMax: number
  learnt(): LearntLimits
  /** Calls at exactly one block, in as few requests as the gas cap allows. */
  read(block: BlockRef, calls: readonly Call[], ancestors?: readonly bigint[]): Promise<PinnedRead>
  /** The same, answered from the cache where this block or an immutable call was read before. */
  readCached(block: BlockRef, calls: readonly Call[]): Promise<readonly CallResult[]>
  /** Logs and reads that give way to those of the chain itself, and are given up with the signal, whose reason they then throw. */
  background(signal: AbortSignal): Pick<Chain, 'logs' | 'read'>
  /** What a transaction at a block would answer, while some accounts are as they are not, and the gas that it would use; see `simulate.ts`. */
  simulate(block: BlockRef, call: CallRequest, overrides: Overrides): Promise<Simulated>
  estimateGas(block: BlockRef, call: CallRequest, overrides: Overrides): Promise<bigint>
  /** Length of the code of a contract at a block, for finding where a deployment starts. */
  codeSize(address: Address, blockNumber: bigint): Promise<number>
  /** Gas that the first endpoint to answer really lends to a call that asks for `callGasMax`. */
  lentGas(): Promise<bigint>
  /** State and counters of every endpoint, for `doctor` and for metrics. */
  endpoints(): readonly EndpointStatus[]
  close(): void
}

export type EndpointStatus = {
  /** Scheme and host only: paths and queries of RPC addresses hold secrets. */
  readonly name: string
  readonly state: 'unknown' | 'healthy' | 'failing'
  readonly head?: bigint
  /** Requests side by side that it bears now, and how often it put off, or did not answer, what it was asked. */
  readonly requestsInFlightMax: number
  readonly rateLimitCount: number
  readonly timeoutCount: number
  readonly requestCount: number
  readonly errorCount: number
  readonly lastError?: string
  /** Requests, and those that were answered by an error or not at all, by method. */
  readonly methods: readonly {
    readonly method: string
    readonly requestCount: number
    readonly errorCount: number
  }[]
}
