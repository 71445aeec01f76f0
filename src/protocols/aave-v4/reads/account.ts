// One account in one spoke: whether it has a loan there, and all that it has.
import type { Address } from 'viem'
import { spokeAbi } from '../../../../abis/aave-v4.ts'
import type { BlockRef } from '../../../model/block.ts'
import type { CallResult } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import type { Rounds } from '../../adapter.ts'
import { answerOf, faultAmong } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import {
  type AaveV4Change,
  type AaveV4Mirror,
  type AaveV4Position,
  type AaveV4Read,
  isBorrowed,
  isOpen,
  positionKey,
  type SpokeMarket,
  type UserReserve,
  userReserves,
} from '../state.ts'
import { spokeCall } from './calls.ts'

/** For each reserve that account data may look at: a hub's asset and a price. */
const RESERVE_GAS_MAX = 300_000
const ACCOUNT_GAS_MAX = 100_000
/** Ample where there is no loan, and for most loans; where it is not, nothing is told and all is read. */
const PROBE_GAS_MAX = 400_000

/** What Spoke.getUserAccountData may need. */
export const accountGasMax = ({ reserveCount }: SpokeMarket): number =>
  ACCOUNT_GAS_MAX + RESERVE_GAS_MAX * reserveCount

const emptyPosition = (market: SpokeMarket, account: Address, block: BlockRef): AaveV4Position => ({
  id: { ...market.id, account },
  owner: account,
  asOf: block.number,
  riskPremium: 0n,
  reserves: {},
})

const setPosition = (name: string, account: Address, next: AaveV4Position | undefined): AaveV4Change => ({
  kind: 'position',
  key: positionKey(name, account),
  next: () => next,
})

/** A position that could not be read is there, but what is known of it is old. */
const withPositionFault = (
  market: SpokeMarket,
  account: Address,
  block: BlockRef,
  fault: Fault,
): AaveV4Change => ({
  kind: 'position',
  key: positionKey(market.id.market, account),
  next: (current) => ({ ...(current ?? emptyPosition(market, account, block)), fault }),
})

/** Whether there is a loan, by one call; a refusal, such as that of a price, does not tell, so that all is read. */
const readProbe = (market: SpokeMarket, account: Address): AaveV4Read => {
  const name = market.id.market
  return {
    key: keys.account(name, account),
    calls: [spokeCall(market.spoke, 'getUserAccountData', [account], PROBE_GAS_MAX)],
    decode: ([result], block) => {
      const data = answerOf(spokeAbi, 'getUserAccountData', result)
      if (data.ok && data.value.borrowCount === 0n && data.value.activeCollateralCount === 0n)
        return [setPosition(name, account, undefined)]
      const fault: Fault = { reason: 'not-yet-read', detail: 'its reserves are still to be read' }
      return [withPositionFault(market, account, block, fault), ...due(keys.loan(name, account))]
    },
  }
}

const isNothing = ({ dynamicConfigKey, isCollateral, ...shares }: UserReserve): boolean =>
  dynamicConfigKey === 0 && !isCollateral && Object.values(shares).every((amount) => amount === 0n)

/** What an account has in each reserve, empty ones left out, or the first reason why that is not known. */
const userReservesIn = (results: readonly CallResult[], count: number) => {
  const reserves: Record<number, UserReserve> = {}
  for (let id = 0; id < count; id += 1) {
    const position = answerOf(spokeAbi, 'getUserPosition', results[2 * id])
    const status = answerOf(spokeAbi, 'getUserReserveStatus', results[2 * id + 1])
    if (!position.ok || !status.ok) return faultAmong(position, status) as Fault
    const [isCollateral] = status.value
    const userReserve = { ...position.value, isCollateral }
    if (!isNothing(userReserve)) reserves[id] = userReserve
  }
  return { reserves }
}

/** Dynamic configurations and reserves that the account rests on and that are not known yet. */
const dueAfter = (mirror: AaveV4Mirror, position: AaveV4Position): readonly AaveV4Change[] => {
  const name = position.id.market
  const market = mirror.markets.get(name)
  if (market?.kind !== 'spoke') return []
  return userReserves(position).flatMap(([id, userReserve]) => {
    const { isCollateral, dynamicConfigKey } = userReserve
    if (!isCollateral && !isBorrowed(userReserve)) return []
    return due(
      ...(market.reserves[id] ? [] : [keys.reserve(name, id)]),
      ...(isCollateral && !market.dynamicConfigs[id]?.[dynamicConfigKey]
        ? [keys.config(name, id, dynamicConfigKey)]
        : []),
    )
  })
}

/** Everything that an account has in a spoke, in one round. */
export const readLoan = (market: SpokeMarket, account: Address): AaveV4Read => {
  const name = market.id.market
  const { spoke, reserveCount } = market
  const ids = Array.from({ length: reserveCount }, (_, id) => BigInt(id))
  return {
    key: keys.loan(name, account),
    calls: [
      spokeCall(spoke, 'getUserLastRiskPremium', [account]),
      ...ids.flatMap((id) => [
        spokeCall(spoke, 'getUserPosition', [id, account]),
        spokeCall(spoke, 'getUserReserveStatus', [id, account]),
      ]),
    ],
    decode: ([first, ...rest], block, mirror) => {
      const riskPremium = answerOf(spokeAbi, 'getUserLastRiskPremium', first)
      const read = riskPremium.ok ? userReservesIn(rest, reserveCount) : riskPremium.fault
      if (!riskPremium.ok || 'reason' in read)
        return [withPositionFault(market, account, block, read as Fault), retry(keys.account(name, account))]
      const position: AaveV4Position = {
        ...emptyPosition(market, account, block),
        riskPremium: riskPremium.value,
        ...read,
      }
      return isOpen(position)
        ? [setPosition(name, account, position), ...dueAfter(mirror, position)]
        : [setPosition(name, account, undefined)]
    },
  }
}

/** An account: all at once where one round has to do or a loan is known; otherwise it is asked first whether there is one. */
export const readAccount = (
  mirror: AaveV4Mirror,
  market: SpokeMarket,
  account: Address,
  rounds: Rounds,
): AaveV4Read => {
  const isKnown = mirror.positions.has(positionKey(market.id.market, account))
  return rounds === 'one' || isKnown
    ? { ...readLoan(market, account), key: keys.account(market.id.market, account) }
    : readProbe(market, account)
}
