// What an endpoint's refusal means, read from the many ways in which providers say it.
import { type Hex, isHex } from 'viem'
import { BaseError, messageOf } from '../model/errors.ts'

/** Why a request did not succeed, as far as it decides what to do next. */
export type RefusalKind =
  | 'range' // a log span or answer is too large: ask for less
  | 'unsupported' // the endpoint does not serve this method at all
  | 'pinning' // the endpoint does not take a block hash as a block parameter
  | 'unknown-block' // the block is not known yet, or its state is gone
  | 'out-of-gas' // a call needs more gas than the endpoint lends
  | 'rate-limited' // too many requests: wait, then ask again
  | 'timeout' // no answer in time: the endpoint is down, or too much was asked at once
  | 'unreachable' // no answer, or none that makes sense

/** A request that an endpoint refused. `endpoint` is scheme and host only. */
export class EndpointError extends BaseError {
  override readonly name = 'EndpointError'
  readonly endpoint: string
  readonly kind: RefusalKind
  /** How long the endpoint asked to be left alone, where it said so. */
  readonly retryAfterMs: number | undefined
  /** What a contract answered as it reverted; undefined where it was not a contract that refused. */
  readonly revertData: Hex | undefined

  constructor(
    endpoint: string,
    method: string,
    kind: RefusalKind,
    detail: string,
    { retryAfterMs, revertData }: { retryAfterMs?: number | undefined; revertData?: Hex | undefined } = {},
  ) {
    super(`${endpoint} refused ${method}: ${detail}`, {
      remedy: 'Check the endpoint with "plimsoll doctor", or list another one under rpc.',
    })
    this.endpoint = endpoint
    this.kind = kind
    this.retryAfterMs = retryAfterMs
    this.revertData = revertData
  }
}

/** The kind of a refusal; undefined of any other error. */
export const kindOf = (error: unknown): RefusalKind | undefined =>
  error instanceof EndpointError ? error.kind : undefined

const patterns: readonly (readonly [RefusalKind, RegExp])[] = [
  [
    'rate-limited',
    /too many requests|rate.?limit|requests? (?:rate|per (?:second|minute|day))|(?:compute units|throughput) .*(?:per second|limit|capacity)|exceeded .*(?:quota|capacity)/i,
  ],
  [
    'out-of-gas',
    /out ?of ?gas|OOG|gas required exceeds|exceeds (?:the )?(?:block )?gas (?:limit|allowance|cap)|intrinsic gas/i,
  ],
  [
    'unknown-block',
    /header not found|unknown block|block not found|missing trie node|state (?:is )?not available|historical state|state .*pruned|no state|not canonical|BlockOutOfRange|hash .*not (?:currently )?canonical|could not find block|resource not found/i,
  ],
  [
    'unsupported',
    /method (?:not found|not supported|is not available|not available|does not exist|disabled|.*not allowed)|not whitelisted|unsupported method|eth_getLogs.*(?:disabled|refused|not)/i,
  ],
  [
    'pinning',
    /cannot unmarshal (?:object|non-string)|hex string expected|invalid (?:argument 1|block (?:number|parameter|tag))|expected (?:a )?string|data did not match any variant/i,
  ],
  [
    'range',
    /range|too (?:many|large|wide|big)|more than|exceed|limit|response size|returned (?:too|more)|max(?:imum)? (?:block|results)|query timeout|request entity too large|execution (?:aborted|timeout)|too big/i,
  ],
  ['timeout', /timed? ?out|took too long/i],
]

const TIMEOUT_STATUS = [408, 504, 522, 524]

/** The kind of refusal that an error's text and code, of JSON-RPC or HTTP, speak of. */
export const refusalOf = (text: string, code: number | undefined): RefusalKind => {
  if (code === -32_601) return 'unsupported'
  if (code === 429) return 'rate-limited'
  if (code === 413) return 'range'
  if (code !== undefined && TIMEOUT_STATUS.includes(code)) return 'timeout'
  return patterns.find(([, pattern]) => pattern.test(text))?.[0] ?? 'unreachable'
}

/** The text of an error from viem or the network, without addresses, whose paths and queries hold secrets. */
export const safeDetail = (error: unknown): string => {
  const details = (error as { details?: unknown }).details
  const text = typeof details === 'string' && details !== '' ? details : messageOf(error)
  return text.replace(/\b(?:https?|wss?):\/\/\S+/gi, '(address)').slice(0, 300)
}

/** The JSON-RPC or HTTP code among an error and its causes. */
export const codeOf = (error: unknown): number | undefined => {
  for (
    let at = error as { code?: unknown; status?: unknown; cause?: unknown } | undefined;
    at;
    at = at.cause as typeof at
  ) {
    if (typeof at.code === 'number') return at.code
    if (typeof at.status === 'number') return at.status
  }
  return undefined
}

/** What a contract reverted with: the data of a JSON-RPC error that speaks of a revert, empty where it has none; undefined of other errors. */
export const revertDataOf = (error: unknown): Hex | undefined => {
  let found: Hex | undefined
  for (let at = error as { data?: unknown; cause?: unknown } | undefined; at; at = at.cause as typeof at) {
    const { data } = at
    const inner = typeof data === 'object' && data !== null ? (data as { data?: unknown }).data : data
    if (isHex(inner)) found ??= inner
  }
  return /revert/i.test(safeDetail(error)) ? (found ?? '0x') : undefined
}

/** The HTTP status of an answer that was none. */
export const statusOf = (error: unknown): number | undefined => {
  const { status } = error as { status?: unknown }
  return typeof status === 'number' ? status : undefined
}

/** The time that an HTTP answer asks to wait, in its header `Retry-After`: seconds or a date. */
export const retryAfterMsOf = (error: unknown, nowMs: number): number | undefined => {
  let text: string | null = null
  for (
    let at = error as { headers?: unknown; cause?: unknown } | undefined;
    at && text === null;
    at = at.cause as typeof at
  )
    text = at.headers instanceof Headers ? at.headers.get('retry-after') : null
  if (text === null) return undefined
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowMs
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}
