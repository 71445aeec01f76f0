// What an account does with its own loan: deposit, mint, withdraw, redeem, borrow and repay of the vaults, and the EVC's checks.
import type { Address } from 'viem'
import type { Acted, Action, Blocked } from '../../model/liquidation.ts'
import { UINT256_MAX } from '../../units/brands.ts'
import { checkedUint256 } from '../../units/mul-div.ts'
import type { Env } from '../adapter.ts'
import { requireThat, unlessRefused } from '../refusing.ts'
import { toAssetsDown, toAssetsUp, toSharesDown, toSharesUp } from './accrual.ts'
import { decreaseDebt, increaseDebt } from './debts.ts'
import { controllerAt } from './execution.ts'
import { type Loan, owedAssetsUp, requireLiquidity } from './liquidity.ts'
import { checkedAmount } from './math.ts'
import { checkedVault, OP, requireEnabled } from './operations.ts'
import { vaultIn } from './oracle/quote.ts'
import { type EulerMarket, type EulerPosition, isOpen, type ReadVault } from './state.ts'

/** What an action leaves behind, and the collateral's vault where it moved. */
type Moved = Pick<Loan, 'controller' | 'position'> & { readonly collateral?: ReadVault }

const withBalance = (position: EulerPosition, collateral: Address, balance: bigint): EulerPosition => ({
  ...position,
  balances: { ...position.balances, [collateral]: checkedAmount(checkedUint256(balance)) },
})

/** The EVC's account status check, which starts the cool-off anew. */
const checkedAccount = (loan: Loan): EulerPosition => {
  requireLiquidity(loan)
  return { ...loan.position, lastAccountStatusCheck: loan.env.timestamp }
}

type Deposited = { readonly assets: bigint; readonly shares: bigint }

/** The vault with assets paid in, or out where they are negative. */
const withDeposit = (vault: ReadVault, { assets, shares }: Deposited): ReadVault => {
  const { cash, totalShares } = vault.status
  const status = {
    ...vault.status,
    cash: checkedAmount(checkedUint256(cash + assets)),
    totalShares: checkedAmount(checkedUint256(totalShares + shares)),
  }
  return checkedVault({ ...vault, status }, vault.status)
}

/** Vault.deposit of units of the asset: shares cut; Vault.mint of shares: assets rounded up. */
const depositOf = (vault: ReadVault, amount: bigint, isInShares: boolean): Deposited => {
  requireEnabled(vault, isInShares ? OP.mint : OP.deposit)
  if (isInShares) return { shares: checkedAmount(amount), assets: toAssetsUp(amount, vault.status) }
  const shares = toSharesDown(amount, vault.status)
  requireThat(shares > 0n || amount === 0n, 'E_ZeroShares')
  return { assets: amount, shares }
}

/** Vault.withdraw of units of the asset: shares rounded up; Vault.redeem of shares: assets cut. */
const withdrawalOf = (vault: ReadVault, amount: bigint, isInShares: boolean): Deposited => {
  requireEnabled(vault, isInShares ? OP.redeem : OP.withdraw)
  if (!isInShares) return { assets: checkedAmount(amount), shares: toSharesUp(amount, vault.status) }
  const assets = toAssetsDown(amount, vault.status)
  requireThat(assets > 0n || amount === 0n, 'E_ZeroAssets')
  return { assets, shares: amount }
}

/** Vault.deposit or mint into an enabled collateral, for which no account is checked. */
const supply = (
  { controller, position }: Loan,
  vault: ReadVault,
  amount: bigint,
  isInShares: boolean,
): Moved => {
  const deposited = depositOf(vault, amount, isInShares)
  const collateral = vault.id.market as Address
  const balance = (position.balances[collateral] ?? 0n) + deposited.shares
  return {
    controller,
    position: withBalance(position, collateral, balance),
    collateral: withDeposit(vault, deposited),
  }
}

