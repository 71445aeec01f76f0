// What to follow on chain, and what is read when.
import { type Address, encodeEventTopics, getAddress, type Hex } from 'viem'
import {
  activePoolAbi,
  borrowerOperationsAbi,
  defaultPoolAbi,
  stabilityPoolAbi,
  troveManagerAbi,
  troveNftAbi,
} from '../../../abis/liquity-v2.ts'
import type { Subscription } from '../../model/evm.ts'
import type { Key } from '../adapter.ts'
import { topicsOf } from '../topics.ts'
import { keys } from './keys.ts'
import {
  type BranchMarket,
  branchOf,
  deploymentOf,
  knownBranches,
  type LiquityMirror,
  registryOf,
  type TroveId,
  type TrovePosition,
} from './state.ts'

const TOPICS = {
  troveManager: topicsOf(troveManagerAbi),
  troveNFT: topicsOf(troveNftAbi),
  activePool: topicsOf(activePoolAbi),
  defaultPool: topicsOf(defaultPoolAbi),
  stabilityPool: topicsOf(stabilityPoolAbi),
  borrowerOperations: topicsOf(borrowerOperationsAbi),
} as const

/** A liquidation is an operation of its trove. */
const operationTopics = encodeEventTopics({ abi: troveManagerAbi, eventName: 'TroveOperation' }) as Hex[]

const FOLLOWED = Object.keys(TOPICS) as (keyof typeof TOPICS)[]

const namesOf = (mirror: LiquityMirror): readonly string[] => Object.keys(deploymentOf(mirror).branches)

const contractsOf = (mirror: LiquityMirror, name: keyof typeof TOPICS): readonly Address[] =>
  knownBranches(mirror).flatMap(({ setup }) => (setup ? [setup.contracts[name]] : []))

/** Every trove begins as a token, so TroveNFT's transfers name them all. */
export const subscriptions = (mirror: LiquityMirror): readonly Subscription[] => {
  const troveNFTs = contractsOf(mirror, 'troveNFT')
  if (troveNFTs.length === 0) return []
  return [
    ...FOLLOWED.map((name) => ({ addresses: contractsOf(mirror, name), topics: TOPICS[name] })),
    { addresses: troveNFTs, topics: TOPICS.troveNFT, discovers: true },
    { addresses: contractsOf(mirror, 'troveManager'), topics: operationTopics, liquidates: true },
  ]
}

/** All state of a branch but its troves. */
const stateOf = ({ id: { market }, setup, batches }: BranchMarket): readonly Key[] =>
  setup
    ? [
        ...[keys.pools(market), keys.redistribution(market), keys.links(market)],
        ...Object.keys(batches).map((manager) => keys.batch(market, manager as Address)),
      ]
    : []

/** What logs change. Contracts and parameters are set once: they are read until they are known. */
export const stateKeys = (mirror: LiquityMirror): readonly Key[] => [
  ...(registryOf(mirror) ? [] : [keys.registry]),
  ...namesOf(mirror).flatMap((name) => {
    const branch = branchOf(mirror, name)
    return branch?.setup ? stateOf(branch) : [keys.setup(name)]
  }),
]

/** Prices, and what the redemption rate goes by. */
export const headKeys = (mirror: LiquityMirror): readonly Key[] => [
  ...(registryOf(mirror) ? [keys.rate] : []),
  ...knownBranches(mirror).flatMap(({ id, setup }) => (setup ? [keys.price(id.market)] : [])),
]

/** An account's troves are counted in every branch. */
export const locate = (_mirror: LiquityMirror, account: Address): readonly Key[] => [
  keys.owner(getAddress(account)),
]

export const positionKeys = ({ id }: TrovePosition): readonly Key[] => [
  keys.trove(id.market, id.account as TroveId),
]
