// Aave v4: the DAO's address book, one deployment an instance; start blocks from its permissions book.
import { AaveV4Arc, AaveV4Avalanche, AaveV4Ethereum } from '@aave-dao/aave-address-book'
import { type Address, getAddress } from 'viem'
import {
  type DeploymentSource,
  type SourcedDeployment,
  startOf,
  versionOf,
} from '../../../scripts/deployment-source.ts'

const PACKAGE = '@aave-dao/aave-address-book'

type Own = { readonly accessManager: Address; readonly spokes: Readonly<Record<string, Address>> }

type Instance = {
  readonly CHAIN_ID: number
  readonly ACCESS_MANAGER: string
  readonly SPOKES: Readonly<Record<string, string>>
}

/** Has no borrowers: the protocol's own supply. */
const TREASURY = 'TREASURY_SPOKE'

/** By instance: the address book's name, and accessManagerBlock of the permissions book (helpers/configs/networks). */
const INSTANCES: readonly (readonly [name: string, instance: Instance, block: bigint, network: string])[] = [
  ['AaveV4Ethereum', AaveV4Ethereum, 24720870n, 'mainnet'],
  ['AaveV4Avalanche', AaveV4Avalanche, 89721317n, 'avalanche'],
  ['AaveV4Arc', AaveV4Arc, 18791458n, 'arc'],
]

const PERMISSIONS = 'aave-dao/aave-permissions-book@07bf89c3539a00110803c0026cd578a4c98364cd'

/** ETHENA_CORRELATED_SPOKE → ethena-correlated; LIDO_ESPOKE → lido. */
const nameOf = (key: string): string =>
  key
    .replace(/_E?SPOKE$/, '')
    .toLowerCase()
    .replaceAll('_', '-')

const spokesOf = ({ SPOKES }: Instance): Readonly<Record<string, Address>> => {
  const lending = Object.entries(SPOKES).filter(([key]) => /_E?SPOKE$/.test(key) && key !== TREASURY)
  const spokes = lending.map(([key, address]): readonly [string, Address] => [
    nameOf(key),
    getAddress(address),
  ])
  if (new Set(spokes.map(([name]) => name)).size < spokes.length) throw new Error('two spokes share a name')
  return Object.fromEntries(spokes)
}

export const source: DeploymentSource<Own> = {
  protocol: 'aave-v4',
  packages: [PACKAGE],
  fields: { accessManager: 'Address', spokes: 'Readonly<Record<string, Address>>' },
  deployments: () =>
    INSTANCES.map(([name, instance, block, network]): SourcedDeployment<Own> => {
      const accessManager = getAddress(instance.ACCESS_MANAGER)
      const start = {
        block,
        contract: accessManager,
        source: `${PERMISSIONS} helpers/configs/networks/${network}.ts`,
      }
      return {
        chainId: instance.CHAIN_ID,
        deployment: 'main',
        accessManager,
        spokes: spokesOf(instance),
        ...startOf(name, start, [accessManager]),
        source: `${PACKAGE}@${versionOf(PACKAGE)} ${name}`,
      }
    }),
}
