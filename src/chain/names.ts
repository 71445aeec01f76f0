// Names of ENS as one block of a chain has them. What is not answered by the chain itself is refused: nobody else is asked.
import {
  type Address,
  bytesToHex,
  decodeFunctionResult,
  encodeFunctionData,
  getAddress,
  type Hex,
  hexToBigInt,
  size,
  slice,
  toFunctionSelector,
  zeroAddress,
} from 'viem'
import { namehash, packetToBytes } from 'viem/ens'
import { ensRegistryAbi, ensResolverAbi } from '../../abis/ens.ts'
import type { BlockRef } from '../model/block.ts'
import type { CallResult, ContractCall } from '../model/evm.ts'
import { NameError, normalizedName } from './name-text.ts'

/** Where ENS's own registry is, the same on each of its chains (docs.ens.domains/learn/deployments): Ethereum, Sepolia, Holesky. */
const REGISTRY: Address = '0x00000000000C2E074eC69A0dFb2997BA6C7d2e1e'
const REGISTRY_CHAIN_IDS = [1, 11_155_111, 17_000]

/** The registry that a chain is known to have. */
export const knownEnsRegistry = (chainId: number): Address | undefined =>
  REGISTRY_CHAIN_IDS.includes(chainId) ? REGISTRY : undefined

/** A name as ENSIP-15 writes it, and what it stands for at a block. */
export type ResolvedName = {
  readonly name: string
  readonly address: Address
  /** The contract that said so. */
  readonly resolver: Address
  readonly block: BlockRef
}

const REGISTRY_GAS_MAX = 100_000
const RESOLVER_GAS_MAX = 1_000_000

/** ENSIP-10: the interface of resolvers that are asked with a call as an argument. */
const EXTENDED_INTERFACE: Hex = '0x9061b923'
const OFFCHAIN_LOOKUP = toFunctionSelector('OffchainLookup(address,string[],bytes,bytes4,bytes)')

const WORD_BYTES = 32
const ADDRESS_BITS = 160n

const registryCall = (registry: Address, functionName: 'owner' | 'resolver', node: Hex): ContractCall => ({
  to: registry,
  data: encodeFunctionData({ abi: ensRegistryAbi, functionName, args: [node] }),
  gasMax: REGISTRY_GAS_MAX,
})

const isExtendedCall = (resolver: Address): ContractCall => ({
  to: resolver,
  data: encodeFunctionData({
    abi: ensResolverAbi,
    functionName: 'supportsInterface',
    args: [EXTENDED_INTERFACE],
  }),
  gasMax: RESOLVER_GAS_MAX,
})

/** A decoded answer; undefined where it makes no sense. */
const decoded = <T>(decode: () => T): T | undefined => {
  try {
    return decode()
  } catch {
    return undefined
  }
}

/** An address as a word of an answer; undefined where it is none. */
const addressIn = (data: Hex): Address | undefined => {
  if (size(data) < WORD_BYTES) return undefined
  const word = slice(data, 0, WORD_BYTES)
  return hexToBigInt(word) >> ADDRESS_BITS === 0n ? getAddress(slice(word, WORD_BYTES - 20)) : undefined
}

/** ERC-165: what fails, or answers anything else, is not of the interface. */
const isTrue = (result: CallResult | undefined): boolean =>
  result?.ok === true &&
  decoded(() =>
    decodeFunctionResult({ abi: ensResolverAbi, functionName: 'supportsInterface', data: result.data }),
  ) === true

/** The name itself, and every name that it is below. */
const lineageOf = (name: string): readonly string[] => {
  const labels = name.split('.')
  return labels.map((_label, index) => labels.slice(index).join('.'))
}

/** Reads calls at a block, as a chain does. */
type ReadCalls = (block: BlockRef, calls: readonly ContractCall[]) => Promise<readonly CallResult[]>

type Asking = {
  readonly read: ReadCalls
  readonly block: BlockRef
  readonly registry: Address
  readonly name: string
}

const placeOf = ({ block }: Asking): string => `on chain ${block.chainId} at block ${block.number}`

/** Who answers for the name and each of its parents, in this order, and whether somebody owns it. */
const lookUp = async (asking: Asking) => {
  const { read, block, registry, name } = asking
  const lineage = lineageOf(name)
  const [owner, ...resolvers] = (
    await read(block, [
      registryCall(registry, 'owner', namehash(name)),
      ...lineage.map((one) => registryCall(registry, 'resolver', namehash(one))),
    ])
  ).map((result) => {
    const found = result.ok ? addressIn(result.data) : undefined
    if (found !== undefined) return found
    throw new NameError(
      'failed',
      `the ENS registry ${registry} could not be asked for ${name} ${placeOf(asking)}: ${result.ok ? 'it answered no address' : result.error}`,
      'Set ens.registry of the chain in plimsoll.yaml to where its registry is, or give the address itself.',
    )
  })
  return {
    isOwned: owner !== zeroAddress,
    resolvers: lineage.map((of, index) => ({ of, resolver: resolvers[index] ?? zeroAddress })),
  }
}

