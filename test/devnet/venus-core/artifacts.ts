import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { encodeAbiParameters, type Hex } from 'viem'

type Parameter = { readonly type: string; readonly name: string }

type Artifact = {
  readonly bytecode: Hex
  readonly deployedBytecode: Hex
  readonly abi: readonly { readonly type: string; readonly inputs?: readonly Parameter[] }[]
}

const require = createRequire(import.meta.url)

/** Where @venusprotocol/venus-protocol keeps each contract that the local chain deploys. */
const FOLDERS = {
  Comptroller: 'Comptroller',
  Unitroller: 'Comptroller',
  ComptrollerLens: 'Lens',
  JumpRateModel: 'InterestRateModels',
  WhitePaperInterestRateModel: 'InterestRateModels',
  Liquidator: 'Liquidator',
  MockVBNB: 'test',
  SimplePriceOracle: 'test',
  VAI: 'Tokens/VAI',
  VAIController: 'Tokens/VAI',
  VAIUnitroller: 'Tokens/VAI',
  VBep20Immutable: 'Tokens/VTokens',
} as const

/** A contract of Venus 2.2.1. */
export type VenusContract = keyof typeof FOLDERS

const readArtifact = (name: VenusContract): Artifact =>
  JSON.parse(
    readFileSync(
      require.resolve(
        `@venusprotocol/venus-protocol/artifacts/contracts/${FOLDERS[name]}/${name}.sol/${name}.json`,
      ),
      'utf8',
    ),
  )

/** The creation code of a contract with its constructor arguments appended. */
export const venusCreationCode = (name: VenusContract, args: readonly unknown[] = []): Hex => {
  const { abi, bytecode } = readArtifact(name)
  const inputs = abi.find((entry) => entry.type === 'constructor')?.inputs ?? []
  return `${bytecode}${encodeAbiParameters(inputs, args).slice(2)}`
}

/** The code of a contract as it stands on chain, without a constructor run. */
export const venusRuntimeCode = (name: VenusContract): Hex => readArtifact(name).deployedBytecode
