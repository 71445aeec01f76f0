import type { Bps } from '../../../units/brands.ts'
import type { ReserveConfiguration } from '../configuration.ts'
import type { EModeCategory, Reserve, StableDebt } from '../state.ts'

/** One reserve's part of an account, in the base currency; a leg that is not collateral has collateral value 0. */
export type ValuedLeg = {
  readonly collateralValue: bigint
  readonly ltv: Bps
  readonly liquidationThreshold: Bps
  readonly debtValue: bigint
}

/**
 * Pool.getUserAccountData. Sums in the base currency; `healthFactor` is a wad, 2^256 − 1 without debt value; the averages
 * are whole basis points.
 */
export type AccountTotals = {
  readonly collateralValue: bigint
  readonly debtValue: bigint
  readonly availableBorrows: bigint
  readonly averageThreshold: bigint
  readonly averageLtv: bigint
  readonly liquidationValue: bigint
  readonly healthFactor: bigint
}

/** What differs between revisions of the pool when an account is valued. All results are the contract's integers. */
export type AccountMath = {
  normalizedIncome(reserve: Reserve, timestamp: number): bigint
  normalizedDebt(reserve: Reserve, timestamp: number): bigint
  stableBalance(debt: StableDebt, timestamp: number): bigint
  /** What a scaled variable debt earns between two indices (rays). */
  debtInterest(scaled: bigint, from: bigint, to: bigint): bigint
  collateralBalance(scaled: bigint, normalizedIncome: bigint): bigint
  variableDebtBalance(scaled: bigint, normalizedDebt: bigint): bigint
  /** A debt of which `percent` (basis points) of the interest since `previousBalance` is waived; undefined where health ignores that. */
  readonly discounted?: (balance: bigint, previousBalance: bigint, percent: bigint) => bigint
  collateralValue(amount: bigint, price: bigint, decimals: number): bigint
  debtValue(amount: bigint, price: bigint, decimals: number): bigint
  /** Whether the threshold and the bonus of the account's category take the place of the reserve's own. */
  isInCategory(
    category: EModeCategory,
    eMode: number,
    reserveId: number,
    configuration: ReserveConfiguration,
  ): boolean
  /** Whether a reserve that the account uses as collateral counts. */
  countsAsCollateral(configuration: ReserveConfiguration): boolean
  /** The LTV that a collateral has for an account; `category` is the account's, if any. */
  ltv(
    configuration: ReserveConfiguration,
    reserveId: number,
    category: EModeCategory | undefined,
    isInCategory: boolean,
  ): Bps
  /** Health is of the average threshold cut to a whole basis point. */
  readonly isAverageCut: boolean
  totals(legs: readonly ValuedLeg[]): AccountTotals
}

/** Scaled amounts that token movements take, from amounts and the index (ray). */
export type TokenMath = {
  collateralMintScaled(amount: bigint, index: bigint): bigint
  collateralBurnScaled(amount: bigint, index: bigint): bigint
  collateralTransferScaled(amount: bigint, index: bigint): bigint
  debtMintScaled(amount: bigint, index: bigint): bigint
  debtBurnScaled(amount: bigint, index: bigint): bigint
}

/** What differs between revisions of SupplyLogic, BorrowLogic and their validation. */
export type ActionMath = {
  /** Amounts are checked, and everything is withdrawn, by scaled amounts; the health of a borrower is checked afterwards. */
  readonly checksScaled: boolean
  /** Whether an asset has an LTV is asked of the account's category first. */
  readonly usesCategoryLtv: boolean
  /** In a category, its borrowable bitmap takes the place of the reserve's own switch. */
  readonly categoryAllowsBorrowing: boolean
  /** No more can be borrowed than all aTokens are worth. */
  readonly isLimitedBySupply: boolean
  /** Debt ceilings of isolated collateral, and siloed debts. `before`: ceilings are checked before the account is; `after`: when the debt is minted. */
  readonly isolation: 'before' | 'after' | 'none'
}

/** What differs between revisions of LiquidationLogic. Percentages are basis points. */
export type LiquidationMath = {
  /** `reserve`: half of the debt in one reserve; `account`: half of the whole debt, and only where both sides are large. */
  readonly closeFactor: 'reserve' | 'account'
  /** Neither side may be left with less than MIN_LEFTOVER_BASE. */
  readonly hasDustRule: boolean
  /** Debt that no collateral covers is written off as a deficit. */
  readonly hasDeficit: boolean
  readonly hasGracePeriod: boolean
  readonly hasSentinel: boolean
  /** The collateral's state is accrued before anything is computed, and its index moves even where aTokens are received. */
  readonly accruesCollateral: boolean
  /** `amount`: the collateral is gone when the whole balance was taken; `scaled`: when no scaled balance is left. */
  readonly collateralIsGone: 'amount' | 'scaled'
  /** `amount`: the borrow bit goes with the outstanding amount; `scaled`: with the scaled debt. */
  readonly debtIsGone: 'amount' | 'scaled'
  collateralWithBonus(collateral: bigint, bonus: bigint): bigint
  collateralWithoutBonus(collateral: bigint, bonus: bigint): bigint
  debtWithoutBonus(debt: bigint, bonus: bigint): bigint
  protocolFee(bonusCollateral: bigint, fee: bigint): bigint
}

/** Which state a pool of the revision keeps, and by which functions it tells it. */
export type StateShape = {
  /** Debt at stable rates. */
  readonly hasStableDebt: boolean
  /** getVirtualUnderlyingBalance and getLiquidationGracePeriod. */
  readonly hasVirtualBalance: boolean
  /** A reserve may be left out of that: one that is minted on borrowing, like GHO. */
  readonly isVirtualBalanceOptional: boolean
  /** Categories with bitmaps, instead of reserves with a category. */
  readonly hasLiquidEModes: boolean
  readonly hasDeficit: boolean
  readonly hasLtvzeroBitmap: boolean
  readonly hasIsolatedEModes: boolean
}

/** What the contract says when it refuses: an error's name since 3.4, the name behind a numeric code before. */
export type Refusal =
  | 'inactive'
  | 'paused'
  | 'frozen'
  | 'sentinel'
  | 'grace-period'
  | 'healthy'
  | 'not-collateral'
  | 'not-borrowed'
  | 'dust'
  | 'zero-amount'
  | 'zero-burn'
  | 'zero-mint'
  | 'balance'
  | 'borrowing-off'
  | 'not-borrowable-in-e-mode'
  | 'no-ltv'
  | 'not-covered'
  | 'unhealthy'
  | 'no-debt'
  | 'supply-cap'
  | 'borrow-cap'
  | 'not-borrowable-in-isolation'
  | 'debt-ceiling'
  | 'no-collateral'
  | 'siloed'

/** One revision of the pool and its tokens. */
export type Revision = {
  readonly name: string
  readonly state: StateShape
  readonly account: AccountMath
  readonly tokens: TokenMath
  readonly actions: ActionMath
  readonly liquidation: LiquidationMath
  readonly refusals: Readonly<Record<Refusal, string>>
}
