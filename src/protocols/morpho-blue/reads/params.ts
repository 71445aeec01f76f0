// Whether markets exist, and what they are.
import { type Address, zeroAddress } from 'viem'
import type { CallResult } from '../../../model/evm.ts'
import type { Key } from '../../adapter.ts'
import { keys } from '../keys.ts'
import { paramsIn, paramsSlots } from '../slots.ts'
import {
  deploymentOf,
  due,
  type Id,
  type MarketParams,
  type MorphoChange,
  type MorphoMarket,
  type MorphoMirror,
  type MorphoRead,
  retry,
} from '../state.ts'
import { sloads, wordsOf } from '../storage.ts'

/** A market that was announced but not read. */
export const announced = (mirror: MorphoMirror, id: Id, params: MarketParams): MorphoMarket => {
  const { chainId, protocol, deployment, morpho } = deploymentOf(mirror)
  return {
    id: { chainId, protocol, deployment, market: id },
    label: `${id.slice(0, 10)}…`,
    quote: { symbol: short(params.loanToken), decimals: 0 },
    revision: 'blue',
    revisionRaw: '1',
    fidelity: 'exact',
    morpho,
    params,
    preLiquidations: {},
  }
}

/** What an address is called that has no other name. */
export const short = (address: Address): string =>
  address === zeroAddress ? 'none' : `${address.slice(0, 8)}…`

const decode = (
  ids: readonly Id[],
  waiting: readonly Key[],
  results: readonly CallResult[],
  mirror: MorphoMirror,
): readonly MorphoChange[] => {
  const wordCount = ids.flatMap(paramsSlots).length
  const words = wordsOf(results[0], wordCount)
  if (!words.ok) return [...ids.map((id) => retry(keys.params(id))), ...waiting.map(retry)]
  const size = wordCount / ids.length
  const found = ids.map((id, index) => ({
    id,
    params: paramsIn(words.value.slice(index * size, (index + 1) * size)),
  }))
  const isThere = new Set(found.filter(({ params }) => params).map(({ id }) => id as string))
  return [
    ...found.map(
      ({ id, params }): MorphoChange => ({
        kind: 'market',
        key: id,
        next: (current) => params && (current ?? announced(mirror, id, params)),
      }),
    ),
    ...due(...waiting.filter((key) => isThere.has(key.split(':')[1] ?? ''))),
  ]
}

/** Markets by id: a new one becomes known, one that a reorg took back goes. `waiting` keys are due once their market is known. */
export const readParams = (
  mirror: MorphoMirror,
  ids: readonly Id[],
  waiting: readonly Key[],
): MorphoRead => ({
  key: keys.params(ids[0] ?? '0x'),
  calls: [sloads(deploymentOf(mirror).morpho, ids.flatMap(paramsSlots))],
  decode: (results, _block, current) => decode(ids, waiting, results, current),
})
