// A vault's words: cash, debts, shares, interest.
import type { Address } from 'viem'
import { vaultAbi } from '../../../../abis/euler-v2.ts'
import type { BlockRef } from '../../../model/block.ts'
import type { CallResult } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import type { Rounds } from '../../adapter.ts'
import { answerOf, faultAmong } from '../../answers.ts'
import { retry } from '../../changing.ts'
import { unlessRefused } from '../../refusing.ts'
import { accrueStatus, unaccrued } from '../accrual.ts'
import { keys } from '../keys.ts'
import type { EulerChange, EulerMarket, EulerMirror, EulerRead, VaultStatus } from '../state.ts'
import { updateVault, viewOf, withPart } from './calls.ts'
import { statusIn, statusWords } from './storage.ts'

const VIEWS = [
  'cash',
  'totalBorrowsExact',
  'totalSupply',
  'accumulatedFees',
  'interestAccumulator',
  'interestRate',
] as const

/** What the views say: accrued to the block. */
const viewsIn = (results: readonly CallResult[], { timestamp }: BlockRef): VaultStatus | Fault => {
  const answers = VIEWS.map((name, index) => answerOf(vaultAbi, name, results[index]))
  const [cash, totalBorrows, totalShares, accumulatedFees, interestAccumulator, interestRate] =
    answers.flatMap((answer) => (answer.ok ? [answer.value] : []))
  if (interestRate === undefined) return faultAmong(...answers) as Fault
  return {
    lastInterestAccumulatorUpdate: timestamp,
    cash: cash ?? 0n,
    totalBorrows: totalBorrows ?? 0n,
    totalShares: totalShares ?? 0n,
    accumulatedFees: accumulatedFees ?? 0n,
    interestAccumulator: interestAccumulator ?? 0n,
    interestRate,
  }
}

const isSame = (a: VaultStatus, b: VaultStatus): boolean =>
  a.cash === b.cash &&
  a.totalBorrows === b.totalBorrows &&
  a.totalShares === b.totalShares &&
  a.accumulatedFees === b.accumulatedFees &&
  a.interestAccumulator === b.interestAccumulator &&
  a.interestRate === b.interestRate

/** Whether stored words accrue to what the views say. */
const accruesTo = (stored: VaultStatus, views: VaultStatus, interestFee: bigint): boolean => {
  const accrued = unlessRefused(() => accrueStatus(stored, interestFee, views.lastInterestAccumulatorUpdate))
  return !('kind' in accrued) && isSame(accrued, views)
}

/** The vault's log rounds its debts up: they are found again from what they accrued to. */
const withExactBorrows = (status: VaultStatus, views: VaultStatus): VaultStatus | undefined => {
  const totalBorrows = unaccrued(views.totalBorrows, status.interestAccumulator, views.interestAccumulator)
  return totalBorrows === undefined ? undefined : { ...status, totalBorrows }
}

/**
 * The words as the vault stores them: read, known, or as its last log says. Undefined where none of these accrue to what
 * the views say: then only the words themselves can tell.
 */
const storedStatus = (
  { status, config }: EulerMarket,
  views: VaultStatus,
  words: VaultStatus | undefined,
): VaultStatus | undefined => {
  const candidates = [words, status, status && withExactBorrows(status, views)]
  return candidates.find(
    (one): one is VaultStatus => one !== undefined && accruesTo(one, views, config?.interestFee ?? 0n),
  )
}

const decode = (
  vault: Address,
  hasWords: boolean,
  results: readonly CallResult[],
  block: BlockRef,
  mirror: EulerMirror,
): readonly EulerChange[] => {
  const market = mirror.markets.get(vault)
  if (!market) return []
  const views = viewsIn(results, block)
  if ('reason' in views)
    return [updateVault(vault, (current) => withPart(current, 'status', views)), retry(keys.status(vault))]
  const stored = storedStatus(market, views, hasWords ? statusIn(results.at(-1)) : undefined)
  const next = ({ accumulators: _reduced, ...current }: EulerMarket): EulerMarket =>
    withPart({ ...current, status: stored ?? views }, 'status', undefined)
  return [updateVault(vault, next), ...(stored || hasWords ? [] : [retry(keys.status(vault))])]
}

/**
 * A vault's words by views, and where rounds may be many by its storage too. Without it, and without a log that tells, the
 * words are as the views say at this block; the next head reads its storage.
 */
export const readStatus = (vault: Address, rounds: Rounds): EulerRead => {
  const hasWords = rounds === 'many'
  return {
    key: keys.status(vault),
    calls: [
      ...VIEWS.map((functionName) => viewOf(vault, { abi: vaultAbi, functionName })),
      ...(hasWords ? [statusWords(vault)] : []),
    ],
    decode: (results, block, current) => decode(vault, hasWords, results, block, current),
  }
}
