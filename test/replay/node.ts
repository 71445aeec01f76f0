// A recording as a node: JSON-RPC over HTTP, so that the command line itself can be held against it.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type Address,
  concat,
  decodeFunctionData,
  encodeFunctionResult,
  type Hash,
  type Hex,
  isAddressEqual,
  multicall3Abi,
  pad,
  parseAbi,
  size,
  slice,
  toFunctionSelector,
  toHex,
} from 'viem'
import { oracleWiringAbi } from '../../abis/oracle-wiring.ts'
import type { Header } from '../../src/chain/chain.ts'
import type { CallResult, Log } from '../../src/model/evm.ts'
import type { Fixture } from './fixture.ts'
import { NotRecordedError, type Player, playerOf } from './player.ts'

export type RecordedNode = {
  readonly url: string
  /** Goes on to the next head; undefined behind the last. */
  next(): Header | undefined
  stop(): Promise<void>
}

const MULTICALL3: Address = '0xcA11bde05977b3631167028862bE2a173976CA11'
const WORD_BYTES = 32
const SELECTOR_BYTES = 4

const blockAbi = parseAbi([
  'function getBlockHash(uint256 blockNumber) view returns (bytes32)',
  'function getCurrentBlockTimestamp() view returns (uint256)',
])

type Target = { readonly target: Address; readonly callData: Hex }
type BlockParameter = string | { readonly blockHash: Hash }
type Filter = {
  readonly address: Address | readonly Address[]
  readonly topics: readonly [Hex | readonly Hex[]]
  readonly fromBlock: Hex
  readonly toBlock: Hex
}

/** What tells of a source's wiring: asked by `check`, and by nobody when these were recorded. */
const wiringSelectors = new Set(oracleWiringAbi.map(toFunctionSelector))

const aboutBlock = new Set(blockAbi.map(toFunctionSelector))

/** The product asks about the block first, then everything else. */
const isAboutBlock = ({ target, callData }: Target): boolean =>
  isAddressEqual(target, MULTICALL3) && aboutBlock.has(slice(callData, 0, SELECTOR_BYTES))

const rpcBlock = (header: Header | undefined) =>
  header
    ? { ...header, number: toHex(header.number), timestamp: toHex(header.timestamp), transactions: [] }
    : null

const rpcLog = (log: Log) => ({
  ...log,
  blockNumber: toHex(log.blockNumber),
  logIndex: toHex(log.logIndex),
  removed: false,
})

const listOf = <T>(one: T | readonly T[]): readonly T[] => (Array.isArray(one) ? one : [one]) as readonly T[]

/** A node's answer to the calls of one aggregate, by the names of their recording. */
const aggregated = (
  fixture: Fixture,
  answerOf: (name: string) => CallResult | undefined,
): ((targets: readonly Target[]) => readonly CallResult[]) => {
  /** What goes before a call, by the last of its parts. */
  const sequences = fixture.calls
    .filter((call) => call.includes(' then '))
    .map((call) => call.split(' then '))
  const byLast = new Map<string, string[][]>()
  for (const parts of sequences)
    byLast.set(parts.at(-1) ?? '', [...(byLast.get(parts.at(-1) ?? '') ?? []), parts])
  const firsts = new Set(sequences.flatMap((parts) => parts.slice(0, -1)))
  return (targets) => {
    const names = targets.map(({ target, callData }) => `${target}:${callData}`)
    return names.map((name, index): CallResult => {
      const sequence = byLast
        .get(name)
        ?.find(
          (parts) => parts.join() === names.slice(Math.max(0, index + 1 - parts.length), index + 1).join(),
        )
      const answer = answerOf(sequence ? sequence.join(' then ') : name)
      if (answer) return answer
      if (firsts.has(name)) return { ok: true, data: '0x' }
      if (wiringSelectors.has(slice(targets[index]?.callData ?? '0x', 0, SELECTOR_BYTES)))
        return { ok: false, data: '0x', error: 'reverted without a word' }
      throw new NotRecordedError(`the call ${name}`)
    })
  }
}

/** A call of an address without code succeeds, and answers nothing. */
const isCodeless = (result: CallResult): boolean =>
  !result.ok && result.data === '0x' && !result.error.startsWith('reverted')

/** Words of storage, by contract and slot. */
const storageOf = (
  fixture: Fixture,
  answerOf: (name: string) => CallResult | undefined,
): ((to: Address, slot: Hex) => Hex) => {
  const places = new Map<string, readonly [name: string, at: number]>()
  for (const name of fixture.calls) {
    const [to = '', ...slots] = name.split(' ')
    if (to.includes(':')) continue
    for (const [at, slot] of slots.entries()) places.set(`${to.toLowerCase()} ${slot}`, [name, at])
  }
  return (to, slot) => {
    const [name, at] = places.get(`${to.toLowerCase()} ${slot}`) ?? []
    const answer = name === undefined ? undefined : answerOf(name)
    if (!answer?.ok || at === undefined) throw new NotRecordedError(`slot ${slot} of ${to}`)
    return slice(answer.data, at * WORD_BYTES, (at + 1) * WORD_BYTES)
  }
}

