import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { encodeAbiParameters, type Hex } from 'viem'

type Parameter = { readonly type: string; readonly name: string }

type Artifact = {
  readonly bytecode: Hex
  readonly abi: readonly { readonly type: string; readonly inputs?: readonly Parameter[] }[]
}

/** A contract of @thenextblock/hardhat-compound that the local chain deploys. */
export type CompoundContract =
  | 'Comptroller'
  | 'Unitroller'
  | 'CErc20Immutable'
  | 'CEther'
  | 'JumpRateModelV2'
  | 'WhitePaperInterestRateModel'
  | 'SimplePriceOracle'

const require = createRequire(import.meta.url)

const readArtifact = (name: CompoundContract): Artifact =>
  JSON.parse(
    readFileSync(
      require.resolve(
        `@thenextblock/hardhat-compound/dist/artifacts/contracts/compound/${name}.sol/${name}.json`,
      ),
      'utf8',
    ),
  )

/** The creation code of a contract with its constructor arguments appended. */
export const compoundCreationCode = (name: CompoundContract, args: readonly unknown[] = []): Hex => {
  const { abi, bytecode } = readArtifact(name)
  const inputs = abi.find((entry) => entry.type === 'constructor')?.inputs ?? []
  return `${bytecode}${encodeAbiParameters(inputs, args).slice(2)}`
}
