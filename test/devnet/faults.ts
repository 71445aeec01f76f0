import { hexToNumber, isHex, numberToHex } from 'viem'

/** What a provider does to its customers. Everything absent works. */
export type Faults = {
  /** A slow line: added to every HTTP request. */
  readonly delayMs?: number
  /** HTTP requests that fail as a whole. */
  readonly failure?: {
    /** `drop` closes the connection, `hang` never answers, `garbage` answers no JSON, a number is an HTTP status. */
    readonly as: 'drop' | 'hang' | 'garbage' | number
    /** Only every n-th HTTP request; 1, all of them, unless told. */
    readonly every?: number
    /** Only so many of them, then never again. */
    readonly times?: number
    /** Only HTTP requests that hold one of these methods. */
    readonly methods?: readonly string[]
  }
  /** Methods that the provider does not offer. */
  readonly refuse?: readonly string[]
  /** Batches are refused altogether. */
  readonly refuseBatches?: boolean
  /** The gas of an eth_call is silently capped, or set where absent. */
  readonly callGasMax?: number
  /** A longer answer becomes an error. */
  readonly answerBytesMax?: number
  /** eth_getLogs over more blocks is an error. */
  readonly logRangeMax?: number
  /** eth_getLogs that would give more logs is an error. */
  readonly logsMax?: number
  /** A lying node: no logs, ever. */
  readonly emptyLogs?: boolean
  /** eth_call and eth_getLogs do not take a block hash. */
  readonly refuseBlockHash?: boolean
  /** eth_call takes no state overrides: `refuse` says so, `ignore` answers as if there were none. */
  readonly overrides?: 'refuse' | 'ignore'
  /** State of blocks further below the head is gone. */
  readonly stateBlocksMax?: number
  /** Another chain than expected. */
  readonly chainId?: number
  /** A lagging node: it knows no later block. */
  readonly frozenHead?: number
}

export type RpcMessage = {
  readonly jsonrpc: '2.0'
  readonly id: number | string | null
  readonly method: string
  readonly params?: readonly unknown[]
}
export type RpcError = { readonly code: number; readonly message: string; readonly data?: unknown }
export type RpcReply = { readonly result: unknown } | { readonly error: RpcError }

/** Asks the real node. */
export type Forward = (method: string, params: readonly unknown[]) => Promise<RpcReply>

type LogFilter = { readonly fromBlock?: string; readonly toBlock?: string; readonly blockHash?: string }
type BlockId = string | { readonly blockHash?: string; readonly blockNumber?: string } | undefined

const refusal = (code: number, message: string): RpcReply => ({ error: { code, message } })
const HEADER_NOT_FOUND = refusal(-32_000, 'header not found')
const STATE_PARAMETER: Readonly<Record<string, number>> = {
  eth_call: 1,
  eth_getBalance: 1,
  eth_getCode: 1,
  eth_getTransactionCount: 1,
  eth_getStorageAt: 2,
}

const numberOf = async (forward: Forward, hash: string): Promise<number | undefined> => {
  const reply = await forward('eth_getBlockByHash', [hash, false])
  const block = 'result' in reply ? (reply.result as { readonly number: `0x${string}` } | null) : null
  return block === null ? undefined : hexToNumber(block.number)
}

const headOf = async (faults: Faults, forward: Forward): Promise<number> => {
  if (faults.frozenHead !== undefined) return faults.frozenHead
  const reply = await forward('eth_blockNumber', [])
  return 'result' in reply ? Number(reply.result) : 0
}

const resolveTag = (tag: string | undefined, head: number): number => {
  if (tag !== undefined && isHex(tag)) return hexToNumber(tag)
  return tag === 'earliest' ? 0 : head
}

const answerLogs = async (
  faults: Faults,
  params: readonly unknown[],
  forward: Forward,
): Promise<RpcReply> => {
  const filter = (params[0] ?? {}) as LogFilter
  if (faults.emptyLogs) return { result: [] }
  if (filter.blockHash !== undefined) {
    if (faults.refuseBlockHash) return refusal(-32_602, 'invalid argument 0: blockHash is not supported')
    const number = await numberOf(forward, filter.blockHash)
    if (number !== undefined && number > (faults.frozenHead ?? number))
      return refusal(-32_000, 'unknown block')
    return forward('eth_getLogs', params)
  }
  const head = await headOf(faults, forward)
  const from = resolveTag(filter.fromBlock, head)
  const to = Math.min(resolveTag(filter.toBlock, head), faults.frozenHead ?? Number.POSITIVE_INFINITY)
  if (to - from + 1 > (faults.logRangeMax ?? Number.POSITIVE_INFINITY))
    return refusal(-32_000, `query exceeds max block range ${faults.logRangeMax}`)
  if (from > to) return { result: [] }
  const range = { fromBlock: numberToHex(from), toBlock: numberToHex(to) }
  const reply = await forward('eth_getLogs', [{ ...filter, ...range }])
  const logs = 'result' in reply ? (reply.result as readonly unknown[]).length : 0
  if (logs > (faults.logsMax ?? Number.POSITIVE_INFINITY))
    return refusal(-32_005, `query returned more than ${faults.logsMax} results`)
  return reply
}

