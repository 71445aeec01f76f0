import type { Key } from '../../adapter.ts'
import { due as makeDue, retry } from '../../changing.ts'
import { keys, type ParsedKey, parseKey } from '../keys.ts'
import { branchOf, deploymentOf, type LiquityMirror, type LiquityRead, registryOf } from '../state.ts'
import { readBatch } from './batch.ts'
import { knownTroves, readCandidate, readIds, readOwner, type SetUp } from './owner.ts'
import { readPools } from './pools.ts'
import { readPrice } from './price.ts'
import { readRedistribution } from './redistribution.ts'
import { readRate, readRegistry } from './registry.ts'
import { readSetup, readTokens } from './setup.ts'
import { readLinks, readTrove } from './trove.ts'

/** Fetching a price may shut a branch down, as far as later calls see: it comes last, and troves before the count of them. */
const ORDER: readonly ParsedKey['kind'][] = [
  ...(['registry', 'setup', 'tokens', 'pools', 'redistribution', 'links', 'batch', 'trove'] as const),
  ...(['owner', 'search', 'candidate', 'rate', 'price'] as const),
]

/** Of what is not there: nothing to ask for. */
const nothing = (key: Key): LiquityRead => ({ key, calls: [], decode: () => [] })

/** Waits for the contracts of a branch, which the same round reads: makes the key due again without a call. */
const deferred = (key: Key, branch: string): LiquityRead => ({
  key,
  calls: [],
  decode: (_results, _block, mirror) =>
    branchOf(mirror, branch)?.faults.setup ? [retry(key)] : makeDue(key),
})

const namesOf = (mirror: LiquityMirror): readonly string[] => Object.keys(deploymentOf(mirror).branches)

const setUpOf = (mirror: LiquityMirror, branch: string): SetUp | undefined => {
  const market = branchOf(mirror, branch)
  return market?.setup ? (market as SetUp) : undefined
}

/** Branches that an account may have troves in; one that cannot be read is passed over, and says so itself. */
const ownerRead = (
  mirror: LiquityMirror,
  key: Key,
  account: Parameters<typeof readOwner>[1],
): LiquityRead => {
  const waiting = namesOf(mirror).find((name) => {
    const market = branchOf(mirror, name)
    return !market?.setup && !market?.faults.setup
  })
  if (waiting !== undefined) return deferred(key, waiting)
  return readOwner(
    namesOf(mirror).flatMap((name) => setUpOf(mirror, name) ?? []),
    account,
  )
}

/** What is read of a branch whose contracts are known. */
const branchRead = (
  mirror: LiquityMirror,
  market: SetUp,
  parsed: Exclude<ParsedKey, { readonly kind: 'registry' | 'rate' | 'owner' | 'setup' }>,
): LiquityRead => {
  const { branch } = parsed
  const { contracts } = market.setup
  switch (parsed.kind) {
    case 'tokens':
      return readTokens(mirror, market)
    case 'pools':
      return readPools(mirror, branch, contracts)
    case 'redistribution':
      return readRedistribution(mirror, branch, contracts)
    case 'links':
      return readLinks(mirror, branch, contracts)
    case 'price':
      return readPrice(branch, contracts)
    case 'batch':
      return readBatch(mirror, branch, contracts, parsed.manager)
    case 'trove':
      return readTrove(market, contracts, parsed.id)
    case 'search':
      return readIds(market, parsed.account)
    case 'candidate':
      return readCandidate(market, parsed.id, parsed.account)
  }
}

const readOf = (mirror: LiquityMirror, key: Key, parsed: ParsedKey): LiquityRead => {
  if (parsed.kind === 'registry') return readRegistry(mirror)
  if (parsed.kind === 'rate') {
    const registry = registryOf(mirror)
    return registry ? readRate(mirror, registry) : nothing(key)
  }
  if (parsed.kind === 'owner') return ownerRead(mirror, key, parsed.account)
  const { branch } = parsed
  const addressesRegistry = deploymentOf(mirror).branches[branch]
  if (addressesRegistry === undefined) return nothing(key)
  if (parsed.kind === 'setup') return readSetup(mirror, branch, addressesRegistry)
  const market = setUpOf(mirror, branch)
  return market ? branchRead(mirror, market, parsed) : deferred(key, branch)
}

/** With an account its known troves are read: their number tells whether there are more. */
const withKnownTroves = (mirror: LiquityMirror, due: readonly Key[]): ReadonlySet<Key> => {
  const accounts = due.flatMap((key) => {
    const parsed = parseKey(key)
    return parsed.kind === 'owner' ? [parsed.account] : []
  })
  const known = accounts.flatMap((account) => knownTroves(mirror, account))
  return new Set([...due, ...known.map(([market, id]) => keys.trove(market, id))])
}

/** How due keys are read. Everything of a branch waits for its setup. */
export const reads = (mirror: LiquityMirror, due: readonly Key[]): readonly LiquityRead[] =>
  [...withKnownTroves(mirror, due)]
    .map((key) => ({ key, parsed: parseKey(key) }))
    .sort((a, b) => ORDER.indexOf(a.parsed.kind) - ORDER.indexOf(b.parsed.kind))
    .map(({ key, parsed }) => readOf(mirror, key, parsed))
