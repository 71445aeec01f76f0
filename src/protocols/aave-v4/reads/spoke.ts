// A spoke: of which kind it is, what it lists and how it liquidates.
import { type Address, getAddress, zeroAddress } from 'viem'
import { spokeAbi } from '../../../../abis/aave-v4.ts'
import type { CallResult } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { UINT256_MAX } from '../../../units/brands.ts'
import { answerOf, faultAmong } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import { REVISIONS } from '../revisions.ts'
import {
  type AaveV4Change,
  type AaveV4Mirror,
  type AaveV4Read,
  type SpokeMarket,
  spokeNamed,
  USD,
} from '../state.ts'
import { refusalIn, spokeCall } from './calls.ts'

const PROBE_GAS_MAX = 300_000

/** More reserves than any spoke may have; beyond it an answer is nonsense. */
const RESERVES_MAX = 1024n

const emptySpoke = (mirror: AaveV4Mirror, name: string, spoke: Address): SpokeMarket => {
  const { chainId, protocol, deployment } = mirror.deployment
  return {
    id: { chainId, protocol, deployment, market: name },
    label: `Aave v4 ${name}`,
    quote: USD,
    revision: 'unknown',
    revisionRaw: '',
    fidelity: 'exact',
    kind: 'spoke',
    faults: {},
    spoke,
    oracle: zeroAddress,
    userReservesMax: 0,
    liquidationConfig: { targetHealthFactor: 0n, healthFactorForMaxBonus: 0n, liquidationBonusFactor: 0n },
    reserveCount: 0,
    reserves: {},
    dynamicConfigs: {},
    spokeData: {},
  }
}

type Reading = Pick<
  SpokeMarket,
  'revision' | 'revisionRaw' | 'oracle' | 'userReservesMax' | 'liquidationConfig' | 'reserveCount' | 'fault'
>

/** Whatever liquidates by the rules that are known refuses a reserve that is not there in these words, for any caller. */
const kindFault = (probe: CallResult | undefined): Fault | undefined => {
  const refusal = refusalIn(spokeAbi, probe)
  if (refusal === 'ReserveNotListed') return undefined
  const detail = `another kind of spoke: liquidationCall ${refusal ? `refuses with ${refusal}` : 'answers otherwise'}`
  return { reason: 'unknown-revision', detail }
}

const revisionFault = (revision: string): Fault | undefined =>
  REVISIONS.includes(revision)
    ? undefined
    : { reason: 'unknown-revision', detail: `no maths for SPOKE_REVISION ${revision}` }

const readingIn = ([first, second, third, fourth, fifth, probe]: readonly CallResult[]): Reading | Fault => {
  const count = answerOf(spokeAbi, 'getReserveCount', first)
  const config = answerOf(spokeAbi, 'getLiquidationConfig', second)
  const oracle = answerOf(spokeAbi, 'ORACLE', third)
  const limit = answerOf(spokeAbi, 'MAX_USER_RESERVES_LIMIT', fourth)
  const revision = answerOf(spokeAbi, 'SPOKE_REVISION', fifth)
  if (!count.ok || !config.ok || !oracle.ok || !limit.ok || !revision.ok)
    return faultAmong(count, config, oracle, limit, revision) as Fault
  if (count.value > RESERVES_MAX)
    return { reason: 'read-failed', detail: `getReserveCount: ${count.value} reserves are too many` }
  const { targetHealthFactor, healthFactorForMaxBonus, liquidationBonusFactor } = config.value
  const revisionRaw = String(revision.value)
  const fault = revisionFault(revisionRaw) ?? kindFault(probe)
  return {
    revision: fault ? 'unknown' : revisionRaw,
    revisionRaw,
    oracle: getAddress(oracle.value),
    userReservesMax: limit.value,
    liquidationConfig: {
      targetHealthFactor,
      healthFactorForMaxBonus,
      liquidationBonusFactor: BigInt(liquidationBonusFactor),
    },
    reserveCount: Number(count.value),
    ...(fault ? { fault } : {}),
  }
}

/** What a new number of reserves makes due: those that were never read. */
const dueAfter = ({ reserves }: SpokeMarket, name: string, reserveCount: number): readonly AaveV4Change[] =>
  Array.from({ length: reserveCount }, (_, id) => id)
    .filter((id) => !reserves[id])
    .flatMap((id) => due(keys.reserve(name, id), keys.price(name, id)))

/** What only governance changes of a spoke; a failure leaves what was known under a fault. */
export const readSpoke = (name: string, spoke: Address): AaveV4Read => {
  const key = keys.spoke(name)
  return {
    key,
    calls: [
      spokeCall(spoke, 'getReserveCount', []),
      spokeCall(spoke, 'getLiquidationConfig', []),
      spokeCall(spoke, 'ORACLE', []),
      spokeCall(spoke, 'MAX_USER_RESERVES_LIMIT', []),
      spokeCall(spoke, 'SPOKE_REVISION', []),
      spokeCall(spoke, 'liquidationCall', [UINT256_MAX, UINT256_MAX, zeroAddress, 1n, false], PROBE_GAS_MAX),
    ],
    decode: (results, _block, mirror) => {
      const current = spokeNamed(mirror, name) ?? emptySpoke(mirror, name, spoke)
      const reading = readingIn(results)
      if ('reason' in reading)
        return [{ kind: 'market', key: name, next: () => ({ ...current, fault: reading }) }, retry(key)]
      const { fault: _, ...rest } = current
      return [
        { kind: 'market', key: name, next: () => ({ ...rest, ...reading }) },
        ...dueAfter(current, name, reading.reserveCount),
      ]
    },
  }
}
