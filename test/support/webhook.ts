import { createServer } from 'node:http'
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
  }[]
  /** Status that it answers from now on. */
  answer(status: number, headers?: Readonly<Record<string, string>>): void
  stop(): Promise<void>
}

/** A real web server that takes webhooks. */
export const startReceiver = async (): Promise<Receiver> => {
  const received: { body: Received; text: string; signature: string | undefined }[] = []
  let status = 200
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
      })
      response.writeHead(status, extra).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answer: (next, headers = {}) => {
      status = next
      extra = headers
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
