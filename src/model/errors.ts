/**
 * The base of every failure that Plimsoll names. `message` says what happened and with which values;
 * `remedy` says how to mend it, as an instruction.
 */
export class BaseError extends Error {
  override readonly name: string = 'BaseError'
  readonly remedy: string | undefined

  constructor(message: string, options: { remedy?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.remedy = options.remedy
  }
}

/** The message of anything thrown, in one line. */
export const messageOf = (error: unknown): string => {
  if (error instanceof Error) {
    const short = (error as { shortMessage?: unknown }).shortMessage
    return (typeof short === 'string' ? short : error.message).split('\n')[0] ?? error.name
  }
  return String(error)
}
