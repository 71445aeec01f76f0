// A debt's snapshot: by the log that wrote it, confirmed by the balance; else by the contract's storage.
import { type Address, encodeFunctionData } from 'viem'
import { cTokenAbi } from '../../../../abis/compound-v2.ts'
import type { Call, CallResult } from '../../../model/evm.ts'
import { answerOf, faultAmong } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import type { BorrowSnapshot } from '../accrual.ts'
import { keys } from '../keys.ts'
import { settled, withAccountLeg } from '../position.ts'
import { confirmedBy, estimateOf, slotsToTry, snapshotIn, snapshotRead } from '../slots.ts'
import {
  type CompoundChange,
  type CompoundMirror,
  type CompoundRead,
  marketOf,
  positionOf,
  setPosition,
  updateMarket,
  withToken,
} from '../state.ts'

const BALANCE_GAS_MAX = 40_000

/** One debt to be read. `slots` are those of the storage that were asked for; none where a log told the snapshot. */
type Debt = { readonly account: Address; readonly cToken: Address; readonly slots: readonly number[] }

const setBorrow = ({ account, cToken }: Debt, borrow: BorrowSnapshot | undefined): CompoundChange =>
  setPosition(account, (position) => {
    if (!position) return undefined
    const next = withAccountLeg(position, cToken, ({ tokens }) => (borrow ? { tokens, borrow } : { tokens }))
    return settled(next)
  })

/** By storage; where that does not tell, the balance itself, which is right at this block and within a unit later. */
const stored = (
  debt: Debt,
  result: CallResult | undefined,
  balance: bigint,
  borrowIndex: bigint,
): readonly CompoundChange[] => {
  const found = snapshotIn(result, debt.slots, balance, borrowIndex)
  if (!found) return [setBorrow(debt, estimateOf(balance, borrowIndex))]
  return [
    setBorrow(debt, found.snapshot),
    updateMarket((market) => {
      const cToken = market.cTokens[debt.cToken]
      return cToken && cToken.borrowsSlot !== found.slot
        ? withToken(market, { ...cToken, borrowsSlot: found.slot })
        : market
    }),
  ]
}

const decode = (
  debt: Debt,
  [balanceResult, indexResult, words]: readonly CallResult[],
  mirror: CompoundMirror,
): readonly CompoundChange[] => {
  const position = positionOf(mirror, debt.account)
  if (!position) return []
  const balance = answerOf(cTokenAbi, 'borrowBalanceStored', balanceResult)
  const index = answerOf(cTokenAbi, 'borrowIndex', indexResult)
  if (!balance.ok || !index.ok) {
    const fault = faultAmong(balance, index)
    return [
      setPosition(debt.account, (current) => current && fault && { ...current, fault }),
      retry(keys.account(debt.account)),
    ]
  }
  if (balance.value === 0n) return [setBorrow(debt, undefined)]
  if (debt.slots.length > 0) return stored(debt, words, balance.value, index.value)
  const confirmed = confirmedBy(position.legs[debt.cToken]?.borrow, balance.value, index.value)
  if (confirmed) return [setBorrow(debt, confirmed)]
  return [
    setBorrow(debt, estimateOf(balance.value, index.value)),
    ...due(keys.borrow(debt.account, debt.cToken)),
  ]
}

/** A debt as stored at the block. What a log of this cycle said is only confirmed; anything else is asked of storage. */
export const readBorrow = (mirror: CompoundMirror, account: Address, cToken: Address): CompoundRead => {
  const isToldByLog = positionOf(mirror, account)?.legs[cToken]?.borrow?.from === 'log'
  const slots = isToldByLog ? [] : slotsToTry(marketOf(mirror)?.cTokens[cToken]?.borrowsSlot)
  const calls: Call[] = [
    {
      to: cToken,
      data: encodeFunctionData({ abi: cTokenAbi, functionName: 'borrowBalanceStored', args: [account] }),
      gasMax: BALANCE_GAS_MAX,
    },
    {
      to: cToken,
      data: encodeFunctionData({ abi: cTokenAbi, functionName: 'borrowIndex' }),
      gasMax: BALANCE_GAS_MAX,
    },
    ...(slots.length > 0 ? [snapshotRead(cToken, account, slots)] : []),
  ]
  return {
    key: keys.borrow(account, cToken),
    calls,
    decode: (results, _block, current) => decode({ account, cToken, slots }, results, current),
  }
}
