// Liquity v1 with its own price feed over a Chainlink feed, told the folder of its artifacts.
import { type Address, maxUint256, parseAbi } from 'viem'
import type { Devnet } from '../devnet/devnet.ts'
import { encodeSubmit, type Feed, loadFeedCodes, planFeed } from '../devnet/feeds.ts'
import { createLiquityActivity } from '../devnet/liquity-v1/random-activity.ts'
import { SILENT } from '../devnet/liquity-v1/stand-ins.ts'
import { FIRST_PRICE, type LiquitySystem } from '../devnet/liquity-v1/system.ts'
import { liquityOn } from '../devnet/liquity-v1/zero.ts'
import type { DeployLocal } from '../devnet/local-protocol.ts'
import { createPlan, namedAccount, type Plan } from '../devnet/plan.ts'
import type { Random } from '../devnet/random.ts'
import { sendAll } from '../devnet/send-all.ts'
import { type Artifacts, type Named, readArtifacts, sourceOf } from './artifacts.ts'

const DAY_SECONDS = 86_400

/** From a wad to the eight decimals of a Chainlink feed. */
const FEED_SCALE = 10n ** 10n

/** From a wad to the six decimals of Tellor. */
const TELLOR_SCALE = 10n ** 12n

const aggregatorAbi = parseAbi(['function latestRound() view returns (uint256)'])

/** Everything by the names of parameters that take it. LQTY, its staking and its issuance are a stand-in that answers zero. */
const deployAll = (plan: Plan, { creationCode }: Artifacts, feed: Feed) => {
  const silent = plan.deploy(SILENT)
  const one = (contract: string, args: Named = {}): Address => plan.deploy(creationCode(contract, args))
  const core = {
    _troveManagerAddress: one('TroveManager'),
    _borrowerOperationsAddress: one('BorrowerOperations'),
    _stabilityPoolAddress: one('StabilityPool'),
  }
  const tellor = one('MockTellor')
  const tellorCaller = one('TellorCaller', { _tellorMasterAddress: tellor })
  return {
    ...core,
    ...{ _activePoolAddress: one('ActivePool'), _defaultPoolAddress: one('DefaultPool') },
    ...{ _collSurplusPoolAddress: one('CollSurplusPool'), _gasPoolAddress: one('GasPool') },
    ...{ _sortedTrovesAddress: one('SortedTroves'), _priceFeedAddress: one('PriceFeed') },
    _lusdTokenAddress: one('LUSDToken', core),
    hintHelpers: one('HintHelpers'),
    ...{ _lqtyTokenAddress: silent, _lqtyStakingAddress: silent, _communityIssuanceAddress: silent },
    ...{ _priceAggregatorAddress: feed.proxy, _tellorCallerAddress: tellorCaller, tellor },
    _size: maxUint256,
  }
}

const wire = (plan: Plan, { encode }: Artifacts, at: ReturnType<typeof deployAll>): void => {
  const contracts = [
    ['TroveManager', at._troveManagerAddress],
    ['BorrowerOperations', at._borrowerOperationsAddress],
    ['StabilityPool', at._stabilityPoolAddress],
    ['ActivePool', at._activePoolAddress],
    ['DefaultPool', at._defaultPoolAddress],
    ['CollSurplusPool', at._collSurplusPoolAddress],
    ['PriceFeed', at._priceFeedAddress],
    ['HintHelpers', at.hintHelpers],
  ] as const
  for (const [contract, address] of contracts) plan.call(address, encode(contract, 'setAddresses', at))
  plan.call(at._sortedTrovesAddress, encode('SortedTroves', 'setParams', at))
}

/** A feed with two rounds: the price feed compares each with the one before. */
const planPrice = (plan: Plan): Feed => {
  const asset = namedAccount('the coin of Liquity')
  const price = FIRST_PRICE / FEED_SCALE
  const feed = planFeed(plan, loadFeedCodes(), { symbol: 'ETH', asset, price })
  plan.call(feed.aggregator, encodeSubmit(2n, price))
  return feed
}

/** A report to both oracles. One that is not trusted is a Chainlink price of zero: the price feed turns to Tellor. */
const reporter = (
  devnet: Devnet,
  { encode }: Artifacts,
  feed: Feed,
  tellor: Address,
): LiquitySystem['report'] => {
  const latestRound = { address: feed.aggregator, abi: aggregatorAbi, functionName: 'latestRound' } as const
  const from = feed.owner
  return async (price, isTrusted) => {
    const round = (await devnet.client.readContract(latestRound)) + 1n
    const { timestamp } = await devnet.head()
    return [
      { from, to: feed.aggregator, data: encodeSubmit(round, isTrusted ? price / FEED_SCALE : 0n) },
      { from, to: tellor, data: encode('MockTellor', 'setPrice', { _price: price / TELLOR_SCALE }) },
      {
        from,
        to: tellor,
        data: encode('MockTellor', 'setUpdateTime', { _updateTime: BigInt(timestamp + 1) }),
      },
    ]
  }
}

const deploySystem = async (devnet: Devnet, artifacts: Artifacts): Promise<LiquitySystem> => {
  const plan = createPlan(namedAccount('liquity admin'))
  const feed = planPrice(plan)
  const deployed = deployAll(plan, artifacts, feed)
  wire(plan, artifacts, deployed)
  const { number: fromBlock } = await sendAll(devnet, 'deployment of Liquity', plan.transactions)
  return {
    ...{ family: 'LUSD', admin: plan.from, fromBlock },
    manager: deployed._troveManagerAddress,
    operations: deployed._borrowerOperationsAddress,
    stabilityPool: deployed._stabilityPoolAddress,
    sortedTroves: deployed._sortedTrovesAddress,
    hints: deployed.hintHelpers,
    token: deployed._lusdTokenAddress,
    report: reporter(devnet, artifacts, feed, deployed.tellor),
  }
}

/** Mostly a block after another; beyond four hours the price feed takes the last report for frozen. */
const anySeconds = (random: Random): number => {
  const roll = random.next()
  if (roll < 0.5) return 12
  return Math.ceil(random.magnitude(1, roll < 0.95 ? DAY_SECONDS / 8 : 30 * DAY_SECONDS))
}

export const contracts = sourceOf

/** The whole system, any commit of liquity/dev. */
export const deployFrom =
  (folder: string): DeployLocal =>
  async (devnet, random, accounts) => {
    const system = await deploySystem(devnet, readArtifacts(folder))
    const activity = createLiquityActivity({ devnet, random, system, accounts })
    await activity.open()
    return {
      wanted: liquityOn(devnet, system),
      stir: async () => devnet.send(await activity.next(), anySeconds(random)),
      breakOne: async () => devnet.send(await system.report(FIRST_PRICE, false)),
    }
  }
