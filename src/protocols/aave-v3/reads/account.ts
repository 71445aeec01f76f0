// The read of one account: its bitmap, its e-mode, and the balances that count.
import { type Address, zeroAddress } from 'viem'
import { discountTokenAbi, poolAbi, scaledTokenAbi, stableDebtTokenAbi } from '../../../../abis/aave-v3.ts'
import type { BlockRef } from '../../../model/block.ts'
import type { CallResult, ContractCall } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import type { Key, Rounds } from '../../adapter.ts'
import { answerOf, faultAmong } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { decodeConfiguration, isUsing } from '../configuration.ts'
import { keys } from '../keys.ts'
import { revisionOf } from '../revisions/index.ts'
import {
  type AaveChange,
  type AaveMarket,
  type AaveMirror,
  type AavePosition,
  type AaveRead,
  isEmptyLeg,
  type Leg,
  MARKET,
  marketOf,
  positionOf,
  type Reserve,
  reservesOf,
  unknownBits,
} from '../state.ts'
import { viewOf } from './calls.ts'

/** Categories are numbered by a uint8. */
const E_MODE_MAX = 255

/** What is read of an account in a reserve beside its scaled balances. */
type LegParts = { readonly hasStableDebt: boolean; readonly hasDiscount: boolean }

/** Stable debt is read only where the reserve has, or may come to have, any; a discount only on what the pool does not account for. */
const partsOf = (market: AaveMarket, { stableDebtToken, configuration, totals }: Reserve): LegParts => {
  const revision = revisionOf(market.revision)
  const { isStableBorrowingEnabled, isVirtualAccountingActive } = decodeConfiguration(configuration)
  const mayHaveStableDebt = isStableBorrowingEnabled || totals?.stableDebt.principal !== 0n
  return {
    hasStableDebt:
      revision?.state.hasStableDebt === true && stableDebtToken !== zeroAddress && mayHaveStableDebt,
    hasDiscount: revision?.account.discounted !== undefined && !isVirtualAccountingActive,
  }
}

const STABLE_VIEWS = ['principalBalanceOf', 'getUserStableRate', 'getUserLastUpdated'] as const
const DISCOUNT_VIEWS = ['getPreviousIndex', 'getDiscountPercent'] as const

const legCalls = (account: Address, reserve: Reserve, parts: LegParts): readonly ContractCall[] => {
  const { aToken, variableDebtToken, stableDebtToken } = reserve
  const args = [account] as const
  const scaled = { abi: scaledTokenAbi, functionName: 'scaledBalanceOf', args } as const
  return [
    viewOf(aToken, scaled),
    viewOf(variableDebtToken, scaled),
    ...(parts.hasStableDebt ? STABLE_VIEWS : []).map((functionName) =>
      viewOf(stableDebtToken, { abi: stableDebtTokenAbi, functionName, args }),
    ),
    ...(parts.hasDiscount ? DISCOUNT_VIEWS : []).map((functionName) =>
      viewOf(variableDebtToken, { abi: discountTokenAbi, functionName, args }),
    ),
  ]
}

const decodeStableDebt = (results: readonly CallResult[]): Pick<Leg, 'stableDebt'> | Fault => {
  const principal = answerOf(stableDebtTokenAbi, 'principalBalanceOf', results[0])
  const rate = answerOf(stableDebtTokenAbi, 'getUserStableRate', results[1])
  const timestamp = answerOf(stableDebtTokenAbi, 'getUserLastUpdated', results[2])
  if (!principal.ok || !rate.ok || !timestamp.ok) return faultAmong(principal, rate, timestamp) as Fault
  if (principal.value === 0n) return {}
  return { stableDebt: { principal: principal.value, rate: rate.value, timestamp: timestamp.value } }
}

/** Only GHO's debt token has discounts: another one does not have the function. */
const decodeDiscount = (results: readonly CallResult[]): Pick<Leg, 'discount'> | Fault => {
  const previousIndex = answerOf(discountTokenAbi, 'getPreviousIndex', results[0])
  const percent = answerOf(discountTokenAbi, 'getDiscountPercent', results[1])
  if (!previousIndex.ok) return previousIndex.fault
  if (!percent.ok || percent.value === 0n) return {}
  return { discount: { previousIndex: previousIndex.value, percent: percent.value } }
}

const decodeLeg = (results: readonly CallResult[], { hasStableDebt, hasDiscount }: LegParts): Leg | Fault => {
  const collateral = answerOf(scaledTokenAbi, 'scaledBalanceOf', results[0])
  const debt = answerOf(scaledTokenAbi, 'scaledBalanceOf', results[1])
  if (!collateral.ok || !debt.ok) return faultAmong(collateral, debt) as Fault
  const stable = hasStableDebt ? decodeStableDebt(results.slice(2)) : {}
  const discount = hasDiscount ? decodeDiscount(results.slice(2 + (hasStableDebt ? 3 : 0))) : {}
  if ('reason' in stable) return stable
  if ('reason' in discount) return discount
  return { scaledCollateral: collateral.value, scaledVariableDebt: debt.value, ...stable, ...discount }
}

/** `isNamed`: a log or a key named this leg, so that it is kept, empty or not. */
type ReadLeg = {
  readonly reserve: Reserve
  readonly isNamed: boolean
  readonly parts: LegParts
  readonly first: number
  readonly count: number
}

