// Liquity v2 as its own scripts deploy it: one registry, and a branch each for ether, staked ether, and a token with a price that is set.
import { type Address, concatHex, getContractAddress, numberToHex, zeroAddress } from 'viem'
import { creationCode } from '../../devnet/bytecode.ts'
import type { Devnet } from '../../devnet/devnet.ts'
import { createPlan, namedAccount, type Plan } from '../../devnet/plan.ts'
import { sendAll } from '../../devnet/send-all.ts'
import type { Artifacts, Named } from '../artifacts.ts'

/** Contracts of a branch by the names that AddressesRegistry has for them. */
const OWN = [
  ['borrowerOperations', 'BorrowerOperations'],
  ['troveManager', 'TroveManager'],
  ['troveNFT', 'TroveNFT'],
  ['stabilityPool', 'StabilityPool'],
  ['activePool', 'ActivePool'],
  ['defaultPool', 'DefaultPool'],
  ['gasPoolAddress', 'GasPool'],
  ['collSurplusPool', 'CollSurplusPool'],
  ['sortedTroves', 'SortedTroves'],
] as const

type Own = Readonly<Record<(typeof OWN)[number][0], Address>>

/** How a branch's price moves: `oracles` report 8 decimals each, without any the feed itself is set. */
export type RecordedBranch = Own & {
  readonly name: string
  readonly addressesRegistry: Address
  readonly collToken: Address
  readonly priceFeed: Address
  readonly oracles: readonly Address[]
  /** In whole dollars. */
  readonly price: number
  readonly MCR: number
}

export type RecordedLiquity = {
  readonly admin: Address
  readonly boldToken: Address
  readonly weth: Address
  readonly collateralRegistry: Address
  readonly branches: readonly RecordedBranch[]
  readonly fromBlock: number
}

const PERCENT = 10n ** 16n
const FEED_ONE = 10n ** 8n
/** Oracles never grow stale: they fail when they report nothing. */
const STALENESS_SECONDS = 10n ** 9n
/** What one unit of staked ether is in ether, a wad. */
const STAKED_RATE = 1_150_000_000_000_000_000n

type Spec = {
  readonly name: string
  readonly price: number
  readonly ratios: readonly [CCR: bigint, MCR: bigint, BCR: bigint, SCR: bigint]
  readonly penalties: readonly [SP: bigint, redistribution: bigint]
  readonly feed: 'WETHPriceFeed' | 'WSTETHPriceFeed' | 'PriceFeedTestnet'
}

const SPECS: readonly Spec[] = [
  {
    name: 'WETH',
    price: 2_500,
    ratios: [150n, 110n, 10n, 110n],
    penalties: [5n, 10n],
    feed: 'WETHPriceFeed',
  },
  {
    name: 'wstETH',
    price: 2_875,
    ratios: [160n, 120n, 10n, 120n],
    penalties: [5n, 20n],
    feed: 'WSTETHPriceFeed',
  },
  { name: 'TEST', price: 9, ratios: [145n, 125n, 15n, 115n], penalties: [6n, 15n], feed: 'PriceFeedTestnet' },
]

type Deploy = (contract: string, args?: Named) => Address

/** A branch's contracts know each other from the start: their deployer sends nothing else before them. */
const foreseen = (from: Address): Own =>
  Object.fromEntries(
    OWN.map(([name], nonce) => [name, getContractAddress({ from, nonce: BigInt(nonce) })]),
  ) as unknown as Own

const planOracle = (plan: Plan, artifacts: Artifacts, deploy: Deploy, dollars: number): Address => {
  const contract = 'ChainlinkOracleMock'
  const oracle = deploy(contract)
  const set = (functionName: string, args: Named): void =>
    plan.call(oracle, artifacts.encode(contract, functionName, args))
  set('setDecimals', { _decimals: 8 })
  set('setPrice', { _price: BigInt(dollars) * FEED_ONE })
  set('setUpdatedAt', { _updatedAt: 1_700_000_000n })
  return oracle
}

/** A contract that answers one number to every call. */
const planConstant = (plan: Plan, value: bigint): Address =>
  plan.deploy(creationCode(concatHex(['0x7f', numberToHex(value, { size: 32 }), '0x5f5260205ff3'])))

const planFeed = (plan: Plan, artifacts: Artifacts, deploy: Deploy, spec: Spec, own: Own) => {
  if (spec.feed === 'PriceFeedTestnet') {
    const priceFeed = deploy(spec.feed)
    const price = BigInt(spec.price) * 10n ** 18n
    plan.call(priceFeed, artifacts.encode(spec.feed, 'setPrice', { price }))
    return { priceFeed, oracles: [] }
  }
  const ether = planOracle(plan, artifacts, deploy, 2_500)
  const common = {
    ...{ _ethUsdOracleAddress: ether, _ethUsdStalenessThreshold: STALENESS_SECONDS },
    ...{
      _borrowOperationsAddress: own.borrowerOperations,
      _borrowerOperationsAddress: own.borrowerOperations,
    },
  }
  if (spec.feed === 'WETHPriceFeed') return { priceFeed: deploy(spec.feed, common), oracles: [ether] }
  const staked = planOracle(plan, artifacts, deploy, 2_500)
  const priceFeed = deploy(spec.feed, {
    ...common,
    ...{ _stEthUsdOracleAddress: staked, _stEthUsdStalenessThreshold: STALENESS_SECONDS },
    _wstEthTokenAddress: planConstant(plan, STAKED_RATE),
  })
  return { priceFeed, oracles: [staked, ether] }
}

