// Pool.liquidationCall, executed on a state: LiquidationLogic, step by step.

import type { Blocked, LiquidationRequest } from '../../model/liquidation.ts'
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { unlessRefused } from '../refusing.ts'
import { type Account, type AccountLeg, accountOf, owedIn } from './account.ts'
import { accrued, indicesOf } from './accrual.ts'
import { isInGracePeriod, isProtectedBySentinel } from './assess.ts'
import { decodeConfiguration, isBorrowing } from './configuration.ts'
import { moveIsolatedDebt } from './isolation.ts'
import { type Amounts, acceptedAmounts, leavesNoCollateral, type Pair } from './liquidation-amounts.ts'
import {
  moveCollateral,
  moveDebt,
  moveSupply,
  moveUnderlying,
  moveVirtual,
  type Pool,
  setBorrowing,
  setCollateral,
} from './movements.ts'
import { requireAccount, requireThat } from './refusing.ts'
import { burnStable } from './stable-debt.ts'
import { type AaveMarket, type AavePosition, type Reserve, withReserve } from './state.ts'

/** `receiveAToken`: the liquidator takes aTokens, which needs no liquidity; else the underlying. */
export type AaveRequest = LiquidationRequest & { readonly receiveAToken?: boolean }

/** Debt burned in one reserve: `amount` in units of the asset, `scaled` by `index` (ray); `deficit` is the part that nobody repays. */
export type DebtBurn = {
  readonly reserve: Reserve
  readonly amount: bigint
  readonly scaled: bigint
  readonly index: bigint
  readonly deficit: bigint
}

/** What a liquidation moved. Scaled amounts are of the collateral's aToken, by its index (ray). */
export type Execution = Amounts & {
  readonly pair: Pair
  readonly scaledToLiquidator: bigint
  readonly scaledProtocolFee: bigint
  readonly collateralIndex: bigint
  readonly burns: readonly DebtBurn[]
  readonly pool: Pool
}

/** The account's leg in a reserve; one without balances where it has none. Refuses what is not listed. */
const legIn = (market: AaveMarket, account: Account, asset: Reserve['asset']): AccountLeg => {
  const leg = account.legs.find(({ reserve }) => reserve.asset === asset)
  if (leg) return leg
  const reserve = market.reserves[asset]
  requireThat(account.revision, reserve !== undefined, 'inactive')
  const configuration = decodeConfiguration((reserve as Reserve).configuration)
  return {
    reserve: reserve as Reserve,
    configuration,
    priceKey: '',
    price: 0n,
    isCollateral: false,
    supplied: 0n,
    collateralValue: 0n,
    ltv: configuration.ltv,
    liquidationThreshold: configuration.liquidationThreshold,
    bonus: configuration.liquidationBonus,
    isBorrowed: false,
    variableDebt: 0n,
    stableDebt: 0n,
    debtValue: 0n,
  }
}

/** ValidationLogic.validateLiquidationCall, in its order. */
const validate = (market: AaveMarket, { account, debt, collateral }: Pair, timestamp: number): void => {
  const { revision, totals } = account
  const both = [collateral, debt]
  const require = (condition: boolean, refusal: Parameters<typeof requireThat>[2]): void =>
    requireThat(revision, condition, refusal)
  require(both.every(({ configuration }) => configuration.isActive), 'inactive')
  require(!both.some(({ configuration }) => configuration.isPaused), 'paused')
  require(!isProtectedBySentinel(market, account), 'sentinel')
  require(!both.some((leg) => isInGracePeriod(leg, account, timestamp)), 'grace-period')
  require(totals.healthFactor < WAD, 'healthy')
  require(collateral.isCollateral, 'not-collateral')
  require(owedIn(debt) !== 0n, 'not-borrowed')
}

/** The pair that a request names, once the pool accepts it. */
const validPair = (market: AaveMarket, account: Account, request: AaveRequest, timestamp: number): Pair => {
  const pair: Pair = {
    account,
    debt: legIn(market, account, request.debtAsset),
    collateral: legIn(market, account, request.collateralAsset),
  }
  validate(market, pair, timestamp)
  return pair
}

type Burned = { readonly pool: Pool; readonly burn: DebtBurn }

