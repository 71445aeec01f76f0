// Compound v2 and its forks: Moonwell's own package; Compound and Benqi, which have none, by what they publish.
import { publicEnvironments } from '@moonwell-fi/moonwell-sdk/environments'
import { type Address, getAddress } from 'viem'
import {
  type DeploymentSource,
  type SourcedDeployment,
  type StartBlock,
  startOf,
  versionOf,
} from '../../../scripts/deployment-source.ts'

const PACKAGE = '@moonwell-fi/moonwell-sdk'
const COMPOUND =
  'compound-finance/compound-protocol@acae30970aee01ad34c3fc13accc0378dc94de1b networks/mainnet.json'

export type Own = { readonly comptroller: Address }

/** Messari's subgraphs begin at the block of the comptroller's proxy, which they call the factory. */
const messari = (commit: string, protocol: string, deployment: string): string =>
  `messari/subgraphs@${commit} subgraphs/compound-forks/protocols/${protocol}/config/deployments/${deployment}/configurations.json`

/** By chain. Optimism has none published. */
const moonwellStarts: Readonly<Record<number, StartBlock>> = {
  1284: {
    block: 1284556n,
    contract: '0x8E00D5e02E65A19337Cdba98bbA9F84d4186a180',
    source: messari('a3aef655054ae8e583c822c01dc29e7f25c8ea03', 'moonwell', 'moonwell-moonbeam'),
  },
  1285: {
    block: 1461988n,
    contract: '0x0b7a0EAA884849c6Af7a129e899536dDDcA4905E',
    source: messari('688f1e9e1d06c8d970497f12fbc55fabbe0427ae', 'moonwell', 'moonwell-moonriver'),
  },
  8453: {
    block: 2162390n,
    contract: '0xfBb21d0380beE3312B33c4353c8936a0F13EF26C',
    source: messari('5f3c40a36b9afef338b01f720f274e2b33cd7480', 'moonwell', 'moonwell-base'),
  },
}

const moonwell = (version: string): readonly SourcedDeployment<Own>[] =>
  Object.entries(publicEnvironments).map(([name, { chainId, contracts }]) => {
    const comptroller = getAddress(contracts.comptroller.address)
    return {
      chainId,
      deployment: 'moonwell',
      comptroller,
      ...startOf(`Moonwell on ${name}`, moonwellStarts[chainId], [comptroller]),
      source: `${PACKAGE}@${version} publicEnvironments.${name}`,
    }
  })

/** Without a package. Blocks are those of the comptroller's proxy. */
const published: readonly SourcedDeployment<Own>[] = [
  {
    chainId: 1,
    deployment: 'main',
    comptroller: '0x3d9819210A31b4961b30EF54bE2aeD79B9c9Cd3B',
    fromBlock: 7710671n,
    fromBlockSource: COMPOUND,
    source: COMPOUND,
  },
  {
    chainId: 43114,
    deployment: 'benqi',
    comptroller: '0x486Af39519B4Dc9a7fCcd318217352830E8AD9b4',
    fromBlock: 3046286n,
    fromBlockSource: messari('2b063e99862a9327420083ecf5575ae00db1c210', 'benqi', 'benqi-avalanche'),
    source: messari('2b063e99862a9327420083ecf5575ae00db1c210', 'benqi', 'benqi-avalanche'),
  },
]

export const source: DeploymentSource<Own> = {
  protocol: 'compound-v2',
  packages: [PACKAGE],
  fields: { comptroller: 'Address' },
  deployments: () => [...published, ...moonwell(versionOf(PACKAGE))],
}
