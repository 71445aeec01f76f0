// Events of the stream, and what a client asks it for.
import { z } from 'zod'
import { SEVERITIES } from '../../model/alert.ts'
import { SNAPSHOT_CAUSES } from '../../model/snapshot.ts'
import { TOPICS, type Topic } from '../stream/ring.ts'
import { ALERT_STATES, alert } from './alert.ts'
import { assessment } from './assessment.ts'
import { candidate } from './candidate.ts'
import { address, asOfShape, block, integer } from './common.ts'
import { component } from './components.ts'
import { name } from './query.ts'

const EVENT_ID = /^[0-9a-f]{8}-(0|[1-9]\d{0,14})$/
const ID_LENGTH_MAX = 40

/** The place of a client: the id of the last event that it has. */
export const eventId = z
  .string()
  .max(ID_LENGTH_MAX)
  .regex(EVENT_ID, 'is no id of an event: give that of the last one that was received')
  .describe('The id of the last event that was received: those after it are told first')

const isTopic = (name: string): name is Topic => TOPICS.some((topic) => topic === name)

/** Some topics, with commas between. */
export const topicNames = z
  .string()
  .max(100)
  .prefault(TOPICS.join(','))
  .transform((value, context): ReadonlySet<Topic> => {
    const names = value.split(',')
    const unknown = names.filter((name) => !isTopic(name))
    if (unknown.length === 0) return new Set(names.filter(isTopic))
    const message = `has no topic ${unknown.join(', ')}: write some of ${TOPICS.join(', ')} with commas between`
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  })
  .describe(`Some of ${TOPICS.join(', ')}, with commas between; all unless told`)

const id = z.string().describe('To resume from: `Last-Event-ID`, or `after`')
const ofChain = { id, chainId: z.int(), block: block.nullable() }
const atBlock = { id, chainId: z.int(), block }

const counts = z.object({ candidate: z.int(), assessment: z.int() })

const head = component(
  'HeadEvent',
  z
    .object({
      ...atBlock,
      topic: z.literal('head'),
      data: z.object({
        previous: block
          .nullable()
          .describe('The block of the head before; null for the first since the start'),
        reorgDepth: integer.describe(
          'So many blocks below `previous` were undone; what had rested on them was told anew',
        ),
        ageSeconds: z.int(),
        stale: z.boolean(),
        positionCount: z.int(),
        assessedCount: z.int().describe('Loans that the cycle assessed exactly'),
        pendingCount: z.int(),
        logCount: z.int(),
        liquidationCount: z.int(),
        told: counts
          .extend({ alert: z.int() })
          .describe('Events since the head before, for all clients together'),
        leftOut: counts.describe(
          'Events that would have been too many; candidates among them follow with a later block',
        ),
      }),
    })
    .describe('A cycle was committed and everything of it was told'),
)

const told = component(
  'AssessmentEvent',
  z
    .object({
      ...atBlock,
      topic: z.literal('assessment'),
      data: z.object({
        cause: z.enum(SNAPSHOT_CAUSES),
        id: z.string(),
        owner: address,
        position: assessment.nullable().describe('Null where the loan is closed'),
      }),
    })
    .describe('The health of a loan was written down'),
)

const candidateEvent = component(
  'CandidateEvent',
  z
    .object({
      ...atBlock,
      topic: z.literal('candidate'),
      data: z.object({
        change: z.enum(['appeared', 'changed', 'gone', 'unassessable']),
        id: z.string(),
        owner: address,
        candidate: candidate.nullable().describe('Null where it is none any more, or not known to be'),
        position: assessment.nullable().describe('Null where the loan is closed'),
      }),
    })
    .describe('A loan became a candidate, is another one, or is none any more'),
)

const alertEvent = component(
  'AlertEvent',
  z
    .object({
      ...ofChain,
      topic: z.literal('alert'),
      data: z.object({
        change: z.enum([...ALERT_STATES, 'cancelled']).describe('Cancelled: it was pending and never fired'),
        was: z.enum(ALERT_STATES).nullable(),
        alert,
      }),
    })
    .describe('The state of an alert has changed'),
)

const statusEvent = component(
  'StatusEvent',
  z
    .object({
      ...ofChain,
      topic: z.literal('status'),
      data: z.object({ stale: z.boolean(), reason: z.string().nullable() }),
    })
    .describe('What is known of a chain is out of date, or is no longer'),
)

const ofStream = { id, chainId: z.null(), block: z.null() }

const hello = component(
  'HelloEvent',
  z
    .object({
      ...ofStream,
      topic: z.literal('hello'),
      data: z.object({
        topics: z.array(z.enum(TOPICS)),
        resumedAfter: z
          .string()
          .nullable()
          .describe('The event behind which it goes on; null where it begins now'),
        blocks: asOfShape.blocks,
        stale: z.boolean(),
        unread: asOfShape.unread,
        heartbeatSeconds: z.int(),
      }),
    })
    .describe('The first event: lists that are read after it and the events behind it leave nothing out'),
)

const reset = component(
  'ResetEvent',
  z
    .object({
      ...ofStream,
      topic: z.literal('reset'),
      data: z.object({
        reason: z.enum(['restarted', 'too-old', 'unknown']),
        detail: z.string(),
        lists: z.array(z.string()).describe('What to read again'),
      }),
    })
    .describe('Events were lost between the one that was named and those that follow'),
)

const ending = <T extends string>(name: string, topic: T, description: string) =>
  component(
    name,
    z
      .object({ ...ofStream, topic: z.literal(topic), data: z.object({ reason: z.string() }) })
      .describe(description),
  )

export const streamEvent = component(
  'StreamEvent',
  z
    .discriminatedUnion('topic', [
      hello,
      head,
      told,
      candidateEvent,
      alertEvent,
      statusEvent,
      reset,
      ending('DroppedEvent', 'dropped', 'The last event: the client was too slow'),
      ending('EndEvent', 'end', 'The last event: the daemon stops'),
    ])
    .describe('What `data` of a server-sent event or a message of the WebSocket holds'),
)

/** What alerts are narrowed by, in the words of their list. */
export const alertFields = {
  severity: z.enum(SEVERITIES).optional().describe('Of alerts'),
  state: z.enum(ALERT_STATES).optional().describe('Of alerts'),
  rule: name.optional().describe('Alerts of this rule'),
  label: z.string().min(1).max(100).optional().describe('Alerts of watches with this label'),
}
