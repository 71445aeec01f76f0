// What an account entered, holds and owes.
import type { Address } from 'viem'
import { comptrollerAbi, liquidatorAbi, vaiControllerAbi, vTokenAbi } from '../../../../abis/venus-core.ts'
import type { BlockRef } from '../../../model/block.ts'
import type { CallResult, ContractCall } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { answerOf, faultAmong } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import type { Leg } from '../../compound-v2/account.ts'
import { withAccountLeg } from '../../compound-v2/position.ts'
import { confirmedBy, estimateOf } from '../../compound-v2/slots.ts'
import { keys } from '../keys.ts'
import { NO_VAI, settled } from '../position.ts'
import {
  CORE_POOL_ID,
  marketOf,
  positionOf,
  setPosition,
  type VaiLoan,
  type VenusChange,
  type VenusMarket,
  type VenusMirror,
  type VenusPosition,
  type VenusRead,
} from '../state.ts'
import { COMPUTED_GAS_MAX, VIEW_GAS_MAX, viewOf } from './calls.ts'
import { besideOf } from './vai.ts'

/** Where nothing is there to ask: the answer to a call that would fail for sure. */
const NONE: CallResult = { ok: false, data: '0x', error: 'there is none' }

const forcedCall = ({ comptroller }: VenusMarket, account: Address, debt: Address): ContractCall =>
  viewOf(comptroller, comptrollerAbi, 'isForcedLiquidationEnabledForUser', [account, debt])

/** The account's own part: entered markets, pool, VAI, and what the liquidator contract has against it. */
const ownCalls = (mirror: VenusMirror, market: VenusMarket, account: Address): readonly ContractCall[] => {
  const { vai, liquidator } = besideOf(mirror)
  const args = [account] as const
  return [
    viewOf(market.comptroller, comptrollerAbi, 'getAssetsIn', args, COMPUTED_GAS_MAX),
    viewOf(market.comptroller, comptrollerAbi, 'mintedVAIs', args),
    ...(market.revision === 'core-diamond'
      ? [viewOf(market.comptroller, comptrollerAbi, 'userPoolId', args)]
      : []),
    ...(vai
      ? [
          viewOf(vai, vaiControllerAbi, 'pastVAIInterest', args),
          viewOf(vai, vaiControllerAbi, 'getVAIMinterInterestIndex', args),
          ...(market.revision === 'core-diamond' ? [forcedCall(market, account, vai)] : []),
        ]
      : []),
    ...(liquidator ? [viewOf(liquidator, liquidatorAbi, 'liquidationRestricted', args)] : []),
  ]
}

type Own = Pick<VenusPosition, 'entered' | 'poolId' | 'vai' | 'isRestricted'> & {
  readonly isVaiForced: boolean
}

const vaiIn = (minted: bigint, [past, index]: readonly (CallResult | undefined)[]): VaiLoan | Fault => {
  const pastInterest = answerOf(vaiControllerAbi, 'pastVAIInterest', past)
  const interestIndex = answerOf(vaiControllerAbi, 'getVAIMinterInterestIndex', index)
  if (!pastInterest.ok || !interestIndex.ok) return faultAmong(pastInterest, interestIndex) as Fault
  return minted === 0n
    ? NO_VAI
    : { minted, pastInterest: pastInterest.value, interestIndex: interestIndex.value }
}

const ownIn = (mirror: VenusMirror, market: VenusMarket, results: readonly CallResult[]): Own | Fault => {
  const { vai, liquidator } = besideOf(mirror)
  const isDiamond = market.revision === 'core-diamond'
  const rest = results.values()
  const next = (): CallResult | undefined => rest.next().value
  const entered = answerOf(comptrollerAbi, 'getAssetsIn', next())
  const minted = answerOf(comptrollerAbi, 'mintedVAIs', next())
  const poolId = isDiamond ? answerOf(comptrollerAbi, 'userPoolId', next()) : undefined
  if (!entered.ok || !minted.ok || (poolId && !poolId.ok))
    return faultAmong(...[entered, minted, ...(poolId ? [poolId] : [])]) as Fault
  const loan = vai ? vaiIn(minted.value, [next(), next()]) : NO_VAI
  if ('reason' in loan) return loan
  const forced = answerOf(
    comptrollerAbi,
    'isForcedLiquidationEnabledForUser',
    vai && isDiamond ? next() : NONE,
  )
  const restricted = answerOf(liquidatorAbi, 'liquidationRestricted', liquidator ? next() : NONE)
  return {
    entered: entered.value,
    poolId: poolId?.ok ? String(poolId.value) : CORE_POOL_ID,
    vai: loan,
    isVaiForced: forced.ok && forced.value,
    isRestricted: restricted.ok && restricted.value,
  }
}

const legCalls = (market: VenusMarket, account: Address, address: Address): readonly ContractCall[] => [
  viewOf(address, vTokenAbi, 'balanceOf', [account]),
  viewOf(address, vTokenAbi, 'borrowBalanceStored', [account]),
  ...(market.revision === 'core-diamond' ? [forcedCall(market, account, address)] : []),
]

