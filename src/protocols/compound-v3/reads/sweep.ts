// Principals change without a log when base tokens are transferred between borrowers, so all of them are read again in turn.
import type { Address } from 'viem'
import type { BlockRef } from '../../../model/block.ts'
import type { CallResult } from '../../../model/evm.ts'
import { due, retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import {
  accountOf,
  type CometChange,
  type CometMarket,
  type CometMirror,
  type CometPosition,
  type CometRead,
  isOpen,
  marketOf,
  owedPrincipal,
  positionKey,
  type Sweep,
  type Totals,
  trackedPrincipal,
  updateMarket,
} from '../state.ts'
import { type Basic, basicCall, basicIn } from './account.ts'

/** How many accounts a head reads again. */
const ACCOUNTS_MAX = 40
/** How many while tracked debts and the market's total have drifted apart, which proves that something was missed. */
const ACCOUNTS_IN_DOUBT_MAX = 400

/** The market's total debt less all tracked debts, as principals. Not zero for ever: rounding moves principals that totals do not follow. */
const gapOf = (mirror: CometMirror, { totalBorrowBase }: Totals): bigint =>
  totalBorrowBase - trackedPrincipal(mirror)

/** The accounts whose turn it is, in the order of their addresses, by keys alone. */
const nextAccounts = ({ positions }: CometMirror, after: string, count: number): readonly Address[] => {
  const last = positionKey(after as Address)
  const next = [...positions.keys()].filter((key) => key > last).sort()
  return next.slice(0, count).map(accountOf)
}

const isSame = (position: CometPosition, basic: Basic): boolean =>
  position.principal === basic.principal &&
  position.baseTrackingIndex === basic.baseTrackingIndex &&
  position.baseTrackingAccrued === basic.baseTrackingAccrued

/** What a position became; the same object where nothing changed, so that nothing is written. */
const swept = (position: CometPosition, basic: Basic, block: BlockRef): CometPosition =>
  isSame(position, basic) ? position : { ...position, ...basic, asOf: block.number }

const changesOf = (
  account: Address,
  position: CometPosition | undefined,
  result: CallResult | undefined,
  block: BlockRef,
): readonly CometChange[] => {
  if (!position || position.fault) return []
  const basic = basicIn(result)
  if (!basic.ok) return [retry(keys.account(account))]
  if (basic.value.assetsIn !== position.assetsIn) return due(keys.account(account))
  const after = swept(position, basic.value, block)
  if (after === position) return []
  return [{ kind: 'position', key: positionKey(account), next: () => (isOpen(after) ? after : undefined) }]
}

/** Where the sweep stands once these accounts are read; a round that ends proves all principals as of its beginning. */
const advanced = (sweep: Sweep, last: Address | undefined, block: BlockRef, gap: () => bigint): Sweep => {
  const startedAt = sweep.after === '' ? block.timestamp : sweep.startedAt
  if (last !== undefined) return { ...sweep, after: last, startedAt }
  return { after: '', startedAt, provenAt: startedAt, gap: gap() }
}

/**
 * The next part of the sweep, read with every head: whether somebody accrued in its block is only known with the answers.
 * Whatever changes a principal accrues first, so where nobody did since the last whole round began, there is nothing to
 * find. Otherwise every account is read within ⌈accounts ÷ 40⌉ heads, and ten times as fast while the totals say that a
 * change was missed.
 */
export const readSweep = (
  mirror: CometMirror,
  { comet, sweep, totals }: CometMarket,
): readonly CometRead[] => {
  if (!totals) return []
  const isProven = totals.lastAccrualTime <= sweep.provenAt
  const isInDoubt = !isProven && gapOf(mirror, totals) !== sweep.gap
  const count = isInDoubt ? ACCOUNTS_IN_DOUBT_MAX : ACCOUNTS_MAX
  const accounts = nextAccounts(mirror, sweep.after, count)
  const last = accounts.length < count ? undefined : accounts.at(-1)
  return [
    {
      key: keys.sweep,
      calls: accounts.map((account) => basicCall(comet, account)),
      decode: (results, block, current) => {
        const market = marketOf(current)
        // The same round may have made the sweep begin anew; what was read is as true then.
        const { totals: now = totals, sweep: reached = sweep } = market ?? {}
        if (now.lastAccrualTime <= reached.provenAt) return []
        let grown = 0n
        const changes = accounts.flatMap((account, index) => {
          const basic = basicIn(results[index])
          const position = current.positions.get(positionKey(account))
          if (position && basic.ok) grown += owedPrincipal(basic.value) - owedPrincipal(position)
          return changesOf(account, position, results[index], block)
        })
        if (reached.after !== sweep.after) return changes
        const next = advanced(reached, last, block, () => gapOf(current, now) - grown)
        return [...changes, updateMarket((of) => ({ ...of, sweep: next }))]
      },
    },
  ]
}
