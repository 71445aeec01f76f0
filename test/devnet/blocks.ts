import { type Address, type Hex, hexToNumber, numberToHex } from 'viem'
import {
  type Block,
  type MinedBlock,
  mineAt,
  mineTransactions,
  readBlock,
  readTransactions,
  type TransactionRequest,
} from './mining.ts'
import type { Transaction } from './plan.ts'
import { type Rpc, toQuantity } from './rpc.ts'

export type Blocks = {
  head(): Promise<Block>
  block(number: number): Promise<Block>
  /** The transactions of a block, for `resend`. */
  transactions(number: number): Promise<readonly TransactionRequest[]>
  /** Mines one block `seconds` after the last, of these transactions in this order. */
  send(transactions: readonly Transaction[], seconds?: number): Promise<MinedBlock>
  /** Mines one block of transactions that were mined before, with their old hashes. */
  resend(transactions: readonly TransactionRequest[], seconds?: number): Promise<MinedBlock>
  /** Mines empty blocks, each `seconds` after its parent. */
  mine(blocks: number, seconds?: number): Promise<Block>
  /** Forgets the last `depth` blocks; blocks mined from now on have other hashes, whatever they hold. */
  rollback(depth: number): Promise<void>
}

/** Seconds between blocks when nothing else is said. */
export const BLOCK_SECONDS = 12

const GAS_OF_ACTION = 10_000_000

const readNonces = async (rpc: Rpc, senders: readonly Address[]): Promise<Map<Address, number>> => {
  const counts = await rpc.batch<Hex>(
    senders.map((sender) => ({ method: 'eth_getTransactionCount', params: [sender, 'latest'] })),
  )
  return new Map(senders.map((sender, index) => [sender, hexToNumber(counts[index] ?? '0x0')]))
}

/** Control of block production: explicit nonces, times and order, so that every run of a test gives the same chain. */
export const createBlocks = (rpc: Rpc): Blocks => {
  let gasVariation = 0
  let forks = 0

  /** The gas limit differs each time: after a revert to a snapshot an identical transaction would meet its old receipt. */
  const toRequest = (transaction: Transaction, nonces: Map<Address, number>): TransactionRequest => {
    const nonce = nonces.get(transaction.from) ?? 0
    nonces.set(transaction.from, nonce + 1)
    gasVariation = (gasVariation + 1) % 1_000_000
    const gas = toQuantity((transaction.gas ?? GAS_OF_ACTION) + gasVariation)
    const { from, to, data, value } = transaction
    return {
      ...{ from, data, gas, gasPrice: '0x0', nonce: toQuantity(nonce) },
      ...(to ? { to } : {}),
      ...(value ? { value: numberToHex(value) } : {}),
    }
  }

  const resend = async (requests: readonly TransactionRequest[], seconds = BLOCK_SECONDS) => {
    const { timestamp } = await readBlock(rpc, 'latest')
    return mineTransactions(rpc, requests, timestamp + seconds)
  }

  return {
    head: () => readBlock(rpc, 'latest'),
    block: (number) => readBlock(rpc, numberToHex(number)),
    transactions: (number) => readTransactions(rpc, number),
    resend,
    send: async (transactions, seconds) => {
      const nonces = await readNonces(rpc, [...new Set(transactions.map((transaction) => transaction.from))])
      return resend(
        transactions.map((transaction) => toRequest(transaction, nonces)),
        seconds,
      )
    },
    mine: async (blocks, seconds = BLOCK_SECONDS) => {
      const { timestamp } = await readBlock(rpc, 'latest')
      for (let index = 1; index <= blocks; index++) await mineAt(rpc, timestamp + index * seconds)
      return readBlock(rpc, 'latest')
    },
    rollback: async (depth) => {
      await rpc.request('anvil_rollback', [depth])
      forks += 1
      await rpc.request('anvil_setCoinbase', [numberToHex(0xc01000 + forks, { size: 20 })])
    },
  }
}
