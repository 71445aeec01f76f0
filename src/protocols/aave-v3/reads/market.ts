// Reads of the pool as a whole: wiring, revision, base currency, list of reserves, sentinel.
import { type Address, encodeFunctionData, getAddress, zeroAddress } from 'viem'
import { oracleAbi, poolAbi, probeAbi, providerAbi, sentinelAbi } from '../../../../abis/aave-v3.ts'
import type { Call, CallResult } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { answerOf, faultAmong } from '../../answers.ts'
import { keys } from '../keys.ts'
import { identifyRevision } from '../revisions/index.ts'
import {
  type AaveChange,
  type AaveDeployment,
  type AaveMarket,
  type AaveMirror,
  type AaveRead,
  due,
  MARKET,
  type MarketPart,
  marketOf,
  retry,
  type Wiring,
} from '../state.ts'
import { headKeys, stateKeys } from '../sync.ts'

/** Gas that a plain view of the pool or the provider needs at most. */
const VIEW_GAS_MAX = 60_000
const LIST_GAS_MAX = 600_000

const emptyMarket = ({ chainId, protocol, deployment }: AaveMirror['deployment']): AaveMarket => ({
  id: { chainId, protocol, deployment, market: MARKET },
  label: `Aave v3 ${deployment}`,
  quote: { symbol: 'USD', decimals: 8 },
  revision: 'unknown',
  revisionRaw: '',
  fidelity: 'exact',
  wiring: { pool: zeroAddress, configurator: zeroAddress, oracle: zeroAddress, sentinel: zeroAddress },
  faults: {},
  baseCurrencyUnit: 10n ** 8n,
  reserves: {},
  eModes: {},
})

/** A market whose part was read again: its fault is set or cleared, and `fault` is the first of all parts. */
const withPart = (market: AaveMarket, part: MarketPart, fault: Fault | undefined): AaveMarket => {
  const { fault: _, ...rest } = market
  const faults = { ...market.faults }
  if (fault) faults[part] = fault
  else delete faults[part]
  const first = Object.values(faults)[0]
  return first ? { ...rest, faults, fault: first } : { ...rest, faults }
}

const updateMarket = (next: (market: AaveMarket) => AaveMarket): AaveChange => ({
  kind: 'market',
  key: MARKET,
  next: (market) => market && next(market),
})

const wiringOf = (results: readonly CallResult[]): Wiring | Fault => {
  const pool = answerOf(providerAbi, 'getPool', results[0])
  const configurator = answerOf(providerAbi, 'getPoolConfigurator', results[1])
  const oracle = answerOf(providerAbi, 'getPriceOracle', results[2])
  const sentinel = answerOf(providerAbi, 'getPriceOracleSentinel', results[3])
  if (!pool.ok || !configurator.ok || !oracle.ok || !sentinel.ok)
    return faultAmong(pool, configurator, oracle, sentinel) as Fault
  return {
    pool: pool.value,
    configurator: configurator.value,
    oracle: oracle.value,
    sentinel: sentinel.value,
  }
}

const decodeWiring = (results: readonly CallResult[], mirror: AaveMirror): readonly AaveChange[] => {
  const wiring = wiringOf(results)
  const fault = 'reason' in wiring ? wiring : undefined
  const known = marketOf(mirror)
  const next = (current: AaveMarket | undefined): AaveMarket => {
    const market = current ?? emptyMarket(mirror.deployment)
    return withPart('reason' in wiring ? market : { ...market, wiring }, 'wiring', fault)
  }
  const change: AaveChange = { kind: 'market', key: MARKET, next }
  const before = known?.wiring
  const isUnchanged =
    !('reason' in wiring) &&
    before?.pool === wiring.pool &&
    before.oracle === wiring.oracle &&
    before.configurator === wiring.configurator &&
    before.sentinel === wiring.sentinel
  if (fault) return [change, retry(keys.wiring)]
  if (isUnchanged) return [change]
  const again = known
    ? [...stateKeys(mirror), ...headKeys(mirror)].filter((key) => key !== keys.wiring)
    : [keys.revision, keys.base, keys.reserves]
  const sentinel = 'reason' in wiring || wiring.sentinel === zeroAddress ? [] : [keys.sentinel]
  return [change, ...due(...new Set([...again, ...sentinel]))]
}

/** The addresses provider's wiring; when it changes, all that rests on it is due again. */
export const readWiring = (mirror: AaveMirror): AaveRead => {
  const provider = (mirror.deployment as AaveDeployment).poolAddressesProvider
  const call = (
    functionName: 'getPool' | 'getPoolConfigurator' | 'getPriceOracle' | 'getPriceOracleSentinel',
  ): Call => ({
    to: provider,
    data: encodeFunctionData({ abi: providerAbi, functionName }),
    gasMax: VIEW_GAS_MAX,
  })
  return {
    key: keys.wiring,
    calls: [
      call('getPool'),
      call('getPoolConfigurator'),
      call('getPriceOracle'),
      call('getPriceOracleSentinel'),
    ],
    decode: (results, _block, current) => decodeWiring(results, current),
  }
}

