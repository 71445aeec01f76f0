// What many answers are made of. Integers that the chain knows are decimal strings, timestamps numbers in seconds.
import { z } from 'zod'
import { component } from './components.ts'

export const integer = z.string().regex(/^-?\d+$/)
export const wad = integer.describe('In units of 10^-18')
export const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/)
export const hex = z.string().regex(/^0x[0-9a-f]*$/)
export const hash = z.string().regex(/^0x[0-9a-f]{64}$/)
export const usd = z
  .string()
  .regex(/^-?\d+\.\d\d$/)
  .describe('US dollars to the cent, for ranking and display')
export const seconds = z.int().describe('Unix seconds')

export const blockShape = { chainId: z.int(), number: integer, hash, timestamp: seconds }

export const block = component('Block', z.object(blockShape))

/** What every answer over chains says of itself. */
export const asOfShape = {
  block: block.nullable().describe('The first of `blocks`'),
  blocks: z.array(
    component(
      'KnownBlock',
      z.object({
        ...blockShape,
        isComplete: z.boolean().describe('Every borrower that is to be followed is found and read'),
        ageSeconds: z.int(),
        stale: z.boolean().describe('What is said of this chain is older than its bound'),
      }),
    ),
  ),
  ageSeconds: z.int().nullable().describe('Of the oldest of `blocks`'),
  stale: z.boolean(),
  unread: z
    .array(component('UnreadChain', z.object({ chainId: z.int(), reason: z.string() })))
    .describe('Chains of which nothing is known yet'),
}

export const nextShape = {
  next: z.string().nullable().describe('The cursor of the next page; null on the last one'),
}

export const quote = component(
  'Quote',
  z.object({ symbol: z.string(), decimals: z.int(), asset: address.optional() }),
)

export const assetAmount = component(
  'AssetAmount',
  z.object({ asset: address, symbol: z.string(), decimals: z.int(), amount: integer, value: integer }),
)

export const marketIdShape = {
  chainId: z.int(),
  protocol: z.string(),
  deployment: z.string(),
  market: z.string(),
}