/** Why a name without a resolver leads nowhere. */
const withoutResolver = async (
  asking: Asking,
  { isOwned, resolvers }: Awaited<ReturnType<typeof lookUp>>,
): Promise<NameError> => {
  const { read, block, name } = asking
  const parent = resolvers.find(({ resolver }) => resolver !== zeroAddress)
  const [isExtended] = parent ? await read(block, [isExtendedCall(parent.resolver)]) : []
  if (parent && isTrue(isExtended))
    return new NameError(
      'wildcard',
      `${name} has no resolver of its own ${placeOf(asking)}; only that of ${parent.of} (${parent.resolver}) may know it, by a wildcard, which Plimsoll does not ask`,
      'Look its address up in a wallet or an ENS app, and give that.',
    )
  return isOwned
    ? new NameError(
        'no-resolver',
        `${name} is registered and has no resolver ${placeOf(asking)}: it stands for no address`,
        'Give the address itself, or set a resolver in an ENS app.',
      )
    : new NameError(
        'unknown',
        `there is no ENS name ${name} ${placeOf(asking)}`,
        'Check how it is spelt, or give the address itself.',
      )
}

/** The answer of the name's own resolver, as the data of an address. ENSIP-10: who is asked with a call as an argument, is asked so. */
const answerOf = async (asking: Asking, resolver: Address): Promise<Hex> => {
  const { read, block, name } = asking
  const addr = encodeFunctionData({ abi: ensResolverAbi, functionName: 'addr', args: [namehash(name)] })
  const resolve = encodeFunctionData({
    abi: ensResolverAbi,
    functionName: 'resolve',
    args: [bytesToHex(packetToBytes(name)), addr],
  })
  const [isExtended, own, extended] = await read(block, [
    isExtendedCall(resolver),
    ...[addr, resolve].map((data) => ({ to: resolver, data, gasMax: RESOLVER_GAS_MAX })),
  ])
  const failed = (why: string): NameError =>
    new NameError(
      'failed',
      `the resolver ${resolver} of ${name} did not say its address ${placeOf(asking)}: ${why}`,
      'This is not the same as no address: give the address itself, or ask whoever keeps the name.',
    )
  const isAskedByCall = isTrue(isExtended)
  const answer = isAskedByCall ? extended : own
  if (!answer) throw failed('there was no answer')
  if (!answer.ok && answer.data.startsWith(OFFCHAIN_LOOKUP))
    throw new NameError(
      'off-chain',
      `the resolver ${resolver} of ${name} keeps its address off the chain, with a server that Plimsoll does not ask`,
      'Look its address up in a wallet or an ENS app, and give that.',
    )
  if (!answer.ok) throw failed(answer.error)
  if (!isAskedByCall) return answer.data
  const inner = decoded(() =>
    decodeFunctionResult({ abi: ensResolverAbi, functionName: 'resolve', data: answer.data }),
  )
  if (inner === undefined) throw failed('it answered no bytes')
  return inner
}

/**
 * What a name stands for at a block: the address record that the resolver of its registry has. `read` reads calls at the block. Throws
 * `NameError` where it stands for nothing or that cannot be found out, and what `read` throws.
 */
export const resolveName = async (
  read: ReadCalls,
  block: BlockRef,
  registry: Address,
  text: string,
): Promise<ResolvedName> => {
  const name = normalizedName(text)
  const asking: Asking = { read, block, registry, name }
  const found = await lookUp(asking)
  const resolver = found.resolvers[0]?.resolver ?? zeroAddress
  if (resolver === zeroAddress) throw await withoutResolver(asking, found)
  const data = await answerOf(asking, resolver)
  const address = size(data) === 0 ? zeroAddress : addressIn(data)
  if (address === undefined)
    throw new NameError(
      'failed',
      `the resolver ${resolver} of ${name} did not say its address ${placeOf(asking)}: it answered ${data.slice(0, 66)}`,
      'This is not the same as no address: give the address itself, or ask whoever keeps the name.',
    )
  if (address === zeroAddress)
    throw new NameError(
      'no-address',
      `${name} has no address ${placeOf(asking)}`,
      'Give the address itself, or set one in an ENS app.',
    )
  return { name, address, resolver, block }
}
