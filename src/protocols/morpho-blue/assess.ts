// Health of a loan.
import type { Assessment, CollateralLeg, DebtLeg, Health, Phase, Subject } from '../../model/assessment.ts'
import type { Fault } from '../../model/market.ts'
import type { PriceKey } from '../../model/price.ts'
import { subjectOf } from '../../model/subject.ts'
import { ArithmeticError } from '../../units/errors.ts'
import { powerOfTen } from '../../units/power-of-ten.ts'
import type { Env } from '../adapter.ts'
import { unassessable, usdOf } from '../assessing.ts'
import { RefusedError } from '../refusing.ts'
import { accruePool, type Pool, readMarket } from './accrual.ts'
import { healthFactorDown, isHealthy, type Loan, loanOf } from './loan.ts'
import {
  faultOf,
  type MarketParams,
  type MorphoMarket,
  type MorphoPosition,
  priceKeyOf,
  QUOTE_PRICE_KEY,
} from './state.ts'

const priceKeys = new WeakMap<MarketParams, PriceKey>()

/** The key of a market's price: the same for all its loans, so put together once. */
const priceKeyIn = (params: MarketParams): PriceKey => {
  const known = priceKeys.get(params)
  if (known !== undefined) return known
  const key = priceKeyOf(params.oracle)
  priceKeys.set(params, key)
  return key
}

/** The market's price, also a price of 0: Morpho goes by it, and every loan is then unhealthy. */
const priceOf = (params: MarketParams, env: Env): bigint | Fault => {
  const { oracle } = params
  const reading = env.prices(priceKeyIn(params))
  if (!reading) return { reason: 'not-yet-read', detail: `the price of oracle ${oracle} is not read yet` }
  if (reading.kind === 'failed')
    return { reason: 'price-failed', detail: `oracle ${oracle}: ${reading.error}` }
  return reading.price
}

const collateralLeg = ({ market, position }: Pool, { quoted }: Loan, price: bigint): CollateralLeg => ({
  asset: market.params.collateralToken,
  symbol: market.reading.collateral.symbol,
  decimals: market.reading.collateral.decimals,
  priceKey: priceKeyIn(market.params),
  amount: position.collateral,
  price,
  value: quoted,
  maxLtv: market.params.lltv,
  liquidationThreshold: market.params.lltv,
})

const debtLeg = ({ market }: Pool, { borrowed }: Loan): DebtLeg => ({
  asset: market.params.loanToken,
  symbol: market.reading.loan.symbol,
  decimals: market.reading.loan.decimals,
  priceKey: QUOTE_PRICE_KEY,
  amount: borrowed,
  price: powerOfTen(market.reading.loan.decimals),
  value: borrowed,
})

const phaseOf = (loan: Loan): Phase => {
  if (loan.borrowed === 0n) return 'no-debt'
  if (isHealthy(loan)) return 'healthy'
  return loan.quoted < loan.borrowed ? 'bad-debt' : 'liquidatable'
}

const healthOf = (subject: Subject, pool: Pool, loan: Loan, price: bigint, env: Env): Health => {
  const { revision, revisionRaw, fidelity, quote } = pool.market
  const isLiquidatable = !isHealthy(loan)
  return {
    kind: 'assessed',
    id: subject.id,
    owner: subject.owner,
    chainId: subject.chainId,
    protocol: subject.protocol,
    deployment: subject.deployment,
    market: subject.market,
    block: subject.block,
    revision,
    revisionRaw,
    fidelity,
    quote,
    collateral: pool.position.collateral > 0n ? [collateralLeg(pool, loan, price)] : [],
    debt: loan.borrowed > 0n ? [debtLeg(pool, loan)] : [],
    collateralValue: loan.quoted,
    liquidationValue: loan.maxBorrow,
    debtValue: loan.borrowed,
    healthFactor: healthFactorDown(loan),
    isLiquidatable,
    isExecutable: isLiquidatable,
    phase: phaseOf(loan),
    blockedBy: [],
    usd: usdOf(quote, loan.quoted, loan.borrowed, env),
  }
}

/**
 * Morpho._isHealthy after accrual to the block's time, as `liquidate` applies it, with values in units of the loan token.
 * Nothing can pause a liquidation: what is liquidatable is executable.
 */
export const assess = (market: MorphoMarket, position: MorphoPosition, env: Env): Assessment => {
  const subject = subjectOf(position, env.block)
  const fault = faultOf(market) ?? position.fault
  if (fault) return unassessable(subject, fault)
  try {
    const pool = accruePool({ market: readMarket(market), position }, env.timestamp)
    const price = priceOf(market.params, env)
    if (typeof price !== 'bigint') return unassessable(subject, price)
    return healthOf(subject, pool, loanOf(pool, price), price, env)
  } catch (error) {
    if (error instanceof ArithmeticError || error instanceof RefusedError)
      return unassessable(subject, { reason: 'maths-reverts', detail: error.message })
    throw error
  }
}
