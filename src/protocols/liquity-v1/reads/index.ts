import type { Address } from 'viem'
import type { Key } from '../../adapter.ts'
import { due as makeDue, retry } from '../../changing.ts'
import { keys, type ParsedKey, parseKey } from '../keys.ts'
import { type LiquityMarket, type LiquityMirror, type LiquityRead, marketOf } from '../state.ts'
import { readParameters } from './parameters.ts'
import { readPrice, readSystem } from './system.ts'
import { readTraits } from './traits.ts'
import { readTroves } from './troves.ts'
import { readWiring } from './wiring.ts'

/** Waits for the wiring, which the same round reads: makes the key due again without a call. */
const deferred = (key: Key): LiquityRead => ({
  key,
  calls: [],
  decode: (_results, _block, mirror) => (marketOf(mirror) ? makeDue(key) : [retry(key)]),
})

const systemRead = (
  mirror: LiquityMirror,
  market: LiquityMarket,
  { kind }: ParsedKey,
): readonly LiquityRead[] => {
  switch (kind) {
    case 'wiring':
      return [readWiring(mirror)]
    case 'traits':
      return [readTraits(market)]
    case 'parameters':
      return [readParameters(market)]
    case 'system':
      return [readSystem(market)]
    case 'price':
      return [readPrice(market)]
    default:
      return []
  }
}

/** How due keys are read: the system, then all troves together. One round does, but for a system that is not known yet. */
export const reads = (mirror: LiquityMirror, due: readonly Key[]): readonly LiquityRead[] => {
  const parsed = due.map(parseKey)
  const market = marketOf(mirror)
  if (!market) return [readWiring(mirror), ...due.filter((key) => key !== keys.wiring).map(deferred)]
  const owners = parsed.flatMap((key): readonly Address[] => (key.kind === 'trove' ? [key.owner] : []))
  return [...parsed.flatMap((key) => systemRead(mirror, market, key)), ...readTroves(market, owners)]
}
