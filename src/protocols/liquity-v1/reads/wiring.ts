// Where the contracts of a system are, and which family they are of.
import type { Address } from 'viem'
import { troveManagerAbi as abi } from '../../../../abis/liquity-v1.ts'
import type { CallResult } from '../../../model/evm.ts'
import type { Answer } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import {
  deploymentOf,
  type Family,
  type LiquityChange,
  type LiquityMarket,
  type LiquityMirror,
  type LiquityRead,
  MARKET,
  marketOf,
  updateMarket,
  type Wiring,
  withPart,
} from '../state.ts'
import { answersIn, type Views, viewCalls } from './calls.ts'
import { functionsOf } from './families.ts'

type Name = Exclude<keyof Wiring, 'family' | 'troveManager'>

const viewsOf = (to: Address, family: Family): Views<Name> => {
  const { stabilityPool, debtToken, protocolToken } = functionsOf[family]
  const names = {
    ...{ activePool: 'activePool', defaultPool: 'defaultPool', sortedTroves: 'sortedTroves' },
    ...{ priceFeed: 'priceFeed', borrowerOperations: 'borrowerOperationsAddress' },
    ...{ stabilityPool, debtToken, protocolToken },
    ...(family === 'ZUSD' ? { baseParams: 'liquityBaseParams' } : {}),
  }
  const views = Object.entries(names).map(([name, functionName]) => [name, { to, abi, functionName }])
  return Object.fromEntries(views) as Views<Name>
}

const isSame = (a: Wiring, b: Wiring): boolean =>
  Object.entries(a).every(([name, address]) => address === b[name as keyof Wiring])

const newMarket = (mirror: LiquityMirror, wiring: Wiring): LiquityMarket => {
  const { chainId, protocol, deployment } = mirror.deployment
  return {
    id: { chainId, protocol, deployment, market: MARKET },
    label: `Liquity v1 ${deployment}`,
    quote: { symbol: 'USD', decimals: 18 },
    ...{ revision: 'unknown', revisionRaw: '', fidelity: 'exact', wiring, faults: {} },
  }
}

/** What was read of other contracts is forgotten with them. */
const found = (mirror: LiquityMirror, wiring: Wiring): readonly LiquityChange[] => {
  const known = marketOf(mirror)
  if (known && isSame(known.wiring, wiring))
    return known.faults.wiring ? [updateMarket((current) => withPart(current, 'wiring', undefined))] : []
  return [
    { kind: 'market', key: MARKET, next: () => newMarket(mirror, wiring) },
    ...due(keys.traits, keys.parameters, keys.system, keys.price),
  ]
}

/** The addresses of a TroveManager that is of one of the families; where none is known yet, each of them is tried. */
export const readWiring = (mirror: LiquityMirror): LiquityRead => {
  const { troveManager } = deploymentOf(mirror)
  const known = marketOf(mirror)?.wiring.family
  const tried = (known ? [known] : (['LUSD', 'ZUSD'] as const)).map((family) => ({
    family,
    views: viewsOf(troveManager, family),
  }))
  return {
    key: keys.wiring,
    calls: tried.flatMap(({ views }) => viewCalls(views)),
    decode: (results, _block, current) => {
      let offset = 0
      let last: Answer<unknown> | undefined
      for (const { family, views } of tried) {
        const own: readonly CallResult[] = results.slice(offset, offset + Object.keys(views).length)
        offset += own.length
        const answer = answersIn<Address, Name>(views, own)
        if (answer.ok) return found(current, { family, troveManager, ...answer.value })
        last = answer
      }
      const fault = last && !last.ok ? last.fault : undefined
      return [updateMarket((market) => withPart(market, 'wiring', fault)), retry(keys.wiring)]
    },
  }
}
