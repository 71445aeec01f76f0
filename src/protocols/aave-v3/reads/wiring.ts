// What the addresses provider names: everything else is read there.
import { zeroAddress } from 'viem'
import { providerAbi } from '../../../../abis/aave-v3.ts'
import type { CallResult } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { answerOf, faultAmong } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import {
  type AaveChange,
  type AaveDeployment,
  type AaveMarket,
  type AaveMirror,
  type AaveRead,
  MARKET,
  marketOf,
  type Wiring,
} from '../state.ts'
import { headKeys, stateKeys } from '../sync.ts'
import { viewOf, withPart } from './calls.ts'

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

/** A provider without the getter of the sentinel, where the others answer, has none. */
const wiringOf = (results: readonly CallResult[]): Wiring | Fault => {
  const pool = answerOf(providerAbi, 'getPool', results[0])
  const configurator = answerOf(providerAbi, 'getPoolConfigurator', results[1])
  const oracle = answerOf(providerAbi, 'getPriceOracle', results[2])
  const sentinel = answerOf(providerAbi, 'getPriceOracleSentinel', results[3])
  if (!pool.ok || !configurator.ok || !oracle.ok) return faultAmong(pool, configurator, oracle) as Fault
  return {
    pool: pool.value,
    configurator: configurator.value,
    oracle: oracle.value,
    sentinel: sentinel.ok ? sentinel.value : zeroAddress,
  }
}

const isSame = (a: Wiring | undefined, b: Wiring): boolean =>
  a?.pool === b.pool &&
  a.oracle === b.oracle &&
  a.configurator === b.configurator &&
  a.sentinel === b.sentinel

/** Without a sentinel, what the last one said no longer counts. */
const rewired = ({ sentinel, ...market }: AaveMarket, wiring: Wiring): AaveMarket => ({
  ...market,
  wiring,
  ...(sentinel && wiring.sentinel !== zeroAddress ? { sentinel } : {}),
})

const decodeWiring = (results: readonly CallResult[], mirror: AaveMirror): readonly AaveChange[] => {
  const wiring = wiringOf(results)
  const isFault = 'reason' in wiring
  const known = marketOf(mirror)
  const next = (current: AaveMarket | undefined): AaveMarket => {
    const market = current ?? emptyMarket(mirror.deployment)
    return isFault
      ? withPart(market, 'wiring', wiring)
      : withPart(rewired(market, wiring), 'wiring', undefined)
  }
  const change: AaveChange = { kind: 'market', key: MARKET, next }
  if (isFault) return [change, retry(keys.wiring)]
  if (isSame(known?.wiring, wiring)) return [change]
  const again = known
    ? [...stateKeys(mirror), ...headKeys(mirror)].filter(
        (key) => key !== keys.wiring && key !== keys.sentinel,
      )
    : [keys.revision, keys.base, keys.reserves]
  const sentinel = wiring.sentinel === zeroAddress ? [] : [keys.sentinel]
  return [change, ...due(...again, ...sentinel)]
}

const GETTERS = ['getPool', 'getPoolConfigurator', 'getPriceOracle', 'getPriceOracleSentinel'] as const

/** The addresses provider's wiring; when it changes, all that rests on it is due again. */
export const readWiring = (mirror: AaveMirror): AaveRead => {
  const provider = (mirror.deployment as AaveDeployment).poolAddressesProvider
  return {
    key: keys.wiring,
    calls: GETTERS.map((functionName) => viewOf(provider, { abi: providerAbi, functionName })),
    decode: (results, _block, current) => decodeWiring(results, current),
  }
}
