import { getAddress, isAddress } from 'viem'
import { z } from 'zod'

/** An address in configuration: checksummed if mixed-case, as viem's checksummed text after parsing. */
export const configAddress = z
  .string()
  .refine(
    (text) => isAddress(text),
    'is no address (0x and 40 hex digits, with a right checksum if mixed-case)',
  )
  .transform((text) => getAddress(text))
