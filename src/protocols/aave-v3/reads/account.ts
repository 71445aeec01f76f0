// The read of one account: its bitmap, its e-mode, and the balances that count.
import { type Address, encodeFunctionData } from 'viem'
import { poolAbi, scaledTokenAbi, stableDebtTokenAbi } from '../../../../abis/aave-v3.ts'
import type { BlockRef } from '../../../model/block.ts'
import type { Call, CallResult } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import type { Key, Rounds } from '../../adapter.ts'
import { answerOf, faultAmong } from '../../answers.ts'
import { decodeConfiguration, isUsing } from '../configuration.ts'
import { keys } from '../keys.ts'
import {
  type AaveChange,
  type AaveMarket,
  type AaveMirror,
  type AavePosition,
  type AaveRead,
  due,
  type Leg,
  MARKET,
  marketOf,
  positionOf,
  type Reserve,
  reservesOf,
  retry,
  unknownBits,
} from '../state.ts'

const ACCOUNT_GAS_MAX = 20_000
const BALANCE_GAS_MAX = 20_000

/** Calls of a leg without stable debt. */
const SCALED_CALL_COUNT = 2

const call = (to: Address, data: `0x${string}`, gasMax: number): Call => ({ to, data, gasMax })

/** Stable debt is read only where the reserve has, or may come to have, any. */
const mayHaveStableDebt = (reserve: Reserve): boolean =>
  decodeConfiguration(reserve.configuration).isStableBorrowingEnabled ||
  reserve.totals?.stableDebt.principal !== 0n

const legCalls = (account: Address, reserve: Reserve): readonly Call[] => {
  const scaled = encodeFunctionData({ abi: scaledTokenAbi, functionName: 'scaledBalanceOf', args: [account] })
  const stable = (functionName: 'principalBalanceOf' | 'getUserStableRate' | 'getUserLastUpdated'): Call =>
    call(
      reserve.stableDebtToken,
      encodeFunctionData({ abi: stableDebtTokenAbi, functionName, args: [account] }),
      BALANCE_GAS_MAX,
    )
  return [
    call(reserve.aToken, scaled, BALANCE_GAS_MAX),
    call(reserve.variableDebtToken, scaled, BALANCE_GAS_MAX),
    ...(mayHaveStableDebt(reserve)
      ? [stable('principalBalanceOf'), stable('getUserStableRate'), stable('getUserLastUpdated')]
      : []),
  ]
}

const decodeLeg = (results: readonly CallResult[]): Leg | Fault => {
  const collateral = answerOf(scaledTokenAbi, 'scaledBalanceOf', results[0])
  const debt = answerOf(scaledTokenAbi, 'scaledBalanceOf', results[1])
  if (!collateral.ok || !debt.ok) return faultAmong(collateral, debt) as Fault
  const leg = { scaledCollateral: collateral.value, scaledVariableDebt: debt.value }
  if (results.length === SCALED_CALL_COUNT) return leg
  const principal = answerOf(stableDebtTokenAbi, 'principalBalanceOf', results[2])
  const rate = answerOf(stableDebtTokenAbi, 'getUserStableRate', results[3])
  const timestamp = answerOf(stableDebtTokenAbi, 'getUserLastUpdated', results[4])
  if (!principal.ok || !rate.ok || !timestamp.ok) return faultAmong(principal, rate, timestamp) as Fault
  if (principal.value === 0n) return leg
  return { ...leg, stableDebt: { principal: principal.value, rate: rate.value, timestamp: timestamp.value } }
}

type ReadLeg = { readonly reserve: Reserve; readonly first: number; readonly count: number }

const setPosition = (account: Address, next: AavePosition | undefined): AaveChange => ({
  kind: 'position',
  key: `${MARKET}:${account}`,
  next: () => next,
})

/** Legs of the set bits, with the first fault among them, and the reserves whose balances are still to be read. */
const legsOf = (
  bitmap: bigint,
  market: AaveMarket,
  read: readonly ReadLeg[],
  results: readonly CallResult[],
) => {
  const legs: Record<Address, Leg> = {}
  const missing: Reserve[] = []
  let fault: Fault | undefined
  for (const reserve of reservesOf(market).filter(({ id }) => id >= 0 && isUsing(bitmap, id))) {
    const found = read.find((leg) => leg.reserve.asset === reserve.asset)
    if (!found || (found.count === SCALED_CALL_COUNT && mayHaveStableDebt(reserve))) {
      missing.push(reserve)
      continue
    }
    const leg = decodeLeg(results.slice(found.first, found.first + found.count))
    if ('reason' in leg) fault ??= leg
    else legs[reserve.asset] = leg
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
  if (!configuration.ok || !eModeAnswer.ok) {
    const fault = faultAmong(configuration, eModeAnswer) as Fault
    return [
      setPosition(account, { ...base, eMode: 0, userConfiguration: 0n, legs: {}, fault }),
      retry(keys.account(account)),
    ]
  }
  if (configuration.value === 0n) return [setPosition(account, undefined)]
  const bitmap = configuration.value
  const eMode = Number(eModeAnswer.value)
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

/** Which reserves' balances to ask for: those in use and those touched; of an unknown account all, if one round has to do. */
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
  return readable.filter(({ id, asset }) => touched.has(asset) || isUsing(position.userConfiguration, id))
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
  const calls: Call[] = [
    call(
      pool,
      encodeFunctionData({ abi: poolAbi, functionName: 'getUserConfiguration', args: [account] }),
      ACCOUNT_GAS_MAX,
    ),
    call(
      pool,
      encodeFunctionData({ abi: poolAbi, functionName: 'getUserEMode', args: [account] }),
      ACCOUNT_GAS_MAX,
    ),
  ]
  const read: ReadLeg[] = []
  for (const reserve of reservesToRead(mirror, market, account, touched, rounds)) {
    const added = legCalls(account, reserve)
    read.push({ reserve, first: calls.length, count: added.length })
    calls.push(...added)
  }
  return {
    key: keys.account(account),
    calls,
    decode: (results, block, current) => decodeAccount(account, read, results, block, current),
  }
}
