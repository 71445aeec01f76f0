import { getAddress, isAddress } from 'viem'
import { z } from 'zod'

/** An address as somebody writes it, with its checksum from then on. */
export const address = z
  .string()
  .refine(
    (text) => isAddress(text),
    'is no address: 0x and 40 hex digits, with a right checksum where letters are of mixed case',
  )
  .transform((text) => getAddress(text))