/** The pool's revision: its own number, and whether it has functions of later revisions. */
export const readRevision = (market: AaveMarket): AaveRead => {
  const { pool } = market.wiring
  const gasMax = VIEW_GAS_MAX
  return {
    key: keys.revision,
    calls: [
      { to: pool, data: encodeFunctionData({ abi: poolAbi, functionName: 'POOL_REVISION' }), gasMax },
      {
        to: pool,
        data: encodeFunctionData({
          abi: probeAbi,
          functionName: 'getLiquidationGracePeriod',
          args: [zeroAddress],
        }),
        gasMax,
      },
      {
        to: pool,
        data: encodeFunctionData({ abi: probeAbi, functionName: 'getReserveDeficit', args: [zeroAddress] }),
        gasMax,
      },
    ],
    decode: (results) => {
      const raw = answerOf(poolAbi, 'POOL_REVISION', results[0])
      if (!raw.ok)
        return [updateMarket((current) => withPart(current, 'revision', raw.fault)), retry(keys.revision)]
      const hasGracePeriod = answerOf(probeAbi, 'getLiquidationGracePeriod', results[1]).ok
      const hasReserveDeficit = answerOf(probeAbi, 'getReserveDeficit', results[2]).ok
      const revision = identifyRevision({ poolRevision: raw.value, hasGracePeriod, hasReserveDeficit })
      const fault: Fault | undefined = revision
        ? undefined
        : {
            reason: 'unknown-revision',
            detail: `the pool says POOL_REVISION ${raw.value}${hasReserveDeficit ? ' and has reserve deficits' : hasGracePeriod ? ' and has grace periods' : ''}; this version knows the maths of 3.0.x only`,
          }
      return [
        updateMarket((current) =>
          withPart(
            { ...current, revision: revision ?? 'unknown', revisionRaw: raw.value.toString() },
            'revision',
            fault,
          ),
        ),
      ]
    },
  }
}

/** The oracle's base currency: the market's quote. The zero address stands for USD. */
export const readBase = (market: AaveMarket): AaveRead => {
  const to = market.wiring.oracle
  return {
    key: keys.base,
    calls: [
      {
        to,
        data: encodeFunctionData({ abi: oracleAbi, functionName: 'BASE_CURRENCY' }),
        gasMax: VIEW_GAS_MAX,
      },
      {
        to,
        data: encodeFunctionData({ abi: oracleAbi, functionName: 'BASE_CURRENCY_UNIT' }),
        gasMax: VIEW_GAS_MAX,
      },
    ],
    decode: (results) => {
      const currency = answerOf(oracleAbi, 'BASE_CURRENCY', results[0])
      const unit = answerOf(oracleAbi, 'BASE_CURRENCY_UNIT', results[1])
      if (!currency.ok || !unit.ok) {
        const fault = faultAmong(currency, unit)
        return [updateMarket((current) => withPart(current, 'base', fault)), retry(keys.base)]
      }
      const decimals = unit.value.toString().length - 1
      const symbol = currency.value === zeroAddress ? 'USD' : currency.value
      return [
        updateMarket((current) =>
          withPart(
            { ...current, baseCurrencyUnit: unit.value, quote: { symbol, decimals } },
            'base',
            undefined,
          ),
        ),
      ]
    },
  }
}

/** The pool's list of reserves; new ones become due, dropped ones go. */
export const readReserves = (market: AaveMarket): AaveRead => ({
  key: keys.reserves,
  calls: [
    {
      to: market.wiring.pool,
      data: encodeFunctionData({ abi: poolAbi, functionName: 'getReservesList' }),
      gasMax: LIST_GAS_MAX,
    },
  ],
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

/** Whether the price-oracle sentinel currently lets positions of 0.95 ≤ HF < 1 be liquidated. */
export const readSentinel = (market: AaveMarket): AaveRead => ({
  key: keys.sentinel,
  calls: [
    {
      to: market.wiring.sentinel,
      data: encodeFunctionData({ abi: sentinelAbi, functionName: 'isLiquidationAllowed' }),
      gasMax: VIEW_GAS_MAX,
    },
  ],
  decode: (results) => {
    const allowed = answerOf(sentinelAbi, 'isLiquidationAllowed', results[0])
    const sentinel = allowed.ok ? { isLiquidationAllowed: allowed.value } : { fault: allowed.fault }
    return [updateMarket((current) => ({ ...current, sentinel }))]
  },
})
