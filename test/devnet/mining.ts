import { type Address, type Hash, type Hex, hexToNumber, numberToHex } from 'viem'
import { DevnetError } from './errors.ts'
import { revertReasons } from './revert-reason.ts'
import type { Rpc } from './rpc.ts'

/** `timestamp` in seconds. */
export type Block = {
  readonly number: number
  readonly hash: Hash
  readonly parentHash: Hash
  readonly timestamp: number
}

export type ChainLog = {
  readonly address: Address
  readonly topics: readonly Hex[]
  readonly data: Hex
  readonly transactionHash: Hash
}

export type TransactionOutcome = {
  readonly hash: Hash
  readonly status: 'success' | 'reverted'
  readonly reason?: string
  readonly logs: readonly ChainLog[]
}

export type MinedBlock = { readonly block: Block; readonly outcomes: readonly TransactionOutcome[] }

/** The parameters of an eth_sendTransaction. */
export type TransactionRequest = {
  readonly from: Address
  readonly to?: Address
  readonly data: Hex
  readonly gas: Hex
  readonly gasPrice: Hex
  readonly nonce: Hex
  readonly value?: Hex
}

type RpcBlock = Readonly<Record<'number' | 'hash' | 'parentHash' | 'timestamp', Hex>> & {
  readonly transactions: readonly Hash[]
}
/** Up to this many calls of one batch are handled in their order; more come in any order. */
const ORDERED_CALLS_MAX = 30

const TRANSACTIONS_PER_BLOCK_MAX = 3_000

const toBlock = (block: RpcBlock): Block => ({
  number: hexToNumber(block.number),
  hash: block.hash,
  parentHash: block.parentHash,
  timestamp: hexToNumber(block.timestamp),
})

/**
 * Which transactions of a block succeeded, told by their logs: anvil's receipts cost the square of a block's
 * transactions, so they are asked for only where there is no log.
 */
const readOutcomes = async (
  rpc: Rpc,
  block: Block,
  hashes: readonly Hash[],
): Promise<TransactionOutcome[]> => {
  if (hashes.length === 0) return []
  const logsOf = new Map<Hash, ChainLog[]>()
  const range = { fromBlock: numberToHex(block.number), toBlock: numberToHex(block.number) }
  for (const log of await rpc.request<ChainLog[]>('eth_getLogs', [range])) {
    const logs = logsOf.get(log.transactionHash) ?? []
    logs.push(log)
    logsOf.set(log.transactionHash, logs)
  }
  const silent = hashes.filter((hash) => !logsOf.has(hash))
  const receipts = await rpc.batch<{ readonly status: Hex }>(
    silent.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] })),
  )
  const reverted = silent.filter((_, index) => receipts[index]?.status !== '0x1')
  const reasons = await revertReasons(rpc, reverted)
  return hashes.map((hash) => {
    const reason = reasons[reverted.indexOf(hash)]
    if (reason !== undefined) return { hash, status: 'reverted', reason, logs: [] }
    return { hash, status: 'success', logs: logsOf.get(hash) ?? [] }
  })
}

const readRpcBlock = async (rpc: Rpc, tag: Hex | 'latest'): Promise<RpcBlock> => {
  const block = await rpc.request<RpcBlock | null>('eth_getBlockByNumber', [tag, false])
  if (block === null) throw new DevnetError(`anvil has no block ${tag}`)
  return block
}

export const readBlock = async (rpc: Rpc, tag: Hex | 'latest'): Promise<Block> =>
  toBlock(await readRpcBlock(rpc, tag))

/** Mines a block at `timestamp` of whatever is pending. */
export const mineAt = (rpc: Rpc, timestamp: number): Promise<unknown> =>
  rpc.request('evm_mine', [{ timestamp }])

const sendInOrder = async (rpc: Rpc, requests: readonly TransactionRequest[]): Promise<Hash[]> => {
  if (requests.length > TRANSACTIONS_PER_BLOCK_MAX)
    throw new DevnetError(
      `${requests.length} transactions in one block, at most ${TRANSACTIONS_PER_BLOCK_MAX}: send them in several`,
    )
  const calls = requests.map((request) => ({ method: 'eth_sendTransaction', params: [request] }))
  return rpc.batch<Hash>(calls, ORDERED_CALLS_MAX)
}

/** Mines one block of exactly these transactions in this order. */
export const mineTransactions = async (
  rpc: Rpc,
  requests: readonly TransactionRequest[],
  timestamp: number,
): Promise<MinedBlock> => {
  try {
    const hashes = await sendInOrder(rpc, requests)
    await mineAt(rpc, timestamp)
    const mined = await readRpcBlock(rpc, 'latest')
    const block = toBlock(mined)
    const unexpected = hashes.findIndex((hash, index) => mined.transactions[index] !== hash)
    if (unexpected >= 0)
      throw new DevnetError(
        `block ${block.number} holds ${mined.transactions.length} of ${hashes.length} transactions, in order up to ${unexpected}`,
      )
    return { block, outcomes: await readOutcomes(rpc, block, hashes) }
  } catch (error) {
    await rpc.request('anvil_dropAllTransactions')
    throw error
  }
}

/** The transactions of a block, fit to be sent again with the same hash. */
export const readTransactions = async (rpc: Rpc, number: number): Promise<TransactionRequest[]> => {
  type Full = TransactionRequest & { readonly input: Hex; readonly to: Address | null }
  const block = await rpc.request<{ readonly transactions: readonly Full[] }>('eth_getBlockByNumber', [
    numberToHex(number),
    true,
  ])
  return block.transactions.map(({ from, to, input, gas, gasPrice, nonce, value = '0x0' }) => ({
    ...{ from, data: input, gas, gasPrice, nonce, value },
    ...(to === null ? {} : { to }),
  }))
}
