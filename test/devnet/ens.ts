// ENS on a local chain: its own registry and public resolver, and stand-ins for resolvers that do otherwise.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import {
  type Address,
  concatHex,
  encodeDeployData,
  encodeFunctionData,
  getContractAddress,
  type Hex,
  labelhash,
  numberToHex,
  parseAbi,
  size,
  toFunctionSelector,
} from 'viem'
import { namehash } from 'viem/ens'
import { creationCode } from './bytecode.ts'
import type { Devnet } from './devnet.ts'
import { createPlan, namedAccount } from './plan.ts'
import { sendAll } from './send-all.ts'

const require = createRequire(import.meta.url)

const ownerAbi = parseAbi([
  'function setSubnodeOwner(bytes32 node, bytes32 label, address owner)',
  'function setResolver(bytes32 node, address resolver)',
  'function setAddr(bytes32 node, address a)',
])

const OWNER = namedAccount('ens')

/** Where the registry comes to be: known before it is there, for a configuration that is written first. */
export const ENS_REGISTRY = getContractAddress({ from: OWNER, nonce: 0n })

/** How a name is registered. `resolver` left out: the public one; null: none. `address` left out: none is set. */
export type NameRecord = { readonly resolver?: Address | null; readonly address?: Address }

export type LocalEns = {
  readonly publicResolver: Address
  /** Registers names, or sets them anew, in one block. */
  set(records: Readonly<Record<string, NameRecord>>): Promise<void>
  /** Puts a contract of this runtime code on the chain. */
  deploy(runtime: Hex): Promise<Address>
}

const creationCodeOf = (artifact: string, args: readonly unknown[] = []): Hex =>
  encodeDeployData({ ...JSON.parse(readFileSync(require.resolve(artifact), 'utf8')), args })

/** Puts ENS on a devnet, at `ENS_REGISTRY`. Once for each devnet. */
export const deployEns = async (devnet: Devnet): Promise<LocalEns> => {
  const plan = createPlan(OWNER)
  const registry = plan.deploy(creationCodeOf('@ensdomains/ens/build/contracts/ENSRegistry.json'))
  const publicResolver = plan.deploy(
    creationCodeOf('@ensdomains/resolver/build/contracts/PublicResolver.json', [registry]),
  )
  await sendAll(devnet, 'ENS', plan.transactions)
  const call = (to: Address, data: Hex) => ({ from: OWNER, to, data, gas: 1_000_000 })
  const owned = (name: string) => {
    const labels = name.split('.')
    return labels.map((label, index) =>
      call(
        registry,
        encodeFunctionData({
          abi: ownerAbi,
          functionName: 'setSubnodeOwner',
          args: [namehash(labels.slice(index + 1).join('.')), labelhash(label), OWNER],
        }),
      ),
    )
  }
  const recorded = (name: string, { resolver = publicResolver, address }: NameRecord) => {
    const node = namehash(name)
    const set = (to: Address, functionName: 'setResolver' | 'setAddr', value: Address) =>
      call(to, encodeFunctionData({ abi: ownerAbi, functionName, args: [node, value] }))
    return [
      ...owned(name).reverse(),
      ...(resolver ? [set(registry, 'setResolver', resolver)] : []),
      ...(address ? [set(publicResolver, 'setAddr', address)] : []),
    ]
  }
  let deployed = 0
  return {
    publicResolver,
    set: async (records) => {
      const transactions = Object.entries(records).flatMap(([name, record]) => recorded(name, record))
      await sendAll(devnet, 'names', transactions)
    },
    deploy: async (runtime) => {
      const deployer = createPlan(namedAccount(`ens resolver ${deployed++}`))
      const address = deployer.deploy(creationCode(runtime))
      await sendAll(devnet, 'a resolver', deployer.transactions)
      return address
    },
  }
}

/** What a resolver that is not the public one does: to ERC-165's question it says whether it is one of ENSIP-10, to all others this. */
export type StandIn = { readonly isExtended: boolean; readonly reverts: boolean; readonly data: Hex }

/** Runtime code of a stand-in. */
export const standInResolver = ({ isExtended, reverts, data }: StandIn): Hex => {
  const length = numberToHex(size(data), { size: 2 })
  return concatHex([
    // selector(calldata) == supportsInterface: jump to 0x1a
    concatHex(['0x5f3560e01c63', toFunctionSelector('supportsInterface(bytes4)'), '0x14601a57']),
    // codecopy(0, 0x23, length); return or revert (0, length)
    concatHex(['0x61', length, '0x60235f3961', length, '0x5f', reverts ? '0xfd' : '0xf3']),
    // 0x1a: mstore(0, isExtended); return(0, 32)
    concatHex(['0x5b60', isExtended ? '0x01' : '0x00', '0x5f5260205ff3']),
    data,
  ])
}
