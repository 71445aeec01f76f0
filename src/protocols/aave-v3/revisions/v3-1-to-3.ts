// Revisions 3.1 to 3.3 (aave-dao/aave-v3-origin, tags v3.1.0, v3.2.0, v3.3.0).

import { checkedSub } from '../../../units/mul-div.ts'
import { isInBitmap } from '../configuration.ts'
import { percentMulHalfUp } from '../math.ts'
import { codedRefusals } from './refusals.ts'
import type { Revision } from './revision.ts'
import { v3_0 } from './v3-0.ts'

/** Grace periods after a pause; the virtual balance of the underlying bounds what can be paid out. */
export const v3_1: Revision = {
  ...v3_0,
  name: '3.1',
  state: { ...v3_0.state, hasVirtualBalance: true, isVirtualBalanceOptional: true },
  actions: { ...v3_0.actions, isLimitedBySupply: true },
  liquidation: { ...v3_0.liquidation, hasGracePeriod: true },
}

/** Liquid e-modes: a category names its collateral and its borrowable reserves by bitmap. No stable debt any more. */
export const v3_2: Revision = {
  ...v3_1,
  name: '3.2',
  state: { ...v3_1.state, hasStableDebt: false, hasLiquidEModes: true },
  account: {
    ...v3_1.account,
    isInCategory: (category, _eMode, reserveId) => isInBitmap(category.collateralBitmap, reserveId),
  },
  refusals: codedRefusals,
}

/** Deficits, no dust, and a close factor over the whole debt. */
export const v3_3: Revision = {
  ...v3_2,
  name: '3.3',
  state: { ...v3_2.state, hasDeficit: true },
  account: {
    ...v3_2.account,
    discounted: (balance, previousBalance, percent) =>
      balance - percentMulHalfUp(checkedSub(balance, previousBalance), percent),
  },
  liquidation: { ...v3_2.liquidation, closeFactor: 'account', hasDustRule: true, hasDeficit: true },
}
