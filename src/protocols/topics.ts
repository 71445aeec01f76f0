import { type Abi, type Hex, toEventSelector } from 'viem'

/** First topics of all events of an ABI. */
export const topicsOf = (abi: Abi): readonly Hex[] =>
  abi.flatMap((item) => (item.type === 'event' ? [toEventSelector(item)] : []))
