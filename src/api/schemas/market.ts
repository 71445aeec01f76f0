// Markets, how complete the book of each is and how healthy; liquidations; points of history.
import { z } from 'zod'
import { UNASSESSABLE_REASONS } from '../../model/market.ts'
import { SNAPSHOT_CAUSES } from '../../model/snapshot.ts'
import {
  address,
  block,
  blockShape,
  hash,
  integer,
  marketIdShape,
  quote,
  seconds,
  usd,
  wad,
} from './common.ts'
import { component } from './components.ts'

export const coverage = component(
  'Coverage',
  z.object({
    market: z.string(),
    asset: address,
    symbol: z.string(),
    decimals: z.int(),
    trackedDebt: integer,
    totalDebt: integer,
    ppm: z.int(),
  }),
)

const distribution = component(
  'Distribution',
  z.object({
    bands: z.array(z.object({ from: wad, to: wad, count: z.int(), debtUsd: usd, collateralUsd: usd })),
    weightedHealth: wad.nullable(),
    largest: z.object({ id: z.string(), debtPpm: integer }).nullable(),
    tenLargestPpm: integer.nullable(),
    unassessableCount: z.int(),
  }),
)

export const market = component(
  'Market',
  z.object({
    ...marketIdShape,
    label: z.string(),
    quote,
    revision: z.string(),
    revisionRaw: z.string(),
    fidelity: z.enum(['exact', 'observed']),
    fault: z.object({ reason: z.enum(UNASSESSABLE_REASONS), detail: z.string() }).optional(),
    block,
    positionCount: z.int(),
    coverage: z.array(coverage).optional().describe('With include=coverage'),
    distribution: distribution.optional().describe('With include=distribution'),
  }),
)

const foretold = component(
  'Foretold',
  z.object({
    block: z.object(blockShape),
    healthFactor: wad.nullable(),
    isLiquidatable: z.boolean().nullable(),
    repayMax: integer.nullable(),
    repaid: integer.nullable(),
    seized: integer.nullable(),
  }),
)

export const liquidation = component(
  'Liquidation',
  z.object({
    chainId: z.int(),
    blockNumber: integer,
    blockHash: hash,
    logIndex: z.int(),
    transactionHash: hash,
    position: z.string(),
    owner: address,
    liquidator: address,
    debtAsset: address,
    repaid: integer,
    collateralAsset: address,
    seized: integer,
    seenAt: seconds
      .nullable()
      .describe('The time of the head with which it was seen; null where that is not known any more'),
    foretold: z
      .object({
        before: foretold.nullable().describe('At the last observed block before'),
        within: foretold
          .nullable()
          .describe('The same state at the prices and the time of its own block, where that was observed'),
        difference: integer
          .nullable()
          .describe('Seized less what `within` gives, where as much is repaid in both'),
      })
      .optional()
      .describe('With include=foretold'),
  }),
)

export const point = component(
  'Point',
  z.object({
    block: z.object({ number: integer, timestamp: seconds }),
    cause: z
      .enum([...SNAPSHOT_CAUSES, 'recomputed'])
      .describe('recomputed: nothing was noted at that block, its state was'),
    healthFactor: wad.nullable(),
    collateralValue: integer.nullable(),
    debtValue: integer.nullable(),
    isLiquidatable: z.boolean().nullable(),
    reason: z.string().nullable(),
  }),
)
