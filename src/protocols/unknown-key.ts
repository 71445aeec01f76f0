import { BaseError } from '../model/errors.ts'
import type { Key } from './adapter.ts'

/** A key that no version of the adapter wrote. */
export class UnknownKeyError extends BaseError {
  override readonly name = 'UnknownKeyError'
  constructor(label: string, key: Key) {
    super(`"${key}" is no key of ${label}`, {
      remedy: 'The database holds keys of another version: move it aside and sync again.',
    })
  }
}
