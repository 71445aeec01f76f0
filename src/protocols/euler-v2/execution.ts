// Liquidation.liquidate (modules/Liquidation.sol), executed on a state, step by step.
import type { Address } from 'viem'
import type { Blocked, LiquidationRequest } from '../../model/liquidation.ts'
import { UINT256_MAX } from '../../units/brands.ts'
import { checkedUint256 } from '../../units/mul-div.ts'
import type { Env } from '../adapter.ts'
import { RefusedError, requireThat, unlessRefused } from '../refusing.ts'
import { accrue } from './accrual.ts'
import { type DebtMove, decreaseDebt, transferDebt } from './debts.ts'
import {
  hasNoCollateral,
  isViolation,
  type Liquidity,
  type Loan,
  liquidityOf,
  owedAssetsUp,
  requireLiquidity,
  routeOf,
} from './liquidity.ts'
import { isRecognized } from './ltv.ts'
import { checkedAmount } from './math.ts'
import { checkedVault, OP, requireEnabled } from './operations.ts'
import { quoteDown, vaultIn } from './oracle/quote.ts'
import { type Seizure, seizureFor, seizureMaxDown } from './seizure.ts'
import {
  type Controller,
  type EulerMarket,
  type EulerPosition,
  isController,
  type ReadVault,
} from './state.ts'

export const LIQUIDATE = 'liquidate'

/** Debt is socialised only where the liability was worth at least this much, in raw units of account. */
const SOCIALIZED_VALUE_MIN = 1_000_000n

const FLAG_KEEPS_BAD_DEBT = 1n

/**
 * `collateralAsset` is the vault whose shares are seized, `minYield` the least of them that the liquidator takes.
 * `liquidator` is the account that takes the debt over, where it is known: it is then held to what the contracts ask of it.
 * `isCheckDeferred`: an earlier step of the same batch acted on the borrower's account.
 */
export type EulerRequest = LiquidationRequest & {
  readonly minYield?: bigint
  readonly liquidator?: EulerPosition
  readonly isCheckDeferred?: boolean
}

/** What a liquidation moved. `most` is what the contract offered; values are of before, in the unit of account. */
export type Execution = Seizure & {
  readonly most: Seizure
  readonly liquidity: Liquidity | undefined
  /** The whole balance of the collateral, at the middle price. */
  readonly quoted: bigint
  readonly socialized: bigint
  readonly moves: readonly DebtMove[]
  readonly controller: Controller
  readonly position: EulerPosition
  readonly liquidator: EulerPosition | undefined
  readonly collateral: ReadVault | undefined
}

/** The vault as a controller, accrued; refuses where it is not read. */
export const controllerAt = (market: EulerMarket, env: Env): Controller => {
  if (!isController(market)) throw new RefusedError('the vault is not read yet')
  return accrue(market, env.timestamp)
}

/** Whether a liquidation is still refused because the account passed a check a moment ago. */
export const isInCoolOff = ({ controller, position, env }: Loan): boolean =>
  env.timestamp < position.lastAccountStatusCheck + controller.config.liquidationCoolOffTime

const requireLiquidable = (loan: Loan, request: EulerRequest): void => {
  const { controller, position } = loan
  const { collateralAsset, liquidator, isCheckDeferred = false } = request
  const { account, market } = position.id
  requireThat(account !== liquidator?.id.account, 'E_SelfLiquidation')
  requireThat(isRecognized(controller.collaterals[collateralAsset]?.ltv), 'E_BadCollateral')
  requireThat(market !== '', 'E_NoLiability')
  requireThat(market === controller.id.market, 'E_NotController')
  requireThat(position.collaterals.includes(collateralAsset), 'E_CollateralDisabled')
  requireThat(!isCheckDeferred, 'E_ViolatorLiquidityDeferred')
  requireThat(!isInCoolOff(loan), 'E_LiquidationCoolOff')
}

type Calculated = Pick<Execution, 'most' | 'liquidity' | 'quoted'>

const NOTHING: Seizure = { repay: 0n, yield: 0n }

/** Liquidation.calculateLiquidation with the most for repayment, and checkLiquidation: nothing where the loan is healthy. */
export const calculateMost = (loan: Loan, request: EulerRequest): Calculated => {
  requireLiquidable(loan, request)
  const { controller, position, env } = loan
  const liability = owedAssetsUp(loan)
  if (liability === 0n) return { most: NOTHING, liquidity: undefined, quoted: 0n }
  const liquidity = liquidityOf(loan, 'liquidation')
  if (!isViolation(liquidity)) return { most: NOTHING, liquidity, quoted: 0n }
  const collateral = request.collateralAsset
  const balance = position.balances[collateral] ?? 0n
  const quoted = quoteDown(routeOf(controller, collateral), balance, 'mid', env)
  const { maxLiquidationDiscount } = controller.config
  const most = seizureMaxDown({ ...liquidity, liability, balance, quoted, maxLiquidationDiscount })
  return { most, liquidity, quoted }
}

