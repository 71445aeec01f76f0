// What only an upgrade changes: parameters, rates, the list of assets.
import { getAddress } from 'viem'
import { cometAbi } from '../../../../abis/compound-v3.ts'
import type { CallResult } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { WAD } from '../../../units/brands.ts'
import { answerOf, faultAmong } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import { BASE_ACCRUAL_SCALE, BASE_INDEX_SCALE, PRICE_SCALE } from '../math.ts'
import {
  type AssetInfo,
  type CometChange,
  type CometMarket,
  type CometMirror,
  type CometRead,
  type Configuration,
  deploymentOf,
  feedsOf,
  MARKET,
  marketOf,
  NEVER_SWEPT,
  withPart,
} from '../state.ts'
import { cometCall, refusalIn } from './calls.ts'

const GETTER_GAS_MAX = 40_000

/** As many as any variant can have; offsets beyond the market's own refuse. */
const ASSETS_MAX = 24

/** Getters that answer a bigint. */
const NUMBERS = [
  'baseScale',
  'supplyKink',
  'supplyPerSecondInterestRateBase',
  'supplyPerSecondInterestRateSlopeLow',
  'supplyPerSecondInterestRateSlopeHigh',
  'borrowKink',
  'borrowPerSecondInterestRateBase',
  'borrowPerSecondInterestRateSlopeLow',
  'borrowPerSecondInterestRateSlopeHigh',
  'storeFrontPriceFactor',
  'targetReserves',
  'trackingIndexScale',
  'baseTrackingSupplySpeed',
  'baseTrackingBorrowSpeed',
  'baseMinForRewards',
  'baseBorrowMin',
  'baseIndexScale',
  'factorScale',
  'priceScale',
  'baseAccrualScale',
] as const

/** The others; `assetList` exists in the extended variant only. */
const OTHERS = ['baseToken', 'baseTokenPriceFeed', 'numAssets', 'version', 'name', 'assetList'] as const

type Numbers = Readonly<Record<(typeof NUMBERS)[number], bigint>>

const numbersIn = (results: readonly CallResult[]): Numbers | Fault => {
  const answers = NUMBERS.map((name, index) => answerOf(cometAbi, name, results[index]))
  const fault = faultAmong(...answers)
  if (fault) return fault
  const values = answers.map((answer) => (answer.ok ? answer.value : 0n))
  return Object.fromEntries(NUMBERS.map((name, index) => [name, values[index]])) as Numbers
}

/** Scales that the maths takes for granted. */
const SCALES = {
  baseIndexScale: BASE_INDEX_SCALE,
  factorScale: WAD,
  priceScale: PRICE_SCALE,
  baseAccrualScale: BASE_ACCRUAL_SCALE,
} as const

const scaleFault = (numbers: Numbers): Fault | undefined => {
  for (const name of Object.keys(SCALES) as (keyof typeof SCALES)[])
    if (numbers[name] !== SCALES[name])
      return { reason: 'unknown-revision', detail: `${name} is ${numbers[name]}, not ${SCALES[name]}` }
  return undefined
}

type Assets = Pick<Configuration, 'assets' | 'assetError'>

/** The list as far as the contract tells it. `Absurd` is the classic contract's own refusal of the thirteenth; any other failure is a fault. */
const assetsIn = (results: readonly CallResult[]): Assets | Fault => {
  const assets: AssetInfo[] = []
  for (const result of results) {
    const answer = answerOf(cometAbi, 'getAssetInfo', result)
    if (!answer.ok) {
      const assetError = refusalIn(result)
      return assetError === 'Absurd' ? { assets, assetError } : answer.fault
    }
    const { asset, priceFeed, ...info } = answer.value
    assets.push({ ...info, asset: getAddress(asset), priceFeed: getAddress(priceFeed) })
  }
  return { assets }
}

/** Everything that is told of a Comet, or the first reason why not. */
type Reading = Pick<CometMarket, 'label' | 'revision' | 'revisionRaw'> & {
  readonly configuration: Configuration
}

const curveOf = (numbers: Numbers, side: 'supply' | 'borrow') => ({
  kink: numbers[`${side}Kink`],
  base: numbers[`${side}PerSecondInterestRateBase`],
  slopeLow: numbers[`${side}PerSecondInterestRateSlopeLow`],
  slopeHigh: numbers[`${side}PerSecondInterestRateSlopeHigh`],
})

