// Running branches, who uses them, and what can be asked of them.
import { type Address, encodeFunctionData, erc20Abi, type Hex } from 'viem'
import { troveManagerAbi, troveNftAbi } from '../../../abis/liquity-v2.ts'
import type { Devnet } from '../../devnet/devnet.ts'
import type { Transaction } from '../../devnet/plan.ts'
import type { Random } from '../../devnet/random.ts'
import type { Artifacts, Named } from '../artifacts.ts'
import type { RecordedBranch, RecordedLiquity } from './deploy.ts'

export type Scene = {
  readonly devnet: Devnet
  readonly artifacts: Artifacts
  readonly random: Random
  readonly liquity: RecordedLiquity
  readonly accounts: readonly Address[]
  /** In dollars, by branch, as last moved. */
  readonly prices: Map<string, number>
  /** Batch managers that were registered, by branch; some may have been refused. */
  readonly managers: Map<string, Address[]>
  /** Blocks that happened, replaced ones among them. */
  blocks: number
}

export type KnownTrove = { readonly id: bigint; readonly owner: Address; readonly isZombie: boolean }

const GAS = 8_000_000

/** A transaction of one of the branch's contracts. */
export const sendTo = (
  { artifacts }: Scene,
  from: Address,
  to: Address,
  contract: string,
  functionName: string,
  args: Named,
): Transaction => ({ from, to, data: artifacts.encode(contract, functionName, args), gas: GAS })

export const priceOf = ({ prices }: Scene, { name, price }: RecordedBranch): number =>
  prices.get(name) ?? price

/** Whole units as the contracts count them. */
export const wadOf = (amount: number): bigint => BigInt(Math.max(0, Math.round(amount * 1e6))) * 10n ** 12n

const ZOMBIE = 4

/** All open troves of a branch, with those who have them now. */
export const trovesOf = async (
  { devnet: { client } }: Scene,
  branch: RecordedBranch,
): Promise<KnownTrove[]> => {
  const { troveManager, troveNFT } = branch
  const manager = { address: troveManager, abi: troveManagerAbi } as const
  const count = await client.readContract({ ...manager, functionName: 'getTroveIdsCount' })
  const indexes = Array.from({ length: Number(count) }, (_, index) => BigInt(index))
  const ids = await client.multicall({
    allowFailure: false,
    contracts: indexes.map(
      (index) => ({ ...manager, functionName: 'getTroveFromTroveIdsArray', args: [index] }) as const,
    ),
  })
  const owners = await client.multicall({
    allowFailure: false,
    contracts: ids.map(
      (id) => ({ address: troveNFT, abi: troveNftAbi, functionName: 'ownerOf', args: [id] }) as const,
    ),
  })
  const stored = await client.multicall({
    allowFailure: false,
    contracts: ids.map((id) => ({ ...manager, functionName: 'Troves', args: [id] }) as const),
  })
  return ids.map((id, index) => ({
    id,
    owner: owners[index] as Address,
    isZombie: stored[index]?.[3] === ZOMBIE,
  }))
}

export const boldOf = ({ devnet: { client }, liquity }: Scene, account: Address): Promise<bigint> =>
  client.readContract({
    address: liquity.boldToken,
    abi: erc20Abi,
    functionName: 'balanceOf',
    args: [account],
  })

export const transferData = (from: Address, to: Address, id: bigint): Hex =>
  encodeFunctionData({
    abi: [
      {
        type: 'function',
        name: 'transferFrom',
        stateMutability: 'nonpayable',
        inputs: [
          { name: 'from', type: 'address' },
          { name: 'to', type: 'address' },
          { name: 'id', type: 'uint256' },
        ],
        outputs: [],
      },
    ] as const,
    functionName: 'transferFrom',
    args: [from, to, id],
  })
