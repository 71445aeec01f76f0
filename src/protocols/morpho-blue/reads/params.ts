// Whether markets exist, and what they are.
import { type Address, zeroAddress } from 'viem'
import type { CallResult } from '../../../model/evm.ts'
import type { Key } from '../../adapter.ts'
import { due, retry } from '../../changing.ts'
import { keys, parseKey } from '../keys.ts'
import {
  deploymentOf,
  type Id,
  type MarketParams,
  type MorphoChange,
  type MorphoMarket,
  type MorphoMirror,
  type MorphoRead,
} from '../state.ts'
import { PARAMS_WORD_COUNT, paramsIn, paramsSlots, sloads, wordsOf } from '../storage.ts'

/** What an address is called that has no other name. */
export const short = (address: Address): string =>
  address === zeroAddress ? 'none' : `${address.slice(0, 8)}…`

/** A market that was announced but not read. */
export const announced = (mirror: MorphoMirror, id: Id, params: MarketParams): MorphoMarket => {
  const { chainId, protocol, deployment, morpho } = deploymentOf(mirror)
  return {
    id: { chainId, protocol, deployment, market: id },
    label: `${id.slice(0, 10)}…`,
    quote: { symbol: short(params.loanToken), decimals: 0, asset: params.loanToken },
    revision: 'blue',
    revisionRaw: '1',
    fidelity: 'exact',
    morpho,
    params,
    preLiquidations: {},
  }
}

const NO_PARAMS: MarketParams = {
  loanToken: zeroAddress,
  collateralToken: zeroAddress,
  oracle: zeroAddress,
  irm: zeroAddress,
  lltv: 0n,
}

const isNowhere = ({ params }: MorphoMarket): boolean => params.loanToken === zeroAddress

/** A market that configuration names and Morpho does not have. */
const nowhere = (mirror: MorphoMirror, id: Id): MorphoMarket => ({
  ...announced(mirror, id, NO_PARAMS),
  fault: { reason: 'read-failed', detail: `there is no market ${id}` },
})

const decode = (
  ids: readonly Id[],
  waiting: readonly Key[],
  results: readonly CallResult[],
  mirror: MorphoMirror,
): readonly MorphoChange[] => {
  const named = deploymentOf(mirror).markets
  const waitingFor = (id: Id): readonly Key[] =>
    waiting.filter((key) => {
      const parsed = parseKey(key)
      return 'id' in parsed && parsed.id === id
    })
  const words = wordsOf(results[0], PARAMS_WORD_COUNT * ids.length)
  return ids.flatMap((id, index): readonly MorphoChange[] => {
    if (!words.ok) return [keys.params(id), ...waitingFor(id)].map(retry)
    const first = PARAMS_WORD_COUNT * index
    const params = paramsIn(words.value.slice(first, first + PARAMS_WORD_COUNT))
    const next = (current: MorphoMarket | undefined): MorphoMarket | undefined => {
      if (!params) return named?.includes(id) ? nowhere(mirror, id) : undefined
      return current && !isNowhere(current) ? current : announced(mirror, id, params)
    }
    return [{ kind: 'market', key: id, next }, ...(params ? due(...waitingFor(id)) : [])]
  })
}

/**
 * Markets by id: a new one becomes known, one that a reorg took back goes, unless configuration names it. Those of `waiting`
 * that are of these markets are due once their market is known.
 */
export const readParams = (
  mirror: MorphoMirror,
  ids: readonly Id[],
  waiting: readonly Key[],
): MorphoRead => ({
  key: keys.params(ids[0] ?? '0x'),
  calls: [sloads(deploymentOf(mirror).morpho, ids.flatMap(paramsSlots))],
  decode: (results, _block, current) => decode(ids, waiting, results, current),
})
