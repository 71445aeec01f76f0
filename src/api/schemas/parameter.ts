// Changes of parameters, and what each alone did to loans.
import { z } from 'zod'
import { address, integer, marketIdShape, quote, seconds, usd, wad } from './common.ts'
import { component } from './components.ts'

const { chainId } = marketIdShape

const move = { id: z.string(), before: wad.nullable(), after: wad.nullable() }

const turned = component(
  'Turned',
  z
    .object({
      count: z.int(),
      ids: z.array(z.string()).describe('The first of them'),
      quote: quote.nullable(),
      debtValue: integer.nullable(),
      debtUsd: usd.nullable(),
    })
    .describe('Loans that changed sides'),
)

const effect = component(
  'ChangeEffect',
  z
    .object({
      changeCount: z.int().describe('So many parameters changed together'),
      positionCount: z.int(),
      exactCount: z.int(),
      uncertainCount: z.int().describe('May have moved and were not assessed: more than one cycle looks at'),
      movedCount: z.int(),
      largestFall: z.object(move).nullable(),
      largestRise: z.object(move).nullable(),
      newlyLiquidatable: turned,
      noLongerLiquidatable: turned,
      newlyExecutable: turned,
      newlyBlocked: turned,
      newlyUnassessable: turned,
      watched: z.array(
        z.object({
          ...move,
          becomes: z
            .enum(['liquidatable', 'safe', 'executable', 'blocked', 'unassessable', 'assessable'])
            .nullable(),
        }),
      ),
    })
    .describe('Of all changes of the market at that block together, at its prices and time'),
)

const value = z.union([z.string(), z.boolean()])

const unit = z.enum(['wad', 'ray', 'bps', 'amount', 'address', 'flag', 'seconds', 'count', 'text'])

const described = {
  parameter: z.string().describe('Its name; one that holds in part of a market only is part[id].name'),
  asset: address.nullable().describe('Null where it is of the whole market'),
  symbol: z.string().optional(),
  unit: unit.describe(
    '`wad`, `ray` and `bps` are shares or rates of 1e18, 1e27 and 1e4; `amount` is in units of 10^-decimals',
  ),
  decimals: z.int().optional().describe('Of an amount'),
}

export const parameter = component('Parameter', z.object({ ...described, value }))

export const parameterChange = component(
  'ParameterChange',
  z.object({
    block: z.object({ chainId, number: integer, timestamp: seconds }),
    market: z.string().describe('chainId:protocol:deployment:market'),
    ...described,
    before: value.nullable(),
    after: value.nullable(),
    effect,
  }),
)
