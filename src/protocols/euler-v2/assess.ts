// Health of a loan.
import type { Address } from 'viem'
import type {
  Assessment,
  BlockedBy,
  CollateralLeg,
  DebtLeg,
  Health,
  Phase,
  Subject,
} from '../../model/assessment.ts'
import type { Fault } from '../../model/market.ts'
import type { PriceKey } from '../../model/price.ts'
import { subjectOf } from '../../model/subject.ts'
import { bps, bpsToWad, UINT256_MAX, WAD } from '../../units/brands.ts'
import { ArithmeticError } from '../../units/errors.ts'
import type { Env } from '../adapter.ts'
import { unassessable, usdOf } from '../assessing.ts'
import { RefusedError } from '../refusing.ts'
import { accrue } from './accrual.ts'
import { executeLiquidation, isInCoolOff, isMoving, requestFor } from './execution.ts'
import {
  type CollateralValue,
  isViolation,
  type Liquidity,
  type Loan,
  liquidityOf,
  owedAssetsUp,
  routeOf,
} from './liquidity.ts'
import { ltvAt } from './ltv.ts'
import { isDisabled, OP } from './operations.ts'
import { QuoteFailedError } from './oracle/quote.ts'
import { priceKeysOf, UNIT_KEY } from './oracle/route.ts'
import { type Controller, type EulerMarket, type EulerPosition, isController } from './state.ts'

/** The price that a leg goes by: the first of its route; the unit of account has none. */
const pricedBy = (loan: Loan, base: Address): { readonly priceKey: PriceKey; readonly price: bigint } => {
  const [priceKey] = priceKeysOf(routeOf(loan.controller, base))
  const reading = priceKey === undefined ? undefined : loan.env.prices(priceKey)
  const unit = 10n ** BigInt(loan.controller.quote.decimals)
  if (priceKey === undefined) return { priceKey: UNIT_KEY, price: unit }
  return { priceKey, price: reading?.kind === 'price' ? reading.price : 0n }
}

/** A collateral whose LTV is 0 counts nothing, and no oracle is asked for it. */
const collateralLeg = (loan: Loan, { collateral, balance, ltv, quoted }: CollateralValue): CollateralLeg => ({
  asset: collateral,
  symbol: loan.controller.collaterals[collateral]?.token.symbol ?? '',
  decimals: loan.controller.collaterals[collateral]?.token.decimals ?? 0,
  ...pricedBy(loan, collateral),
  amount: balance,
  value: quoted,
  maxLtv: bpsToWad(bps(ltvAt(loan.controller.collaterals[collateral]?.ltv, 'borrow', loan.env.timestamp))),
  liquidationThreshold: bpsToWad(bps(ltv)),
})

const debtLeg = (loan: Loan, value: bigint): DebtLeg => {
  const { asset, assetToken } = loan.controller.identity
  return { asset, ...assetToken, ...pricedBy(loan, asset), amount: owedAssetsUp(loan), value }
}

/** Why nobody can liquidate what can be liquidated. */
const blockedBy = (loan: Loan): readonly BlockedBy[] => {
  const { controller, position, env } = loan
  const blocks: readonly BlockedBy[] = [
    ...(isDisabled(controller, OP.liquidate) ? (['paused'] as const) : []),
    ...(isInCoolOff(loan) ? (['cool-off'] as const) : []),
  ]
  if (blocks.length > 0) return blocks
  const tries = position.collaterals.map((collateral) =>
    executeLiquidation(controller, position, env, requestFor(controller, collateral)),
  )
  if (tries.some(isMoving)) return []
  const isPaused = tries.some((one) => 'kind' in one && one.revert === 'E_OperationDisabled')
  return [isPaused ? 'paused' : 'no-collateral']
}

const phaseOf = (loan: Loan, liquidity: Liquidity, collateralValue: bigint): Phase => {
  if (owedAssetsUp(loan) === 0n) return 'no-debt'
  if (!isViolation(liquidity)) return 'healthy'
  return collateralValue < liquidity.liabilityValue ? 'bad-debt' : 'liquidatable'
}

/** accountLiquidity: weighted collateral for a debt that is worth anything, a wad, cut. */
const healthFactorDown = ({ collateralValue, liabilityValue }: Liquidity): bigint =>
  liabilityValue === 0n ? UINT256_MAX : (collateralValue * WAD) / liabilityValue

const healthOf = (subject: Subject, loan: Loan): Health => {
  const { revision, revisionRaw, fidelity, quote } = loan.controller
  const liquidity = liquidityOf(loan, 'liquidation')
  const { collateralValue: liquidationValue, liabilityValue: debtValue } = liquidity
  const collateralValue = liquidity.collaterals.reduce((sum, { quoted }) => sum + quoted, 0n)
  const isLiquidatable = isViolation(liquidity)
  const blocks = isLiquidatable ? blockedBy(loan) : []
  const debt = debtLeg(loan, debtValue)
  return {
    kind: 'assessed',
    ...subject,
    revision,
    revisionRaw,
    fidelity,
    quote,
    collateral: liquidity.collaterals
      .filter(({ collateral }) => loan.controller.collaterals[collateral])
      .map((one) => collateralLeg(loan, one)),
    debt: debt.amount === 0n ? [] : [debt],
    collateralValue,
    liquidationValue,
    debtValue,
    healthFactor: healthFactorDown(liquidity),
    isLiquidatable,
    isExecutable: isLiquidatable && blocks.length === 0,
    phase: phaseOf(loan, liquidity, collateralValue),
    blockedBy: blocks,
    usd: usdOf(quote, collateralValue, debtValue, loan.env),
  }
}

const faultOf = (market: EulerMarket, position: EulerPosition): Fault | undefined =>
  market.fault ??
  position.fault ??
  (isController(market) ? undefined : { reason: 'not-yet-read', detail: 'the vault is not read yet' })

/**
 * accountLiquidity(account, true) after accrual to the block's time, as `liquidate` applies it: middle prices, liquidation
 * LTVs as far as they are ramped, values in the unit of account.
 */
export const assess = (market: EulerMarket, position: EulerPosition, env: Env): Assessment => {
  const subject = subjectOf(position, env.block)
  const fault = faultOf(market, position)
  if (fault) return unassessable(subject, fault)
  try {
    const controller: Controller = accrue(market as Controller, env.timestamp)
    return healthOf(subject, { controller, position, env })
  } catch (error) {
    if (error instanceof QuoteFailedError) return unassessable(subject, error.fault)
    if (error instanceof ArithmeticError || error instanceof RefusedError)
      return unassessable(subject, { reason: 'maths-reverts', detail: error.message })
    throw error
  }
}
