// A chain that is nothing but answers: blocks are mined by a word, and no request leaves the process.
import { type Address, encodeAbiParameters, encodeEventTopics, type Hash, type Hex, numberToHex } from 'viem'
import { scaledTokenAbi } from '../../../abis/aave-v3.ts'
import type { Chain, Header } from '../../../src/chain/chain.ts'
import type { BlockRef } from '../../../src/model/block.ts'
import type { Call, Log } from '../../../src/model/evm.ts'
import type { AavePosition } from '../../../src/protocols/aave-v3/state.ts'
import { processorMs } from '../measure.ts'
import { createAnswers, type Situation } from './answers.ts'
import type { Pool } from './pool.ts'

/** What happens in a block: prices of volatile assets in basis points of the recorded ones, accounts that borrow one unit more. */
export type Happening = { readonly priceBps: bigint; readonly touched: readonly AavePosition[] }

export type SyntheticChain = Chain & {
  mine(happening: Happening): Header
  logs(): Promise<readonly Log[]>
  /** Begins to count and time anew. */
  forget(): void
  /** Requests that an endpoint with a gas cap would have seen since counting began anew, the head among them. */
  requestCount(): number
  /** Milliseconds that answering took since then, by the clock and by the processor: not the monitor's. */
  answering(): { readonly ms: number; readonly processorMs: number }
}

/** What providers grant one call. */
const CALL_GAS_MAX = 50_000_000
const BLOCK_SECONDS = 12

const hashOf = (number: bigint): Hash => numberToHex(number + (1n << 255n), { size: 32 })

const headerAt = ({ chainId, timestamp }: BlockRef, first: bigint, number: bigint): Header => ({
  chainId,
  number,
  hash: hashOf(number),
  parentHash: hashOf(number - 1n),
  timestamp: timestamp + Number(number - first) * BLOCK_SECONDS,
  logsBloom: '0x',
  baseFeeWei: null,
})

/** The first debt of a position, with one unit more of it. */
const borrowedMore = (
  position: AavePosition,
): { readonly asset: Address; readonly position: AavePosition } => {
  const [found] = Object.entries(position.legs).filter(([, leg]) => leg.scaledVariableDebt > 0n)
  if (!found) throw new Error(`${position.owner} has no debt`)
  const [asset, leg] = found as [Address, (typeof found)[1]]
  const legs = { ...position.legs, [asset]: { ...leg, scaledVariableDebt: leg.scaledVariableDebt + 1n } }
  return { asset, position: { ...position, legs } }
}

const mintLog = (address: Address, account: Address, at: Header, logIndex: number): Log => ({
  address,
  topics: encodeEventTopics({
    abi: scaledTokenAbi,
    eventName: 'Mint',
    args: { caller: account, onBehalfOf: account },
  }) as Hex[],
  data: encodeAbiParameters([{ type: 'uint256' }, { type: 'uint256' }, { type: 'uint256' }], [1n, 0n, 1n]),
  blockNumber: at.number,
  blockHash: at.hash,
  logIndex,
  transactionHash: numberToHex(logIndex, { size: 32 }),
})

const gasOf = (calls: readonly Call[]): number =>
  calls.reduce((sum, call) => sum + ('gasMax' in call ? call.gasMax : 0), 0)

/** A chain over a pool, `firstBlock` blocks after it was read. */
export const createSyntheticChain = (pool: Pool, firstBlock: bigint): SyntheticChain => {
  const answer = createAnswers(pool)
  const start = pool.block.number
  let head = headerAt(pool.block, start, start + firstBlock)
  let logs: readonly Log[] = []
  let situation: Situation = { priceBps: 10_000n, positionOf: () => undefined }
  let requests = 0
  let answering = { ms: 0, processorMs: 0 }
  const answered = <T>(count: number, run: () => T): T => {
    const [started, used] = [performance.now(), processorMs()]
    const value = run()
    requests += count
    answering = {
      ms: answering.ms + performance.now() - started,
      processorMs: answering.processorMs + processorMs() - used,
    }
    return value
  }
  const read: Chain['read'] = async (_block, calls, ancestors = []) =>
    answered(Math.max(1, Math.ceil(gasOf(calls) / CALL_GAS_MAX)), () => ({
      results: calls.map((call) => answer(call, situation)),
      ancestors: new Map(ancestors.map((number) => [number, hashOf(number)])),
    }))
  const forget = (): void => {
    requests = 0
    answering = { ms: 0, processorMs: 0 }
  }
  return {
    forget,
    id: pool.block.chainId,
    label: 'synthetic',
    mine: ({ priceBps, touched }) => {
      head = headerAt(pool.block, start, head.number + 1n)
      const changed = touched.map(borrowedMore)
      const positions = new Map(changed.map(({ position }) => [position.owner, position]))
      situation = { priceBps, positionOf: (account) => positions.get(account) }
      logs = changed.map(({ asset, position }, index) => {
        const token = pool.market.reserves[asset]?.variableDebtToken
        if (!token) throw new Error(`no reserve of ${asset}`)
        return mintLog(token, position.owner, head, index)
      })
      forget()
      return head
    },
    requestCount: () => requests,
    answering: () => answering,
    head: async () => answered(1, () => head),
    heads: async function* () {
      yield head
    },
    header: async (at) =>
      answered(1, () => (typeof at === 'bigint' ? headerAt(pool.block, start, at) : head)),
    logs: async () => answered(1, () => logs),
    requestsInFlightMax: 1,
    lentGas: async () => 0n,
    simulate: async () => ({ kind: 'answered', data: '0x' }),
    estimateGas: async () => 0n,
    learnt: () => ({ logRange: 1_000n, callGasMax: undefined, answerBytesMax: undefined }),
    read,
    background: () => ({ logs: async () => [], read }),
    readCached: async (_block, calls) => answered(1, () => calls.map((call) => answer(call, situation))),
    codeSize: async () => 1,
    endpoints: () => [],
    close: () => undefined,
  }
}
