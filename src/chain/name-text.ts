// What may be a name of ENS, in the one form in which it is looked up, and why a name leads nowhere.
import { stringToBytes } from 'viem'
import { normalize } from 'viem/ens'
import { BaseError, messageOf } from '../model/errors.ts'

/** Why a name leads to no address. */
export type NameFault =
  | 'invalid' // it cannot be a name
  | 'no-registry' // no chain here has names
  | 'unknown' // nobody has registered it
  | 'no-resolver' // it is registered, and nothing answers for it
  | 'no-address' // what answers for it has no address
  | 'wildcard' // only what answers for its parent may know it
  | 'off-chain' // the answer is not on the chain
  | 'failed' // a contract reverted, or answered what makes no sense

export class NameError extends BaseError {
  override readonly name = 'NameError'
  readonly fault: NameFault
  constructor(fault: NameFault, message: string, remedy: string) {
    super(message, { remedy })
    this.fault = fault
  }
}

/** Whether it may lead to an address that could not be found out, rather than to none. */
export const isUnanswered = ({ fault }: NameError): boolean =>
  fault === 'wildcard' || fault === 'off-chain' || fault === 'failed'

/** As many as its form in a call to a resolver can hold. */
const NAME_BYTES_MAX = 255

/** A text as ENSIP-15 writes it. Throws `NameError` where it cannot be a name. */
export const normalizedName = (text: string): string => {
  const refuse = (why: string): NameError =>
    new NameError('invalid', `"${text}" is no ENS name: ${why}`, 'Write a name such as vitalik.eth.')
  if (stringToBytes(text).length > NAME_BYTES_MAX) throw refuse(`it has more than ${NAME_BYTES_MAX} bytes`)
  if (!text.includes('.')) throw refuse('it has no dot')
  let name: string
  try {
    name = normalize(text)
  } catch (error) {
    throw refuse(messageOf(error))
  }
  if (stringToBytes(name).length > NAME_BYTES_MAX) throw refuse(`it has more than ${NAME_BYTES_MAX} bytes`)
  return name
}

/** Why no name can be looked up on any of these chains. */
export const noRegistryError = (chainIds: readonly number[]): NameError =>
  new NameError(
    'no-registry',
    `none of the chains here (${chainIds.join(', ')}) has a registry of ENS names`,
    'List chain 1 in plimsoll.yaml, or set ens.registry of a chain that has one, or give the address itself.',
  )