/** LiquidationLogic._burnDebtTokens: of what is owed, `repaid` comes in, and the rest is a deficit where no collateral is left. */
const burnDebt = (
  pool: Pool,
  leg: AccountLeg,
  account: Account,
  repaid: bigint,
  isBadDebt: boolean,
  timestamp: number,
): Burned => {
  const { revision } = account
  const owed = owedIn(leg)
  const amount = isBadDebt ? owed : repaid
  const variable = amount < leg.variableDebt ? amount : leg.variableDebt
  const reserve = accrued(pool.market.reserves[leg.reserve.asset] ?? leg.reserve, revision, timestamp)
  const index = reserve.variableBorrowIndex
  const scaled = owed === 0n ? 0n : revision.tokens.debtBurnScaled(variable, index)
  requireThat(revision, leg.variableDebt === 0n || scaled !== 0n, 'zero-burn')
  const deficit = isBadDebt ? owed - repaid : 0n
  const paid = moveVirtual({ ...reserve, deficit: reserve.deficit + deficit }, repaid)
  const burned = moveDebt({ ...pool, market: withReserve(pool.market, paid) }, paid, -scaled)
  const current = burned.market.reserves[reserve.asset] ?? paid
  const cleared = burnStable(burned, current, revision.account, amount - variable, timestamp)
  const left = cleared.position.legs[reserve.asset]
  const isGone =
    revision.liquidation.debtIsGone === 'scaled' ? (left?.scaledVariableDebt ?? 0n) === 0n : amount === owed
  return {
    pool: isGone ? { ...cleared, position: setBorrowing(cleared.position, reserve, false) } : cleared,
    burn: { reserve, amount: variable, scaled, index, deficit },
  }
}

/** LiquidationLogic._burnBadDebt: every other debt of an account without collateral becomes a deficit. */
const burnBadDebts = (pool: Pool, account: Account, timestamp: number) => {
  let current = pool
  const burns: DebtBurn[] = []
  const byId = [...account.legs].sort((a, b) => a.reserve.id - b.reserve.id)
  for (const leg of byId) {
    if (!isBorrowing(current.position.userConfiguration, leg.reserve.id)) continue
    if (!leg.configuration.isActive) continue
    const { pool: next, burn } = burnDebt(current, leg, account, 0n, true, timestamp)
    current = next
    if (burn.amount > 0n) burns.push(burn)
  }
  return { pool: current, burns }
}

/** The scaled amounts that leave the borrower's aTokens; a fee that exceeds what is left is cut to it. */
const scaledSeizure = (
  { account }: Pair,
  held: bigint,
  { toLiquidator, protocolFee }: Amounts,
  index: bigint,
  receivesAToken: boolean,
) => {
  const { tokens, account: math } = account.revision
  const scaledToLiquidator = receivesAToken
    ? tokens.collateralTransferScaled(toLiquidator, index)
    : tokens.collateralBurnScaled(toLiquidator, index)
  const left = held - scaledToLiquidator
  const wanted = tokens.collateralTransferScaled(protocolFee, index)
  if (wanted <= left)
    return { scaledToLiquidator, scaledProtocolFee: wanted, protocolFee, left: left - wanted }
  const capped = math.collateralBalance(left, index)
  return { scaledToLiquidator, scaledProtocolFee: left, protocolFee: capped, left: 0n }
}

/** Takes the collateral out of the account, and its underlying out of the pool where that is what the liquidator wants. */
const seize = (
  pool: Pool,
  pair: Pair,
  amounts: Amounts,
  isGone: boolean,
  { receiveAToken = false }: AaveRequest,
  timestamp: number,
) => {
  const { revision } = pair.account
  const { asset } = pair.collateral.reserve
  const stored = pool.market.reserves[asset] ?? pair.collateral.reserve
  const index = indicesOf(stored, revision.account, timestamp).income
  const accrues = !receiveAToken || revision.liquidation.accruesCollateral
  const current = accrues ? accrued(stored, revision, timestamp) : stored
  const held = pool.position.legs[asset]?.scaledCollateral ?? 0n
  const reserve = receiveAToken ? current : moveVirtual(current, -amounts.toLiquidator)
  const scaled = scaledSeizure(pair, held, amounts, index, receiveAToken)
  requireThat(revision, receiveAToken || scaled.scaledToLiquidator !== 0n, 'zero-burn')
  const paid = receiveAToken
    ? reserve
    : moveUnderlying(moveSupply(reserve, -scaled.scaledToLiquidator), -amounts.toLiquidator)
  const taken = moveCollateral(pool.position, paid, -(scaled.scaledToLiquidator + scaled.scaledProtocolFee))
  return {
    pool: {
      market: withReserve(pool.market, paid),
      position: isGone ? setCollateral(taken, paid, false) : taken,
    },
    index,
    ...scaled,
  }
}

