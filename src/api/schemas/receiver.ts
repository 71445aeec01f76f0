// Who is told, and what became of it.
import { z } from 'zod'
import { seconds } from './common.ts'
import { component } from './components.ts'

export const receiver = component(
  'Receiver',
  z.object({
    receiver: z.string().describe('Its name'),
    kind: z.string().nullable().describe('Null where it is configured no more'),
    waitingCount: z.int().describe('Messages that wait, those that failed among them'),
    failingCount: z.int().describe('Messages that failed and are tried again'),
    deliveredCount: z.int().describe('Messages that arrived, as long as they are kept'),
    deadCount: z.int().describe('Messages that were given up'),
    lastError: z.string().nullable().describe('Of the last that has not arrived, without secrets'),
    nextAttemptAt: seconds.nullable().describe('When the first of those that failed is tried again'),
    restsUntil: seconds
      .nullable()
      .describe(
        'It is left alone until then: it fails, wants to be, or had as many in a minute as it takes; null where it is not',
      ),
    quietUntil: seconds
      .nullable()
      .describe('Its quiet hours end then: only what is critical is told before; null outside of them'),
  }),
)

export const deadLetter = component(
  'DeadLetter',
  z.object({
    id: z.string(),
    receiver: z.string(),
    headline: z.string(),
    attemptCount: z.int(),
    deadAt: seconds.describe('When it was given up'),
    lastError: z.string().nullable(),
  }),
)

export const receiverTest = component(
  'ReceiverTest',
  z.object({
    receiver: z.string(),
    kind: z.string(),
    ok: z.boolean().describe('It arrived'),
    error: z.string().nullable(),
    id: z.string().describe('Of the message'),
    durationMs: z.int(),
  }),
)
