import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = {
  readonly id: string
  readonly fingerprint: string
  readonly status: string
  readonly rule: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly startsAt: number
  readonly assessment: {
    readonly kind?: string
    readonly healthFactor?: string
    readonly reason?: string
  } | null
}

export type Receiver = {
  readonly url: string
  readonly received: readonly {
    readonly body: Received
    readonly text: string
    readonly signature: string | undefined
    readonly path: string
    readonly headers: IncomingHttpHeaders
  }[]
  /** Status, headers and text that it answers from now on. */
  answer(status: number, headers?: Readonly<Record<string, string>>, text?: string): void
  /** From now on it takes what comes and answers nothing. */
  hang(): void
  stop(): Promise<void>
}

/** A real web server that takes webhooks. */
export const startReceiver = async (): Promise<Receiver> => {
  const received: Receiver['received'][number][] = []
  let status: number | undefined = 200
  let answerText = ''
  let extra: Readonly<Record<string, string>> = {}
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    request.on('end', () => {
      const signature = request.headers['plimsoll-signature']
      received.push({
        body: JSON.parse(text),
        text,
        signature: typeof signature === 'string' ? signature : undefined,
        path: request.url ?? '',
        headers: request.headers,
      })
      if (status !== undefined) response.writeHead(status, extra).end(answerText)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answer: (next, headers = {}, text = '') => {
      status = next
      extra = headers
      answerText = text
    },
    hang: () => {
      status = undefined
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
