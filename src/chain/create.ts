import { type Address, type Hex, toHex } from 'viem'
import type { BlockRef } from '../model/block.ts'
import type { Call } from '../model/evm.ts'
import { createCallCache } from './cache.ts'
import type { Chain, ChainEvent, LearntEvent, PinnedRead } from './chain.ts'
import { createEndpoint } from './endpoint.ts'
import { createFailover } from './failover.ts'
import { FOREGROUND, type Lane } from './gate.ts'
import { headerOf } from './header.ts'
import { createHeadReader, followHeads } from './heads.ts'
import type { ChainLimits } from './limits.ts'
import { createLogReader } from './logs.ts'
import { createReader } from './read.ts'
import { estimateGas, simulateCall } from './simulate.ts'
import { knownChain } from './viem-chain.ts'

export type ChainOptions = {
  readonly id: number
  /** http(s) or ws(s) addresses, in order of preference. */
  readonly rpc: readonly string[]
  /** Left out: where viem's chain list has it, if it is there. */
  readonly multicall3?: Address
  readonly pollIntervalMs: number
  /** A head older than this is stale; undefined where age says nothing, as on a local chain. */
  readonly headAgeSecondsMax: number | undefined
  readonly limits: ChainLimits
  nowMs(): number
  /** Limits of the endpoints that were met. */
  onEvent?(event: ChainEvent): void
}

/** Creation code that answers the gas it is left with: `mstore(0, gas()); return(0, 32)`. */
const GAS_CODE: Hex = '0x5a60005260206000f3'

type Multicall3 = { readonly address: Address; readonly blockCreated: bigint } | undefined

/** Looks once whether Multicall3 is where it should be; answers where it is at a block, or undefined. */
const findMulticall3 = (wanted: Multicall3, codeSize: (address: Address) => Promise<number>) => {
  let found: Promise<Multicall3> | undefined
  const find = (): Promise<Multicall3> => {
    found ??= (async () => (wanted && (await codeSize(wanted.address)) > 0 ? wanted : undefined))()
    found.catch(() => {
      found = undefined
    })
    return found
  }
  return async (block: BlockRef): Promise<Address | undefined> => {
    const multicall3 = await find()
    return multicall3 && block.number >= multicall3.blockCreated ? multicall3.address : undefined
  }
}

type Request = (method: string, params: readonly unknown[]) => Promise<unknown>

const lentGas = async (request: Request, { callGasMax }: ChainLimits): Promise<bigint> =>
  BigInt((await request('eth_call', [{ data: GAS_CODE, gas: toHex(callGasMax) }, 'latest'])) as Hex)

const headersOf =
  (id: number, request: Request): Chain['header'] =>
  async (at) =>
    headerOf(
      id,
      typeof at === 'bigint'
        ? await request('eth_getBlockByNumber', [toHex(at), false])
        : await request('eth_getBlockByHash', [at, false]),
    )

/** Where a call could not prove ancestry, as without Multicall3, headers do. */
const withHeaders = async (
  pinned: PinnedRead,
  ancestors: readonly bigint[],
  header: Chain['header'],
): Promise<PinnedRead> => {
  const unproven = ancestors.filter((number) => !pinned.ancestors.has(number))
  if (unproven.length === 0) return pinned
  const proven = new Map(pinned.ancestors)
  for (const number of unproven) {
    const found = await header(number)
    if (found) proven.set(number, found.hash)
  }
  return { ...pinned, ancestors: proven }
}

const endpointsOf = ({ id, rpc, limits, nowMs, onEvent }: ChainOptions) =>
  rpc.map((url) =>
    createEndpoint({
      ...{ url, chainId: id, limits, nowMs },
      onOverload: (endpoint, { kind, ...rest }) =>
        onEvent?.({ kind: 'overload', endpoint, reason: kind, ...rest }),
    }),
  )

/** One chain behind its endpoints; see `Chain`. Nothing is sent before it is used. */
export const createChain = (options: ChainOptions): Chain => {
  const { id, limits, nowMs, pollIntervalMs, onEvent = () => undefined } = options
  const endpoints = endpointsOf(options)
  const failover = createFailover(id, endpoints, limits, nowMs)
  const request: Request = (method, params) => failover.use((endpoint) => endpoint.request(method, params))

  const header = headersOf(id, request)
  const codeSizeAt = async (address: Address, block: Hex | 'latest'): Promise<number> => {
    const code = (await request('eth_getCode', [address, block])) as Hex
    return (code.length - 2) / 2
  }
  const known = knownChain(id)
  const multicall3At = findMulticall3(
    options.multicall3 ? { address: options.multicall3, blockCreated: 0n } : known.multicall3,
    (address) => codeSizeAt(address, 'latest'),
  )

  const headOptions = { chainId: id, failover, limits, headAgeSecondsMax: options.headAgeSecondsMax, nowMs }
  const head = createHeadReader(headOptions)
  const onLearnt = (learnt: LearntEvent): void => onEvent({ kind: 'limit', ...learnt })
  const logs = createLogReader({ chainId: id, failover, limits, onLearnt })
  const reader = createReader({ chainId: id, failover, limits, multicall3At, onLearnt })
  const readAs = async (
    lane: Lane,
    block: BlockRef,
    calls: readonly Call[],
    ancestors: readonly bigint[] = [],
  ): Promise<PinnedRead> => withHeaders(await reader.read(lane, block, calls, ancestors), ancestors, header)
  const read: Chain['read'] = (block, calls, ancestors) => readAs(FOREGROUND, block, calls, ancestors)
  const cache = createCallCache(id, async (block, calls) => (await read(block, calls)).results)

  return {
    id,
    label: known.label,
    head,
    heads: (signal, onError) => followHeads(head, { ...headOptions, pollIntervalMs }, signal, onError),
    header,
    logs: (query, at) => logs.read(FOREGROUND, query, at),
    read,
    background: (signal) => {
      const lane: Lane = { isBackground: true, signal }
      return {
        logs: (query, at) => logs.read(lane, query, at),
        read: (block, calls, ancestors) => readAs(lane, block, calls, ancestors),
      }
    },
    requestsInFlightMax: limits.requestsInFlightMax,
    learnt: () => ({ logRange: logs.range(), ...reader.learnt() }),
    readCached: cache.read,
    lentGas: () => lentGas(request, limits),
    simulate: (block, call, overrides) => simulateCall(failover, block, call, overrides),
    estimateGas: (block, call, overrides) => estimateGas(failover, block, call, overrides),
    codeSize: (address, blockNumber) => codeSizeAt(address, toHex(blockNumber)),
    endpoints: () => endpoints.map((endpoint) => endpoint.status()),
    close: () => {
      cache.clear()
      for (const endpoint of endpoints) endpoint.close()
    },
  }
}
