import type { Key } from '../../adapter.ts'
import { due as makeDue, retry } from '../../changing.ts'
import { keys, type ParsedKey, parseKey } from '../keys.ts'
import { marketOf, type VenusMarket, type VenusMirror, type VenusRead } from '../state.ts'
import { readAccount, readTokens } from './account.ts'
import { readBorrow } from './borrow.ts'
import { readComptroller } from './comptroller.ts'
import { readBoundedPrices, readPrice } from './prices.ts'
import { readPool } from './settings.ts'
import { readCash, readTotals } from './totals.ts'
import { readTraits } from './traits.ts'
import { readVToken } from './v-token.ts'
import { besideOf, readLiquidatorContract, readVai } from './vai.ts'

/** Waits for what another read of this round finds out: makes the key due again without a call. */
const deferred = (key: Key): VenusRead => ({
  key,
  calls: [],
  decode: (_results, _block, mirror) => (marketOf(mirror)?.fault ? [retry(key)] : makeDue(key)),
})

/** Of what is not there, or could not be read: nothing to ask for. */
const nothing = (key: Key): VenusRead => ({ key, calls: [], decode: () => [] })

/** Market state is read before the accounts that rest on it, and VAI's accrual after all that a price could tell of VAI. */
const ORDER: readonly ParsedKey['kind'][] = [
  ...(['comptroller', 'v-token', 'totals', 'cash', 'pool', 'liquidator-contract'] as const),
  ...(['price', 'bounded-prices', 'vai', 'account', 'tokens', 'borrow'] as const),
]

/** Listed markets that are neither read nor known to fail; accounts wait for them. */
const isWhole = ({ listed, cTokens, faults }: VenusMarket): boolean =>
  listed.every((address) => cTokens[address] || faults[address])

const marketRead = (
  mirror: VenusMirror,
  market: VenusMarket,
  key: Key,
  parsed: Exclude<ParsedKey, { readonly account: unknown }>,
): VenusRead => {
  const { vai, liquidator } = besideOf(mirror)
  switch (parsed.kind) {
    case 'comptroller':
      return readComptroller(mirror)
    case 'pool':
      return readPool(market, parsed.poolId)
    case 'vai':
      return vai ? readVai(market, vai) : nothing(key)
    case 'liquidator-contract':
      return liquidator ? readLiquidatorContract(liquidator) : nothing(key)
    default: {
      const { kind, address } = parsed
      const traits = market.traits[address]
      const vToken = market.cTokens[address]
      if (kind === 'price') return readPrice(market, address)
      if (kind === 'bounded-prices')
        return market.boundedOracle ? readBoundedPrices(market, market.boundedOracle, address) : nothing(key)
      if (!traits) return readTraits(address)
      if (kind === 'v-token' || !vToken) return readVToken(market, address, traits)
      return kind === 'totals' ? readTotals(market, vToken, traits) : readCash(address)
    }
  }
}

const accountRead = (
  mirror: VenusMirror,
  market: VenusMarket,
  key: Key,
  parsed: Extract<ParsedKey, { readonly account: unknown }>,
): VenusRead => {
  if (parsed.kind === 'tokens') return readTokens(parsed.account, parsed.vToken)
  if (parsed.kind === 'borrow') return readBorrow(mirror, parsed.account, parsed.vToken)
  return isWhole(market) ? readAccount(mirror, market, parsed.account) : deferred(key)
}

/** How due keys are read. Everything waits for the comptroller's list of markets, accounts for all markets in it. */
export const reads = (mirror: VenusMirror, due: readonly Key[]): readonly VenusRead[] => {
  const market = marketOf(mirror)
  if (!market || market.fault)
    return [readComptroller(mirror), ...due.filter((key) => key !== keys.comptroller).map(deferred)]
  return due
    .map((key) => ({ key, parsed: parseKey(key) }))
    .sort((a, b) => ORDER.indexOf(a.parsed.kind) - ORDER.indexOf(b.parsed.kind))
    .map(({ key, parsed }) =>
      'account' in parsed
        ? accountRead(mirror, market, key, parsed)
        : marketRead(mirror, market, key, parsed),
    )
}
