import type { Address } from 'viem'
import type { Key, Rounds } from '../../adapter.ts'
import { type ParsedKey, parseKey, type UrnKey } from '../keys.ts'
import { deploymentOf, ilkMarketOf, type MakerMirror, type MakerRead, positionKey } from '../state.ts'
import { urnOfVault } from '../vaults.ts'
import { readAccount, readEngineUrns, readOwn, readProxy } from './account.ts'
import { readChost, readClip, readSale } from './clip.ts'
import { readGem, readIlkState } from './ilk.ts'
import { readPip, readQuiet } from './pip.ts'
import { readRegistry, readSystem } from './system.ts'
import { type Place, placeOf, readUrn } from './urn.ts'

type Vault = Extract<ParsedKey, { readonly kind: 'vault' }>

/** Vaults that logs named, by their urns. */
type Vaults = ReadonlyMap<Address, Vault>

const vaultsAmong = (mirror: MakerMirror, parsed: readonly ParsedKey[]): Vaults => {
  const { cdpManager } = deploymentOf(mirror)
  if (!cdpManager) return new Map()
  return new Map(
    parsed.flatMap((key) =>
      key.kind === 'vault' ? [[urnOfVault(cdpManager, key.vault), key] as const] : [],
    ),
  )
}

const placeIn = (mirror: MakerMirror, key: UrnKey, vaults: Vaults): Place => {
  const { name, urn } = key
  const named = key.vault === undefined ? vaults.get(urn) : key
  return named ? { name, urn, vault: named.vault, holder: named.holder } : placeOf(mirror, name, urn)
}

/** Every urn that is due, each once: those that keys name, and tracked ones of vaults that changed hands. */
const urnReads = (
  mirror: MakerMirror,
  parsed: readonly ParsedKey[],
  rounds: Rounds,
): readonly MakerRead[] => {
  const vaults = vaultsAmong(mirror, parsed)
  const places = new Map<string, Place>()
  for (const key of parsed)
    if (key.kind === 'urn') places.set(positionKey(key.name, key.urn), placeIn(mirror, key, vaults))
  for (const [urn, { vault, holder }] of vaults)
    for (const name of mirror.markets.keys())
      if (mirror.positions.has(positionKey(name, urn)))
        places.set(positionKey(name, urn), { name, urn, vault, holder })
  return [...places.values()].map((place) => readUrn(mirror, place, rounds))
}

const stateReads = (mirror: MakerMirror, key: ParsedKey): readonly MakerRead[] => {
  switch (key.kind) {
    case 'system':
      return [readSystem(mirror)]
    case 'registry':
      return [readRegistry(mirror)]
    case 'ilk':
      return [readIlkState(mirror, key.name)]
    case 'gem':
      return [readGem(mirror, key.name)]
    case 'pip':
      return [readPip(mirror, key.address)]
    case 'quiet':
      return [readQuiet(mirror, key.address)]
    default:
      return []
  }
}

/** Auctions of ilks that are known; of others the ilk itself is due. */
const auctionReads = (mirror: MakerMirror, key: ParsedKey): readonly MakerRead[] => {
  if (key.kind !== 'clip' && key.kind !== 'chost' && key.kind !== 'sale') return []
  const market = ilkMarketOf(mirror, key.name)
  if (!market) return [readIlkState(mirror, key.name)]
  if (key.kind === 'sale') return [readSale(market, key.id)]
  return [key.kind === 'clip' ? readClip(market) : readChost(market)]
}

const accountReads = (mirror: MakerMirror, key: ParsedKey): readonly MakerRead[] => {
  switch (key.kind) {
    case 'account':
      return [readAccount(mirror, key.address)]
    case 'own':
      return [readOwn(mirror, key.address)]
    case 'proxy':
      return [readProxy(mirror, key.address)]
    case 'engine-urns':
      return [readEngineUrns(key.engine, key.name, key.account, key.count)]
    default:
      return []
  }
}

/** Auctions come before the clip that lists them, so that those it lists are not asked for twice. */
const auctionsFirst = (parsed: readonly ParsedKey[]): readonly ParsedKey[] => [
  ...parsed.filter(({ kind }) => kind === 'sale'),
  ...parsed.filter(({ kind }) => kind === 'clip' || kind === 'chost'),
]

/** How due keys are read: what ilks share, the ilks, their auctions, then urns, and last where more of them may be. */
export const reads = (mirror: MakerMirror, due: readonly Key[], rounds: Rounds): readonly MakerRead[] => {
  const parsed = due.map(parseKey)
  return [
    ...parsed.flatMap((key) => stateReads(mirror, key)),
    ...auctionsFirst(parsed).flatMap((key) => auctionReads(mirror, key)),
    ...urnReads(mirror, parsed, rounds),
    ...parsed.flatMap((key) => accountReads(mirror, key)),
  ]
}
