import { getAddress, isAddress } from 'viem'
import * as z from 'zod'

/** An address as somebody writes it, in a configuration or a command: with its checksum from then on. */
export const configAddress = z
  .string()
  .refine(
    (text) => isAddress(text),
    'is no address: 0x and 40 hex digits, with a right checksum where letters are of mixed case',
  )
  .transform((text) => getAddress(text))
