// Aave v3: the DAO's address book; what it lacks is in aave-v3/.
import * as addressBook from '@aave-dao/aave-address-book'
import type { Address } from 'viem'
import {
  type DeploymentSource,
  isTestnet,
  type SourcedDeployment,
  startOf,
  versionOf,
} from '../../../scripts/deployment-source.ts'
import { forks } from './source/forks.ts'
import { startBlocks } from './source/start-blocks.ts'

const PACKAGE = '@aave-dao/aave-address-book'

export type Own = { readonly poolAddressesProvider: Address }

/**
 * The address book's name of each chain's main market, less `AaveV3`. A list rather than a guess, so that a market that
 * is new in the address book can never take over the name of an old one.
 */
const MAIN_MARKETS = [
  ...['Ethereum', 'Optimism', 'BNB', 'Gnosis', 'Polygon', 'Monad', 'Sonic', 'XLayer', 'ZkSync', 'Metis'],
  ...['Soneium', 'MegaEth', 'Mantle', 'Base', 'Plasma', 'Arbitrum', 'Celo', 'Avalanche', 'InkWhitelabel'],
  ...['Linea', 'Scroll'],
]

/** `core` is a chain's main market; any other is called by what follows the main one's name, in lower case. */
const nameOf = (exported: string): string => {
  const main = MAIN_MARKETS.find((name) => exported.startsWith(`AaveV3${name}`))
  if (main === undefined)
    throw new Error(`${exported} belongs to no known main market: if it is one, add it to MAIN_MARKETS`)
  return exported.slice(`AaveV3${main}`.length).toLowerCase() || 'core'
}

const markets = (version: string): readonly SourcedDeployment<Own>[] =>
  Object.entries(addressBook).flatMap(([exported, market]): readonly SourcedDeployment<Own>[] => {
    if (!exported.startsWith('AaveV3') || isTestnet(market.CHAIN_ID)) return []
    if (!('ACL_MANAGER' in market && 'POOL' in market))
      throw new Error(`${exported} is no market as the address book writes them`)
    const { CHAIN_ID: chainId, POOL_ADDRESSES_PROVIDER: poolAddressesProvider } = market
    const registry =
      'POOL_ADDRESSES_PROVIDER_REGISTRY' in market ? [market.POOL_ADDRESSES_PROVIDER_REGISTRY] : []
    const contracts = [poolAddressesProvider, ...registry, market.POOL, market.ACL_MANAGER]
    return [
      {
        chainId,
        deployment: nameOf(exported),
        poolAddressesProvider,
        ...startOf(exported, startBlocks[exported], contracts),
        source: `${PACKAGE}@${version} ${exported}`,
      },
    ]
  })

export const source: DeploymentSource<Own> = {
  protocol: 'aave-v3',
  packages: [PACKAGE],
  fields: { poolAddressesProvider: 'Address' },
  deployments: () => {
    const gone = Object.keys(startBlocks).filter((exported) => !(exported in addressBook))
    if (gone.length > 0) throw new Error(`start blocks of markets that are not there: ${gone.join(', ')}`)
    return [...markets(versionOf(PACKAGE)), ...forks]
  },
}
