/** The local chain could not be started, or answered something that it should not. */
export class DevnetError extends Error {
  override readonly name = 'DevnetError'
}

/** anvil answered a JSON-RPC error. */
export class DevnetRpcError extends Error {
  override readonly name = 'DevnetRpcError'
  readonly code: number

  constructor(method: string, error: { readonly code: number; readonly message: string }) {
    super(`${method} failed with ${error.code}: ${error.message}`)
    this.code = error.code
  }
}

/** A transaction reverted whose caller had not asked for reverts to be tolerated. */
export class DevnetRevertError extends Error {
  override readonly name = 'DevnetRevertError'
  readonly reason: string

  constructor(what: string, reason: string) {
    super(`${what} reverted: ${reason}`)
    this.reason = reason
  }
}
