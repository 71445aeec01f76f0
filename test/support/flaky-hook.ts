import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Random } from '../devnet/random.ts'

/** Ways to fail before a message is taken, and after: then the sender cannot know that it was. */
const FAULTS = ['500', '429', 'broken', 'silent', 'taken-but-broken', 'taken-but-500'] as const
type Fault = (typeof FAULTS)[number]

export type Taken = { readonly id: string; readonly fingerprint: string; readonly text: string }

const answer = (response: ServerResponse, fault: Fault | undefined): void => {
  if (fault === undefined) response.writeHead(200).end()
  else if (fault === '429') response.writeHead(429, { 'retry-after': '0' }).end()
  else if (fault.endsWith('500')) response.writeHead(500).end()
  else if (fault.endsWith('broken')) response.destroy()
}

/** A web server that fails a share of all requests, in every way that there is. */
export const startFlakyHook = async (random: Random, faultShare: number) => {
  const taken: Taken[] = []
  const counts = { requests: 0, faults: 0 }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      const fault = random.chance(faultShare) ? random.pick(FAULTS) : undefined
      counts.requests++
      if (fault) counts.faults++
      if (!fault || fault.startsWith('taken')) {
        const { id, fingerprint } = JSON.parse(text)
        taken.push({ id, fingerprint, text })
      }
      answer(response, fault)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    taken,
    counts,
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
