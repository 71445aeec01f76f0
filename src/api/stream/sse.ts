// A stream as server-sent events.
import { type Member, ROOM_BYTES, type Transport } from './hub.ts'

/** What browsers wait before they come again, milliseconds. */
const RETRY = Buffer.from('retry: 3000\n\n')
const BEAT = Buffer.from(':\n\n')

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  // Nothing between here and the client may keep, change or gather it.
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
  // The stream is all that its connection carries: it is cut where it has to be.
  connection: 'close',
}

/** The response of a stream that begins with `join`; `destroy` cuts its connection. */
export const eventStream = (join: (transport: Transport) => Member, destroy: () => void): Response => {
  let member: Member | undefined
  const body = new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        controller.enqueue(RETRY)
        member = join({
          hasRoom: () => (controller.desiredSize ?? 0) > 0,
          write: ({ sse }) => controller.enqueue(sse),
          beat: () => controller.enqueue(BEAT),
          end: () => controller.close(),
          destroy,
        })
      },
      pull: () => member?.onRoom(),
      cancel: () => member?.leave(),
    },
    { highWaterMark: ROOM_BYTES, size: (chunk) => chunk?.byteLength ?? 0 },
  )
  return new Response(body, { headers: HEADERS })
}
