import {
  type Abi,
  type Address,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type ContractFunctionReturnType,
  decodeFunctionResult,
  encodeFunctionData,
  type Hex,
} from 'viem'
import { aggregatorAbi, feedAbi } from './aave-v3/abis.ts'
import { DevnetError } from './errors.ts'
import type { Feed } from './feeds.ts'
import type { Rpc } from './rpc.ts'

/** Reads a contract at the head. */
export const readContract = async <
  const abi extends Abi,
  name extends ContractFunctionName<abi, 'view'>,
  const args extends ContractFunctionArgs<abi, 'view', name>,
>(
  rpc: Rpc,
  of: { readonly to: Address; readonly abi: abi; readonly functionName: name; readonly args: args },
): Promise<ContractFunctionReturnType<abi, 'view', name, args>> => {
  const { abi, functionName, args } = of as { abi: Abi; functionName: string; args: readonly unknown[] }
  const data = await rpc.request<Hex>('eth_call', [
    { to: of.to, data: encodeFunctionData({ abi, functionName, args }) },
    'latest',
  ])
  return decodeFunctionResult({ abi, functionName, args, data }) as ContractFunctionReturnType<
    abi,
    'view',
    name,
    args
  >
}

/** A feed's last aggregator that works, and whether the proxy uses it. */
export const workingAggregator = async (
  rpc: Rpc,
  feed: Feed,
  broken: readonly Address[],
): Promise<{ readonly aggregator: Address; readonly inUse: boolean }> => {
  const phaseNow = await readContract(rpc, {
    to: feed.proxy,
    abi: feedAbi,
    functionName: 'phaseId',
    args: [],
  })
  for (let phase = phaseNow; phase > 0; phase--) {
    const aggregator = await readContract(rpc, {
      to: feed.proxy,
      abi: feedAbi,
      functionName: 'phaseAggregators',
      args: [phase],
    })
    if (!broken.includes(aggregator)) return { aggregator, inUse: phase === phaseNow }
  }
  throw new DevnetError(`the feed ${feed.symbol} never had a working aggregator`)
}

export const latestRound = (rpc: Rpc, aggregator: Address): Promise<bigint> =>
  readContract(rpc, { to: aggregator, abi: aggregatorAbi, functionName: 'latestRound', args: [] })

/** The last positive answer (8 decimals) that an aggregator gave. */
export const lastPrice = async (rpc: Rpc, aggregator: Address): Promise<bigint> => {
  for (let round = await latestRound(rpc, aggregator); round > 0n; round--) {
    const answer = await readContract(rpc, {
      to: aggregator,
      abi: aggregatorAbi,
      functionName: 'getAnswer',
      args: [round],
    })
    if (answer > 0n) return answer
  }
  throw new DevnetError(`the aggregator ${aggregator} never had a positive answer`)
}
