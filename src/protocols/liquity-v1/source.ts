// Liquity on Ethereum by its own list of addresses, Sovryn Zero on Rootstock by its package.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Address, getAddress } from 'viem'
import {
  type DeploymentSource,
  type SourcedDeployment,
  versionOf,
} from '../../../scripts/deployment-source.ts'

const ZERO = '@sovryn-zero/contracts'
const ZERO_LIST = 'deployment/rskSovrynMainnetDeployments.json'
const LIQUITY =
  'liquity/dev@39f1f7f881de23200c296a892b891a6e2fc6e98f packages/lib-ethers/deployments/default/mainnet.json'

export type Own = { readonly troveManager: Address }

type List = {
  readonly chainId: string
  readonly contracts: Readonly<Record<string, { readonly address: string }>>
}

/** The package publishes no blocks. */
const zero = (): SourcedDeployment<Own> => {
  const path = createRequire(import.meta.url).resolve(`${ZERO}/${ZERO_LIST}`)
  const { chainId, contracts } = JSON.parse(readFileSync(path, 'utf8')) as List
  const { TroveManager: manager } = contracts
  if (!manager) throw new Error(`${ZERO} names no TroveManager`)
  return {
    chainId: Number(chainId),
    deployment: 'zero',
    troveManager: getAddress(manager.address),
    source: `${ZERO}@${versionOf(ZERO)} ${ZERO_LIST}`,
  }
}

/** `startBlock` of the list. */
const liquity: SourcedDeployment<Own> = {
  chainId: 1,
  deployment: 'main',
  troveManager: '0xA39739EF8b0231DbFA0DcdA07d7e29faAbCf4bb2',
  fromBlock: 12178551n,
  fromBlockSource: LIQUITY,
  source: LIQUITY,
}

export const source: DeploymentSource<Own> = {
  protocol: 'liquity-v1',
  packages: [ZERO],
  fields: { troveManager: 'Address' },
  deployments: () => [liquity, zero()],
}
