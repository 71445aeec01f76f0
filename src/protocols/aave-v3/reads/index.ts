import { type Address, zeroAddress } from 'viem'
import type { Key, Rounds } from '../../adapter.ts'
import { due as makeDue, retry } from '../../changing.ts'
import { keys, parseKey } from '../keys.ts'
import { type AaveMirror, type AaveRead, marketOf } from '../state.ts'
import { readAccount } from './account.ts'
import { readEMode } from './e-mode.ts'
import { readBase, readReserves, readSentinel } from './market.ts'
import { readPrice } from './price.ts'
import { readReserve, readTotals } from './reserve.ts'
import { readRevision } from './revision.ts'
import { readWiring } from './wiring.ts'

/** Waits for the wiring, which the same round reads: makes the key due again without a call. */
const deferred = (key: Key): AaveRead => ({
  key,
  calls: [],
  decode: (_results, _block, mirror) => (marketOf(mirror)?.faults.wiring ? [retry(key)] : makeDue(key)),
})

/** Accounts with the reserves that legs among the keys name. */
const accountsAmong = (due: readonly Key[]): ReadonlyMap<Address, ReadonlySet<Address>> => {
  const accounts = new Map<Address, Set<Address>>()
  for (const key of due) {
    const parsed = parseKey(key)
    if (parsed.kind !== 'account' && parsed.kind !== 'leg') continue
    const touched = accounts.get(parsed.account) ?? new Set<Address>()
    if (parsed.kind === 'leg') touched.add(parsed.asset)
    accounts.set(parsed.account, touched)
  }
  return accounts
}

/** How due keys are read: market state before the prices that name its feeds, and both before the accounts that rest on them. */
export const reads = (mirror: AaveMirror, due: readonly Key[], rounds: Rounds): readonly AaveRead[] => {
  const market = marketOf(mirror)
  if (!market || market.faults.wiring)
    return [readWiring(mirror), ...due.filter((key) => key !== keys.wiring).map(deferred)]
  const ofMarket = due.flatMap((key): AaveRead[] => {
    const parsed = parseKey(key)
    switch (parsed.kind) {
      case 'wiring':
        return [readWiring(mirror)]
      case 'revision':
        return [readRevision(market)]
      case 'base':
        return [readBase(market)]
      case 'sentinel':
        return market.wiring.sentinel === zeroAddress ? [] : [readSentinel(market)]
      case 'reserves':
        return [readReserves(market)]
      case 'reserve':
        return [readReserve(market, parsed.asset)]
      case 'totals': {
        const reserve = market.reserves[parsed.asset]
        return reserve && reserve.id >= 0 ? [readTotals(market, reserve)] : []
      }
      case 'eMode':
        return [readEMode(market, parsed.id)]
      default:
        return []
    }
  })
  const prices = due.flatMap((key) => {
    const parsed = parseKey(key)
    return parsed.kind === 'price' ? [readPrice(market, parsed.asset)] : []
  })
  const accounts = [...accountsAmong(due)].map(([account, touched]) =>
    readAccount(mirror, market, account, touched, rounds),
  )
  return [...ofMarket, ...prices, ...accounts]
}
