// Which revision the pool is of: what it says, and which functions it has.
import { zeroAddress } from 'viem'
import { laterPoolAbi, poolAbi } from '../../../../abis/aave-v3.ts'
import type { CallResult } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { answerOf } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import { identifyRevision, PROBES, type RevisionEvidence } from '../revisions/index.ts'
import { type AaveChange, type AaveMarket, type AaveMirror, type AaveRead, marketOf } from '../state.ts'
import { stateKeys } from '../sync.ts'
import { updateMarket, viewOf, withPart } from './calls.ts'

/** Arguments of the probes: any asset and any category do, since only the function's existence counts. */
const probeCalls = ({ wiring: { pool } }: AaveMarket) =>
  PROBES.map((functionName) => {
    switch (functionName) {
      case 'getLiquidationGracePeriod':
      case 'getReserveDeficit':
        return viewOf(pool, { abi: laterPoolAbi, functionName, args: [zeroAddress] })
      case 'RESERVE_INTEREST_RATE_STRATEGY':
        return viewOf(pool, { abi: laterPoolAbi, functionName })
      default:
        return viewOf(pool, { abi: laterPoolAbi, functionName, args: [0] })
    }
  })

const unknownRevision = ({ poolRevision, functions }: RevisionEvidence): Fault => {
  const lacking = PROBES.filter((name) => !functions.includes(name))
  const list = (names: readonly string[]): string => names.join(', ') || 'none'
  return {
    reason: 'unknown-revision',
    detail: `the pool says POOL_REVISION ${poolRevision}, which does not agree with the functions that it has (${list(functions)}) and lacks (${list(lacking)}), or is later than 3.7`,
  }
}

const decodeRevision = (results: readonly CallResult[], mirror: AaveMirror): readonly AaveChange[] => {
  const raw = answerOf(poolAbi, 'POOL_REVISION', results[0])
  if (!raw.ok)
    return [updateMarket((current) => withPart(current, 'revision', raw.fault)), retry(keys.revision)]
  const evidence: RevisionEvidence = {
    poolRevision: raw.value,
    functions: PROBES.filter((name, index) => answerOf(laterPoolAbi, name, results[index + 1]).ok),
  }
  const known = identifyRevision(evidence)
  const revision = known ?? 'unknown'
  const before = marketOf(mirror)
  const isChanged = before !== undefined && before.revision !== revision
  const again = isChanged ? stateKeys(mirror).filter((key) => key !== keys.revision) : []
  return [
    updateMarket((current) =>
      withPart(
        { ...current, revision, revisionRaw: raw.value.toString() },
        'revision',
        known ? undefined : unknownRevision(evidence),
      ),
    ),
    ...(known ? [] : [retry(keys.revision)]),
    ...due(...again),
  ]
}

/**
 * The pool's revision. A probe that fails looks like a function that is not there; it then disagrees with the number,
 * so that the market is of an unknown revision until the next head. Another revision keeps other state: all is due again.
 */
export const readRevision = (market: AaveMarket): AaveRead => ({
  key: keys.revision,
  calls: [viewOf(market.wiring.pool, { abi: poolAbi, functionName: 'POOL_REVISION' }), ...probeCalls(market)],
  decode: (results, _block, mirror) => decodeRevision(results, mirror),
})
