// What a scenario does to all loans, as `POST /v1/stress` and `stress --json` tell it.
import { z } from 'zod'
import { address, asOfShape, block, integer, marketIdShape, usd } from './common.ts'
import { component } from './components.ts'

const sumShape = {
  count: z.int(),
  debtUsd: usd,
  collateralUsd: usd,
  badDebtUsd: usd.describe('Debt beyond collateral'),
}

const sum = component('StressSum', z.object(sumShape))

const known = z.object({ asset: address, symbol: z.string() })

const step = component(
  'StressStep',
  z.looseObject({
    name: z.string(),
    seconds: z.number().describe('Interest that accrues until then'),
    frozen: z.array(z.string()).describe('Assets whose oracles stand still'),
    moved: z.array(
      z.object({ ...known.shape, changePpm: integer.describe('Parts per million of the price') }),
    ),
    all: sum.describe('Every loan, at the stored prices'),
    before: sum.describe('What could be liquidated, at the stored prices'),
    newly: sum.describe('What can be liquidated and could not'),
    after: sum.describe('What can be liquidated'),
    recovered: z.int().describe('What could be liquidated and cannot'),
    markets: z.array(
      component(
        'StressMarket',
        z.object({ ...marketIdShape, label: z.string(), all: sum, newly: sum, after: sum }),
      ),
    ),
    newlyLiquidatable: z.array(z.string()).describe('Ids of loans'),
    badDebtAtMarketUsd: usd.optional().describe('Bad debt at prices that frozen oracles do not tell'),
  }),
)

const curve = component(
  'StressCurve',
  z.object({
    name: z.string(),
    symbols: z.array(z.string()),
    depths: z
      .array(z.object({ changePpm: integer, ...sumShape }))
      .describe('What can be liquidated where these prices, and no others, change so much'),
  }),
)

const left = z
  .array(z.object({ venue: z.string(), part: z.number() }))
  .describe('What sales leave of a price, 1 for all of it')

const round = z.object({
  step: z.string(),
  liquidations: z.int(),
  repaidUsd: usd,
  seizedUsd: usd,
  badDebtUsd: usd,
  left,
})

const run = component(
  'CascadeRun',
  z.object({
    isAtRest: z.boolean().describe('False where it was cut off'),
    liquidations: z.int(),
    liquidated: z.array(z.string()).describe('Ids of loans'),
    repaidUsd: usd,
    seizedUsd: usd,
    badDebtUsd: usd.describe('What liquidations wrote off'),
    outstanding: sum.describe('What can be liquidated at rest, and nobody could or would'),
    left,
    sold: z.array(z.object({ venue: z.string(), usd })),
    withoutDepth: z.array(z.object({ symbol: z.string(), usd })).describe('Sold at no loss of price'),
    rounds: z.array(round),
  }),
)

const cascade = component(
  'Cascade',
  z.object({
    amplification: z
      .number()
      .nullable()
      .describe('Debt that falls with feedback per debt that falls without; null where none falls'),
    onlyBySpiral: z.array(z.string()).describe('Ids of loans that would have survived at still prices'),
    withFeedback: run,
    withoutFeedback: run,
    sensitivity: z
      .array(
        z.object({
          factor: z.number().describe('Markets so many times as deep'),
          liquidations: z.int(),
          repaidUsd: usd,
          badDebtUsd: usd.describe('Written off, and beyond collateral at rest'),
          amplification: z.number().nullable(),
          left,
        }),
      )
      .describe('The same with feedback where markets are shallower, or deeper'),
  }),
)

export const stress = component(
  'Stress',
  z.object({
    ageSeconds: asOfShape.ageSeconds,
    stale: z.boolean(),
    block: block.nullable(),
    blocks: z.array(block),
    scenario: z.string(),
    source: z.string().optional(),
    steps: z.array(step),
    everNewlyLiquidatable: z.int(),
    unmoved: z.array(known).describe('Volatile assets that no step moves'),
    leftOut: z.array(z.string()).describe('What a known day names and the store does not know'),
    curves: z.array(curve),
    cascade: cascade.optional(),
  }),
)
