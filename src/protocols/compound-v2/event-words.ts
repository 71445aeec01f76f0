// Events of the family by their words: forks index other parameters, and some add one at the front.
import {
  type Abi,
  type AbiEvent,
  type Address,
  getAddress,
  type Hex,
  hexToBigInt,
  slice,
  toEventSelector,
} from 'viem'
import type { Log } from '../../model/evm.ts'

const eventsOf = (abi: Abi): readonly AbiEvent[] => abi.filter((item) => item.type === 'event')

/** First topics of the events of a name, overloads included. */
export const topicsNamed = (abi: Abi, ...names: readonly string[]): readonly Hex[] =>
  eventsOf(abi)
    .filter(({ name }) => names.includes(name))
    .map((item) => toEventSelector(item))

/** Parameters of an event whose indexed ones, if any, come first: all words in order. */
export const wordsOf = ({ topics, data }: Log): readonly Hex[] => [
  ...topics.slice(1),
  ...[...data.slice(2).matchAll(/.{64}/g)].map(([word]): Hex => `0x${word}`),
]

export const addressAt = (words: readonly Hex[], index: number): Address | undefined => {
  const word = words.at(index)
  return word === undefined ? undefined : getAddress(slice(word, 12))
}

export const numberAt = (words: readonly Hex[], index: number): bigint | undefined => {
  const word = words.at(index)
  return word === undefined ? undefined : hexToBigInt(word)
}