/** Vault.withdraw or redeem of an enabled collateral; 2^256 − 1 shares are all of them. */
const withdraw = (loan: Loan, vault: ReadVault, amount: bigint, isInShares: boolean): Moved => {
  const collateral = vault.id.market as Address
  const balance = loan.position.balances[collateral] ?? 0n
  const { assets, shares } = withdrawalOf(
    vault,
    isInShares && amount === UINT256_MAX ? balance : amount,
    isInShares,
  )
  requireThat(vault.status.cash >= assets, 'E_InsufficientCash')
  requireThat(balance >= shares, 'E_InsufficientBalance')
  const position = withBalance(loan.position, collateral, balance - shares)
  return {
    controller: loan.controller,
    position: checkedAccount({ ...loan, position }),
    collateral: withDeposit(vault, { assets: -assets, shares: -shares }),
  }
}

/** Borrowing.borrow; 2^256 − 1 is all the cash there is. */
const borrow = (loan: Loan, amount: bigint): Moved => {
  const { controller } = loan
  const { cash } = controller.status
  requireEnabled(controller, OP.borrow)
  const assets = amount === UINT256_MAX ? cash : checkedAmount(amount)
  requireThat(assets <= cash, 'E_InsufficientCash')
  const { vault, position } = increaseDebt(controller, loan.position, assets)
  const lent = { ...vault, status: { ...vault.status, cash: cash - assets } }
  return {
    position: checkedAccount({ ...loan, controller: lent, position }),
    controller: checkedVault(lent, controller.status),
  }
}

/** Borrowing.repay, for which no account is checked; 2^256 − 1 is all that is owed. */
const repay = (loan: Loan, amount: bigint): Moved => {
  const { controller } = loan
  requireEnabled(controller, OP.repay)
  const assets = checkedAmount(amount === UINT256_MAX ? owedAssetsUp(loan) : amount)
  if (assets === 0n) return loan
  const cash = checkedAmount(controller.status.cash + assets)
  const { vault, position } = decreaseDebt(controller, loan.position, assets)
  return {
    position,
    controller: checkedVault({ ...vault, status: { ...vault.status, cash } }, controller.status),
  }
}

/** The enabled collateral that an action names by its vault, whose shares are meant, or by what that vault lends. */
const namedCollateral = (
  { controller, position, env }: Loan,
  asset: Address,
): { readonly vault: ReadVault; readonly isInShares: boolean } | undefined => {
  const vaults = position.collaterals.filter((one) => controller.collaterals[one]?.isVault)
  const found = vaults.find((one) => one === asset || vaultIn(env, one).identity.asset === asset)
  return found && { vault: vaultIn(env, found), isInShares: found === asset }
}

const execute = (loan: Loan, { kind, asset, amount }: Action): Moved => {
  if (kind === 'borrow' || kind === 'repay') {
    requireThat(asset === loan.controller.identity.asset, 'E_NotSupported')
    return kind === 'borrow' ? borrow(loan, amount) : repay(loan, amount)
  }
  const named = namedCollateral(loan, asset)
  if (!named) {
    requireThat(false, 'E_CollateralDisabled')
    return loan
  }
  return kind === 'supply'
    ? supply(loan, named.vault, amount, named.isInShares)
    : withdraw(loan, named.vault, amount, named.isInShares)
}

/**
 * What the account's own action in this block would leave behind, or the contract's refusal: with collateral as shares of
 * its vault or as what the vault lends, and its account checked at borrow LTVs where the contracts do.
 */
export const act = (
  market: EulerMarket,
  position: EulerPosition,
  env: Env,
  action: Action,
): Acted<EulerMarket, EulerPosition> | Blocked =>
  unlessRefused(() => {
    const moved = execute({ controller: controllerAt(market, env), position, env }, action)
    const { controller, collateral } = moved
    return {
      kind: 'acted',
      after: {
        market: controller,
        position: isOpen(moved.position) ? moved.position : undefined,
        ...(collateral ? { markets: new Map([[collateral.id.market, collateral]]) } : {}),
      },
    }
  })
