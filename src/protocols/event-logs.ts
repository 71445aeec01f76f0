// Logs decoded by an ABI's events.
import {
  type Abi,
  type AbiEvent,
  type DecodeEventLogReturnType,
  decodeEventLog,
  type Hex,
  toEventSelector,
} from 'viem'
import type { Log } from '../model/evm.ts'

const eventsOfAbi = new WeakMap<Abi, ReadonlyMap<Hex, AbiEvent>>()

/** An ABI's events by their first topics; of two with the same topic the first. */
const eventsOf = (abi: Abi): ReadonlyMap<Hex, AbiEvent> => {
  const known = eventsOfAbi.get(abi)
  if (known) return known
  const events = abi.flatMap((item) => (item.type === 'event' ? [item] : []))
  const byTopic = new Map(events.reverse().map((item) => [toEventSelector(item), item] as const))
  eventsOfAbi.set(abi, byTopic)
  return byTopic
}

/**
 * The event of an ABI that a log is, with its arguments; undefined where it is none of them or does not decode. Looks at
 * the first topic before anything else, since most contracts emit more than what is followed.
 */
export const decodeLog = <const TAbi extends Abi>(
  abi: TAbi,
  { topics, data }: Pick<Log, 'topics' | 'data'>,
): DecodeEventLogReturnType<TAbi> | undefined => {
  const event = topics[0] && eventsOf(abi).get(topics[0])
  if (!event) return undefined
  try {
    const decoded: unknown = decodeEventLog({ abi: [event], topics: topics as [Hex, ...Hex[]], data })
    return decoded as DecodeEventLogReturnType<TAbi>
  } catch {
    return undefined
  }
}