/** How much of the collateral is really consumed once both scaled amounts are rounded up, and whether nothing of it is left (3.7). */
const consumptionOf = (pair: Pair, held: bigint, amounts: Amounts, index: bigint) => {
  const { tokens, account } = pair.account.revision
  const scaled =
    tokens.collateralBurnScaled(amounts.toLiquidator, index) +
    tokens.collateralTransferScaled(amounts.protocolFee, index)
  const consumed = scaled > held ? held : scaled
  return { amount: account.collateralBalance(consumed, index), isWhole: consumed === held }
}

/** Pool.liquidationCall on a state. Refuses as the contract does, by throwing. */
const execute = (pool: Pool, account: Account, request: AaveRequest, env: Env): Execution => {
  const { timestamp } = env
  const pair = validPair(pool.market, account, request, timestamp)
  const { liquidation, account: math } = account.revision
  const amounts = acceptedAmounts(pair, request.repay ?? UINT256_MAX)
  const held = pool.position.legs[pair.collateral.reserve.asset]?.scaledCollateral ?? 0n
  const { income } = indicesOf(pair.collateral.reserve, math, timestamp)
  const consumption = consumptionOf(pair, held, amounts, income)
  const isBadDebt = leavesNoCollateral(pair, amounts, consumption.amount)
  const isGone =
    liquidation.collateralIsGone === 'scaled'
      ? consumption.isWhole || isBadDebt
      : amounts.toLiquidator + amounts.protocolFee === pair.collateral.supplied
  const repaid = burnDebt(pool, pair.debt, account, amounts.repaid, isBadDebt, timestamp)
  // Until 3.2 the collateral bit is cleared first: isolated collateral that is gone keeps its debt.
  const isolated =
    isGone && !liquidation.hasDeficit
      ? repaid.pool
      : moveIsolatedDebt(repaid.pool, account.revision, pair.debt.reserve, -amounts.repaid)
  const seized = seize(isolated, pair, amounts, isGone, request, timestamp)
  const cleared = isBadDebt ? burnBadDebts(seized.pool, account, timestamp) : { pool: seized.pool, burns: [] }
  const debtReserve = cleared.pool.market.reserves[pair.debt.reserve.asset] ?? pair.debt.reserve
  const market = withReserve(cleared.pool.market, moveUnderlying(debtReserve, amounts.repaid))
  return {
    pair,
    repaid: amounts.repaid,
    toLiquidator: amounts.toLiquidator,
    protocolFee: seized.protocolFee,
    scaledToLiquidator: seized.scaledToLiquidator,
    scaledProtocolFee: seized.scaledProtocolFee,
    collateralIndex: seized.index,
    burns: [repaid.burn, ...cleared.burns],
    pool: { market, position: cleared.pool.position },
  }
}

type Known = { readonly market: AaveMarket; readonly env: Env; readonly account: Account }

const lastAccounts = new WeakMap<AavePosition, Known>()

/** An account that whoever looks for the best amount asks for again and again: worked out once. */
const knownAccount = (market: AaveMarket, position: AavePosition, env: Env): Account => {
  const last = lastAccounts.get(position)
  if (last?.market === market && last.env === env) return last.account
  const account = requireAccount(accountOf(market, position, env))
  lastAccounts.set(position, { market, env, account })
  return account
}

/** Pool.liquidationCall in this block, whole: what it moves and the state behind it, or the contract's refusal. */
export const executeLiquidation = (
  market: AaveMarket,
  position: AavePosition,
  env: Env,
  request: AaveRequest,
): { readonly kind: 'executed'; readonly execution: Execution } | Blocked =>
  unlessRefused(() => {
    const account = knownAccount(market, position, env)
    return { kind: 'executed', execution: execute({ market, position }, account, request, env) }
  })
