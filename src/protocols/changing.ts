// Changes that say what is to be read, whatever the protocol's state.
import type { Change, Key } from './adapter.ts'

type Wanted = Extract<Change, { kind: 'due' | 'retry' }>

/** Keys that have to be read at this block. */
export const due = (...names: readonly Key[]): readonly Wanted[] => names.map((key) => ({ kind: 'due', key }))

/** A key that could not be read, and is read again with the next head. */
export const retry = (key: Key): Wanted => ({ kind: 'retry', key })