const METHOD_NOT_FOUND = -32_601
const SERVER_ERROR = -32_000

const errorOf = (error: unknown) => ({
  code: (error as { code?: number }).code ?? SERVER_ERROR,
  message: error instanceof Error ? error.message : String(error),
})

/** Answers a method as a node at the recording's current head would. Throws `NotRecordedError`. */
const createAnswer = (fixture: Fixture, { chain, answer }: Player) => {
  const aggregate = aggregated(fixture, answer)
  const storage = storageOf(fixture, answer)
  /** What Multicall3 says of the block itself. */
  const ofBlock = async (data: Hex): Promise<CallResult> => {
    const { functionName, args } = decodeFunctionData({ abi: blockAbi, data })
    if (functionName === 'getCurrentBlockTimestamp')
      return { ok: true, data: pad(toHex((await chain.head()).timestamp), { size: WORD_BYTES }) }
    return { ok: true, data: (await chain.header(args[0]))?.hash ?? pad('0x', { size: WORD_BYTES }) }
  }
  /** A call of a contract whose code is overridden by one that reads its storage; see src/chain/storage.ts. */
  const words = ({ target, callData }: Target): CallResult => {
    const count = size(callData) / WORD_BYTES
    const slots = Array.from({ length: count }, (_, at) =>
      slice(callData, at * WORD_BYTES, (at + 1) * WORD_BYTES),
    )
    return { ok: true, data: concat(slots.map((slot) => storage(target, slot))) }
  }
  const call = async (
    { to, data }: { readonly to: Address; readonly data: Hex },
    isOverridden: boolean,
  ): Promise<Hex> => {
    if (!isAddressEqual(to, MULTICALL3)) throw new NotRecordedError(`a call of ${to}`)
    const { args } = decodeFunctionData({ abi: multicall3Abi, data })
    const targets = args[0] as readonly Target[]
    const [own, others] = [targets.filter(isAboutBlock), targets.filter((one) => !isAboutBlock(one))]
    const rest = isOverridden ? others.map(words) : aggregate(others)
    const results = [...(await Promise.all(own.map((one) => ofBlock(one.callData)))), ...rest]
    return encodeFunctionResult({
      abi: multicall3Abi,
      functionName: 'aggregate3',
      result: results.map((one) => ({ success: one.ok || isCodeless(one), returnData: one.data })),
    })
  }
  const expectHead = async (block: BlockParameter): Promise<void> => {
    const { hash } = await chain.head()
    if (typeof block === 'object' && block.blockHash !== hash)
      throw new NotRecordedError(`state at block ${block.blockHash}`)
  }
  return async (method: string, params: readonly never[]): Promise<unknown> => {
    const [first, second, third] = params as readonly unknown[]
    if (method === 'eth_chainId') return toHex(chain.id)
    if (method === 'eth_getCode') return isAddressEqual(first as Address, MULTICALL3) ? '0x01' : '0x'
    if (method === 'eth_getBlockByHash') return rpcBlock(await chain.header(first as Hash))
    if (method === 'eth_getBlockByNumber')
      return rpcBlock(first === 'latest' ? await chain.head() : await chain.header(BigInt(first as Hex)))
    if (method === 'eth_getLogs') {
      const { address, topics, fromBlock, toBlock } = first as Filter
      const logs = await chain.logs({
        ...{ addresses: listOf(address), topics: listOf(topics[0]) },
        ...{ fromBlock: BigInt(fromBlock), toBlock: BigInt(toBlock) },
      })
      return logs.map(rpcLog)
    }
    if (method === 'eth_call') {
      await expectHead(second as BlockParameter)
      return call(first as never, third !== undefined)
    }
    throw Object.assign(new Error(`${method} is not supported`), { code: METHOD_NOT_FOUND })
  }
}

type Message = { readonly id: number; readonly method: string; readonly params: readonly never[] }

/** Plays a recording as a node, beginning with its first head. */
export const startRecordedNode = async (fixture: Fixture): Promise<RecordedNode> => {
  const player = playerOf(fixture)
  const answer = createAnswer(fixture, player)
  const answerOne = async ({ id, method, params }: Message): Promise<object> => {
    try {
      return { jsonrpc: '2.0', id, result: await answer(method, params) }
    } catch (error) {
      return { jsonrpc: '2.0', id, error: errorOf(error) }
    }
  }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body: Message | readonly Message[] = JSON.parse(Buffer.concat(chunks).toString())
    const reply = 'method' in body ? await answerOne(body) : await Promise.all(body.map(answerOne))
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  player.next()
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    next: player.next,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
