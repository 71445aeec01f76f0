// Alerts, who was told of them, what people decided about them, and who is watched.
import { z } from 'zod'
import { SEVERITIES } from '../../model/alert.ts'
import { address, seconds } from './common.ts'
import { component } from './components.ts'

export const ALERT_STATES = ['pending', 'firing', 'resolved', 'retracted'] as const

const texts = z.record(z.string(), z.string())
const milliseconds = z.int().describe('Unix milliseconds')

const notice = component(
  'Notice',
  z.object({
    fingerprint: z.string(),
    activeAt: seconds,
    receiver: z.string(),
    chainId: z.int(),
    isOpen: z.boolean(),
    told: z.enum(['nothing', 'firing', 'resolved', 'retracted']),
    createdAtMs: milliseconds,
    firstToldAtMs: milliseconds.optional(),
    toldAtMs: milliseconds.optional(),
    repeatCount: z.int(),
    escalationStep: z.int().optional(),
    reason: z.string().optional(),
  }),
)

const acknowledgement = component(
  'Acknowledgement',
  z.object({
    fingerprint: z.string(),
    activeAt: seconds,
    atMs: milliseconds,
    by: z.string(),
    comment: z.string(),
  }),
)

const decision = component(
  'Decision',
  z.object({
    atMs: milliseconds,
    chainId: z.int(),
    fingerprint: z.string(),
    activeAt: seconds,
    receiver: z.string(),
    isSent: z.boolean(),
    reason: z.string(),
    detail: z.string().optional(),
    notificationId: z.string().optional(),
  }),
)

const alertShape = {
  fingerprint: z.string(),
  rule: z.string(),
  subject: z.string(),
  severity: z.enum(SEVERITIES),
  state: z.enum(ALERT_STATES),
  labels: texts,
  annotations: texts,
  activeAt: seconds,
  startsAt: seconds.optional(),
  clearedAt: seconds.optional(),
  endsAt: seconds.optional(),
  block: component(
    'AlertBlock',
    z
      .object({ chainId: z.int(), number: z.string(), hash: z.string(), timestamp: seconds })
      .describe('`hash` is 0x where the alert is of no block'),
  ),
}

export const alert = component('Alert', z.object(alertShape))

export const toldAlert = component(
  'ToldAlert',
  z.object({
    ...alertShape,
    notices: z.array(notice),
    acknowledgement: acknowledgement.optional(),
    decisions: z.array(decision).optional().describe('With explain=true: what was sent or not, and why'),
  }),
)

export const silence = component(
  'Silence',
  z.object({
    id: z.string(),
    match: texts,
    startsAt: seconds,
    endsAt: seconds,
    createdBy: z.string(),
    comment: z.string(),
    holds: z.boolean(),
  }),
)

export const watch = component(
  'Watch',
  z.object({
    account: address,
    label: z.string().optional(),
    receivers: z.array(z.string()),
    source: z.enum(['configuration', 'database']),
    missing: z.array(z.string()).describe('Receivers that it names and that are configured no more'),
  }),
)
