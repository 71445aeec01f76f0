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
import { parameter } from './parameter.ts'

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

export const band = component(
  'Band',
  z.object({ from: wad, to: wad, count: z.int(), debtUsd: usd, collateralUsd: usd }),
)

const distribution = component(
  'Distribution',
  z.object({
    bands: z.array(band),
    weightedHealth: wad.nullable(),
    largest: z.object({ id: z.string(), debtPpm: integer }).nullable(),
    tenLargestPpm: integer.nullable(),
    unassessableCount: z.int(),
  }),
)

const marketShape = {
  ...marketIdShape,
  label: z.string(),
  quote,
  revision: z.string(),
  revisionRaw: z.string(),
  fidelity: z.enum(['exact', 'observed']),
  fault: z.object({ reason: z.enum(UNASSESSABLE_REASONS), detail: z.string() }).optional(),
  block,
  positionCount: z.int(),
  surveyBlock: block
    .optional()
    .describe(
      'Of `coverage` and `distribution`, for which every loan is looked at: may be another than `block`',
    ),
  coverage: z.array(coverage).optional().describe('With include=coverage'),
  distribution: distribution.optional().describe('With include=distribution'),
}

export const market = component('Market', z.object(marketShape))

const assetTotals = component(
  'AssetTotals',
  z.object({
    asset: address,
    symbol: z.string(),
    decimals: z.int(),
    supplied: integer
      .nullable()
      .describe('Lent, or put up as collateral; null where the contracts do not add it up'),
    borrowed: integer.nullable(),
    utilization: wad
      .nullable()
      .describe(
        'How much of what can be borrowed is, as the rates of the market count it, in units of 10^-18; may exceed 1',
      ),
  }),
)

/**
 * `feed`: the source is a feed itself; `composed`: it asks others; `rate`: what a share is worth in something else; `named`: one
 * oracle answers for many assets by their names, and what it asks is not followed; `unread`: not looked at yet.
 */
const ORACLE_KINDS = ['feed', 'composed', 'rate', 'named', 'unread'] as const
export type OracleKind = (typeof ORACLE_KINDS)[number]

const oracleFeed = component(
  'OracleFeed',
  z.object({
    feed: address,
    description: z.string().nullable().describe('What it says of itself'),
    isInverse: z.boolean().describe('The price is divided by it'),
    updatedAt: seconds.nullable().describe('When it spoke last; null where it does not tell'),
    ageSeconds: z.int().nullable().describe('How long before the block that was'),
    heartbeatSeconds: z.int().nullable().describe('How long it may be silent, where that is configured'),
    isStale: z
      .boolean()
      .describe(
        'An alert says that it is silent for too long; feeds that watched loans rest on are watched for that',
      ),
  }),
)

const oracle = component(
  'Oracle',
  z.object({
    key: z.string(),
    assets: z.array(z.object({ asset: address, symbol: z.string() })),
    quote,
    kind: z
      .enum(ORACLE_KINDS)
      .describe(
        '`feed`: the source is a feed itself; `composed`: it asks others; `rate`: what a share is worth; `named`: one oracle answers for many assets by their names, and what it asks is not followed; `unread`: not looked at yet',
      ),
    source: address.nullable(),
    price: integer.nullable().describe('In units of `scale`'),
    scale: integer.nullable(),
    error: z.string().nullable().describe('Why there is no price'),
    ageSeconds: z.int().nullable().describe('Of the feed that spoke longest ago'),
    feeds: z.array(oracleFeed).describe('What the price rests on, as far as that is known'),
  }),
)

export const wholeMarket = component(
  'WholeMarket',
  z.object({
    ...marketShape,
    parameters: z.array(parameter),
    totals: z.array(assetTotals).nullable().describe('Null where the protocol tells none'),
    oracles: z.array(oracle),
    oracleFailure: z.string().nullable().describe('Why it could not be found out when feeds spoke last'),
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

const named = z.object({ symbol: z.string(), decimals: z.int() }).nullable()

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
    debt: named.describe('Of `debtAsset`; null where it is not known'),
    collateral: named.describe('Of `collateralAsset`; null where it is not known'),
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
