import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { answerCall, type Faults, type Forward, type RpcMessage, type RpcReply } from './faults.ts'

/** One call as it arrived. `httpRequest` counts from 0; the members of a batch share it. */
export type RecordedCall = {
  readonly method: string
  readonly params: readonly unknown[]
  readonly httpRequest: number
}

/** A provider in front of the node: counts, records and misbehaves. */
export type ProviderProxy = {
  readonly url: string
  /** Since the start or the last `reset`. */
  readonly calls: readonly RecordedCall[]
  /** HTTP requests; a batch is one. */
  httpRequests(): number
  /** Calls by method; every member of a batch counts. */
  counts(): Readonly<Record<string, number>>
  /** Replaces all faults; `{}` heals. */
  setFaults(faults: Faults): void
  /** Forgets counts and recordings, not the faults. */
  reset(): void
  stop(): Promise<void>
}

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

const createForward =
  (target: string): Forward =>
  async (method, params) => {
    const response = await fetch(target, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    return (await response.json()) as RpcReply
  }

const toMember = (message: RpcMessage, reply: RpcReply, answerBytesMax: number | undefined) => {
  const body = 'error' in reply ? { error: reply.error } : { result: reply.result }
  const member = { jsonrpc: '2.0', id: message.id, ...body }
  if (answerBytesMax === undefined || JSON.stringify(member).length <= answerBytesMax) return member
  const error = {
    code: -32_008,
    message: 'Response is too big',
    data: `Exceeded max limit of ${answerBytesMax}`,
  }
  return { jsonrpc: '2.0', id: message.id, error }
}

const fail = (
  as: NonNullable<Faults['failure']>['as'],
  request: IncomingMessage,
  response: ServerResponse,
) => {
  if (as === 'hang') return
  if (as === 'drop') request.socket.destroy()
  else if (as === 'garbage')
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Bad gateway</html>')
  else response.writeHead(as, as === 429 ? { 'retry-after': '1' } : {}).end('provider failure')
}

/** Decides which HTTP requests fail as a whole. */
const createFailures = ({ failure }: Faults) => {
  let failures = 0
  let matching = 0
  return (messages: readonly RpcMessage[]): boolean => {
    if (!failure || failures >= (failure.times ?? Number.POSITIVE_INFINITY)) return false
    const { methods } = failure
    if (methods && !messages.some((message) => methods.includes(message.method))) return false
    matching += 1
    if (matching % (failure.every ?? 1) !== 0) return false
    failures += 1
    return true
  }
}

const answerAll = async (
  faults: Faults,
  body: RpcMessage | readonly RpcMessage[],
  forward: Forward,
): Promise<unknown> => {
  const answer = async (message: RpcMessage) =>
    toMember(message, await answerCall(faults, message, forward), faults.answerBytesMax)
  if ('method' in body) return answer(body)
  if (!faults.refuseBatches) return Promise.all(body.map(answer))
  const error = { code: -32_600, message: 'batch requests are not supported' }
  return body.map((message) => toMember(message, { error }, undefined))
}

/** Starts a proxy on a free port in front of the JSON-RPC endpoint `target`. */
export const startProxy = async (target: string, initialFaults: Faults = {}): Promise<ProviderProxy> => {
  const forward = createForward(target)
  let faults = initialFaults
  let shouldFail = createFailures(faults)
  let httpRequests = 0
  let calls: RecordedCall[] = []

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const body: RpcMessage | readonly RpcMessage[] = JSON.parse(await readBody(request))
    const messages = 'method' in body ? [body] : body
    const httpRequest = httpRequests++
    for (const { method, params = [] } of messages) calls.push({ method, params, httpRequest })
    if (faults.delayMs) await sleep(faults.delayMs)
    if (faults.failure && shouldFail(messages)) return fail(faults.failure.as, request, response)
    const answer = await answerAll(faults, body, forward)
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.writeHead(502).end(String(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get calls() {
      return calls
    },
    httpRequests: () => httpRequests,
    counts: () => {
      const counts: Record<string, number> = {}
      for (const { method } of calls) counts[method] = (counts[method] ?? 0) + 1
      return counts
    },
    setFaults: (next) => {
      faults = next
      shouldFail = createFailures(next)
    },
    reset: () => {
      calls = []
      httpRequests = 0
    },
    stop: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
