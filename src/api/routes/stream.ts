import { ProblemError } from '../problem.ts'
import { loanFields } from '../reading/filters.ts'
import { type Connection, defineRoute, type Route } from '../route.ts'
import { flag, positionId, usdAmount } from '../schemas/query.ts'
import { alertFields, eventId, streamEvent, topicNames } from '../schemas/stream.ts'
import { chainsNamed, type Tools } from '../tools.ts'

/** What browsers do not do for WebSockets: pages of other origins open none, unless they are listed. */
const checkOrigin = ({ header }: Connection, { server }: Tools): void => {
  const origin = header('origin')
  const isOwn = origin === `http://${header('host')}` || origin === `https://${header('host')}`
  if (origin === undefined || isOwn || server.cors.some((one) => one === '*' || one === origin)) return
  throw new ProblemError('forbidden', `pages of ${origin} may not open a stream`, {
    remedy: 'List the origin under server.cors in plimsoll.yaml.',
  })
}

/** The header is the later word: a browser that comes again asks by the same address as the first time. */
const afterOf = ({ header }: Connection, after: string | undefined): string | undefined => {
  const given = header('last-event-id')
  if (given === undefined || given === '') return after
  if (eventId.safeParse(given).success) return given
  throw new ProblemError('invalid-request', 'the header Last-Event-ID is no id of an event', {
    remedy: 'Give that of the last one that was received.',
  })
}

/** `stream`: what happens, as it happens. */
export const streamRoute: Route = defineRoute({
  ...{ method: 'GET', path: '/v1/stream', tag: 'stream', scope: 'read', answerType: 'text/event-stream' },
  summary: 'Events as they happen: server-sent events, or a WebSocket where one is asked for',
  description:
    'Topics: `head`, a cycle was committed and everything of it was told; `assessment`, the health of a loan was written down; `candidate`, a loan became a candidate for liquidation, changed by 0.01% or more, or is none any more, with every way to do it; `alert`, an alert changed; `status`, what is known of a chain is out of date, or is no longer. Each event has an id. Who was cut off names the last one, as the header `Last-Event-ID` or as `after`, and is told what was missed; where that is kept no longer a `reset` says which lists to read again. `hello` comes first: read a list after it, and the events behind it leave nothing out. Filters are those of the lists. Those of loans narrow `assessment` and `candidate`, and by whose loan it is and where `alert` too; `severity`, `state`, `rule` and `label` narrow `alert`; `chain` narrows everything. Who was told of a candidate hears of its end. A client that is too slow is `dropped`, with a reason. A WebSocket has the same address and query; each message is the JSON that `data` of a server-sent event holds, and what the client says is not listened to.',
  example: `curl -N -H "Authorization: Bearer $TOKEN" "http://127.0.0.1:4160/v1/stream?topics=candidate,head&executable=true"

import { WebSocket } from 'ws'
const socket = new WebSocket('ws://127.0.0.1:4160/v1/stream?topics=candidate', {
  headers: { authorization: \`Bearer \${process.env.TOKEN}\` },
})
socket.on('message', (text) => console.log(JSON.parse(text)))`,
  query: {
    topics: topicNames,
    after: eventId.optional(),
    position: positionId.optional().describe('One loan: chainId:protocol:deployment:market:account'),
    ...loanFields,
    executable: flag.optional().describe('Candidates that nothing stands in the way of, or others'),
    minIncentiveUsd: usdAmount.optional().describe('Candidates that earn at least so much'),
    ...alertFields,
  },
  answer: streamEvent,
  problems: ['unavailable'],
  run: ({ query: { after, ...query }, connection }, tools) => {
    chainsNamed(tools, query.chain === 0 ? undefined : query.chain)
    if (connection.upgrade) checkOrigin(connection, tools)
    return tools.stream.open({ query, after: afterOf(connection, after), connection })
  },
})
