import type { Key, Rounds } from '../../adapter.ts'
import { due as makeDue, retry } from '../../changing.ts'
import { type ParsedKey, parseKey } from '../keys.ts'
import { type AaveV4Mirror, type AaveV4Read, type SpokeMarket, spokeNamed, spokesOf } from '../state.ts'
import { readAccount, readLoan } from './account.ts'
import { readAsset, readHub, readSymbol } from './hub.ts'
import { readConfig, readPrice, readReserve, readSpokeData } from './reserve.ts'
import { readSpoke } from './spoke.ts'

/** Whether it is known which reserves there are. */
const isListed = (market: SpokeMarket | undefined): market is SpokeMarket =>
  market !== undefined && (market.reserveCount > 0 || market.fault?.reason !== 'read-failed')

/** Waits for a spoke that the same round reads, without a call. One that cannot be read is asked again with the next head. */
const deferred = (key: Key, name: string): AaveV4Read => ({
  key,
  calls: [],
  decode: (_results, _block, mirror) => (isListed(spokeNamed(mirror, name)) ? makeDue(key) : [retry(key)]),
})

type Part = Exclude<Extract<ParsedKey, { readonly name: string }>, { readonly kind: 'spoke' }>

const partOf = (
  mirror: AaveV4Mirror,
  market: SpokeMarket,
  parsed: Part,
  rounds: Rounds,
): AaveV4Read | undefined => {
  switch (parsed.kind) {
    case 'reserve':
      return readReserve(market, parsed.id)
    case 'config':
      return readConfig(market, parsed.id, parsed.key)
    case 'spoke-data': {
      const reserve = market.reserves[parsed.id]
      return reserve && readSpokeData(market, reserve)
    }
    case 'price':
      return readPrice(market, parsed.id)
    case 'account':
      return readAccount(mirror, market, parsed.account, rounds)
    case 'loan':
      return readLoan(market, parsed.account)
  }
}

const readOf = (mirror: AaveV4Mirror, key: Key, rounds: Rounds): AaveV4Read | undefined => {
  const parsed = parseKey(key)
  switch (parsed.kind) {
    case 'hub':
      return readHub(parsed.hub)
    case 'asset':
      return readAsset(mirror, parsed.hub, parsed.assetId)
    case 'symbol':
      return readSymbol(mirror, parsed.hub, parsed.assetId)
  }
  const { name } = parsed
  const spoke = spokesOf(mirror).find(([own]) => own === name)?.[1]
  if (!spoke) return undefined
  if (parsed.kind === 'spoke') return readSpoke(name, spoke)
  const market = spokeNamed(mirror, name)
  return isListed(market) ? partOf(mirror, market, parsed, rounds) : deferred(key, name)
}

/** What comes first is there when what rests on it is decoded, and need not be made due once more. */
const ORDER: readonly ParsedKey['kind'][] = [
  ...(['spoke', 'hub', 'asset', 'symbol', 'config', 'spoke-data', 'reserve', 'price'] as const),
  ...(['account', 'loan'] as const),
]

const orderOf = (key: Key): number => ORDER.indexOf(parseKey(key).kind)

/** How due keys are read, in the order in which they rest on each other. */
export const reads = (mirror: AaveV4Mirror, due: readonly Key[], rounds: Rounds): readonly AaveV4Read[] =>
  [...due].sort((a, b) => orderOf(a) - orderOf(b)).flatMap((key) => readOf(mirror, key, rounds) ?? [])