const ratiosOf = ({ ratios: [ccr, mcr, bcr, scr], penalties: [sp, redistribution] }: Spec): Named => ({
  ...{ _ccr: ccr * PERCENT, _mcr: mcr * PERCENT, _bcr: bcr * PERCENT, _scr: scr * PERCENT },
  ...{ _liquidationPenaltySP: sp * PERCENT, _liquidationPenaltyRedistribution: redistribution * PERCENT },
})

/** Approvals are not what is recorded: the branch may take its collateral, and ether for gas, from everybody. */
const planSpender = (plan: Plan, artifacts: Artifacts, token: Address, spender: Address): void =>
  plan.call(token, artifacts.encode('ERC20Faucet', 'mock_setWildcardSpender', { spender, allowed: true }))

type Common = {
  readonly boldToken: Address
  readonly weth: Address
  readonly collateralRegistry: Address
  readonly interestRouter: Address
}

/** Everything of a branch but its own contracts, which `own` says where to find. */
const planBranch = (
  plan: Plan,
  artifacts: Artifacts,
  spec: Spec,
  { collToken, own }: { readonly collToken: Address; readonly own: Own },
  { boldToken, weth, collateralRegistry, interestRouter }: Common,
): RecordedBranch => {
  const deploy: Deploy = (contract, args) => plan.deploy(artifacts.creationCode(contract, args))
  const addressesRegistry = deploy('AddressesRegistry', { _owner: plan.from, ...ratiosOf(spec) })
  const { priceFeed, oracles } = planFeed(plan, artifacts, deploy, spec, own)
  const none = { metadataNFT: zeroAddress, hintHelpers: zeroAddress, multiTroveGetter: zeroAddress }
  const _vars = {
    ...own,
    ...none,
    ...{ collToken, priceFeed, boldToken, WETH: weth, collateralRegistry, interestRouter },
  }
  plan.call(addressesRegistry, artifacts.encode('AddressesRegistry', 'setAddresses', { _vars }))
  const { troveManager, stabilityPool, borrowerOperations, activePool } = own
  const branch = {
    ...{ _troveManagerAddress: troveManager, _stabilityPoolAddress: stabilityPool },
    ...{ _borrowerOperationsAddress: borrowerOperations, _activePoolAddress: activePool },
  }
  plan.call(boldToken, artifacts.encode('BoldToken', 'setBranchAddresses', branch))
  for (const token of new Set([collToken, weth])) planSpender(plan, artifacts, token, borrowerOperations)
  const [, MCR] = spec.ratios
  const { name, price } = spec
  return { ...own, name, price, addressesRegistry, collToken, priceFeed, oracles, MCR: Number(MCR) / 100 }
}

/** Deploys all branches beside whatever is on the devnet. */
export const deployLiquity = async (devnet: Devnet, artifacts: Artifacts): Promise<RecordedLiquity> => {
  const plan = createPlan(namedAccount('recorded bold'))
  const deployers = SPECS.map(({ name }) => createPlan(namedAccount(`recorded bold ${name}`)))
  const deploy: Deploy = (contract, args) => plan.deploy(artifacts.creationCode(contract, args))
  const boldToken = deploy('BoldToken', { _owner: plan.from })
  const weth = deploy('WETHTester', { _tapAmount: 0n, _tapPeriod: 0n })
  const parts = SPECS.map(({ name }, index) => {
    const token = { _name: name, _symbol: name, _tapAmount: 0n, _tapPeriod: 0n }
    return {
      collToken: name === 'WETH' ? weth : deploy('ERC20Faucet', token),
      own: foreseen(deployers[index]?.from ?? zeroAddress),
    }
  })
  const collateralRegistry = deploy('CollateralRegistry', {
    ...{ _boldToken: boldToken, _tokens: parts.map(({ collToken }) => collToken) },
    _troveManagers: parts.map(({ own }) => own.troveManager),
  })
  const interestRouter = deploy('MockInterestRouter')
  const common: Common = { boldToken, weth, collateralRegistry, interestRouter }
  const branches = SPECS.map((spec, index) =>
    planBranch(plan, artifacts, spec, parts[index] as (typeof parts)[number], common),
  )
  const set = { _collateralRegistryAddress: collateralRegistry }
  plan.call(boldToken, artifacts.encode('BoldToken', 'setCollateralRegistry', set))
  const { number: fromBlock } = await sendAll(devnet, 'deployment', plan.transactions)
  for (const [index, deployer] of deployers.entries()) {
    const _addressesRegistry = branches[index]?.addressesRegistry
    for (const [, contract] of OWN) deployer.deploy(artifacts.creationCode(contract, { _addressesRegistry }))
    await sendAll(devnet, 'branch', deployer.transactions)
  }
  return { admin: plan.from, boldToken, weth, collateralRegistry, branches, fromBlock }
}
