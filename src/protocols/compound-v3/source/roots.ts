// Compound's published roots, less those of testnets: where each Comet is, and in which block it was created.
import type { Address } from 'viem'

/** `market` is the folder below `deployments/`; `comet` is its roots.json's. */
export type Root = {
  readonly chainId: number
  readonly market: string
  readonly comet: Address
  readonly creationBlock: bigint
}

export const roots: readonly Root[] = [
  {
    chainId: 1,
    market: 'mainnet/usdc',
    comet: '0xc3d688B66703497DAA19211EEdff47f25384cdc3',
    creationBlock: 15331586n,
  },
  {
    chainId: 1,
    market: 'mainnet/weth',
    comet: '0xA17581A9E3356d9A858b789D68B4d866e593aE94',
    creationBlock: 16400710n,
  },
  {
    chainId: 1,
    market: 'mainnet/usdt',
    comet: '0x3Afdc9BCA9213A35503b077a6072F3D0d5AB0840',
    creationBlock: 20190637n,
  },
  {
    chainId: 1,
    market: 'mainnet/wsteth',
    comet: '0x3D0bb1ccaB520A66e607822fC55BC921738fAFE3',
    creationBlock: 20683535n,
  },
  {
    chainId: 1,
    market: 'mainnet/usds',
    comet: '0x5D409e56D886231aDAf00c8775665AD0f9897b56',
    creationBlock: 20987551n,
  },
  {
    chainId: 1,
    market: 'mainnet/wbtc',
    comet: '0xe85Dc543813B8c2CFEaAc371517b925a166a9293',
    creationBlock: 21820087n,
  },
  {
    chainId: 10,
    market: 'optimism/usdc',
    comet: '0x2e44e174f7D53F0212823acC11C01A11d58c5bCB',
    creationBlock: 118406276n,
  },
  {
    chainId: 10,
    market: 'optimism/usdt',
    comet: '0x995E394b8B2437aC8Ce61Ee0bC610D617962B214',
    creationBlock: 120295564n,
  },
  {
    chainId: 10,
    market: 'optimism/weth',
    comet: '0xE36A30D249f7761327fd973001A32010b521b6Fd',
    creationBlock: 122730232n,
  },
  {
    chainId: 130,
    market: 'unichain/usdc',
    comet: '0x2c7118c4C88B9841FCF839074c26Ae8f035f2921',
    creationBlock: 9170496n,
  },
  {
    chainId: 130,
    market: 'unichain/weth',
    comet: '0x6C987dDE50dB1dcDd32Cd4175778C2a291978E2a',
    creationBlock: 15416769n,
  },
  {
    chainId: 137,
    market: 'polygon/usdc',
    comet: '0xF25212E676D1F7F89Cd72fFEe66158f541246445',
    creationBlock: 39412367n,
  },
  {
    chainId: 137,
    market: 'polygon/usdt',
    comet: '0xaeB318360f27748Acb200CE616E389A6C9409a07',
    creationBlock: 58479907n,
  },
  {
    chainId: 2020,
    market: 'ronin/weth',
    comet: '0x4006eD4097Ee51c09A04c3B0951D28CCf19e6DFE',
    creationBlock: 43343876n,
  },
  {
    chainId: 2020,
    market: 'ronin/wron',
    comet: '0xc0Afdbd1cEB621Ef576BA969ce9D4ceF78Dbc0c0',
    creationBlock: 44084652n,
  },
  {
    chainId: 5000,
    market: 'mantle/usde',
    comet: '0x606174f62cd968d8e684c645080fa694c1D7786E',
    creationBlock: 70789050n,
  },
  {
    chainId: 8453,
    market: 'base/usdbc',
    comet: '0x9c4ec768c28520B50860ea7a15bd7213a9fF58bf',
    creationBlock: 2197588n,
  },
  {
    chainId: 8453,
    market: 'base/weth',
    comet: '0x46e6b214b524310239732D51387075E0e70970bf',
    creationBlock: 2495303n,
  },
  {
    chainId: 8453,
    market: 'base/usdc',
    comet: '0xb125E6687d4313864e53df431d5425969c15Eb2F',
    creationBlock: 11699480n,
  },
  {
    chainId: 8453,
    market: 'base/aero',
    comet: '0x784efeB622244d2348d4F2522f8860B96fbEcE89',
    creationBlock: 20852405n,
  },
  {
    chainId: 8453,
    market: 'base/usds',
    comet: '0x2c776041CCFe903071AF44aa147368a9c8EEA518',
    creationBlock: 26046502n,
  },
  {
    chainId: 42161,
    market: 'arbitrum/usdc.e',
    comet: '0xA5EDBDD9646f8dFF606d7448e414884C7d905dCA',
    creationBlock: 87335214n,
  },
  {
    chainId: 42161,
    market: 'arbitrum/usdc',
    comet: '0x9c4ec768c28520B50860ea7a15bd7213a9fF58bf',
    creationBlock: 122080500n,
  },
  {
    chainId: 42161,
    market: 'arbitrum/weth',
    comet: '0x6f7D514bbD4aFf3BcD1140B7344b32f063dEe486',
    creationBlock: 219386101n,
  },
  {
    chainId: 42161,
    market: 'arbitrum/usdt',
    comet: '0xd98Be00b5D27fc98112BdE293e487f8D4cA57d07',
    creationBlock: 223796350n,
  },
  {
    chainId: 59144,
    market: 'linea/usdc',
    comet: '0x8D38A3d6B3c3B7d96D6536DA7Eef94A9d7dbC991',
    creationBlock: 15197719n,
  },
  {
    chainId: 59144,
    market: 'linea/weth',
    comet: '0x60F2058379716A64a7A5d29219397e79bC552194',
    creationBlock: 20601032n,
  },
  {
    chainId: 534352,
    market: 'scroll/usdc',
    comet: '0xB2f97c1Bd3bf02f5e74d13f02E3e26F93D77CE44',
    creationBlock: 3397674n,
  },
]