/** The collateral's vault after it moved shares; undefined where it is no vault of this deployment. */
const afterTransfer = ({ controller, env }: Loan, collateral: Address): ReadVault | undefined => {
  if (!controller.collaterals[collateral]?.isVault) return undefined
  const vault = vaultIn(env, collateral)
  requireEnabled(vault, OP.transfer)
  return checkedVault(vault, vault.status)
}

const moved = (position: EulerPosition, collateral: Address, amount: bigint): EulerPosition => ({
  ...position,
  balances: {
    ...position.balances,
    [collateral]: checkedAmount(checkedUint256((position.balances[collateral] ?? 0n) + amount)),
  },
})

const isSocialized = (loan: Loan, liability: bigint, { repay }: Seizure, liquidity?: Liquidity): boolean =>
  liquidity !== undefined &&
  liquidity.liabilityValue >= SOCIALIZED_VALUE_MIN &&
  (loan.controller.config.configFlags & FLAG_KEEPS_BAD_DEBT) === 0n &&
  liability > repay &&
  hasNoCollateral(loan)

const checkedLiquidator = (
  controller: Controller,
  position: EulerPosition | undefined,
  env: Env,
): EulerPosition | undefined => {
  if (!position) return undefined
  requireLiquidity({ controller, position, env })
  return { ...position, lastAccountStatusCheck: env.timestamp }
}

/** Debt and collateral change hands; the liquidator's side only where it is known. */
const exchange = (loan: Loan, { repay, yield: seized }: Seizure, request: EulerRequest) => {
  const { controller, position } = loan
  const { collateralAsset, liquidator } = request
  const debts =
    repay > 0n
      ? transferDebt(controller, position, liquidator, repay)
      : { from: position, to: liquidator, moves: [] }
  if (seized === 0n) return { ...debts, collateral: undefined }
  return {
    moves: debts.moves,
    from: moved(debts.from, collateralAsset, -seized),
    to: debts.to && moved(debts.to, collateralAsset, seized),
    collateral: afterTransfer(loan, collateralAsset),
  }
}

const execute = (loan: Loan, request: EulerRequest): Execution => {
  const { controller, env } = loan
  const { minYield = 0n, liquidator, repay } = request
  requireThat(!liquidator || liquidator.id.market === controller.id.market, 'E_ControllerDisabled')
  requireEnabled(controller, OP.liquidate)
  const calculated = calculateMost(loan, request)
  const isAll = repay === UINT256_MAX || !calculated.liquidity
  const seizure = seizureFor(calculated.most, isAll ? undefined : repay)
  requireThat(minYield <= seizure.yield, 'E_MinYield')
  const { from, to, moves, collateral } = exchange(loan, seizure, request)
  const liability = owedAssetsUp(loan)
  const isBad = isSocialized({ ...loan, position: from }, liability, seizure, calculated.liquidity)
  const socialized = isBad ? liability - seizure.repay : 0n
  const settled = isBad
    ? decreaseDebt(controller, from, socialized)
    : { vault: controller, position: from, moves: [] }
  return {
    ...calculated,
    ...seizure,
    collateral,
    socialized,
    moves: [...moves, ...settled.moves],
    position: settled.position,
    liquidator: checkedLiquidator(settled.vault, to, env),
    controller: checkedVault(settled.vault, controller.status),
  }
}

/** A liquidation in this block: what it moves and the state behind it, or the contract's refusal. */
export const executeLiquidation = (
  market: EulerMarket,
  position: EulerPosition,
  env: Env,
  request: EulerRequest,
): Execution | Blocked =>
  unlessRefused(() => execute({ controller: controllerAt(market, env), position, env }, request))

/** Whether a liquidation moves anything at all: a healthy loan's is accepted and does nothing. */
export const isMoving = (executed: Execution | Blocked): executed is Execution =>
  !('kind' in executed) && (executed.repay > 0n || executed.yield > 0n || executed.socialized > 0n)

/** A request for the most of one collateral. */
export const requestFor = ({ identity }: Controller, collateralAsset: Address): EulerRequest => ({
  method: LIQUIDATE,
  debtAsset: identity.asset,
  collateralAsset,
})
