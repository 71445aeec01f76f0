// Clients of the stream that take down the ids of what they are told, as fast as it comes.
import { get } from 'node:http'
import { authorization } from './api-world.ts'

export type Heard = { readonly topic: string; readonly sequence: number }

/** One client, through all its connections. `fault`: why there are no more. */
export type Ear = {
  readonly heard: Heard[]
  /** Bytes that came, and events that said that some were lost or that there will be no more. */
  readonly bytes: () => number
  readonly faults: () => readonly string[]
  /** Cuts the connection and comes again with the last id. */
  cut(): Promise<void>
  close(): void
}

const EVENT = /(?:^|\n)id: ([0-9a-f]+-\d+)\nevent: (\w+)\n/g
/** Words that the stream says of itself: no events. */
const OF_ITSELF = ['hello', 'reset', 'dropped', 'end']

/** Begins to listen. Resolves once it is greeted. */
export const openEar = async (url: string, query: string): Promise<Ear> => {
  const heard: Heard[] = []
  const faults: string[] = []
  let [bytes, last, current]: [number, string | undefined, { destroy(): void } | undefined] = [
    0,
    undefined,
    undefined,
  ]
  const take = (text: string, onHello: () => void): void => {
    for (const [, id = '', topic = ''] of text.matchAll(EVENT)) {
      last = id
      if (!OF_ITSELF.includes(topic)) heard.push({ topic, sequence: Number(id.split('-')[1]) })
      else if (topic === 'hello') onHello()
      else faults.push(topic)
    }
  }
  const connect = (): Promise<void> =>
    new Promise((done, fail) => {
      const headers = { authorization, ...(last === undefined ? {} : { 'last-event-id': last }) }
      const request = get(`${url}/v1/stream?${query}`, { headers, agent: false }, (response) => {
        let rest = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          bytes += chunk.length
          const text = rest + chunk
          const end = text.lastIndexOf('\n\n') + 1
          rest = end === 0 ? text : text.slice(end + 1)
          take(`\n${text.slice(0, end)}`, done)
        })
        response.on('error', () => undefined)
      })
      request.on('error', fail)
      current = request
    })
  await connect()
  return {
    ...{ heard, bytes: () => bytes, faults: () => faults },
    cut: () => {
      current?.destroy()
      return connect()
    },
    close: () => current?.destroy(),
  }
}
