import { getAddress } from 'viem'
import { remembered } from '../units/remembered.ts'

/** viem remembers 8,192, fewer than a large book touches at once. */
const RECENT_MAX = 32_768

/** An address with its checksum, whatever the case of its letters. Throws viem's `InvalidAddressError` for what is none. */
export const checksummed = remembered((address: string) => getAddress(address), RECENT_MAX)
