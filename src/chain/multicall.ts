// Many calls as one: Multicall3's aggregate3, by its contract or without one.
import {
  type Address,
  createClient,
  custom,
  decodeAbiParameters,
  decodeErrorResult,
  decodeFunctionResult,
  deploylessCallViaBytecodeBytecode,
  encodeDeployData,
  encodeFunctionData,
  type Hash,
  type Hex,
  hexToBigInt,
  multicall3Abi,
  parseAbi,
  parseAbiParameters,
  zeroAddress,
} from 'viem'
import { multicall } from 'viem/actions'
import type { CallResult, ContractCall } from '../model/evm.ts'

const blockAbi = parseAbi([
  'function getBlockHash(uint256 blockNumber) view returns (bytes32)',
  'function getCurrentBlockTimestamp() view returns (uint256)',
])
const deploylessAbi = parseAbi(['constructor(bytes code, bytes data)'])

const BLOCK_CALL_GAS_MAX = 6_000

/** Questions that Multicall3 itself answers about the block a call runs in. */
export const blockCalls = {
  timestamp: (multicall3: Address): ContractCall => ({
    to: multicall3,
    data: encodeFunctionData({ abi: blockAbi, functionName: 'getCurrentBlockTimestamp' }),
    gasMax: BLOCK_CALL_GAS_MAX,
  }),
  hash: (multicall3: Address, blockNumber: bigint): ContractCall => ({
    to: multicall3,
    data: encodeFunctionData({ abi: blockAbi, functionName: 'getBlockHash', args: [blockNumber] }),
    gasMax: BLOCK_CALL_GAS_MAX,
  }),
}

export const asTimestamp = (result: CallResult | undefined): number | undefined =>
  result?.ok ? Number(hexToBigInt(result.data)) : undefined

export const asHash = (result: CallResult | undefined): Hash | undefined =>
  result?.ok ? result.data : undefined

let deploylessCode: Promise<Hex> | undefined

/** Multicall3's creation code, which viem has but does not export: taken from the deployless call that viem would send. */
const multicall3Code = (): Promise<Hex> => {
  deploylessCode ??= new Promise<Hex>((resolve, reject) => {
    const request = async ({ params }: { params?: unknown }): Promise<Hex> => {
      const [{ data }] = params as [{ data: Hex }]
      const args = `0x${data.slice(deploylessCallViaBytecodeBytecode.length)}` as const
      const [code] = decodeAbiParameters(parseAbiParameters('bytes code, bytes data'), args)
      resolve(code)
      return '0x'
    }
    const client = createClient({ transport: custom({ request }, { retryCount: 0 }) })
    const contracts = [
      { address: zeroAddress, abi: blockAbi, functionName: 'getCurrentBlockTimestamp' },
    ] as const
    multicall(client, { contracts, deployless: true, allowFailure: true }).catch(reject)
  })
  return deploylessCode
}

/** Calls in the order in which they are made: what a call wants before it comes first. */
const inOrder = (calls: readonly ContractCall[]): readonly ContractCall[] =>
  calls.flatMap((call) => [...(call.before ?? []), call])

/** The transaction of an eth_call that performs all calls, each failure its own; without a contract where there is none. */
export const aggregate = async (
  multicall3: Address | undefined,
  calls: readonly ContractCall[],
): Promise<{ readonly to?: Address; readonly data: Hex }> => {
  const data = encodeFunctionData({
    abi: multicall3Abi,
    functionName: 'aggregate3',
    args: [inOrder(calls).map(({ to, data: callData }) => ({ target: to, allowFailure: true, callData }))],
  })
  if (multicall3) return { to: multicall3, data }
  const code = await multicall3Code()
  return {
    data: encodeDeployData({
      abi: deploylessAbi,
      bytecode: deploylessCallViaBytecodeBytecode,
      args: [code, data],
    }),
  }
}

const errorAbi = parseAbi(['error Error(string reason)', 'error Panic(uint256 code)'])

/** What a contract said when it reverted: its reason, its panic code, its own error's selector, or nothing. */
export const revertReason = (data: Hex): string => {
  if (data === '0x') return 'reverted without a reason'
  try {
    const { errorName, args } = decodeErrorResult({ abi: errorAbi, data })
    return errorName === 'Error' ? `reverted: ${args[0]}` : `reverted with panic ${args[0]}`
  } catch {
    return `reverted with ${data.slice(0, 10)}`
  }
}

const resultOf = ({ success, returnData }: { success: boolean; returnData: Hex }): CallResult => {
  if (!success) return { ok: false, data: returnData, error: revertReason(returnData) }
  if (returnData === '0x')
    return { ok: false, data: '0x', error: 'answered nothing: there is no such contract' }
  return { ok: true, data: returnData }
}

/** The answers of an aggregate of these calls, in their order; fewer where the answer has another number of results. */
export const disaggregate = (data: Hex, calls: readonly ContractCall[]): readonly CallResult[] => {
  const answers = decodeFunctionResult({ abi: multicall3Abi, functionName: 'aggregate3', data })
  if (answers.length !== inOrder(calls).length) return []
  let place = -1
  return calls.flatMap(({ before = [] }) => {
    place += before.length + 1
    const answer = answers[place]
    return answer ? [resultOf(answer)] : []
  })
}
