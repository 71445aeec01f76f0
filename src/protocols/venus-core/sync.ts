// What to follow on chain, and what each log touches.
import { type Address, getAddress, type Hex, zeroAddress } from 'viem'
import { comptrollerAbi, liquidatorAbi, vaiControllerAbi, vTokenAbi } from '../../../abis/venus-core.ts'
import type { Log, Subscription } from '../../model/evm.ts'
import type { Key } from '../adapter.ts'
import { due } from '../changing.ts'
import { addressAt, numberAt, topicsNamed, wordsOf } from '../compound-v2/event-words.ts'
import { topicsOf } from '../topics.ts'
import { keys } from './keys.ts'
import { besideOf } from './reads/vai.ts'
import {
  CORE_POOL_ID,
  deploymentOf,
  marketOf,
  positionOf,
  setPosition,
  updateMarket,
  type VenusChange,
  type VenusMarket,
  type VenusMirror,
} from './state.ts'
import { liquidated, reduceVToken, unread } from './token-logs.ts'

const comptrollerTopics = topicsOf(comptrollerAbi)
const vTokenTopics = topicsOf(vTokenAbi)
const controllerTopics = topicsOf(vaiControllerAbi)
const liquidatorTopics = topicsOf(liquidatorAbi)
const enteredTopics = topicsNamed(comptrollerAbi, 'MarketEntered')
const liquidationTopics = topicsNamed(vTokenAbi, 'LiquidateBorrow')
const vaiLiquidationTopics = topicsNamed(vaiControllerAbi, 'LiquidateVAI')

/** A debt enters its market, and VAI is minted against what was entered, so that who entered any names every borrower. */
export const subscriptions = (mirror: VenusMirror): readonly Subscription[] => {
  const { comptroller } = deploymentOf(mirror)
  const { vai, liquidator } = besideOf(mirror)
  const listed = marketOf(mirror)?.listed ?? []
  return [
    { addresses: [comptroller], topics: comptrollerTopics },
    { addresses: [comptroller], topics: enteredTopics, discovers: true },
    ...(listed.length > 0
      ? [
          { addresses: listed, topics: vTokenTopics },
          { addresses: listed, topics: liquidationTopics, liquidates: true },
        ]
      : []),
    ...(vai
      ? [
          { addresses: [vai], topics: controllerTopics },
          { addresses: [vai], topics: vaiLiquidationTopics, liquidates: true },
        ]
      : []),
    ...(liquidator ? [{ addresses: [liquidator], topics: liquidatorTopics }] : []),
  ]
}

const of = (...names: readonly string[]): readonly Hex[] => topicsNamed(comptrollerAbi, ...names)

const settingTopics = of(
  ...['NewImplementation', 'DiamondCut', 'NewCloseFactor', 'ActionProtocolPaused', 'MarketUnlisted'],
  ...['NewVAIController', 'NewDeviationBoundedOracle', 'PoolCreated'],
)
const listedTopics = of('MarketListed')
const oracleTopics = of('NewPriceOracle')
/** Settings of one market, whose address comes first. */
const marketTopics = of(
  ...['ActionPausedMarket', 'NewSupplyCap', 'NewBorrowCap', 'IsForcedLiquidationEnabledUpdated'],
)
/** Settings of a pool, or of one market in it: first the pool's id, then the market. The monolith's come without a pool. */
const [monolithFactorTopic, poolFactorTopic] = of('NewCollateralFactor')
const [monolithIncentiveTopic, poolIncentiveTopic] = of('NewLiquidationIncentive')
const poolTopics = [
  ...[poolFactorTopic, poolIncentiveTopic],
  ...of('NewLiquidationThreshold', 'BorrowAllowedUpdated', 'PoolLabelUpdated', 'PoolActiveStatusUpdated'),
  ...of('PoolFallbackStatusUpdated', 'PoolMarketInitialized', 'PoolMarketRemoved'),
]
const [contractTopic] = of('NewLiquidatorContract')
const [exitedTopic] = of('MarketExited')
const [selectedTopic] = of('PoolSelected')
const [forcedUserTopic] = of('IsForcedLiquidationEnabledForUserUpdated')

/** Prices move to the new oracle in the same round. */
const moveOracle = (words: readonly Hex[]): readonly VenusChange[] => {
  const oracle = addressAt(words, 1)
  return oracle ? [updateMarket((market) => ({ ...market, oracle })), ...due(keys.comptroller)] : []
}

/** The contract through which alone liquidations go is read at its new address in the same round, and what it has against whom. */
const moveContract = (mirror: VenusMirror, words: readonly Hex[]): readonly VenusChange[] => {
  const address = addressAt(words, 1) ?? zeroAddress
  const fault = { reason: 'not-yet-read', detail: `${address} is still to be read` } as const
  return [
    updateMarket(({ liquidatorContract: _former, ...market }) =>
      address === zeroAddress ? market : { ...market, liquidatorContract: { address, fault } },
    ),
    ...due(keys.comptroller, keys.liquidatorContract),
    ...due(...[...mirror.positions.values()].map(({ owner }) => keys.account(owner))),
  ]
}

