// Sovryn Zero, a fork of Liquity v1, from the artifacts of its own package.
import { encodeFunctionData, maxUint256 } from 'viem'
import { liquityV1 } from '../../../src/protocols/liquity-v1/index.ts'
import type { Devnet } from '../devnet.ts'
import { createPlan, namedAccount, type Plan } from '../plan.ts'
import { sendAll } from '../send-all.ts'
import { managerAbi, paramsAbi } from './abis.ts'
import { creationCodeOf, zeroArtifact } from './artifacts.ts'
import { SETTABLE, SILENT, setWords } from './stand-ins.ts'
import { FIRST_PRICE, type LiquitySystem } from './system.ts'

const deployOne = (plan: Plan, name: string, args: readonly unknown[] = [], folder = '') =>
  plan.deploy(creationCodeOf(zeroArtifact(name, folder), args))

const deployAll = (plan: Plan) => {
  const silent = plan.deploy(SILENT)
  return {
    silent,
    feed: plan.deploy(SETTABLE),
    ...{ baseParams: deployOne(plan, 'LiquityBaseParams'), activePool: deployOne(plan, 'ActivePool') },
    ...{ defaultPool: deployOne(plan, 'DefaultPool'), surplusPool: deployOne(plan, 'CollSurplusPool') },
    ...{ gasPool: deployOne(plan, 'GasPool'), sortedTroves: deployOne(plan, 'SortedTroves') },
    stabilityPool: deployOne(plan, 'StabilityPool', [silent]),
    redeemOps: deployOne(plan, 'TroveManagerRedeemOps', [0n, silent], 'Dependencies/'),
    manager: deployOne(plan, 'TroveManager', [0n, silent]),
    operations: deployOne(plan, 'BorrowerOperations', [silent]),
    ...{ hints: deployOne(plan, 'HintHelpers'), priceFeed: deployOne(plan, 'PriceFeed') },
    ...{ feeDistributor: deployOne(plan, 'FeeDistributor'), token: deployOne(plan, 'ZUSDToken') },
  }
}

type Deployed = ReturnType<typeof deployAll>

/** Initialises a contract by the function that its own artifact has for it. */
const initialise = (
  plan: Plan,
  to: `0x${string}`,
  name: string,
  functionName: 'setAddresses' | 'setParams' | 'initialize',
  args: readonly unknown[],
): void => plan.call(to, encodeFunctionData({ abi: zeroArtifact(name).abi, functionName, args }))

const wire = (plan: Plan, at: Deployed): void => {
  const { silent, baseParams, manager, operations, activePool, defaultPool, stabilityPool, token } = at
  const { sortedTroves, priceFeed, gasPool, surplusPool, feeDistributor, redeemOps, hints } = at
  const managerAddresses = {
    ...{ feeDistributor, redeemOps, baseParams, operations, activePool, defaultPool, stabilityPool },
    ...{ gasPool, surplusPool, priceFeed, token, sortedTroves, protocolToken: silent, staking: silent },
  }
  plan.call(baseParams, encodeFunctionData({ abi: paramsAbi, functionName: 'initialize' }))
  const addresses = 'setAddresses'
  initialise(plan, priceFeed, 'PriceFeed', addresses, [at.feed, at.feed])
  initialise(plan, activePool, 'ActivePool', addresses, [operations, manager, stabilityPool, defaultPool])
  initialise(plan, defaultPool, 'DefaultPool', addresses, [manager, activePool])
  initialise(plan, surplusPool, 'CollSurplusPool', addresses, [operations, manager, activePool])
  initialise(plan, sortedTroves, 'SortedTroves', 'setParams', [maxUint256, manager, operations])
  initialise(plan, token, 'ZUSDToken', 'initialize', [manager, stabilityPool, operations])
  initialise(plan, stabilityPool, 'StabilityPool', addresses, [
    ...[baseParams, operations, manager, activePool, token, sortedTroves, priceFeed, silent],
  ])
  initialise(plan, operations, 'BorrowerOperations', addresses, [
    ...[feeDistributor, baseParams, manager, activePool, defaultPool, stabilityPool, gasPool],
    ...[surplusPool, priceFeed, sortedTroves, token, silent],
  ])
  initialise(plan, feeDistributor, 'FeeDistributor', addresses, [
    ...[silent, silent, operations, manager, silent, token, activePool],
  ])
  initialise(plan, hints, 'HintHelpers', addresses, [baseParams, sortedTroves, manager])
  const setManager = { abi: managerAbi, functionName: addresses, args: [managerAddresses] } as const
  plan.call(manager, encodeFunctionData(setManager))
}

/** The real Zero on a devnet. What lies around it (its token, staking, the sharing of fees) answers zero. */
export const deployZero = async (devnet: Devnet): Promise<LiquitySystem> => {
  const plan = createPlan(namedAccount('zero admin'))
  const deployed = deployAll(plan)
  const first = setWords(plan.from, deployed.feed, FIRST_PRICE, 1n)
  wire(plan, deployed)
  const { transactions } = plan
  const firstCall = transactions.findIndex(({ to }) => to !== undefined)
  const ordered = [...transactions.slice(0, firstCall), first, ...transactions.slice(firstCall)]
  const { number: fromBlock } = await sendAll(devnet, 'deployment of Sovryn Zero', ordered)
  return {
    ...{ family: 'ZUSD', admin: plan.from, fromBlock, ...deployed },
    report: async (price, isTrusted) => [setWords(plan.from, deployed.feed, price, isTrusted ? 1n : 0n)],
  }
}

/** The deployment as configuration would describe it, and its adapter. */
export const liquityOn = (devnet: Devnet, { manager, fromBlock }: LiquitySystem) => ({
  adapter: liquityV1,
  deployment: {
    chainId: devnet.chainId,
    protocol: liquityV1.protocol,
    deployment: 'main',
    troveManager: manager,
    fromBlock: BigInt(fromBlock),
  },
})
