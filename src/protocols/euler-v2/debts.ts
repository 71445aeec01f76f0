// What a vault does to debts once interest is accrued: shared/BorrowUtils.sol. Each answers the state behind it.
import { checkedSub } from '../../units/mul-div.ts'
import { requireThat } from '../refusing.ts'
import { currentOwed } from './accrual.ts'
import { assetsToOwed, checkedAmount, checkedOwed, DEBT_PRECISION_SHIFT, owedToAssetsUp } from './math.ts'
import type { EulerPosition, ReadVault } from './state.ts'

/** What the vault logs of one account's debt, in units of the asset. */
export type DebtMove = {
  readonly event: 'InterestAccrued' | 'Borrow' | 'Repay'
  readonly account: string
  readonly assets: bigint
}

type Indebted<V extends ReadVault> = {
  readonly vault: V
  readonly position: EulerPosition
  readonly moves: readonly DebtMove[]
}

const assetsUp = (owed: bigint): bigint => checkedAmount(owedToAssetsUp(owed))

const withDebt = (position: EulerPosition, owed: bigint, { status }: ReadVault): EulerPosition => ({
  ...position,
  owed,
  interestAccumulator: status.interestAccumulator,
})

const withBorrows = <V extends ReadVault>(vault: V, totalBorrows: bigint): V => ({
  ...vault,
  status: { ...vault.status, totalBorrows: checkedOwed(totalBorrows) },
})

const movesOf = (
  event: 'Borrow' | 'Repay',
  { id: { account } }: EulerPosition,
  interest: bigint,
  assets: bigint,
): readonly DebtMove[] =>
  [['InterestAccrued', interest] as const, [event, assets] as const].flatMap(([name, amount]) =>
    amount === 0n ? [] : [{ event: name, account, assets: amount }],
  )

const owedNow = (position: EulerPosition, { status }: ReadVault): bigint =>
  currentOwed(position, status.interestAccumulator)

/** BorrowUtils.increaseBorrow. */
export const increaseDebt = <V extends ReadVault>(
  vault: V,
  position: EulerPosition,
  assets: bigint,
): Indebted<V> => {
  const owed = checkedOwed(owedNow(position, vault) + assetsToOwed(assets))
  const interest = assetsUp(owed) - assetsUp(position.owed) - assets
  return {
    vault: withBorrows(vault, vault.status.totalBorrows + assetsToOwed(assets)),
    position: withDebt(position, owed, vault),
    moves: movesOf('Borrow', position, interest, assets),
  }
}

/** BorrowUtils.decreaseBorrow: the debt is rounded up to whole units of the asset first, also in the total. */
export const decreaseDebt = <V extends ReadVault>(
  vault: V,
  position: EulerPosition,
  assets: bigint,
): Indebted<V> => {
  const exact = owedNow(position, vault)
  const owed = assetsUp(exact)
  requireThat(assets <= owed, 'E_RepayTooMuch')
  const remaining = assetsToOwed(owed - assets)
  const { totalBorrows } = vault.status
  const others = totalBorrows > exact ? totalBorrows - exact : 0n
  const interest = owed - assetsUp(position.owed)
  return {
    vault: withBorrows(vault, others + remaining),
    position: withDebt(position, remaining, vault),
    moves: movesOf('Repay', position, interest, assets),
  }
}

const isDust = (owed: bigint): boolean => owed < 1n << DEBT_PRECISION_SHIFT

/** What of an exact debt a transfer of whole units moves: all of it where less than a unit would be over, or missing. */
const transferred = (exact: bigint, assets: bigint): bigint => {
  const amount = assetsToOwed(assets)
  const isWhole = (amount > exact && isDust(amount - exact)) || (amount < exact && isDust(exact - amount))
  return isWhole ? exact : amount
}

/** BorrowUtils.transferBorrow: `to` takes over `assets` of what `from` owes. */
export const transferDebt = (
  vault: ReadVault,
  from: EulerPosition,
  to: EulerPosition | undefined,
  assets: bigint,
): {
  readonly from: EulerPosition
  readonly to: EulerPosition | undefined
  readonly moves: readonly DebtMove[]
} => {
  const exact = owedNow(from, vault)
  const amount = transferred(exact, assets)
  requireThat(amount <= exact, 'E_InsufficientDebt')
  const fromAfter = withDebt(from, exact - amount, vault)
  const [before, after] = [assetsUp(from.owed), assetsUp(fromAfter.owed)]
  const repaid = before > assets + after ? before - after : assets
  const fromMoves = movesOf('Repay', from, after + repaid - before, repaid)
  if (!to) return { from: fromAfter, to: undefined, moves: fromMoves }
  const toAfter = withDebt(to, checkedOwed(owedNow(to, vault) + amount), vault)
  const [toBefore, owes] = [assetsUp(to.owed), assetsUp(toAfter.owed)]
  const borrowed = assets + toBefore > owes ? checkedSub(owes, toBefore) : assets
  const toMoves = movesOf('Borrow', to, owes - toBefore - borrowed, borrowed)
  return { from: fromAfter, to: toAfter, moves: [...fromMoves, ...toMoves] }
}
