import type { Key } from '../../adapter.ts'
import { due as makeDue, retry } from '../../changing.ts'
import { keys, type ParsedKey, parseKey } from '../keys.ts'
import { type CompoundMarket, type CompoundMirror, type CompoundRead, marketOf } from '../state.ts'
import { readAccount, readTokens } from './account.ts'
import { readBorrow } from './borrow.ts'
import { readComptroller } from './comptroller.ts'
import { readPrice } from './price.ts'
import { readTraits } from './probe.ts'
import { readCash, readToken } from './token.ts'

/** Waits for what another read of this round finds out: makes the key due again without a call. */
const deferred = (key: Key): CompoundRead => ({
  key,
  calls: [],
  decode: (_results, _block, mirror) => (marketOf(mirror)?.fault ? [retry(key)] : makeDue(key)),
})

/** Of a market that could not be read: nothing to ask for until it can be. */
const unread = (key: Key): CompoundRead => ({ key, calls: [], decode: () => [] })

/** Market state is read before the accounts that rest on it. */
const ORDER: readonly ParsedKey['kind'][] = [
  'comptroller',
  'token',
  'cash',
  'price',
  'account',
  'tokens',
  'borrow',
]

/** Listed markets that are neither read nor known to fail; accounts wait for them. */
const isWhole = ({ listed, cTokens, faults }: CompoundMarket): boolean =>
  listed.every((address) => cTokens[address] || faults[address])

const readOf = (
  mirror: CompoundMirror,
  market: CompoundMarket,
  key: Key,
  parsed: ParsedKey,
): CompoundRead => {
  switch (parsed.kind) {
    case 'comptroller':
      return readComptroller(mirror)
    case 'token': {
      const traits = market.traits[parsed.cToken]
      return traits ? readToken(market, parsed.cToken, traits) : readTraits(market, parsed.cToken)
    }
    case 'cash':
      return readCash(parsed.cToken)
    case 'price': {
      const cToken = market.cTokens[parsed.cToken]
      if (cToken) return readPrice(market, cToken)
      return market.faults[parsed.cToken] ? unread(key) : deferred(key)
    }
    case 'account':
      return isWhole(market) ? readAccount(market, parsed.account) : deferred(key)
    case 'tokens':
      return readTokens(parsed.account, parsed.cToken)
    case 'borrow':
      return readBorrow(mirror, parsed.account, parsed.cToken)
  }
}

/** How due keys are read. Everything waits for the comptroller's list of markets, accounts for all markets in it. */
export const reads = (mirror: CompoundMirror, due: readonly Key[]): readonly CompoundRead[] => {
  const market = marketOf(mirror)
  if (!market || market.fault)
    return [readComptroller(mirror), ...due.filter((key) => key !== keys.comptroller).map(deferred)]
  return due
    .map((key) => ({ key, parsed: parseKey(key) }))
    .sort((a, b) => ORDER.indexOf(a.parsed.kind) - ORDER.indexOf(b.parsed.kind))
    .map(({ key, parsed }) => readOf(mirror, market, key, parsed))
}
