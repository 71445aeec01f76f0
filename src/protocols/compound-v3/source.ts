// Compound III: no package lists its Comets, so the addresses are those of its repository's roots, one entry a Comet.
import type { Address } from 'viem'
import type { DeploymentSource, SourcedDeployment } from '../../../scripts/deployment-source.ts'
import { type Root, roots } from './source/roots.ts'

const COMET = 'compound-finance/comet@d5a30b0aaeff7755f1431e87f818990902237b03'

/** The market registry as the field's own front end tests with: Comets with the blocks of their creation. */
const REGISTRY =
  'woof-software/webb3-frontend@2a857c5d526244132ce2a5f1e8e34fabc2d7dd0b __tests__/mocks/mockMarketRegistryResponse.json'

type Own = { readonly comet: Address }

/** Called after the base token, as its folder is: `mainnet/usdc` is `usdc` on chain 1. */
const nameOf = (market: string): string => market.slice(market.indexOf('/') + 1)

const published = ({ chainId, market, comet, creationBlock }: Root): SourcedDeployment<Own> => ({
  chainId,
  deployment: nameOf(market),
  comet,
  fromBlock: creationBlock,
  fromBlockSource: REGISTRY,
  source: `${COMET} deployments/${market}/roots.json`,
})

/** A market under another governor, which Compound's repository did not list yet. */
const institutional: SourcedDeployment<Own> = {
  chainId: 1,
  deployment: 'usdc-institutional',
  comet: '0x207158a267CBD2598BB3d611D8CBdEE2709F2F8C',
  fromBlock: 25881203n,
  fromBlockSource: REGISTRY,
  source: REGISTRY,
}

export const source: DeploymentSource<Own> = {
  protocol: 'compound-v3',
  packages: [],
  fields: { comet: 'Address' },
  deployments: () => [...roots.map(published), institutional],
}
