// Health of a trove.
import type { Assessment, BlockedBy, CollateralLeg, DebtLeg, Health, Phase } from '../../model/assessment.ts'
import type { Fault } from '../../model/market.ts'
import { subjectOf } from '../../model/subject.ts'
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { unassessable, usdOf } from '../assessing.ts'
import { unlessRefused } from '../refusing.ts'
import { collateralAmount, debtAmount } from './amounts.ts'
import { liquidateOne } from './liquidating.ts'
import { collateralRatioDown, mulDivDown } from './math.ts'
import {
  type Amounts,
  FACE_VALUE_KEY,
  faultOf,
  type LiquityMarket,
  PRICE_KEY,
  type ReadMarket,
  readMarket,
  type Trove,
} from './state.ts'
import { isRecoveryMode } from './system.ts'
import { entireAmounts } from './trove.ts'

const priceOf = (env: Env): bigint | Fault => {
  const reading = env.prices(PRICE_KEY)
  if (!reading) return { reason: 'not-yet-read', detail: 'the price is not read yet' }
  return reading.kind === 'price' ? reading.price : { reason: 'price-failed', detail: reading.error }
}

const legsOf = (
  market: ReadMarket,
  { coll, debt }: Amounts,
  price: bigint,
): { readonly collateral: readonly CollateralLeg[]; readonly debt: readonly DebtLeg[] } => {
  const { mcr, ccr } = market.parameters
  const collateral: CollateralLeg = {
    ...collateralAmount(market, coll, price),
    priceKey: PRICE_KEY,
    price,
    maxLtv: (WAD * WAD) / (isRecoveryMode(market, price) ? ccr : mcr),
    liquidationThreshold: (WAD * WAD) / mcr,
  }
  const owed: DebtLeg = { ...debtAmount(market, debt), priceKey: FACE_VALUE_KEY, price: WAD }
  return { collateral: coll > 0n ? [collateral] : [], debt: debt > 0n ? [owed] : [] }
}

/**
 * What stands in the way of a trove below the minimum ratio: that it is the last, or, where the code is that of mainnet,
 * an offset smaller than the pool's last loss error.
 */
const blockedByOf = ({ system }: ReadMarket, isExecutable: boolean): readonly BlockedBy[] => {
  if (isExecutable) return []
  return system.troveCount <= 1n ? ['last-position'] : ['dust']
}

const phaseOf = ({ coll, debt }: Amounts, isLiquidatable: boolean, price: bigint): Phase => {
  if (debt === 0n) return 'no-debt'
  if (collateralRatioDown(coll, debt, price) < WAD) return 'bad-debt'
  return isLiquidatable ? 'liquidatable' : 'healthy'
}

/** The ratio over the minimum ratio, a wad: at least 1 exactly where the trove is at or above the minimum. */
const healthFactorDown = ({ coll, debt }: Amounts, { parameters }: ReadMarket, price: bigint): bigint =>
  debt === 0n ? UINT256_MAX : mulDivDown(collateralRatioDown(coll, debt, price), WAD, parameters.mcr)

const healthOf = (market: ReadMarket, trove: Trove, price: bigint, env: Env): Health => {
  const { revision, revisionRaw, fidelity, quote, parameters, system } = market
  const entire = entireAmounts(trove, system)
  const legs = legsOf(market, entire, price)
  const tried = unlessRefused(() => liquidateOne(market, trove, price))
  const isExecutable = entire.debt > 0n && !('kind' in tried)
  const healthFactor = healthFactorDown(entire, market, price)
  const isLiquidatable = isExecutable || healthFactor < WAD
  const collateralValue = mulDivDown(entire.coll, price, WAD)
  return {
    kind: 'assessed',
    ...subjectOf(trove, env.block),
    ...{ revision, revisionRaw, fidelity, quote },
    ...legs,
    collateralValue,
    liquidationValue: mulDivDown(entire.coll, price, parameters.mcr),
    debtValue: entire.debt,
    ...{ healthFactor, isLiquidatable, isExecutable },
    phase: phaseOf(entire, isLiquidatable, price),
    blockedBy: isLiquidatable ? blockedByOf(market, isExecutable) : [],
    debtInFront: env.debtInFront(trove),
    usd: usdOf(quote, collateralValue, entire.debt, env),
  }
}

/**
 * TroveManager.getCurrentICR over MCR, what was redistributed included. `isExecutable` is whether `liquidate` would go
 * through in this block, so it knows recovery mode, the stability pool and the last trove, and may hold above a factor of 1.
 */
export const assess = (market: LiquityMarket, trove: Trove, env: Env): Assessment => {
  const subject = subjectOf(trove, env.block)
  const fault = faultOf(market) ?? trove.fault
  if (fault) return unassessable(subject, fault)
  const price = priceOf(env)
  if (typeof price !== 'bigint') return unassessable(subject, price)
  const health = unlessRefused(() => healthOf(readMarket(market), trove, price, env))
  if (health.kind === 'assessed') return health
  const detail = health.revert || 'an assertion of the contract fails'
  return unassessable(subject, { reason: 'maths-reverts', detail })
}
