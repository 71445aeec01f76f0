import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Address, encodeAbiParameters, type Hex } from 'viem'
import { DevnetError } from '../errors.ts'

type Link = { readonly start: number; readonly length: number }
type Parameter = { readonly type: string; readonly name: string }

type Artifact = {
  readonly contractName: string
  readonly bytecode: string
  readonly abi: readonly { readonly type: string; readonly inputs?: readonly Parameter[] }[]
  readonly linkReferences: Readonly<Record<string, Readonly<Record<string, readonly Link[]>>>>
}

const require = createRequire(import.meta.url)

/** Where @aave/core-v3 keeps each contract that the local chain deploys. */
const AAVE_FOLDERS: Readonly<Record<string, string>> = {
  ACLManager: 'protocol/configuration',
  AToken: 'protocol/tokenization',
  AaveOracle: 'misc',
  AaveProtocolDataProvider: 'misc',
  DefaultReserveInterestRateStrategy: 'protocol/pool',
  MintableERC20: 'mocks/tokens',
  Pool: 'protocol/pool',
  PoolAddressesProvider: 'protocol/configuration',
  PoolConfigurator: 'protocol/pool',
  StableDebtToken: 'protocol/tokenization',
  VariableDebtToken: 'protocol/tokenization',
}

const readArtifact = (name: string): Artifact => {
  const folder = AAVE_FOLDERS[name] ?? 'protocol/libraries/logic'
  return JSON.parse(
    readFileSync(
      require.resolve(`@aave/core-v3/artifacts/contracts/${folder}/${name}.sol/${name}.json`),
      'utf8',
    ),
  )
}

/**
 * The creation code of a contract of Aave v3.0.2 with its constructor arguments appended.
 * `libraries` gives the address of each library that the contract links.
 */
export const aaveCreationCode = (
  name: string,
  args: readonly unknown[] = [],
  libraries: Readonly<Record<string, Address>> = {},
): Hex => {
  const artifact = readArtifact(name)
  let code = artifact.bytecode.slice(2)
  for (const [library, links] of Object.values(artifact.linkReferences).flatMap((file) =>
    Object.entries(file),
  )) {
    const address = libraries[library]
    if (address === undefined) throw new DevnetError(`${name} links ${library}, whose address was not given`)
    for (const { start, length } of links)
      code = code.slice(0, start * 2) + address.slice(2).toLowerCase() + code.slice((start + length) * 2)
  }
  const inputs = artifact.abi.find((entry) => entry.type === 'constructor')?.inputs ?? []
  return `0x${code}${encodeAbiParameters(inputs, args).slice(2)}`
}

/** Aave's revert codes by name, from the sources of its Errors library: `35` is HEALTH_FACTOR_LOWER_THAN_…. */
export const aaveErrorNames = (): ReadonlyMap<string, string> => {
  const source = readFileSync(
    require.resolve('@aave/core-v3/contracts/protocol/libraries/helpers/Errors.sol'),
    'utf8',
  )
  return new Map(
    [...source.matchAll(/constant (\w+) = '(\d+)'/g)].map((match) => [match[2] ?? '', match[1] ?? '']),
  )
}
