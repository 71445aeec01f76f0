// What an account entered, holds and owes.
import { type Address, encodeFunctionData } from 'viem'
import { comptrollerAbi, cTokenAbi } from '../../../../abis/compound-v2.ts'
import type { BlockRef } from '../../../model/block.ts'
import type { CallResult, ContractCall } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { answerOf, faultAmong } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import type { Leg } from '../account.ts'
import { keys } from '../keys.ts'
import { settled, withAccountLeg } from '../position.ts'
import { confirmedBy, estimateOf } from '../slots.ts'
import {
  type CompoundChange,
  type CompoundMarket,
  type CompoundMirror,
  type CompoundPosition,
  type CompoundRead,
  type CompoundToken,
  marketOf,
  positionOf,
  setPosition,
} from '../state.ts'

const ASSETS_GAS_MAX = 200_000
const BALANCE_GAS_MAX = 25_000
const CALLS_PER_LEG = 2

const balanceCall = (
  to: Address,
  functionName: 'balanceOf' | 'borrowBalanceStored',
  account: Address,
): ContractCall => ({
  to,
  data: encodeFunctionData({ abi: cTokenAbi, functionName, args: [account] }),
  gasMax: BALANCE_GAS_MAX,
})

/** `isUnsure`: the snapshot of the debt is still to be found; until then its balance stands in. */
type ReadLeg = { readonly leg: Leg; readonly isUnsure: boolean }

const legIn = (
  { totals: { borrowIndex } }: CompoundToken,
  known: Leg | undefined,
  [tokensResult, balanceResult]: readonly CallResult[],
): ReadLeg | Fault => {
  const tokens = answerOf(cTokenAbi, 'balanceOf', tokensResult)
  const balance = answerOf(cTokenAbi, 'borrowBalanceStored', balanceResult)
  if (!tokens.ok || !balance.ok) return faultAmong(tokens, balance) as Fault
  if (balance.value === 0n) return { leg: { tokens: tokens.value }, isUnsure: false }
  const confirmed = confirmedBy(known?.borrow, balance.value, borrowIndex)
  const borrow = confirmed ?? estimateOf(balance.value, borrowIndex)
  return { leg: { tokens: tokens.value, borrow }, isUnsure: !confirmed }
}

type ReadAccount = {
  readonly account: Address
  /** Whose balances were asked for, in this order. */
  readonly addresses: readonly Address[]
}

const decode = (
  { account, addresses }: ReadAccount,
  [assetsResult, ...results]: readonly CallResult[],
  block: BlockRef,
  mirror: CompoundMirror,
): readonly CompoundChange[] => {
  const market = marketOf(mirror)
  if (!market) return []
  const before = positionOf(mirror, account)
  const base = { id: { ...market.id, account }, owner: account, asOf: block.number }
  const faulty = (fault: Fault): readonly CompoundChange[] => [
    setPosition(account, (current) => ({ ...(current ?? { ...base, entered: [], legs: {} }), fault })),
    retry(keys.account(account)),
  ]
  const entered = answerOf(comptrollerAbi, 'getAssetsIn', assetsResult)
  if (!entered.ok) return faulty(entered.fault)
  const legs: Record<Address, Leg> = {}
  const unsure: Address[] = []
  for (const [index, address] of addresses.entries()) {
    const cToken = market.cTokens[address]
    if (!cToken) continue
    const own = results.slice(index * CALLS_PER_LEG, (index + 1) * CALLS_PER_LEG)
    const read = legIn(cToken, before?.legs[address], own)
    if ('reason' in read) return faulty(read)
    legs[address] = read.leg
    if (read.isUnsure) unsure.push(address)
  }
  const isUnlisted = entered.value.some((address) => !market.listed.includes(address))
  return [
    setPosition(account, () => settled({ ...base, entered: entered.value, legs })),
    ...due(...unsure.map((address) => keys.borrow(account, address))),
    ...(isUnlisted ? due(keys.comptroller, keys.account(account)) : []),
  ]
}

/** An account as a whole: one call for what it entered, two for every market, so that supply outside counts as seizable too. */
export const readAccount = (market: CompoundMarket, account: Address): CompoundRead => {
  const addresses = Object.keys(market.cTokens) as Address[]
  return {
    key: keys.account(account),
    calls: [
      {
        to: market.comptroller,
        data: encodeFunctionData({ abi: comptrollerAbi, functionName: 'getAssetsIn', args: [account] }),
        gasMax: ASSETS_GAS_MAX,
      },
      ...addresses.flatMap((address) => [
        balanceCall(address, 'balanceOf', account),
        balanceCall(address, 'borrowBalanceStored', account),
      ]),
    ],
    decode: (results, block, mirror) => decode({ account, addresses }, results, block, mirror),
  }
}

const withTokens = (position: CompoundPosition, cToken: Address, tokens: bigint): CompoundPosition =>
  withAccountLeg(position, cToken, (leg) => ({ ...leg, tokens }))

/** The tokens of one market, after a transfer. */
export const readTokens = (account: Address, cToken: Address): CompoundRead => ({
  key: keys.tokens(account, cToken),
  calls: [balanceCall(cToken, 'balanceOf', account)],
  decode: (results) => {
    const tokens = answerOf(cTokenAbi, 'balanceOf', results[0])
    if (!tokens.ok)
      return [
        setPosition(account, (current) => current && { ...current, fault: tokens.fault }),
        retry(keys.account(account)),
      ]
    return [setPosition(account, (current) => current && settled(withTokens(current, cToken, tokens.value)))]
  },
})
