// What to follow on chain, and what each log touches.
import { type Address, getAddress, type Hex } from 'viem'
import { comptrollerAbi, cTokenAbi, rateModelAbi } from '../../../abis/compound-v2.ts'
import type { Log, Subscription } from '../../model/evm.ts'
import type { Key } from '../adapter.ts'
import { due } from '../changing.ts'
import { topicsOf } from '../topics.ts'
import { addressAt, topicsNamed, wordsOf } from './event-words.ts'
import { keys } from './keys.ts'
import {
  type CompoundChange,
  type CompoundMirror,
  deploymentOf,
  marketOf,
  positionOf,
  updateMarket,
} from './state.ts'
import { reduceToken } from './token-logs.ts'

const comptrollerTopics = topicsOf(comptrollerAbi)
const tokenTopics = topicsOf(cTokenAbi)
const modelTopics = topicsOf(rateModelAbi)
const enteredTopics = topicsNamed(comptrollerAbi, 'MarketEntered')
const exitedTopics = topicsNamed(comptrollerAbi, 'MarketExited')
const liquidationTopics = topicsNamed(cTokenAbi, 'LiquidateBorrow')
const listedTopics = topicsNamed(comptrollerAbi, 'MarketListed')
const oracleTopics = topicsNamed(comptrollerAbi, 'NewPriceOracle')
const [pausedTopic, pausedTokenTopic] = topicsNamed(comptrollerAbi, 'ActionPaused')
const tokenSettingTopics = [
  ...topicsNamed(comptrollerAbi, 'NewCollateralFactor', 'NewBorrowCap', 'NewSupplyCap'),
  pausedTokenTopic,
]
const settingTopics = [
  ...topicsNamed(comptrollerAbi, 'NewCloseFactor', 'NewLiquidationIncentive', 'NewImplementation'),
  pausedTopic,
]

/** A debt enters its market, so that who entered any names every borrower. */
export const subscriptions = (mirror: CompoundMirror): readonly Subscription[] => {
  const { comptroller } = deploymentOf(mirror)
  const market = marketOf(mirror)
  const models = Object.values(market?.traits ?? {}).map(({ interestRateModel }) => interestRateModel)
  const listed = market?.listed ?? []
  return [
    { addresses: [comptroller], topics: comptrollerTopics },
    { addresses: [comptroller], topics: enteredTopics, discovers: true },
    ...(listed.length > 0
      ? [
          { addresses: listed, topics: tokenTopics },
          { addresses: listed, topics: liquidationTopics, liquidates: true },
        ]
      : []),
    ...(models.length > 0 ? [{ addresses: [...new Set(models)], topics: modelTopics }] : []),
  ]
}

/** Prices move to the new oracle in the same round. */
const moveOracle = (oracle: Address): readonly CompoundChange[] => [
  updateMarket((market) => ({ ...market, oracle })),
  ...due(keys.comptroller),
]

const reduceComptroller = (mirror: CompoundMirror, log: Log): readonly CompoundChange[] => {
  const [topic] = log.topics
  const words = wordsOf(log)
  const isOneOf = (topics: readonly (Hex | undefined)[]): boolean => topics.includes(topic)
  const first = addressAt(words, 0)
  const second = addressAt(words, 1)
  if (isOneOf(enteredTopics)) return second ? due(keys.account(second)) : []
  if (isOneOf(exitedTopics)) return second && positionOf(mirror, second) ? due(keys.account(second)) : []
  if (isOneOf(listedTopics)) return first ? due(keys.comptroller, keys.token(first)) : []
  if (isOneOf(oracleTopics)) return second ? moveOracle(second) : []
  if (isOneOf(settingTopics)) return due(keys.comptroller)
  return isOneOf(tokenSettingTopics) && first ? due(keys.token(first)) : []
}

/** Which keys a log touches. Logs of contracts that are not followed touch nothing. */
export const reduce = (mirror: CompoundMirror, log: Log): readonly CompoundChange[] => {
  const address = getAddress(log.address)
  if (address === deploymentOf(mirror).comptroller) return reduceComptroller(mirror, log)
  const market = marketOf(mirror)
  if (!market) return []
  if (market.listed.includes(address)) return reduceToken(mirror, market, address, log)
  return market.listed
    .filter((cToken) => market.traits[cToken]?.interestRateModel === address)
    .flatMap((cToken) => due(keys.token(cToken)))
}

/** All market state; cash and prices are read with every head anyway. */
export const stateKeys = (mirror: CompoundMirror): readonly Key[] => [
  keys.comptroller,
  ...(marketOf(mirror)?.listed.map(keys.token) ?? []),
]

/**
 * Prices, and what moves without a log: cash, which anybody may send, and the rates that only their models' contracts can
 * compute.
 */
export const headKeys = (mirror: CompoundMirror): readonly Key[] => {
  const market = marketOf(mirror)
  if (!market) return []
  return market.listed.flatMap((address) => {
    const cToken = market.cTokens[address]
    const isWhole = cToken === undefined || cToken.rateModel.kind !== 'jump'
    return [keys.price(address), isWhole ? keys.token(address) : keys.cash(address)]
  })
}