/** The parameters with the block resolved as this provider sees it, or what it answers instead. */
const resolveState = async (
  faults: Faults,
  message: RpcMessage,
  at: number,
  forward: Forward,
): Promise<readonly unknown[] | RpcReply> => {
  const params = [...(message.params ?? [])]
  const id = params[at] as BlockId
  const hash = typeof id === 'object' ? id.blockHash : undefined
  if (hash !== undefined && faults.refuseBlockHash)
    return refusal(
      -32_602,
      `invalid argument ${at}: json: cannot unmarshal object into Go value of type string`,
    )
  if (faults.frozenHead === undefined && faults.stateBlocksMax === undefined) return params
  const head = await headOf(faults, forward)
  const number =
    hash === undefined
      ? resolveTag(typeof id === 'object' ? id.blockNumber : id, head)
      : await numberOf(forward, hash)
  if (number === undefined || number > head) return HEADER_NOT_FOUND
  if (number <= head - (faults.stateBlocksMax ?? Number.POSITIVE_INFINITY))
    return refusal(-32_000, `missing trie node at block ${number}: historical state is not available`)
  if (hash === undefined) params[at] = numberToHex(number)
  return params
}

const answerState = async (
  faults: Faults,
  message: RpcMessage,
  at: number,
  forward: Forward,
): Promise<RpcReply> => {
  const resolved = await resolveState(faults, message, at, forward)
  if ('result' in resolved || 'error' in resolved) return resolved
  if (message.method !== 'eth_call') return forward(message.method, resolved)
  const overridesAt = at + 1
  if (faults.overrides === 'refuse' && resolved.length > overridesAt)
    return refusal(-32_602, 'too many arguments, want at most 2')
  const taken = faults.overrides === 'ignore' ? resolved.slice(0, overridesAt) : resolved
  const { callGasMax } = faults
  if (callGasMax === undefined) return forward('eth_call', taken)
  const [call, ...rest] = taken as readonly [{ readonly gas?: string }, ...unknown[]]
  const gas = call.gas === undefined ? callGasMax : Math.min(Number(call.gas), callGasMax)
  return forward('eth_call', [{ ...call, gas: numberToHex(gas) }, ...rest])
}

const answerFrozen = async (head: number, message: RpcMessage, forward: Forward): Promise<RpcReply> => {
  const params = message.params ?? []
  if (message.method === 'eth_blockNumber') return { result: numberToHex(head) }
  if (message.method === 'eth_getBlockByNumber') {
    const number = resolveTag(params[0] as string, head)
    return number > head
      ? { result: null }
      : forward(message.method, [numberToHex(number), ...params.slice(1)])
  }
  if (message.method === 'eth_getBlockByHash') {
    const number = await numberOf(forward, params[0] as string)
    if (number === undefined || number > head) return { result: null }
  }
  return forward(message.method, params)
}

/** What the faulty provider answers to one call. */
export const answerCall = async (
  faults: Faults,
  message: RpcMessage,
  forward: Forward,
): Promise<RpcReply> => {
  const { method } = message
  if (faults.refuse?.includes(method))
    return refusal(-32_601, `the method ${method} does not exist/is not available`)
  if (faults.chainId !== undefined && method === 'eth_chainId') return { result: numberToHex(faults.chainId) }
  if (faults.chainId !== undefined && method === 'net_version') return { result: String(faults.chainId) }
  if (method === 'eth_getLogs') return answerLogs(faults, message.params ?? [], forward)
  const at = STATE_PARAMETER[method]
  if (at !== undefined) return answerState(faults, message, at, forward)
  if (faults.frozenHead !== undefined) return answerFrozen(faults.frozenHead, message, forward)
  return forward(method, message.params ?? [])
}
