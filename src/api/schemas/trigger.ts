// Price feeds, and the positions that each makes liquidatable as it moves.
import { z } from 'zod'
import { health } from './assessment.ts'
import { option, twoStep } from './candidate.ts'
import { address, integer, quote, seconds, usd } from './common.ts'
import { component } from './components.ts'

const ppm = z.int()

export const feed = component(
  'Feed',
  z.object({
    id: z.string().describe('chainId:protocol:deployment:priceKey'),
    chainId: z.int(),
    protocol: z.string(),
    deployment: z.string(),
    priceKey: z.string(),
    assets: z
      .array(z.object({ asset: address, symbol: z.string() }))
      .describe('What it is a price of; several assets may have one'),
    quote,
    source: address.nullable().describe('The contract that tells this price alone'),
    price: integer.nullable().describe('The oracle’s own integer; null where it could not be read'),
    scale: integer.nullable().describe('What one unit of the quote is in it'),
    updatedAt: seconds.nullable(),
    fallPpm: ppm
      .nullable()
      .describe(
        'By how much it has to fall, all other prices held, before a further loan may become liquidatable; negative',
      ),
    risePpm: ppm.nullable().describe('The same as it rises'),
    nearCount: z.int().describe('Loans that may become liquidatable within five percent either way'),
  }),
)

export const trigger = component(
  'Trigger',
  z.object({
    id: z.string().describe('chainId:protocol:deployment:market:account'),
    owner: address,
    price: integer.describe(
      'The first price, in the oracle’s integers, at which it is liquidatable: one unit nearer it is not',
    ),
    changePpm: integer.describe('By how much that differs from the current price'),
    nonMonotone: z.literal(true).optional().describe('Rounding makes it safe again further on: see `flips`'),
    flips: z.array(z.object({ from: integer, to: integer })).optional(),
    unproven: z
      .literal(true)
      .optional()
      .describe('A nearer price may do it too: the search was too long to tell'),
    position: health.describe('As it is now'),
    atTrigger: z
      .object({
        options: z.array(option),
        twoStep,
        incentiveUsd: usd.nullable(),
        netUsd: usd.nullable(),
      })
      .optional()
      .describe('With include=options: every way to liquidate it at that price, by the time of this block'),
  }),
)
