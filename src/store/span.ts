/** A part of some bytes, from `start` up to `end`. What is passed as one may be written over as soon as the call is done. */
export type Span = { bytes: Uint8Array; start: number; end: number }

/** All of some bytes. */
export const wholeOf = (bytes: Uint8Array): Span => ({ bytes, start: 0, end: bytes.length })
