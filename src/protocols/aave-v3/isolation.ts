// Isolation mode and siloed borrowing, until 3.6: they limit what may be borrowed, never health.
import { decodeConfiguration, isBorrowing, isUsingAsCollateral } from './configuration.ts'
import type { Pool } from './movements.ts'
import { requireThat } from './refusing.ts'
import type { Revision } from './revisions/revision.ts'
import { type AaveMarket, type AavePosition, type Reserve, reservesOf, withReserve } from './state.ts'

const DEBT_CEILING_DECIMALS = 2

const collateralsOf = (market: AaveMarket, { userConfiguration }: AavePosition): readonly Reserve[] =>
  reservesOf(market).filter(({ id }) => id >= 0 && isUsingAsCollateral(userConfiguration, id))

const ceilingOf = ({ configuration }: Reserve): bigint => decodeConfiguration(configuration).debtCeiling

/** UserConfiguration.getIsolationModeState: the account's one collateral, where it has a debt ceiling. */
const isolatedCollateral = ({ market, position }: Pool, { actions }: Revision): Reserve | undefined => {
  const [only, ...others] = collateralsOf(market, position)
  const isIsolated = actions.isolation !== 'none' && only && others.length === 0 && ceilingOf(only) !== 0n
  return isIsolated ? only : undefined
}

/** An amount of the reserve's asset in units of a debt ceiling: dollars with 2 decimals, whatever it is worth. */
const ceilingUnitsDown = ({ configuration }: Reserve, amount: bigint): bigint =>
  amount / 10n ** BigInt(decodeConfiguration(configuration).decimals - DEBT_CEILING_DECIMALS)

/** Refuses a debt that isolated collateral may not back, or not to this amount. */
export const requireWithinCeiling = (
  pool: Pool,
  revision: Revision,
  reserve: Reserve,
  amount: bigint,
): void => {
  const collateral = isolatedCollateral(pool, revision)
  if (!collateral) return
  const { isBorrowableInIsolation } = decodeConfiguration(reserve.configuration)
  requireThat(revision, isBorrowableInIsolation, 'not-borrowable-in-isolation')
  const next = collateral.isolationModeTotalDebt + ceilingUnitsDown(reserve, amount)
  requireThat(revision, next <= ceilingOf(collateral), 'debt-ceiling')
}

/** IsolationModeLogic: the isolated collateral's debt, up by what was borrowed or, with a negative amount, down to zero at most. */
export const moveIsolatedDebt = (pool: Pool, revision: Revision, reserve: Reserve, amount: bigint): Pool => {
  const collateral = isolatedCollateral(pool, revision)
  if (!collateral) return pool
  const units = ceilingUnitsDown(reserve, amount < 0n ? -amount : amount)
  const next = collateral.isolationModeTotalDebt + (amount < 0n ? -units : units)
  const isolationModeTotalDebt = next > 0n ? next : 0n
  return { ...pool, market: withReserve(pool.market, { ...collateral, isolationModeTotalDebt }) }
}

/** Refuses a second debt beside a siloed one, and a siloed one beside others. */
export const requireNotSiloed = ({ market, position }: Pool, revision: Revision, reserve: Reserve): void => {
  if (revision.actions.isolation === 'none') return
  const borrowed = reservesOf(market).filter(
    ({ id }) => id >= 0 && isBorrowing(position.userConfiguration, id),
  )
  const isSiloed = ({ configuration }: Reserve): boolean => decodeConfiguration(configuration).isSiloed
  const [only, ...others] = borrowed
  if (!only) return
  if (others.length === 0 && isSiloed(only)) requireThat(revision, only.asset === reserve.asset, 'siloed')
  else requireThat(revision, !isSiloed(reserve), 'siloed')
}

/** ValidationLogic.validateUseAsCollateral: isolated collateral stands alone, and is not enabled by itself. */
export const mayJoinCollateral = (pool: Pool, revision: Revision, reserve: Reserve): boolean =>
  revision.actions.isolation === 'none' ||
  (ceilingOf(reserve) === 0n && isolatedCollateral(pool, revision) === undefined)
