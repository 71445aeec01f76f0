// Venus core pool: the network file of the protocol's own package. Other chains have isolated pools only.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Address, getAddress } from 'viem'
import { bsc } from 'viem/chains'
import { type DeploymentSource, startOf, versionOf } from '../../../scripts/deployment-source.ts'

const PACKAGE = '@venusprotocol/venus-protocol'
const FILE = 'networks/mainnet.json'

type Own = { readonly comptroller: Address }

type Network = {
  readonly Contracts: { readonly Unitroller: Address }
  readonly Blocks: { readonly Unitroller: number }
}

const network = (): Network =>
  JSON.parse(readFileSync(createRequire(import.meta.url).resolve(`${PACKAGE}/${FILE}`), 'utf8')) as Network

export const source: DeploymentSource<Own> = {
  protocol: 'venus-core',
  packages: [PACKAGE],
  fields: { comptroller: 'Address' },
  deployments: () => {
    const { Contracts, Blocks } = network()
    const comptroller = getAddress(Contracts.Unitroller)
    const where = `${PACKAGE}@${versionOf(PACKAGE)} ${FILE}`
    const start = {
      block: BigInt(Blocks.Unitroller),
      contract: comptroller,
      source: `${where} Blocks.Unitroller`,
    }
    return [
      {
        chainId: bsc.id,
        deployment: 'core',
        comptroller,
        ...startOf('core', start, [comptroller]),
        source: `${where} Contracts.Unitroller`,
      },
    ]
  },
}
