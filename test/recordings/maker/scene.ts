// What borrowers and keepers see before they act, read from the chain: reorganizations take back what was done.
import { type Address, getAddress, zeroAddress } from 'viem'
import { cdpManagerAbi, clipAbi, lockstakeEngineAbi, proxyRegistryAbi, vatAbi } from '../../../abis/maker.ts'
import { ilkNameOf } from '../../../src/protocols/maker/ilk-name.ts'
import { urnOfVault } from '../../../src/protocols/maker/vaults.ts'
import type { Devnet } from '../../devnet/devnet.ts'
import type { Random } from '../../devnet/random.ts'
import { managerAbi } from './abis.ts'
import type { RecordedIlk, RecordedMaker } from './deploy.ts'

export type Scene = {
  readonly devnet: Devnet
  readonly maker: RecordedMaker
  readonly random: Random
  readonly accounts: readonly Address[]
}

/** An urn and who may act on it: the account itself, through the manager, through its proxy, or through the engine. */
export type Urn = {
  readonly ilk: RecordedIlk
  readonly urn: Address
  readonly account: Address
  readonly via: 'self' | 'manager' | 'proxy' | 'engine'
  /** The vault, or the index in the engine. */
  readonly number: bigint
  readonly proxy: Address
  readonly ink: bigint
  readonly art: bigint
}

/** An ilk now: rate and spot rays, ids of running auctions. */
export type IlkNow = {
  readonly ilk: RecordedIlk
  readonly rate: bigint
  readonly spot: bigint
  readonly auctions: readonly bigint[]
}

export type Now = {
  readonly urns: readonly Urn[]
  readonly ilks: readonly IlkNow[]
  readonly proxies: ReadonlyMap<Address, Address>
}

const proxiesOf = async ({ devnet, maker, accounts }: Scene): Promise<ReadonlyMap<Address, Address>> => {
  const found = await devnet.client.multicall({
    allowFailure: false,
    contracts: accounts.map((account) => ({
      ...{ address: maker.proxyRegistry, abi: proxyRegistryAbi },
      ...({ functionName: 'proxies', args: [account] } as const),
    })),
  })
  return new Map(
    accounts.flatMap((account, index) => {
      const proxy = found[index]
      return proxy && proxy !== zeroAddress ? [[account, getAddress(proxy)] as const] : []
    }),
  )
}

type Place = Omit<Urn, 'ink' | 'art'>

const vaultsOf = async (
  { devnet, maker, accounts }: Scene,
  proxies: ReadonlyMap<Address, Address>,
): Promise<readonly Place[]> => {
  const { client } = devnet
  const manager = { address: maker.cdpManager, abi: cdpManagerAbi } as const
  const count = Number(await client.readContract({ ...manager, functionName: 'cdpi' }))
  const numbers = Array.from({ length: count }, (_, index) => BigInt(index + 1))
  const owners = await client.multicall({
    allowFailure: false,
    contracts: numbers.map((number) => ({ ...manager, functionName: 'owns', args: [number] }) as const),
  })
  const ilks = await client.multicall({
    allowFailure: false,
    contracts: numbers.map(
      (number) =>
        ({ address: maker.cdpManager, abi: managerAbi, functionName: 'ilks', args: [number] }) as const,
    ),
  })
  const accountOf = new Map([...proxies].map(([account, proxy]) => [proxy, account]))
  return numbers.flatMap((number, index): readonly Place[] => {
    const owner = getAddress(owners[index] ?? zeroAddress)
    const ilk = maker.ilks.find(({ name }) => name === ilkNameOf(ilks[index] ?? '0x'))
    const urn = urnOfVault(maker.cdpManager, number)
    const behind = accountOf.get(owner)
    if (!ilk) return []
    if (behind) return [{ ilk, urn, account: behind, via: 'proxy', number, proxy: owner }]
    if (!accounts.includes(owner)) return []
    return [{ ilk, urn, account: owner, via: 'manager', number, proxy: zeroAddress }]
  })
}

const engineUrnsOf = async ({ devnet, maker, accounts }: Scene): Promise<readonly Place[]> => {
  const { client } = devnet
  const engine = { address: maker.engine, abi: lockstakeEngineAbi } as const
  const ilk = maker.ilks.find(({ clip }) => clip === 'lockstake')
  if (!ilk) return []
  const counts = await client.multicall({
    allowFailure: false,
    contracts: accounts.map(
      (account) => ({ ...engine, functionName: 'ownerUrnsCount', args: [account] }) as const,
    ),
  })
  const places = accounts.flatMap((account, index) =>
    Array.from({ length: Number(counts[index]) }, (_, number) => ({ account, number: BigInt(number) })),
  )
  const urns = await client.multicall({
    allowFailure: false,
    contracts: places.map(
      ({ account, number }) => ({ ...engine, functionName: 'ownerUrns', args: [account, number] }) as const,
    ),
  })
  return places.map(({ account, number }, index) => ({
    ...{ ilk, account, number, via: 'engine', proxy: zeroAddress },
    urn: getAddress(urns[index] ?? zeroAddress),
  }))
}

/** Of an ilk that the registry does not list, only vaults are found without a book. */
const ownUrnsOf = ({ maker, accounts }: Scene): readonly Place[] =>
  maker.ilks
    .filter(({ clip, registered }) => clip !== 'lockstake' && registered)
    .flatMap((ilk) =>
      accounts.map((account) => ({
        ...{ ilk, account, urn: account, via: 'self', number: 0n, proxy: zeroAddress },
      })),
    )

const ilksNow = async ({ devnet, maker }: Scene): Promise<readonly IlkNow[]> => {
  const { client } = devnet
  const states = await client.multicall({
    allowFailure: false,
    contracts: maker.ilks.map(
      ({ ilk }) => ({ address: maker.vat, abi: vatAbi, functionName: 'ilks', args: [ilk] }) as const,
    ),
  })
  const lists = await client.multicall({
    contracts: maker.ilks.map(
      ({ clipAddress }) => ({ address: clipAddress, abi: clipAbi, functionName: 'list' }) as const,
    ),
  })
  return maker.ilks.map((ilk, index) => {
    const [, rate = 0n, spot = 0n] = states[index] ?? []
    const list = lists[index]
    return { ilk, rate, spot, auctions: list?.status === 'success' ? list.result : [] }
  })
}

/** Everything that there is at the head. */
export const look = async (scene: Scene): Promise<Now> => {
  const { devnet, maker } = scene
  const proxies = await proxiesOf(scene)
  const places = [...ownUrnsOf(scene), ...(await vaultsOf(scene, proxies)), ...(await engineUrnsOf(scene))]
  const balances = await devnet.client.multicall({
    allowFailure: false,
    contracts: places.map(
      ({ ilk, urn }) =>
        ({ address: maker.vat, abi: vatAbi, functionName: 'urns', args: [ilk.ilk, urn] }) as const,
    ),
  })
  const urns = places.map((place, index) => {
    const [ink = 0n, art = 0n] = balances[index] ?? []
    return { ...place, ink, art }
  })
  return { urns, ilks: await ilksNow(scene), proxies }
}
