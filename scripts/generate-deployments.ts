// Writes each protocol's deployments.ts from the field's own address packages. `--check` only says whether it is current.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as addressBook from '@aave-dao/aave-address-book'
import * as viemChains from 'viem/chains'

type Deployment = {
  readonly chainId: number
  readonly deployment: string
  readonly poolAddressesProvider: string
  readonly source: string
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, { version: string }>
}
const version = packages['node_modules/@aave-dao/aave-address-book']?.version

/** SparkLend has no package; its registry is github.com/sparkdotfi/spark-address-registry. */
const SPARK_COMMIT = '5348de20c16dc5174cbdede70ee959dd31f99ec1'
const spark: readonly Deployment[] = [
  {
    chainId: 1,
    deployment: 'spark',
    poolAddressesProvider: '0x02C3eA4e34C0cBd694D2adFa2c690EECbC1793eE',
    source: `sparkdotfi/spark-address-registry@${SPARK_COMMIT} src/SparkLend.sol`,
  },
  {
    chainId: 100,
    deployment: 'spark',
    poolAddressesProvider: '0xA98DaCB3fC964A6A0d2ce3B77294241585EAbA6d',
    source: `sparkdotfi/spark-address-registry@${SPARK_COMMIT} src/Gnosis.sol`,
  },
]

const TESTNET_NAMES = /Sepolia|Fuji/
const CHAIN_NAMES =
  /^AaveV3(Ethereum|Polygon|Avalanche|Base|Metis|Gnosis|BNB|Arbitrum|Optimism|Scroll|ZkSync|Linea|Celo|Mantle|Sonic|Soneium|InkWhitelabel|Plasma|MegaEth|XLayer|Monad)/

const isTestnet = (chainId: number): boolean =>
  Object.values(viemChains).some(
    (chain) => chain.id === chainId && 'testnet' in chain && chain.testnet === true,
  )

/** `core` for a chain's main market; what follows the chain's name, in lower case, for the others. */
const nameOf = (exported: string): string => {
  const match = CHAIN_NAMES.exec(exported)
  if (!match)
    throw new Error(`${exported} is of a chain that this script does not know: add its name to CHAIN_NAMES`)
  return exported.slice(match[0].length).toLowerCase() || 'core'
}

const aave = (): readonly Deployment[] =>
  Object.entries(addressBook).flatMap(([exported, market]): readonly Deployment[] => {
    if (!exported.startsWith('AaveV3') || !('POOL_ADDRESSES_PROVIDER' in market)) return []
    if (TESTNET_NAMES.test(exported) || isTestnet(market.CHAIN_ID)) return []
    const source = `@aave-dao/aave-address-book@${version} ${exported}`
    const { CHAIN_ID: chainId, POOL_ADDRESSES_PROVIDER: poolAddressesProvider } = market
    return [{ chainId, deployment: nameOf(exported), poolAddressesProvider, source }]
  })

const aaveV3Text = (): string => {
  const all = [...aave(), ...spark].sort(
    (a, b) => a.chainId - b.chainId || (a.deployment < b.deployment ? -1 : 1),
  )
  const entries = all.map(
    ({ chainId, deployment, poolAddressesProvider, source }) =>
      `  { chainId: ${chainId}, deployment: '${deployment}', poolAddressesProvider: '${poolAddressesProvider}', source: '${source}' },`,
  )
  return `// Written by scripts/generate-deployments.ts; do not edit.
import type { Address } from 'viem'

/** A deployment that the field's own packages publish; \`fromBlock\` where they say it. */
export type KnownDeployment = {
  readonly chainId: number
  readonly deployment: string
  readonly poolAddressesProvider: Address
  readonly fromBlock?: bigint
  readonly source: string
}

export const deployments: readonly KnownDeployment[] = [
${entries.join('\n')}
]
`
}

const formatted = (text: string, path: string): string => {
  const biome = join(root, 'node_modules', '.bin', 'biome')
  const run = spawnSync(biome, ['format', `--stdin-file-path=${path}`], {
    input: text,
    encoding: 'utf8',
    cwd: root,
  })
  if (run.status !== 0) throw new Error(run.stderr)
  return run.stdout
}

const outputs = [{ path: 'src/protocols/aave-v3/deployments.ts', text: aaveV3Text }]
const isCheck = process.argv.includes('--check')
for (const { path, text } of outputs) {
  const wanted = formatted(text(), path)
  const isCurrent = readFileSync(join(root, path), 'utf8') === wanted
  if (isCheck && !isCurrent) {
    process.stderr.write(
      `${path} is not what its sources say; run "npx tsx scripts/generate-deployments.ts"\n`,
    )
    process.exitCode = 1
  } else if (!isCurrent) writeFileSync(join(root, path), wanted)
}
