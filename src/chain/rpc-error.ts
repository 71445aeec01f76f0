// What an endpoint's refusal means, read from the many ways in which providers say it.
import { BaseError, messageOf } from '../model/errors.ts'

/** Why a request did not succeed, as far as it decides what to do next. */
export type RefusalKind =
  | 'range' // a log span or answer is too large: ask for less
  | 'unsupported' // the endpoint does not serve this method at all
  | 'pinning' // the endpoint does not take a block hash as a block parameter
  | 'unknown-block' // the block is not known yet, or its state is gone
  | 'out-of-gas' // a call needs more gas than the endpoint lends
  | 'unreachable' // no answer, or none that makes sense

/** A request that an endpoint refused. `endpoint` is scheme and host only. */
export class EndpointError extends BaseError {
  override readonly name = 'EndpointError'
  readonly endpoint: string
  readonly kind: RefusalKind

  constructor(endpoint: string, method: string, kind: RefusalKind, detail: string) {
    super(`${endpoint} refused ${method}: ${detail}`, {
      remedy: 'Check the endpoint with "plimsoll doctor", or list another one under rpc.',
    })
    this.endpoint = endpoint
    this.kind = kind
  }
}

const patterns: readonly (readonly [RefusalKind, RegExp])[] = [
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
    /range|too (?:many|large|wide|big)|more than|exceed|limit|response size|returned (?:too|more)|max(?:imum)? (?:block|results)|query timeout|request entity too large|413/i,
  ],
]

/** The kind of refusal that an error's text and code speak of. */
export const refusalOf = (text: string, code: number | undefined): RefusalKind => {
  if (code === -32_601) return 'unsupported'
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