const readingIn = (results: readonly CallResult[], deployment: string): Reading | Fault => {
  const others = results.slice(NUMBERS.length)
  const baseToken = answerOf(cometAbi, 'baseToken', others[0])
  const priceFeed = answerOf(cometAbi, 'baseTokenPriceFeed', others[1])
  const numAssets = answerOf(cometAbi, 'numAssets', others[2])
  const version = answerOf(cometAbi, 'version', others[3])
  const name = answerOf(cometAbi, 'name', others[4])
  const assetList = answerOf(cometAbi, 'assetList', others[5])
  if (!baseToken.ok || !priceFeed.ok || !numAssets.ok || !version.ok)
    return faultAmong(baseToken, priceFeed, numAssets, version) as Fault
  const numbers = numbersIn(results)
  if ('reason' in numbers) return numbers
  const first = NUMBERS.length + OTHERS.length
  const assets = assetsIn(results.slice(first, first + numAssets.value))
  const fault = scaleFault(numbers) ?? ('reason' in assets ? assets : undefined)
  if (fault || 'reason' in assets) return fault as Fault
  const { baseScale, storeFrontPriceFactor, targetReserves, trackingIndexScale } = numbers
  const { baseTrackingSupplySpeed, baseTrackingBorrowSpeed, baseMinForRewards, baseBorrowMin } = numbers
  return {
    label: name.ok && name.value ? name.value : `Compound III ${deployment}`,
    revision: assetList.ok ? 'extended' : 'classic',
    revisionRaw: version.value,
    configuration: {
      baseToken: getAddress(baseToken.value),
      baseTokenPriceFeed: getAddress(priceFeed.value),
      ...{ baseScale, storeFrontPriceFactor, targetReserves, trackingIndexScale },
      ...{ baseTrackingSupplySpeed, baseTrackingBorrowSpeed, baseMinForRewards, baseBorrowMin },
      supplyRate: curveOf(numbers, 'supply'),
      borrowRate: curveOf(numbers, 'borrow'),
      numAssets: numAssets.value,
      ...assets,
    },
  }
}

const emptyMarket = (mirror: CometMirror): CometMarket => {
  const { chainId, protocol, deployment, comet } = deploymentOf(mirror)
  return {
    id: { chainId, protocol, deployment, market: MARKET },
    label: `Compound III ${deployment}`,
    quote: { symbol: 'unknown', decimals: 8 },
    revision: 'unknown',
    revisionRaw: '',
    fidelity: 'exact',
    comet,
    faults: {},
    tokens: {},
    balances: {},
    totalsCollateral: {},
    sweep: NEVER_SWEPT,
  }
}

/** What a new configuration makes due: all that was not read under the one before. */
const dueAfter = (after: Configuration, before: Configuration | undefined): readonly CometChange[] => {
  const known = new Set(before?.assets.map(({ asset }) => asset))
  const knownFeeds = new Set(before && feedsOf(before))
  const added = after.assets.map(({ asset }) => asset).filter((asset) => !known.has(asset))
  const isNewBase = after.baseTokenPriceFeed !== before?.baseTokenPriceFeed
  return due(
    ...(before ? [] : [keys.token(after.baseToken)]),
    ...added.flatMap((asset) => [keys.token(asset), keys.collateral(asset)]),
    ...(isNewBase ? [keys.quote] : []),
    ...(before && added.length === 0 ? [] : [keys.totals]),
    ...feedsOf(after)
      .filter((feed) => !knownFeeds.has(feed))
      .map(keys.price),
  )
}

const decode = (results: readonly CallResult[], mirror: CometMirror): readonly CometChange[] => {
  const before = marketOf(mirror)
  const reading = readingIn(results, mirror.deployment.deployment)
  const next = (current: CometMarket | undefined): CometMarket => {
    const market = current ?? emptyMarket(mirror)
    if ('reason' in reading) return withPart(market, 'configuration', reading)
    return withPart({ ...market, ...reading, sweep: NEVER_SWEPT }, 'configuration', undefined)
  }
  const change: CometChange = { kind: 'market', key: MARKET, next }
  if ('reason' in reading) return [change, retry(keys.configuration)]
  return [change, ...dueAfter(reading.configuration, before?.configuration)]
}

/** All getters and the whole list of assets in one round; what is new in it becomes due. */
export const readConfiguration = (mirror: CometMirror): CometRead => {
  const { comet } = deploymentOf(mirror)
  const getters = [...NUMBERS, ...OTHERS].map((name) => cometCall(comet, name, [], GETTER_GAS_MAX))
  const assets = Array.from({ length: ASSETS_MAX }, (_, offset) =>
    cometCall(comet, 'getAssetInfo', [offset], GETTER_GAS_MAX),
  )
  return {
    key: keys.configuration,
    calls: [...getters, ...assets],
    decode: (results, _block, current) => decode(results, current),
  }
}
