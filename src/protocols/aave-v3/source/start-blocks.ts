// Where each market of the Aave address book begins, which it does not say.
import type { StartBlock } from '../../../../scripts/deployment-source.ts'

const STL = 'archon-research/stl@7e2de750376e3da907b048af445fecacf753df20'

/** PoolAddressesProviderRegistryStartBlock of Aave's own subgraphs. */
const subgraph = (name: string, commit = '975b22e9de8e09c28b1d797174e3b1b6fc6540d2'): string =>
  `aave/protocol-subgraphs@${commit} config/${name}.json`

/** aclBlock of the DAO's permissions book, which begins to read the market's ACL manager there. */
const permissions = (name: string): string =>
  `aave-dao/aave-permissions-book@a016efb0121bf12e3cf1d9e0da40454354125ac7 helpers/configs/networks/${name}.ts`

/**
 * By the address book's name of the market; every block is at or before the first event of the market's pool. A registry
 * and a provider are there before the pool. An ACL manager is as old as the pool, since one transaction creates both
 * (aave-dao/aave-v3-origin, AaveV3SetupProcedure._setupAaveV3Market). A market that is left out has none published.
 */
export const startBlocks: Readonly<Record<string, StartBlock>> = {
  AaveV3Ethereum: {
    block: 16291006n,
    contract: '0xbaA999AC55EAce41CcAE355c77809e68Bb345170',
    source: subgraph('mainnet-v3'),
  },
  AaveV3EthereumEtherFi: {
    block: 20625515n,
    contract: '0x3cE8E2eb6501d4705477643E96881B1bef6A2DB3',
    source: permissions('mainnet'),
  },
  AaveV3EthereumHorizon: {
    block: 23125530n,
    contract: '0x5D39E06b825C1F2B80bf2756a73e28eFAA128ba0',
    source: `${STL} stl-verify/internal/pkg/blockchain/protocols.go`,
  },
  AaveV3EthereumLido: {
    block: 20262370n,
    contract: '0xC6cAB8D39D93DC0Bd5986E7Ce5Bb956E30103A43',
    source: subgraph('mainnetlido-v3'),
  },
  AaveV3Optimism: {
    block: 4364782n,
    contract: '0x770ef9f4fe897e59daCc474EF11238303F9552b6',
    source: subgraph('optimism-v3'),
  },
  AaveV3BNB: {
    block: 33571624n,
    contract: '0x117684358D990E42Eb1649E7e8C4691951dc1E71',
    source: subgraph('bnb-v3'),
  },
  AaveV3Gnosis: {
    block: 30293054n,
    contract: '0x1236010CECea55998384e795B59815D871f5f94d',
    source: subgraph('gnosis-v3'),
  },
  AaveV3Polygon: {
    block: 25824300n,
    contract: '0x770ef9f4fe897e59daCc474EF11238303F9552b6',
    source: subgraph('polygon-v3'),
  },
  AaveV3Monad: {
    block: 81909758n,
    contract: '0xa9fEe192a76B8f5e5f3d310AB6C526cB11F3d95B',
    source: permissions('monad'),
  },
  AaveV3Sonic: {
    block: 7986569n,
    contract: '0x5E5D87858592d211fdb4503F09FB2B5cf805cB51',
    source: subgraph('sonic-v3'),
  },
  AaveV3XLayer: {
    block: 54023235n,
    contract: '0x0f2b21fd713379bb406bE2eA956EaFe55197DE9C',
    source: subgraph('xlayer-v3', '0423788ff26238ecc74783f418a04796214f559c'),
  },
  AaveV3ZkSync: {
    block: 43708946n,
    contract: '0x0753E3637ddC6efc40759D9c347251046644F25F',
    source: subgraph('zksync-v3'),
  },
  AaveV3Metis: {
    block: 5445183n,
    contract: '0x9E7B73ffD9D2026F3ff4212c29E209E09C8A91F5',
    source: subgraph('andromeda-v3'),
  },
  AaveV3Soneium: {
    block: 7004628n,
    contract: '0x629A5a607aC4901252e4C48a0Fde156785598F5b',
    source: subgraph('soneium-v3'),
  },
  AaveV3MegaEth: {
    block: 6657947n,
    contract: '0x085C658057bD4be6D09b8449e71d78601f9b2303',
    source: subgraph('megaeth-v3'),
  },
  AaveV3Mantle: {
    block: 90172810n,
    contract: '0x810D46F9a9027E28F9B01F75E2bdde839dA61115',
    source: permissions('mantle'),
  },
  AaveV3Base: {
    block: 2357105n,
    contract: '0x2f6571d3Eb9a4e350C68C36bCD2afe39530078E2',
    source: subgraph('base-v3'),
  },
  AaveV3Plasma: {
    block: 489190n,
    contract: '0xa860355F0ccFdC823F7332ac108317b2a1509C06',
    source: permissions('plasma'),
  },
  AaveV3Arbitrum: {
    block: 7736400n,
    contract: '0x770ef9f4fe897e59daCc474EF11238303F9552b6',
    source: subgraph('arbitrum-v3'),
  },
  AaveV3Celo: {
    block: 30390065n,
    contract: '0xB4B6939D0804DCE8d0Ac3e59b2eD5C072829d56b',
    source: subgraph('celo-v3'),
  },
  AaveV3Avalanche: {
    block: 11970000n,
    contract: '0x770ef9f4fe897e59daCc474EF11238303F9552b6',
    source: subgraph('avalanche-v3'),
  },
  AaveV3InkWhitelabel: {
    block: 19954027n,
    contract: '0x501B4c19dd9C2e06E94dA7b6D5Ed4ddA013EC741',
    source: subgraph('ink-v3'),
  },
  AaveV3Linea: {
    block: 12430823n,
    contract: '0x96dFCCB3F9ACDaF6c8f8a35E814023C3484d1eA2',
    source: subgraph('linea-v3'),
  },
  AaveV3Scroll: {
    block: 2618760n,
    contract: '0xFBedc64AeE24921cb43004312B9eF367a4162b57',
    source: subgraph('scroll-v3'),
  },
}
