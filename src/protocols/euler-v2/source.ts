// Euler v2: no package lists its contracts, so the addresses are those of its own registry of interfaces, and the blocks those
// from which its subgraph reads the factory's logs.
import type { Address } from 'viem'
import type { DeploymentSource, SourcedDeployment } from '../../../scripts/deployment-source.ts'

const INTERFACES = 'euler-xyz/euler-interfaces@8007d05e630d845f4122b604b86b798ac653e39d'
const SUBGRAPH = 'euler-xyz/euler-subgraph@7be1b1403314000c46e5a923443eb441193f6fed scripts/config.ts'

type Own = { readonly evc: Address; readonly eVaultFactory: Address }

type Core = Own & { readonly chainId: number; readonly startBlock?: bigint }

/** addresses/<chain>/CoreAddresses.json, less those of testnets; no block where the subgraph tells none. */
const cores: readonly Core[] = [
  {
    chainId: 1,
    evc: '0x0C9a3dd6b8F28529d72d7f9cE918D493519EE383',
    eVaultFactory: '0x29a56a1b8214D9Cf7c5561811750D5cBDb45CC8e',
    startBlock: 20529207n,
  },
  {
    chainId: 56,
    evc: '0xb2E5a73CeE08593d1a076a2AE7A6e02925a640ea',
    eVaultFactory: '0x7F53E2755eB3c43824E162F7F6F087832B9C9Df6',
    startBlock: 46370000n,
  },
  {
    chainId: 130,
    evc: '0x2A1176964F5D7caE5406B627Bf6166664FE83c60',
    eVaultFactory: '0xbAd8b5BDFB2bcbcd78Cc9f1573D3Aad6E865e752',
    startBlock: 8541547n,
  },
  {
    chainId: 137,
    evc: '0x90811DacA4BD23Fc79A87FBdff7522bED2d24B4B',
    eVaultFactory: '0xB1771a13e2a13fCafA89B00335915E732B9466b7',
  },
  {
    chainId: 143,
    evc: '0x7a9324E8f270413fa2E458f5831226d99C7477CD',
    eVaultFactory: '0xba4Dd672062dE8FeeDb665DD4410658864483f1E',
    startBlock: 30858000n,
  },
  {
    chainId: 146,
    evc: '0x4860C903f6Ad709c3eDA46D3D502943f184D4315',
    eVaultFactory: '0xF075cC8660B51D0b8a4474e3f47eDAC5fA034cFB',
    startBlock: 5324457n,
  },
  {
    chainId: 239,
    evc: '0x01F594c66A5561b90Bc782dD0297f294cD668b64',
    eVaultFactory: '0x2b21621b8Ef1406699a99071ce04ec14cCd50677',
    startBlock: 860000n,
  },
  {
    chainId: 999,
    evc: '0xceAA7cdCD7dDBee8601127a9Abb17A974d613db4',
    eVaultFactory: '0xcF5552580fD364cdBBFcB5Ae345f75674c59273A',
  },
  {
    chainId: 1923,
    evc: '0x08739CBede6E28E387685ba20e6409bD16969Cde',
    eVaultFactory: '0x238bF86bb451ec3CA69BB855f91BDA001aB118b9',
    startBlock: 485376n,
  },
  {
    chainId: 2818,
    evc: '0xC7c31B1E7Cac36478C62f876F357b95d9cAd9817',
    eVaultFactory: '0x1a1bdF62Fe7170c652f03fF153977C26fBe7b2E1',
  },
  {
    chainId: 8453,
    evc: '0x5301c7dD20bD945D2013b48ed0DEE3A284ca8989',
    eVaultFactory: '0x7F321498A801A191a93C840750ed637149dDf8D0',
    startBlock: 22282411n,
  },
  {
    chainId: 9745,
    evc: '0x7bdbd0A7114aA42CA957F292145F6a931a345583',
    eVaultFactory: '0x42388213C6F56D7E1477632b58Ae6Bba9adeEeA3',
    startBlock: 510000n,
  },
  {
    chainId: 42161,
    evc: '0x6302ef0F34100CDDFb5489fbcB6eE1AA95CD1066',
    eVaultFactory: '0x78Df1CF5bf06a7f27f2ACc580B934238C1b80D50',
    startBlock: 238643655n,
  },
  {
    chainId: 43114,
    evc: '0xddcbe30A761Edd2e19bba930A977475265F36Fa1',
    eVaultFactory: '0xaf4B4c18B17F6a2B32F6c398a3910bdCD7f26181',
    startBlock: 56805796n,
  },
  {
    chainId: 59144,
    evc: '0xd8CeCEe9A04eA3d941a959F68fb4486f23271d09',
    eVaultFactory: '0x84711986Fd3BF0bFe4a8e6d7f4E22E67f7f27F04',
    startBlock: 17900000n,
  },
  {
    chainId: 60808,
    evc: '0x59f0FeEc4fA474Ad4ffC357cC8d8595B68abE47d',
    eVaultFactory: '0x046a9837A61d6b6263f54F4E27EE072bA4bdC7e4',
    startBlock: 13157157n,
  },
  {
    chainId: 80094,
    evc: '0x45334608ECE7B2775136bC847EB92B5D332806A9',
    eVaultFactory: '0x5C13fb43ae9BAe8470f646ea647784534E9543AF',
    startBlock: 1095611n,
  },
]

const published = ({ chainId, evc, eVaultFactory, startBlock }: Core): SourcedDeployment<Own> => ({
  chainId,
  deployment: 'main',
  evc,
  eVaultFactory,
  ...(startBlock === undefined ? {} : { fromBlock: startBlock, fromBlockSource: SUBGRAPH }),
  source: `${INTERFACES} addresses/${chainId}/CoreAddresses.json`,
})

export const source: DeploymentSource<Own> = {
  protocol: 'euler-v2',
  packages: [],
  fields: { evc: 'Address', eVaultFactory: 'Address' },
  deployments: () => cores.map(published),
}
