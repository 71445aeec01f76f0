import type { Key, Rounds } from '../../adapter.ts'
import { due as makeDue, retry } from '../../changing.ts'
import { keys, type ParsedKey, parseKey } from '../keys.ts'
import { type CometMarket, type CometMirror, type CometRead, type Configuration, marketOf } from '../state.ts'
import { readAccount, readHoldings } from './account.ts'
import { readConfiguration } from './configuration.ts'
import { readCollateral, readPrice, readQuote, readToken, readTotals } from './market.ts'
import { readSweep } from './sweep.ts'

/** Waits for the configuration, which the same round reads: makes the key due again without a call. */
const deferred = (key: Key): CometRead => ({
  key,
  calls: [],
  decode: (_results, _block, mirror) => (marketOf(mirror)?.configuration ? makeDue(key) : [retry(key)]),
})

const marketRead = (
  mirror: CometMirror,
  market: CometMarket,
  configuration: Configuration,
  key: ParsedKey,
): readonly CometRead[] => {
  switch (key.kind) {
    case 'configuration':
      return [readConfiguration(mirror)]
    case 'quote':
      return [readQuote(configuration)]
    case 'totals':
      return [readTotals(market, configuration)]
    case 'token':
      return [readToken(key.address)]
    case 'collateral':
      return [readCollateral(market, key.address)]
    case 'price':
      return [readPrice(market, key.address)]
    default:
      return []
  }
}

const accountRead = (
  mirror: CometMirror,
  market: CometMarket,
  key: ParsedKey,
  rounds: Rounds,
): readonly CometRead[] => {
  if (key.kind === 'account') return [readAccount(market, key.address, rounds)]
  return key.kind === 'holdings' ? [readHoldings(mirror, market, key.address)] : []
}

/** How due keys are read: market state first, then accounts, and last the sweep, which looks at what all of these changed. */
export const reads = (mirror: CometMirror, due: readonly Key[], rounds: Rounds): readonly CometRead[] => {
  const market = marketOf(mirror)
  const configuration = market?.configuration
  if (!configuration)
    return [readConfiguration(mirror), ...due.filter((key) => key !== keys.configuration).map(deferred)]
  const parsed = due.map(parseKey)
  return [
    ...parsed.flatMap((key) => marketRead(mirror, market, configuration, key)),
    ...parsed.flatMap((key) => accountRead(mirror, market, key, rounds)),
    ...(due.includes(keys.sweep) ? readSweep(mirror, market) : []),
  ]
}