/** `isUnsure`: the snapshot of the debt is still to be found; until then its balance stands in. */
type ReadLeg = { readonly leg: Leg; readonly isUnsure: boolean; readonly isForced: boolean }

const legIn = (
  market: VenusMarket,
  address: Address,
  known: Leg | undefined,
  [tokensResult, balanceResult, forcedResult]: readonly CallResult[],
): ReadLeg | Fault => {
  const tokens = answerOf(vTokenAbi, 'balanceOf', tokensResult)
  const balance = answerOf(vTokenAbi, 'borrowBalanceStored', balanceResult)
  const borrowIndex = market.cTokens[address]?.totals.borrowIndex
  if (!tokens.ok || !balance.ok || borrowIndex === undefined)
    return faultAmong(tokens, balance) ?? { reason: 'not-yet-read', detail: `market ${address} is not read` }
  const forced = answerOf(comptrollerAbi, 'isForcedLiquidationEnabledForUser', forcedResult ?? NONE)
  const isForced = forced.ok && forced.value
  if (balance.value === 0n) return { leg: { tokens: tokens.value }, isUnsure: false, isForced }
  const confirmed = confirmedBy(known?.borrow, balance.value, borrowIndex)
  const borrow = confirmed ?? estimateOf(balance.value, borrowIndex)
  return { leg: { tokens: tokens.value, borrow }, isUnsure: !confirmed, isForced }
}

type ReadAccount = {
  readonly account: Address
  /** Whose balances were asked for, in this order. */
  readonly addresses: readonly Address[]
  readonly ownCallCount: number
}

const decode = (
  { account, addresses, ownCallCount }: ReadAccount,
  results: readonly CallResult[],
  block: BlockRef,
  mirror: VenusMirror,
): readonly VenusChange[] => {
  const market = marketOf(mirror)
  if (!market) return []
  const before = positionOf(mirror, account)
  const base = { id: { ...market.id, account }, owner: account, asOf: block.number }
  const empty = {
    ...base,
    entered: [],
    legs: {},
    poolId: CORE_POOL_ID,
    vai: NO_VAI,
    forced: [],
    isRestricted: false,
  }
  const faulty = (fault: Fault, own: Partial<Own> = {}): VenusChange =>
    setPosition(account, (current) => ({ ...(current ?? empty), ...own, fault }))
  const own = ownIn(mirror, market, results.slice(0, ownCallCount))
  if ('reason' in own) return [faulty(own), retry(keys.account(account))]
  const { isVaiForced, ...known } = own
  const callCount = legCalls(market, account, account).length
  const legs: Record<Address, Leg> = {}
  const [unsure, forced]: [Address[], Address[]] = [[], []]
  for (const [index, address] of addresses.entries()) {
    const at = ownCallCount + index * callCount
    const read = legIn(market, address, before?.legs[address], results.slice(at, at + callCount))
    if ('reason' in read) return [faulty(read, known), retry(keys.account(account))]
    legs[address] = read.leg
    if (read.isUnsure) unsure.push(address)
    if (read.isForced && known.entered.includes(address)) forced.push(address)
  }
  const { vai } = besideOf(mirror)
  const position = { ...base, ...known, legs, forced: [...forced, ...(isVaiForced && vai ? [vai] : [])] }
  const isUnlisted = known.entered.some((address) => !market.listed.includes(address))
  return [
    setPosition(account, () => settled(position)),
    ...due(...unsure.map((address) => keys.borrow(account, address))),
    ...(isUnlisted ? due(keys.comptroller) : []),
  ]
}

/** An account as a whole: its own part, and every market, since what it has outside of those that it entered counts once it enters. */
export const readAccount = (mirror: VenusMirror, market: VenusMarket, account: Address): VenusRead => {
  const addresses = Object.keys(market.cTokens) as Address[]
  const own = ownCalls(mirror, market, account)
  return {
    key: keys.account(account),
    calls: [...own, ...addresses.flatMap((address) => legCalls(market, account, address))],
    decode: (results, block, current) =>
      decode({ account, addresses, ownCallCount: own.length }, results, block, current),
  }
}

/** The tokens of one market, after a transfer. */
export const readTokens = (account: Address, vToken: Address): VenusRead => ({
  key: keys.tokens(account, vToken),
  calls: [viewOf(vToken, vTokenAbi, 'balanceOf', [account], VIEW_GAS_MAX)],
  decode: (results) => {
    const tokens = answerOf(vTokenAbi, 'balanceOf', results[0])
    if (!tokens.ok)
      return [
        setPosition(account, (current) => current && { ...current, fault: tokens.fault }),
        retry(keys.account(account)),
      ]
    return [
      setPosition(
        account,
        (current) =>
          current && settled(withAccountLeg(current, vToken, (leg) => ({ ...leg, tokens: tokens.value }))),
      ),
    ]
  },
})