const reduceSettings = (
  mirror: VenusMirror,
  topic: Hex | undefined,
  words: readonly Hex[],
): readonly VenusChange[] => {
  const isOneOf = (topics: readonly (Hex | undefined)[]): boolean => topics.includes(topic)
  const [first, second] = [addressAt(words, 0), addressAt(words, 1)]
  const listed = marketOf(mirror)?.listed ?? []
  const controller = besideOf(mirror).vai
  const market = (address: typeof first): readonly VenusChange[] => {
    if (address === controller) return due(keys.vai)
    return address && listed.includes(address) ? due(keys.vToken(address)) : []
  }
  if (isOneOf(settingTopics)) return due(keys.comptroller)
  if (isOneOf(listedTopics)) return first ? due(keys.comptroller, keys.vToken(first)) : []
  if (isOneOf(oracleTopics)) return moveOracle(words)
  if (isOneOf([contractTopic])) return moveContract(mirror, words)
  if (isOneOf([...marketTopics, monolithFactorTopic])) return market(first)
  if (isOneOf([monolithIncentiveTopic])) return due(...listed.map(keys.vToken))
  if (!isOneOf(poolTopics)) return []
  const poolId = String(numberAt(words, 0))
  return poolId === CORE_POOL_ID ? market(second) : due(keys.pool(poolId))
}

const reduceComptroller = (mirror: VenusMirror, log: Log): readonly VenusChange[] => {
  const [topic] = log.topics
  const words = wordsOf(log)
  const isOneOf = (topics: readonly (Hex | undefined)[]): boolean => topics.includes(topic)
  const account = addressAt(words, isOneOf([...enteredTopics, exitedTopic]) ? 1 : 0)
  if (isOneOf(enteredTopics)) return account ? due(keys.account(account)) : []
  if (isOneOf([exitedTopic, selectedTopic, forcedUserTopic]))
    return account && positionOf(mirror, account) ? due(keys.account(account)) : []
  return reduceSettings(mirror, topic, words)
}

/** The controller's version has to be found out anew. */
const recontrolled = (address: Address): readonly VenusChange[] => [
  updateMarket((market) => ({
    ...market,
    vai: { address, fault: { reason: 'not-yet-read', detail: 'VAI’s controller is another version' } },
  })),
  ...due(keys.vai),
]

/** VAI's debtors; whoever minted any is in the book from then on. */
const reduceController = (mirror: VenusMirror, market: VenusMarket, log: Log): readonly VenusChange[] => {
  const [topic] = log.topics
  const words = wordsOf(log)
  const named = (name: string): boolean => topicsNamed(vaiControllerAbi, name).some((one) => one === topic)
  const account = addressAt(words, named('MintVAI') ? 0 : 1)
  const { vai } = market
  if (named('NewImplementation') && vai && !('fault' in vai)) return recontrolled(vai.controller)
  if (named('MintVAI') && account)
    return [
      setPosition(account, (current) => current ?? unread(market, account, log.blockNumber)),
      ...due(keys.account(account)),
    ]
  const touched = account && positionOf(mirror, account) ? due(keys.account(account)) : []
  if (!named('LiquidateVAI') || !vai || 'fault' in vai) return touched
  return [...touched, ...liquidated(mirror, market, vai.token, log)]
}

const reduceLiquidator = (mirror: VenusMirror, log: Log): readonly VenusChange[] => {
  const isOfAccount = topicsNamed(
    liquidatorAbi,
    'LiquidationRestricted',
    'LiquidationRestrictionsDisabled',
  ).some((topic) => topic === log.topics[0])
  const account = addressAt(wordsOf(log), 0)
  if (!isOfAccount) return due(keys.liquidatorContract)
  return account && positionOf(mirror, account) ? due(keys.account(account)) : []
}

/** Which keys a log touches. Logs of contracts that are not followed touch nothing. */
export const reduce = (mirror: VenusMirror, log: Log): readonly VenusChange[] => {
  const address = getAddress(log.address)
  if (address === deploymentOf(mirror).comptroller) return reduceComptroller(mirror, log)
  const market = marketOf(mirror)
  if (!market) return []
  if (market.listed.includes(address)) return reduceVToken(mirror, market, address, log)
  const { vai, liquidator } = besideOf(mirror)
  if (address === vai) return reduceController(mirror, market, log)
  return address === liquidator ? reduceLiquidator(mirror, log) : []
}

/** All market state; cash, prices and VAI's index are read with every head anyway. */
export const stateKeys = (mirror: VenusMirror): readonly Key[] => {
  const market = marketOf(mirror)
  return [
    keys.comptroller,
    ...(market?.listed.map(keys.vToken) ?? []),
    ...Object.keys(market?.pools ?? {}).map(keys.pool),
    ...(market ? [keys.liquidatorContract] : []),
  ]
}

/** Prices, and what moves without a log: cash that anybody may send, rates that only a model's contract can compute, VAI's index. */
export const headKeys = (mirror: VenusMirror): readonly Key[] => {
  const market = marketOf(mirror)
  if (!market) return []
  const { vai } = market
  const ofMarket = market.listed.flatMap((address) => {
    const vToken = market.cTokens[address]
    if (!vToken) return [keys.vToken(address)]
    const isTold = vToken.rateModel.kind === 'given' || vToken.rateModel.kind === 'failed'
    const isCounted = market.traits[address]?.keepsCash === true
    return [
      keys.price(address),
      ...(market.boundedOracle ? [keys.boundedPrices(address)] : []),
      ...(isTold ? [keys.totals(address)] : isCounted ? [] : [keys.cash(address)]),
    ]
  })
  return [...ofMarket, keys.vai, ...(vai && !('fault' in vai) ? [keys.price(vai.token)] : [])]
}