const setPosition = (account: Address, next: AavePosition | undefined): AaveChange => ({
  kind: 'position',
  key: `${MARKET}:${account}`,
  next: () => next,
})

/**
 * Legs of the set bits, with the first fault among them, and the reserves whose balances are still to be read. Of reserves
 * that the account does not use, legs are kept that have a balance or were named.
 */
const legsOf = (
  bitmap: bigint,
  market: AaveMarket,
  read: readonly ReadLeg[],
  results: readonly CallResult[],
) => {
  const legs: Record<Address, Leg> = {}
  const missing: Reserve[] = []
  let fault: Fault | undefined
  for (const reserve of reservesOf(market).filter(({ id }) => id >= 0)) {
    const found = read.find((leg) => leg.reserve.asset === reserve.asset)
    const isUsed = isUsing(bitmap, reserve.id)
    if (!found && !isUsed) continue
    if (!found || (partsOf(market, reserve).hasStableDebt && !found.parts.hasStableDebt)) {
      missing.push(reserve)
      continue
    }
    const leg = decodeLeg(results.slice(found.first, found.first + found.count), found.parts)
    if (!('reason' in leg)) {
      if (isUsed || found.isNamed || !isEmptyLeg(leg)) legs[reserve.asset] = leg
    } else if (isUsed) fault ??= leg
  }
  return { legs, missing, fault }
}

const decodeAccount = (
  account: Address,
  read: readonly ReadLeg[],
  results: readonly CallResult[],
  block: BlockRef,
  mirror: AaveMirror,
): readonly AaveChange[] => {
  const market = marketOf(mirror)
  if (!market) return []
  const base = { id: { ...market.id, account }, owner: account, asOf: block.number }
  const configuration = answerOf(poolAbi, 'getUserConfiguration', results[0])
  const eModeAnswer = answerOf(poolAbi, 'getUserEMode', results[1])
  const faulty = (fault: Fault): readonly AaveChange[] => [
    setPosition(account, { ...base, eMode: 0, userConfiguration: 0n, legs: {}, fault }),
    retry(keys.account(account)),
  ]
  if (!configuration.ok || !eModeAnswer.ok) return faulty(faultAmong(configuration, eModeAnswer) as Fault)
  if (configuration.value === 0n) return [setPosition(account, undefined)]
  const bitmap = configuration.value
  const eMode = Number(eModeAnswer.value)
  if (eMode > E_MODE_MAX)
    return faulty({ reason: 'read-failed', detail: `getUserEMode: ${eMode} is no category` })
  const { legs, missing, fault: legFault } = legsOf(bitmap, market, read, results)
  const isReserveUnknown = unknownBits(bitmap, market) !== 0n
  const fault: Fault | undefined =
    legFault ??
    (missing.length > 0 || isReserveUnknown
      ? { reason: 'not-yet-read', detail: 'balances of the account are still to be read' }
      : undefined)
  const position = { ...base, eMode, userConfiguration: bitmap, legs, ...(fault ? { fault } : {}) }
  const again: Key[] = [
    ...(missing.length > 0 || isReserveUnknown ? [keys.account(account)] : []),
    ...missing.map(({ asset }) => keys.leg(account, asset)),
    ...(isReserveUnknown ? [keys.reserves] : []),
    ...(eMode === 0 || market.eModes[eMode] ? [] : [keys.eMode(eMode)]),
  ]
  return [
    setPosition(account, position),
    ...(legFault ? [retry(keys.account(account))] : []),
    ...due(...again),
  ]
}

/** Which reserves' balances to ask for: those known and those touched; of an unknown account all, if one round has to do. */
const reservesToRead = (
  mirror: AaveMirror,
  market: AaveMarket,
  account: Address,
  touched: ReadonlySet<Address>,
  rounds: Rounds,
): readonly Reserve[] => {
  const position = positionOf(mirror, account)
  const readable = reservesOf(market).filter(({ id }) => id >= 0)
  if (!position) return rounds === 'one' ? readable : readable.filter(({ asset }) => touched.has(asset))
  const isKnown = ({ id, asset }: Reserve): boolean =>
    position.legs[asset] !== undefined || isUsing(position.userConfiguration, id)
  return readable.filter((reserve) => touched.has(reserve.asset) || isKnown(reserve))
}

/** The read of an account. `touched` are reserves that logs or an earlier round named. */
export const readAccount = (
  mirror: AaveMirror,
  market: AaveMarket,
  account: Address,
  touched: ReadonlySet<Address>,
  rounds: Rounds,
): AaveRead => {
  const { pool } = market.wiring
  const args = [account] as const
  const calls: ContractCall[] = [
    viewOf(pool, { abi: poolAbi, functionName: 'getUserConfiguration', args }),
    viewOf(pool, { abi: poolAbi, functionName: 'getUserEMode', args }),
  ]
  const read: ReadLeg[] = []
  for (const reserve of reservesToRead(mirror, market, account, touched, rounds)) {
    const parts = partsOf(market, reserve)
    const added = legCalls(account, reserve, parts)
    const isNamed = touched.has(reserve.asset)
    read.push({ reserve, isNamed, parts, first: calls.length, count: added.length })
    calls.push(...added)
  }
  return {
    key: keys.account(account),
    calls,
    decode: (results, block, current) => decodeAccount(account, read, results, block, current),
  }
}
