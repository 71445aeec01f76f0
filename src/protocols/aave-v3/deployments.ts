// Written by scripts/generate-deployments.ts; do not edit.
import type { Address } from 'viem'

/** A deployment that the field's own packages publish; `fromBlock` where they say it. */
export type KnownDeployment = {
  readonly chainId: number
  readonly deployment: string
  readonly poolAddressesProvider: Address
  readonly fromBlock?: bigint
  readonly source: string
}

export const deployments: readonly KnownDeployment[] = [
  {
    chainId: 1,
    deployment: 'core',
    poolAddressesProvider: '0x2f39d218133AFaB8F2B819B1066c7E434Ad94E9e',
    source: '@aave-dao/aave-address-book@4.68.1 AaveV3Ethereum',
  },
  {
    chainId: 1,
    deployment: 'etherfi',
    poolAddressesProvider: '0xeBa440B438Ad808101d1c451C1C5322c90BEFCdA',
    source: '@aave-dao/aave-address-book@4.68.1 AaveV3EthereumEtherFi',
  },
  {
    chainId: 1,
    deployment: 'horizon',
    poolAddressesProvider: '0x5D39E06b825C1F2B80bf2756a73e28eFAA128ba0',
    source: '@aave-dao/aave-address-book@4.68.1 AaveV3EthereumHorizon',
  },
  {
    chainId: 1,
    deployment: 'lido',
    poolAddressesProvider: '0xcfBf336fe147D643B9Cb705648500e101504B16d',
    source: '@aave-dao/aave-address-book@4.68.1 AaveV3EthereumLido',
  },
  {
    chainId: 1,
    deployment: 'spark',
    poolAddressesProvider: '0x02C3eA4e34C0cBd694D2adFa2c690EECbC1793eE',
    source: 'sparkdotfi/spark-address-registry@5348de20c16dc5174cbdede70ee959dd31f99ec1 src/SparkLend.sol',
  },
  {
    chainId: 10,
    deployment: 'core',
    poolAddressesProvider: '0xa97684ead0e402dC232d5A977953DF7ECBaB3CDb',
    source: '@aave-dao/aave-address-book@4.68.1 AaveV3Optimism',
  },
  {
    chainId: 56,
    deployment: 'core',
    poolAddressesProvider: '0xff75B6da14FfbbfD355Daf7a2731456b3562Ba6D',
    source: '@aave-dao/aave-address-book@4.68.1 AaveV3BNB',
  },
  {
    chainId: 100,
    deployment: 'core',
    poolAddressesProvider: '0x36616cf17557639614c1cdDb356b1B83fc0B2132',
    source: '@aave-dao/aave-address-book@4.68.1 AaveV3Gnosis',
  },
  {
    chainId: 100,
    deployment: 'spark',
    poolAddressesProvider: '0xA98DaCB3fC964A6A0d2ce3B77294241585EAbA6d',
    source: 'sparkdotfi/spark-address-registry@5348de20c16dc5174cbdede70ee959dd31f99ec1 src/Gnosis.sol',
  },
  {
    chainId: 137,
    deployment: 'core',
    poolAddressesProvider: '0xa97684ead0e402dC232d5A977953DF7ECBaB3CDb',
    source: '@aave-dao/aave-address-book@4.68.1 AaveV3Polygon',
  },
  {
    chainId: 143,
    deployment: 'core',
    poolAddressesProvider: '0x34793Fb9935F7bB5E5aE920fb963F39063E7A615',
    source: '@aave-dao/aave-address-book@4.68.1 AaveV3Monad',
  },
  {
    chainId: 146,
    deployment: 'core',
    poolAddressesProvider: '0x5C2e738F6E27bCE0F7558051Bf90605dD6176900',
    source: '@aave-dao/aave-address-book@4.68.1 AaveV3Sonic',
  },
  {
    chainId: 196,
    deployment: 'core',
    poolAddressesProvider: '0xdFf435BCcf782f11187D3a4454d96702eD78e092',
    source: '@aave-dao/aave-address-book@4.68.1 AaveV3XLayer',
  },
  {
    chainId: 324,
    deployment: 'core',
    poolAddressesProvider: '0x2A3948BB219D6B2Fa83D64100006391a96bE6cb7',
    source: '@aave-dao/aave-address-book@4.68.1 AaveV3ZkSync',
  },
  {
    chainId: 1088,
    deployment: 'core',
    poolAddressesProvider: '0xB9FABd7500B2C6781c35Dd48d54f81fc2299D7AF',
    source: '@aave-dao/aave-address-book@4.68.1 AaveV3Metis',
  },
  {
    chainId: 1868,
    deployment: 'core',
    poolAddressesProvider: '0x82405D1a189bd6cE4667809C35B37fBE136A4c5B',
    source: '@aave-dao/aave-address-book@4.68.1 AaveV3Soneium',
  },
  {
    chainId: 4326,
    deployment: 'core',
    poolAddressesProvider: '0x46Dcd5F4600319b02649Fd76B55aA6c1035CA478',
    source: '@aave-dao/aave-address-book@4.68.1 AaveV3MegaEth',
  },
  {
    chainId: 5000,
    deployment: 'core',
    poolAddressesProvider: '0xba50Cd2A20f6DA35D788639E581bca8d0B5d4D5f',
    source: '@aave-dao/aave-address-book@4.68.1 AaveV3Mantle',
  },
  {
    chainId: 8453,
    deployment: 'core',
    poolAddressesProvider: '0xe20fCBdBfFC4Dd138cE8b2E6FBb6CB49777ad64D',
    source: '@aave-dao/aave-address-book@4.68.1 AaveV3Base',
  },
  {
    chainId: 9745,
    deployment: 'core',
    poolAddressesProvider: '0x061D8e131F26512348ee5FA42e2DF1bA9d6505E9',
    source: '@aave-dao/aave-address-book@4.68.1 AaveV3Plasma',
  },
  {
    chainId: 42161,
    deployment: 'core',
    poolAddressesProvider: '0xa97684ead0e402dC232d5A977953DF7ECBaB3CDb',
    source: '@aave-dao/aave-address-book@4.68.1 AaveV3Arbitrum',
  },
  {
    chainId: 42220,
    deployment: 'core',
    poolAddressesProvider: '0x9F7Cf9417D5251C59fE94fB9147feEe1aAd9Cea5',
    source: '@aave-dao/aave-address-book@4.68.1 AaveV3Celo',
  },
  {
    chainId: 43114,
    deployment: 'core',
    poolAddressesProvider: '0xa97684ead0e402dC232d5A977953DF7ECBaB3CDb',
    source: '@aave-dao/aave-address-book@4.68.1 AaveV3Avalanche',
  },
  {
    chainId: 57073,
    deployment: 'core',
    poolAddressesProvider: '0x4172E6aAEC070ACB31aaCE343A58c93E4C70f44D',
    source: '@aave-dao/aave-address-book@4.68.1 AaveV3InkWhitelabel',
  },
  {
    chainId: 59144,
    deployment: 'core',
    poolAddressesProvider: '0x89502c3731F69DDC95B65753708A07F8Cd0373F4',
    source: '@aave-dao/aave-address-book@4.68.1 AaveV3Linea',
  },
  {
    chainId: 534352,
    deployment: 'core',
    poolAddressesProvider: '0x69850D0B276776781C063771b161bd8894BCdD04',
    source: '@aave-dao/aave-address-book@4.68.1 AaveV3Scroll',
  },
]
