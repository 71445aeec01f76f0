// The comptroller's own settings, its list of markets, and which generation it is.
import { type Address, zeroAddress } from 'viem'
import { comptrollerAbi } from '../../../../abis/venus-core.ts'
import type { CallResult } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { answerOf, faultAmong } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import {
  deploymentOf,
  type Generation,
  MARKET,
  marketOf,
  type VenusChange,
  type VenusMarket,
  type VenusMirror,
  type VenusRead,
} from '../state.ts'
import { LONG_GAS_MAX, VIEW_GAS_MAX, viewOf } from './calls.ts'

/** Of a comptroller without a VAI controller, which tells its own: blocks of 0.45 s. */
const BLOCKS_PER_YEAR = 70_080_000n

const KNOWN = [
  ...(['getAllMarkets', 'oracle', 'closeFactorMantissa', 'protocolPaused', 'vaiController'] as const),
  ...(['liquidatorContract', 'comptrollerImplementation'] as const),
] as const
/** What tells generations apart. */
const PROBES = ['lastPoolId', 'deviationBoundedOracle', 'liquidationIncentiveMantissa'] as const
const GETTERS = [...KNOWN, ...PROBES] as const

const emptyMarket = (mirror: VenusMirror): VenusMarket => {
  const { chainId, protocol, deployment, comptroller } = deploymentOf(mirror)
  return {
    id: { chainId, protocol, deployment, market: MARKET },
    label: `Venus ${deployment}`,
    quote: { symbol: 'USD', decimals: 18 },
    revision: 'core-diamond',
    revisionRaw: '',
    fidelity: 'exact',
    comptroller,
    oracle: zeroAddress,
    blocksPerYear: BLOCKS_PER_YEAR,
    closeFactor: 0n,
    isProtocolPaused: false,
    listed: [],
    traits: {},
    cTokens: {},
    faults: {},
    pools: {},
  }
}

type Settings = Pick<
  VenusMarket,
  'revision' | 'revisionRaw' | 'listed' | 'oracle' | 'boundedOracle' | 'closeFactor' | 'isProtocolPaused'
> & { readonly lastPoolId: bigint; readonly vaiController: Address; readonly liquidator: Address }

const UNKNOWN: Fault = {
  reason: 'unknown-revision',
  detail: 'the comptroller has forced liquidations but no pools, or neither pools nor a global incentive',
}

/** Pools came with the diamond's liquidation thresholds; before, the incentive was one for all. */
const generationOf = (
  hasPools: boolean,
  hasIncentive: boolean,
  hasForced: boolean,
): Generation | undefined =>
  hasPools ? 'core-diamond' : hasIncentive && !hasForced ? 'core-monolith' : undefined

const settingsIn = (results: readonly CallResult[]): Settings | Fault => {
  const answer = <TName extends (typeof GETTERS)[number]>(name: TName) =>
    answerOf(comptrollerAbi, name, results[GETTERS.indexOf(name)])
  const listed = answer('getAllMarkets')
  const oracle = answer('oracle')
  const closeFactor = answer('closeFactorMantissa')
  const paused = answer('protocolPaused')
  const vai = answer('vaiController')
  const liquidator = answer('liquidatorContract')
  const implementation = answer('comptrollerImplementation')
  if (
    !(listed.ok && oracle.ok && closeFactor.ok && paused.ok && vai.ok && liquidator.ok && implementation.ok)
  )
    return faultAmong(listed, oracle, closeFactor, paused, vai, liquidator, implementation) as Fault
  const pools = answer('lastPoolId')
  const bounded = answer('deviationBoundedOracle')
  const forced = answerOf(comptrollerAbi, 'isForcedLiquidationEnabled', results[GETTERS.length])
  const revision = generationOf(pools.ok, answer('liquidationIncentiveMantissa').ok, forced.ok)
  if (!revision) return UNKNOWN
  return {
    revision,
    revisionRaw: implementation.value,
    listed: listed.value,
    oracle: oracle.value,
    ...(bounded.ok && bounded.value !== zeroAddress ? { boundedOracle: bounded.value } : {}),
    closeFactor: closeFactor.value,
    isProtocolPaused: paused.value,
    lastPoolId: pools.ok ? pools.value : 0n,
    vaiController: vai.value,
    liquidator: liquidator.value,
  }
}

