import { randomUUID } from 'node:crypto'
import { notifierOf, type Receiver } from '../alerts/notifiers/index.ts'
import type { Delivery } from '../alerts/notifiers/notifier.ts'
import { nowMs } from './clock.ts'

export type ReceiverTest = { readonly delivery: Delivery; readonly id: string; readonly durationMs: number }

/** Sends a real message, once, past the outbox; answers what became of it. */
export const testReceiver = async (
  receiver: Receiver,
  writeLine: (line: string) => void,
): Promise<ReceiverTest> => {
  const startedMs = nowMs()
  const id = randomUUID().replaceAll('-', '')
  const delivery = await notifierOf(receiver, { nowMs, writeLine }).send({
    ...{ kind: 'test', id, fingerprint: id, receiver: receiver.name },
    timestamp: Math.floor(startedMs / 1_000),
    text: `Plimsoll reaches ${receiver.name}: alerts will come here.`,
  })
  return { delivery, id, durationMs: nowMs() - startedMs }
}
