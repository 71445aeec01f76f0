// Morpho Blue: Morpho's own registry of addresses and of the blocks in which they were created.
import { addressesRegistry, deployments as creationBlocks } from '@morpho-org/morpho-ts'
import type { Address } from 'viem'
import {
  type DeploymentSource,
  isTestnet,
  type SourcedDeployment,
  versionOf,
} from '../../../scripts/deployment-source.ts'

const PACKAGE = '@morpho-org/morpho-ts'

type Own = { readonly morpho: Address; readonly preLiquidationFactory?: Address }

/** The singleton of a chain is called `main`. What its factory creates needs a market, so the singleton's block is the first of both. */
const deploymentOn = (chainId: number): SourcedDeployment<Own> => {
  const { morpho, preLiquidationFactory } = addressesRegistry[chainId] ?? {}
  const { morpho: fromBlock } = creationBlocks[chainId] ?? {}
  if (!morpho || fromBlock === undefined) throw new Error(`chain ${chainId} has no Morpho in ${PACKAGE}`)
  const origin = `${PACKAGE}@${versionOf(PACKAGE)}`
  return {
    chainId,
    deployment: 'main',
    morpho,
    ...(preLiquidationFactory ? { preLiquidationFactory } : {}),
    fromBlock: BigInt(fromBlock),
    fromBlockSource: `${origin} deployments[${chainId}].morpho`,
    source: `${origin} addressesRegistry[${chainId}]`,
  }
}

export const source: DeploymentSource<Own> = {
  protocol: 'morpho-blue',
  packages: [PACKAGE],
  fields: { morpho: 'Address', preLiquidationFactory: 'Address' },
  /** Chains that viem knows and does not call testnets: of any other the registry tells nothing but its number. */
  deployments: () =>
    Object.keys(addressesRegistry)
      .map(Number)
      .filter((chainId) => isTestnet(chainId) === false)
      .map(deploymentOn),
}