/** The contract beside the comptroller as it is known, else that it is still to be read; nothing where there is none. */
const beside = <T extends { readonly fault: Fault } | object>(
  known: T | undefined,
  isKnown: boolean,
  address: Address,
) => {
  if (address === zeroAddress) return undefined
  const fault: Fault = { reason: 'not-yet-read', detail: `${address} is still to be read` }
  return known && isKnown ? known : { address, fault }
}

const addressIn = (part: object | undefined): Address | undefined => {
  const { address, controller } = (part ?? {}) as { address?: Address; controller?: Address }
  return address ?? controller
}

const applied = (market: VenusMarket, settings: Settings): VenusMarket => {
  const { lastPoolId: _, vaiController, liquidator, ...part } = settings
  const { vai, liquidatorContract, boundedOracle: __, fault: ___, ...rest } = market
  const nextVai = beside(vai, addressIn(vai) === vaiController, vaiController)
  const nextLiquidator = beside(liquidatorContract, addressIn(liquidatorContract) === liquidator, liquidator)
  return {
    ...rest,
    ...part,
    ...(nextVai ? { vai: nextVai } : {}),
    ...(nextLiquidator ? { liquidatorContract: nextLiquidator } : {}),
  }
}

/** Accounts are read anew where another contract lends VAI, or has liquidations of its own refused. */
const accountsOf = (mirror: VenusMirror, settings: Settings): readonly VenusChange[] => {
  const { vai, liquidatorContract } = marketOf(mirror) ?? {}
  const isSame = (part: object | undefined, address: Address): boolean =>
    address === zeroAddress || addressIn(part) === address
  return isSame(vai, settings.vaiController) && isSame(liquidatorContract, settings.liquidator)
    ? []
    : due(...[...mirror.positions.values()].map(({ owner }) => keys.account(owner)))
}

const dueOf = (before: VenusMarket | undefined, settings: Settings): readonly VenusChange[] => {
  const { listed, lastPoolId, vaiController, liquidator, oracle, boundedOracle } = settings
  const added = listed.filter((address) => !before?.listed.includes(address))
  const known = before?.listed ?? []
  const repriced = before?.oracle === oracle ? [] : known
  const rebounded = before?.boundedOracle === boundedOracle ? [] : known
  const pools = Array.from({ length: Number(lastPoolId) }, (_, index) => String(index + 1))
  const isNew = before === undefined || added.length > 0 || before.revisionRaw !== settings.revisionRaw
  return due(
    ...added.map(keys.vToken),
    ...repriced.map(keys.price),
    ...(boundedOracle ? rebounded.map(keys.boundedPrices) : []),
    ...(isNew ? pools : pools.filter((id) => before.pools[id] === undefined)).map(keys.pool),
    ...(vaiController !== zeroAddress && addressIn(before?.vai) !== vaiController ? [keys.vai] : []),
    ...(liquidator !== zeroAddress && addressIn(before?.liquidatorContract) !== liquidator
      ? [keys.liquidatorContract]
      : []),
  )
}

const decode = (results: readonly CallResult[], mirror: VenusMirror): readonly VenusChange[] => {
  const settings = settingsIn(results)
  const set = (next: (market: VenusMarket) => VenusMarket): VenusChange => ({
    kind: 'market',
    key: MARKET,
    next: (current) => next(current ?? emptyMarket(mirror)),
  })
  if ('reason' in settings)
    return [set((market) => ({ ...market, fault: settings })), retry(keys.comptroller)]
  return [
    set((market) => applied(market, settings)),
    ...dueOf(marketOf(mirror), settings),
    ...accountsOf(mirror, settings),
  ]
}

/** Settings and list; markets, pools and contracts that are new are due, and the prices of known ones where the oracle is another. */
export const readComptroller = (mirror: VenusMirror): VenusRead => {
  const { comptroller } = deploymentOf(mirror)
  return {
    key: keys.comptroller,
    calls: [
      ...GETTERS.map((name) =>
        viewOf(comptroller, comptrollerAbi, name, [], name === 'getAllMarkets' ? LONG_GAS_MAX : VIEW_GAS_MAX),
      ),
      viewOf(comptroller, comptrollerAbi, 'isForcedLiquidationEnabled', [zeroAddress]),
    ],
    decode: (results, _block, current) => decode(results, current),
  }
}
