// Whether what is computed of a vault's loans is the contracts' own arithmetic throughout.
import { isHooked, OP } from './operations.ts'
import { isObserved } from './oracle/route.ts'
import type { Collateral, EulerMarket } from './state.ts'

const counts = ({ ltv }: Collateral): boolean =>
  ltv.borrowLTV > 0n || ltv.liquidationLTV > 0n || ltv.initialLiquidationLTV > 0n

/**
 * The vault with its fidelity: `observed` where a price that counts is read by view of a sample, or where the governor's own
 * contract is asked before a liquidation, which may refuse it.
 */
export const withFidelity = <M extends EulerMarket>(market: M): M => {
  const { routes = {}, collaterals = {}, identity, config } = market
  const counted = Object.entries(routes).filter(([base]) => {
    const collateral = collaterals[base as keyof typeof collaterals]
    return base === identity?.asset || (collateral !== undefined && counts(collateral))
  })
  const hooked = config !== undefined && isHooked({ config }, OP.liquidate | OP.vaultStatusCheck)
  const isAnyObserved = hooked || counted.some(([, route]) => isObserved(route))
  return { ...market, fidelity: isAnyObserved ? 'observed' : 'exact' }
}
