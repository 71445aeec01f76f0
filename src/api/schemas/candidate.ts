// Loans that can be liquidated, or are about to be, and running auctions.
import { z } from 'zod'
import { health } from './assessment.ts'
import { address, assetAmount, hex, integer, marketIdShape, quote, seconds, usd, wad } from './common.ts'
import { component } from './components.ts'

const call = component(
  'Call',
  z.object({
    to: address,
    data: hex,
    value: integer.optional(),
    answersCode: z.literal(true).optional(),
    wants: z.string().optional(),
  }),
)

export const option = component(
  'LiquidationOption',
  z.looseObject({
    method: z.string(),
    payer: z.enum(['liquidator', 'protocol', 'auction']),
    debtAsset: address,
    repay: integer,
    collateralAsset: address,
    seize: integer,
    protocolFee: integer,
    badDebt: integer,
    repaid: assetAmount,
    seized: z.array(assetAmount),
    reward: z.array(assetAmount),
    incentive: integer.describe('Seized value less repaid value, in the quote'),
    incentiveUsd: usd.nullable(),
    netUsd: usd.nullable().describe('What gas leaves of the incentive'),
    quote,
    gas: integer.nullable(),
    call,
  }),
)

const step = z.object({
  healthBefore: wad,
  repaid: assetAmount,
  seized: z.array(assetAmount),
  incentive: integer,
  call,
})

export const twoStep = z
  .object({
    debtAsset: address,
    collateralAsset: address,
    first: step,
    second: step,
    incentive: integer,
    gain: integer,
    gainUsd: usd.nullable(),
    netGainUsd: usd.nullable(),
  })
  .nullable()

export const candidate = component(
  'Candidate',
  z.object({
    position: health,
    basis: z.enum(['now', 'refreshed', 'next']),
    options: z.array(option),
    twoStep,
    incentiveUsd: usd.nullable(),
    netUsd: usd.nullable(),
  }),
)

export const auction = component(
  'AuctionCandidate',
  z.object({
    ...marketIdShape,
    auction: z.object({
      id: z.string(),
      market: z.string(),
      owner: address,
      lot: assetAmount,
      debt: assetAmount,
      price: integer,
      oraclePrice: integer.nullable(),
      priceScale: integer,
      status: z.enum(['running', 'restartable', 'stopped']),
      startedAt: seconds,
      endsAt: seconds,
    }),
    bought: assetAmount.nullable(),
    paid: assetAmount.nullable(),
    reward: z.array(assetAmount),
    incentive: integer.nullable(),
    incentiveUsd: usd.nullable(),
    call,
  }),
)

export const auctionFailure = component(
  'AuctionFailure',
  z.object({ ...marketIdShape, auction: z.string().nullable(), detail: z.string() }),
)
