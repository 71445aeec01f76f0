import { RefusedError } from '../refusing.ts'

/** Refuses as a transaction would that meets a failed call: what an oracle or a rate model says, Morpho passes on. */
export const refusedWith = (error: string): RefusedError =>
  new RefusedError(
    error
      .replace(/^reverted: /, '')
      .replace(/^reverted with panic (\d+)$/, (_, code: string) => `Panic(0x${Number(code).toString(16)})`),
  )
