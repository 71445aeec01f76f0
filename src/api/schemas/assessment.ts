// A loan as it is assessed, and what goes beyond its health.
import { z } from 'zod'
import { PHASES } from '../../model/assessment.ts'
import { UNASSESSABLE_REASONS } from '../../model/market.ts'
import { loanStateSchema } from '../../risk/loan-state.ts'
import { address, block, integer, marketIdShape, quote, seconds, usd, wad } from './common.ts'
import { component } from './components.ts'

const debtShape = {
  asset: address,
  symbol: z.string(),
  decimals: z.int(),
  priceKey: z.string(),
  amount: integer,
  price: integer.describe('The oracle’s own integer'),
  value: integer.describe('In the quote'),
}

const subjectShape = {
  id: z.string().describe('chainId:protocol:deployment:market:account'),
  owner: address,
  ...marketIdShape,
  block,
}

const foreseen = { healthFactor: wad, isLiquidatable: z.boolean() }

const healthShape = {
  kind: z.literal('assessed'),
  ...subjectShape,
  revision: z.string(),
  revisionRaw: z.string(),
  fidelity: z.enum(['exact', 'observed']),
  quote,
  collateral: z.array(
    component('CollateralLeg', z.object({ ...debtShape, maxLtv: wad, liquidationThreshold: wad })),
  ),
  debt: z.array(component('DebtLeg', z.object(debtShape))),
  collateralValue: integer,
  liquidationValue: integer.nullable(),
  debtValue: integer,
  averageThreshold: integer.optional(),
  healthFactor: wad.describe('A wad; 2^256 − 1 without debt'),
  isLiquidatable: z.boolean(),
  isExecutable: z.boolean(),
  phase: z.enum(PHASES),
  blockedBy: z.array(z.string()),
  stored: z.object(foreseen).optional(),
  refreshed: z.object({ ...foreseen, debtValue: integer }).optional(),
  next: z.object({ ...foreseen, at: seconds }).optional(),
  debtInFront: integer.nullable().optional(),
  usd: z.object({ collateral: usd, debt: usd, source: z.string() }).nullable(),
}

export const health = component('Health', z.object(healthShape))

const unassessableShape = {
  kind: z.literal('unassessable'),
  ...subjectShape,
  reason: z.enum(UNASSESSABLE_REASONS),
  detail: z.string(),
}

export const assessment = component(
  'Assessment',
  z
    .discriminatedUnion('kind', [health, component('Unassessable', z.object(unassessableShape))])
    .describe('A loan at one block; what could not be assessed is said, never left out'),
)

const amountShape = {
  asset: address,
  symbol: z.string(),
  decimals: z.int(),
  amount: integer,
  value: integer,
  isAll: z.literal(true).optional(),
}
const amount = component('RepairAmount', z.object(amountShape))

const liquidationPrice = component(
  'LiquidationPrice',
  z.object({
    asset: address,
    symbol: z.string(),
    price: integer,
    scale: integer,
    liquidationPrice: integer.nullable(),
    changePpm: integer.nullable(),
    movesWith: z.array(z.string()),
    nonMonotone: z.literal(true).optional(),
    flips: z.array(z.object({ from: integer, to: integer })).optional(),
    unproven: z.literal(true).optional(),
  }),
)

const shock = component(
  'Shock',
  z.object({
    changePpm: integer,
    nonMonotone: z.literal(true).optional(),
    unproven: z.literal(true).optional(),
  }),
)

const repair = component(
  'Repair',
  z.object({
    targetHealthFactor: wad,
    repay: z.array(amount),
    supply: z.array(amount),
    deleverage: z.array(z.object({ repay: amount, withdraw: amount })),
    cheapest: z.array(z.object({ ...amountShape, kind: z.enum(['repay', 'supply']) })).nullable(),
    unfit: z.array(
      z.object({
        kind: z.enum(['repay', 'supply', 'deleverage']),
        symbol: z.string(),
        asset: address,
        reason: z.string(),
      }),
    ),
  }),
)

/** Beside the fields of an assessment, where it could be worked out. */
export const riskShape = {
  leverage: integer,
  liquidationPrices: z.array(liquidationPrice),
  shock: shock.nullable(),
  shocks: z.array(
    z.object({
      group: z.string(),
      symbols: z.array(z.string()),
      isStable: z.boolean(),
      shock: shock.nullable(),
    }),
  ),
  secondsToLiquidation: z.number().nullable(),
  borrowCostPerYear: integer.nullable(),
  margin: component('Margin', z.looseObject({ exposure: integer, equity: integer, leverage: integer })),
  repairs: z.array(repair),
}

const partial = z.object(riskShape).partial().shape

/** An assessment with its risk beside it. */
export const position = component(
  'Position',
  z.discriminatedUnion('kind', [
    component('AssessedPosition', z.object({ ...healthShape, ...partial })),
    component('UnassessablePosition', z.object(unassessableShape)),
  ]),
)

export const loanState = component(
  'LoanState',
  loanStateSchema.describe(
    'A loan with all that it rests on, at one block. `loanOf` of the library makes a loan of it, which computes what is computed here',
  ),
)

const stateShape = {
  state: loanState.nullable().optional().describe('With include=state; null where its market is not read'),
}

/** The same with its state, where it was asked for. */
export const positionWithState = component(
  'PositionWithState',
  z.discriminatedUnion('kind', [
    component('AssessedPositionWithState', z.object({ ...healthShape, ...partial, ...stateShape })),
    component('UnassessablePositionWithState', z.object({ ...unassessableShape, ...stateShape })),
  ]),
)
