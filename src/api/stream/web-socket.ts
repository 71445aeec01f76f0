// A stream over a WebSocket: every message is the JSON of one event.
import { type IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { type Member, ROOM_BYTES, type Transport } from './hub.ts'

/** What clients may say, bytes: it is not listened to. */
const MESSAGE_BYTES_MAX = 1_024

/** Codes that a WebSocket is closed with: the server goes away, or has to be tried again. */
const GOING_AWAY = 1_001
const TRY_AGAIN = 1_013

const transportOf = (socket: WebSocket, onSent: () => void): Transport => {
  let isAnswering = true
  socket.on('pong', () => {
    isAnswering = true
  })
  return {
    hasRoom: () => socket.bufferedAmount < ROOM_BYTES,
    write: ({ json }) => socket.send(json, { binary: false }, onSent),
    beat: () => {
      if (!isAnswering) return socket.terminate()
      isAnswering = false
      socket.ping()
    },
    end: ({ isOurs, reason }) => socket.close(isOurs ? GOING_AWAY : TRY_AGAIN, reason),
    destroy: () => socket.terminate(),
  }
}

/** Begins a stream on a WebSocket that has been opened. */
export const streamOver = (socket: WebSocket, join: (transport: Transport) => Member): void => {
  let member: Member | undefined
  socket.on('close', () => member?.leave())
  socket.on('error', () => socket.terminate())
  member = join(transportOf(socket, () => member?.onRoom()))
}

/** Turns the request into a WebSocket, once it is answered, and begins with it. */
export type Upgrade = (begin: (socket: WebSocket) => void) => void

export type AnswerUpgrade = (
  request: Request,
  bindings: { readonly incoming: IncomingMessage; readonly upgrade?: Upgrade },
) => Response | Promise<Response>

const requestOf = ({ url = '/', method = 'GET', headers }: IncomingMessage): Request => {
  const given = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)])
  return new Request(new URL(url, `http://${headers.host ?? 'localhost'}`), { method, headers: given })
}

/** Sends a response over a connection that stays what it was, and ends it. */
const refuse = async (incoming: IncomingMessage, socket: Socket, response: Response): Promise<void> => {
  const body = Buffer.from(await response.arrayBuffer())
  const outgoing = new ServerResponse(incoming)
  outgoing.assignSocket(socket)
  outgoing.writeHead(response.status, {
    ...Object.fromEntries(response.headers),
    ...{ connection: 'close', 'content-length': body.byteLength },
  })
  outgoing.end(body, () => socket.destroySoon())
}

/** Answers requests that ask to become something else: only who takes `upgrade` becomes a WebSocket, all others are answered as they are. */
export const serveUpgrades = (http: Server, answer: AnswerUpgrade): void => {
  const sockets = new WebSocketServer({
    ...{ noServer: true, clientTracking: false, perMessageDeflate: false, maxPayload: MESSAGE_BYTES_MAX },
  })
  const take = async (incoming: IncomingMessage, socket: Socket, head: Buffer): Promise<void> => {
    let begin: ((socket: WebSocket) => void) | undefined
    const isWebSocket = incoming.headers.upgrade?.toLowerCase() === 'websocket'
    const response = await answer(requestOf(incoming), {
      incoming,
      ...(isWebSocket
        ? {
            upgrade: (then) => {
              begin = then
            },
          }
        : {}),
    })
    if (begin && response.ok) sockets.handleUpgrade(incoming, socket, head, begin)
    else await refuse(incoming, socket, response)
  }
  http.on('upgrade', (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    take(incoming, socket, head).catch(() => socket.destroy())
  })
}
