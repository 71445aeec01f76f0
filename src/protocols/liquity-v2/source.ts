// Liquity v2 by what it publishes: the addresses of its branches, and the blocks of their creation, stand in its own repository.
import { type Address, getAddress } from 'viem'
import type { DeploymentSource, SourcedDeployment } from '../../../scripts/deployment-source.ts'

const BOLD = 'liquity/bold@405f91227f9981a82a7c7ca6540221b30cab51c4'

type Own = { readonly collateralRegistry: Address; readonly branches: Readonly<Record<string, Address>> }

/** The block is that of the CollateralRegistry; the contracts of the branches follow it. */
const published: readonly SourcedDeployment<Own>[] = [
  {
    chainId: 1,
    deployment: 'main',
    collateralRegistry: getAddress('0xf949982b91c8c61e952b3ba942cbbfaef5386684'),
    branches: {
      WETH: getAddress('0x20f7c9ad66983f6523a0881d0f82406541417526'),
      wstETH: getAddress('0x8d733f7ea7c23cbea7c613b6ebd845d46d3aac54'),
      rETH: getAddress('0x6106046f031a22713697e04c08b330ddaf3e8789'),
    },
    fromBlock: 22516069n,
    fromBlockSource: `${BOLD} contracts/broadcast/DeployLiquity2.s.sol/1/run-1747648132.json`,
    source: `${BOLD} contracts/addresses/1.json`,
  },
]

export const source: DeploymentSource<Own> = {
  protocol: 'liquity-v2',
  packages: [],
  fields: { collateralRegistry: 'Address', branches: 'Readonly<Record<string, Address>>' },
  deployments: () => published,
}
