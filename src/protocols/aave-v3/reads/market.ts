// Reads of the pool as a whole: base currency, list of reserves, sentinel.
import { type Address, getAddress, zeroAddress } from 'viem'
import { oracleAbi, poolAbi, sentinelAbi } from '../../../../abis/aave-v3.ts'
import type { Fault } from '../../../model/market.ts'
import { answerOf, faultAmong } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import { type AaveMarket, type AaveRead, marketOf } from '../state.ts'
import { updateMarket, viewOf, withPart } from './calls.ts'

/** A pool lists at most 128 reserves, a word each. */
const LIST_GAS_MAX = 600_000

/** The oracle's base currency: the market's quote. The zero address stands for USD. */
export const readBase = ({ wiring: { oracle } }: AaveMarket): AaveRead => ({
  key: keys.base,
  calls: [
    viewOf(oracle, { abi: oracleAbi, functionName: 'BASE_CURRENCY' }),
    viewOf(oracle, { abi: oracleAbi, functionName: 'BASE_CURRENCY_UNIT' }),
  ],
  decode: (results) => {
    const currency = answerOf(oracleAbi, 'BASE_CURRENCY', results[0])
    const unit = answerOf(oracleAbi, 'BASE_CURRENCY_UNIT', results[1])
    if (!currency.ok || !unit.ok) {
      const fault = faultAmong(currency, unit)
      return [updateMarket((current) => withPart(current, 'base', fault)), retry(keys.base)]
    }
    const decimals = unit.value.toString().length - 1
    const quote =
      currency.value === zeroAddress
        ? { symbol: 'USD', decimals }
        : { symbol: currency.value, decimals, asset: getAddress(currency.value) }
    return [
      updateMarket((current) =>
        withPart({ ...current, baseCurrencyUnit: unit.value, quote }, 'base', undefined),
      ),
    ]
  },
})

/** The pool's list of reserves; new ones become due, dropped ones go. */
export const readReserves = (market: AaveMarket): AaveRead => ({
  key: keys.reserves,
  calls: [viewOf(market.wiring.pool, { abi: poolAbi, functionName: 'getReservesList' }, LIST_GAS_MAX)],
  decode: (results, _block, mirror) => {
    const list = answerOf(poolAbi, 'getReservesList', results[0])
    if (!list.ok)
      return [updateMarket((current) => withPart(current, 'reserves', list.fault)), retry(keys.reserves)]
    const assets = list.value.map((asset) => getAddress(asset)).filter((asset) => asset !== zeroAddress)
    const listed = new Set<Address>(assets)
    const known = marketOf(mirror)?.reserves ?? {}
    const added = assets.filter((asset) => known[asset] === undefined)
    return [
      updateMarket((current) => {
        const kept = Object.entries(current.reserves).filter(([asset]) => listed.has(asset as Address))
        return withPart({ ...current, reserves: Object.fromEntries(kept) }, 'reserves', undefined)
      }),
      ...due(...added.flatMap((asset) => [keys.reserve(asset), keys.price(asset)])),
    ]
  },
})

/** The sentinel asks the sequencer's feed. */
const SENTINEL_GAS_MAX = 80_000

/** What the price-oracle sentinel currently allows; one that the same round replaces no longer counts. */
export const readSentinel = ({ wiring: { sentinel } }: AaveMarket): AaveRead => ({
  key: keys.sentinel,
  calls: [
    viewOf(sentinel, { abi: sentinelAbi, functionName: 'isLiquidationAllowed' }, SENTINEL_GAS_MAX),
    viewOf(sentinel, { abi: sentinelAbi, functionName: 'isBorrowAllowed' }, SENTINEL_GAS_MAX),
  ],
  decode: (results) => {
    const liquidation = answerOf(sentinelAbi, 'isLiquidationAllowed', results[0])
    const borrow = answerOf(sentinelAbi, 'isBorrowAllowed', results[1])
    const word =
      liquidation.ok && borrow.ok
        ? { isLiquidationAllowed: liquidation.value, isBorrowAllowed: borrow.value }
        : { fault: faultAmong(liquidation, borrow) as Fault }
    return [
      updateMarket((current) =>
        current.wiring.sentinel === sentinel ? { ...current, sentinel: word } : current,
      ),
    ]
  },
})
