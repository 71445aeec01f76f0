// In which markets an account has a loan.
import type { Address } from 'viem'
import { chunksOf } from '../../../units/chunks.ts'
import { due, retry } from '../../changing.ts'
import { knownIds } from '../following.ts'
import { keys } from '../keys.ts'
import {
  deploymentOf,
  type Id,
  type MorphoChange,
  type MorphoMirror,
  type MorphoRead,
  positionKey,
} from '../state.ts'
import { loanSlot, sloads, wordsOf } from '../storage.ts'

const SLOTS_PER_CALL_MAX = 500

/**
 * An account's word in every known market and in those that are looked up in this round: where it is not zero and not in
 * the book, the position is due. As long as there are no such markets, nothing can be found, which is no answer.
 */
export const readAccount = (
  mirror: MorphoMirror,
  account: Address,
  lookedUp: ReadonlySet<Id>,
): MorphoRead => {
  const chunks = chunksOf([...new Set([...knownIds(mirror), ...lookedUp])], SLOTS_PER_CALL_MAX)
  const { morpho } = deploymentOf(mirror)
  return {
    key: keys.account(account),
    calls: chunks.map((ids) =>
      sloads(
        morpho,
        ids.map((id) => loanSlot(id, account)),
      ),
    ),
    decode: (results, _block, current) => {
      if (chunks.length === 0) return [retry(keys.account(account))]
      return chunks.flatMap((ids, at): readonly MorphoChange[] => {
        const words = wordsOf(results[at], ids.length)
        if (!words.ok) return [retry(keys.account(account))]
        const found = ids.filter(
          (id, index) =>
            BigInt(words.value[index] ?? 0) !== 0n && !current.positions.has(positionKey(id, account)),
        )
        return due(...found.map((id) => keys.position(id, account)))
      })
    },
  }
}
