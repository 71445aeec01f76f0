// A debt's snapshot: by the log that wrote it, confirmed by the balance; else by the contract's storage.
import type { Address } from 'viem'
import { vTokenAbi } from '../../../../abis/venus-core.ts'
import type { Call, CallResult } from '../../../model/evm.ts'
import { answerOf, faultAmong } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import type { BorrowSnapshot } from '../../compound-v2/accrual.ts'
import { withAccountLeg } from '../../compound-v2/position.ts'
import { confirmedBy, estimateOf, snapshotIn, snapshotRead } from '../../compound-v2/slots.ts'
import { keys } from '../keys.ts'
import { settled } from '../position.ts'
import { positionOf, setPosition, type VenusChange, type VenusMirror, type VenusRead } from '../state.ts'
import { viewOf } from './calls.ts'

/** VTokenStorage.accountBorrows, in every version from the first vTokens to 10.3.0. */
const ACCOUNT_BORROWS_SLOT = 16

/** One debt to be read. `isStored`: storage was asked for its snapshot, because no log told it. */
type Debt = { readonly account: Address; readonly vToken: Address; readonly isStored: boolean }

const setBorrow = ({ account, vToken }: Debt, borrow: BorrowSnapshot | undefined): VenusChange[] => [
  setPosition(
    account,
    (position) =>
      position &&
      withAccountLeg(position, vToken, ({ tokens }) => (borrow ? { tokens, borrow } : { tokens })),
  ),
]

const decode = (
  debt: Debt,
  [balanceResult, indexResult, words]: readonly CallResult[],
  mirror: VenusMirror,
): readonly VenusChange[] => {
  const { account, vToken, isStored } = debt
  const position = positionOf(mirror, account)
  const balance = answerOf(vTokenAbi, 'borrowBalanceStored', balanceResult)
  const index = answerOf(vTokenAbi, 'borrowIndex', indexResult)
  if (!position) return []
  if (!balance.ok || !index.ok) {
    const fault = faultAmong(balance, index)
    return [
      setPosition(account, (current) => current && fault && { ...current, fault }),
      retry(keys.account(account)),
    ]
  }
  if (balance.value === 0n) return setBorrow(debt, undefined)
  const confirmed = isStored
    ? snapshotIn(words, [ACCOUNT_BORROWS_SLOT], balance.value, index.value)?.snapshot
    : confirmedBy(position.legs[vToken]?.borrow, balance.value, index.value)
  if (confirmed) return setBorrow(debt, confirmed)
  return [
    ...setBorrow(debt, estimateOf(balance.value, index.value)),
    ...(isStored ? [] : due(keys.borrow(account, vToken))),
  ]
}

/** A debt as stored at the block. What a log of this cycle said is only confirmed; anything else is asked of storage. */
export const readBorrow = (mirror: VenusMirror, account: Address, vToken: Address): VenusRead => {
  const isStored = positionOf(mirror, account)?.legs[vToken]?.borrow?.from !== 'log'
  const calls: Call[] = [
    viewOf(vToken, vTokenAbi, 'borrowBalanceStored', [account]),
    viewOf(vToken, vTokenAbi, 'borrowIndex', []),
    ...(isStored ? [snapshotRead(vToken, account, [ACCOUNT_BORROWS_SLOT])] : []),
  ]
  return {
    key: keys.borrow(account, vToken),
    calls,
    decode: (results, _block, current) => [
      ...decode({ account, vToken, isStored }, results, current),
      setPosition(account, (position) => position && settled(position)),
    ],
  }
}
