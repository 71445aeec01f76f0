// What an owner does with a trove: BorrowerOperations' addColl, withdrawColl, withdrawBold, repayBold and closeTrove.
import type { Acted, Action, Blocked } from '../../model/liquidation.ts'
import { UINT256_MAX } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { requireThat, unlessRefused } from '../refusing.ts'
import { readBranch } from './accrual.ts'
import { type Adjustment, adjustTrove, repayAll } from './adjusting.ts'
import { branchMarket } from './assess.ts'
import { priceIn } from './pricing.ts'
import type { LiquityMarket, TroveId, TrovePosition } from './state.ts'

const NOTHING: Adjustment = { collIncrease: 0n, collDecrease: 0n, debtIncrease: 0n, debtDecrease: 0n }

const adjustmentOf = ({ kind, amount }: Action): Adjustment => {
  switch (kind) {
    case 'supply':
      return { ...NOTHING, collIncrease: amount }
    case 'withdraw':
      return { ...NOTHING, collDecrease: amount }
    case 'borrow':
      return { ...NOTHING, debtIncrease: amount }
    case 'repay':
      return { ...NOTHING, debtDecrease: amount }
  }
}

/**
 * What the owner's action in this block would leave behind, or the contract's refusal. Repaying 2^256 − 1 closes the trove;
 * any other amount is cut to what leaves the least debt that is allowed.
 */
export const act = (
  market: LiquityMarket,
  position: TrovePosition,
  env: Env,
  action: Action,
): Acted<LiquityMarket, TrovePosition> | Blocked =>
  unlessRefused(() => {
    const branch = readBranch(branchMarket(market))
    const { kind, asset, amount } = action
    const isDebt = kind === 'borrow' || kind === 'repay'
    const own = isDebt ? branch.bold : branch.collateral
    requireThat(asset === own.address, `${asset} is not the branch's ${isDebt ? 'debt' : 'collateral'}`)
    const id = position.id.account as TroveId
    const price = priceIn(env, branch)
    const { timestamp } = env
    if (kind === 'repay' && amount === UINT256_MAX) {
      const after = repayAll({ branch, trove: position }, id, price, timestamp)
      return { kind: 'acted', after: { market: after, position: undefined } }
    }
    const adjusted = adjustTrove({ branch, trove: position }, id, adjustmentOf(action), price, timestamp)
    return { kind: 'acted', after: { market: adjusted.branch, position: { ...position, ...adjusted.trove } } }
  })
