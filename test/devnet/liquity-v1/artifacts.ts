import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Abi, encodeDeployData, type Hex } from 'viem'

const require = createRequire(import.meta.url)

type Artifact = { readonly abi: Abi; readonly bytecode: Hex }

/** The artifact of a contract of @sovryn-zero/contracts; those of `folder` stand there. */
export const zeroArtifact = (name: string, folder = ''): Artifact =>
  JSON.parse(
    readFileSync(
      require.resolve(`@sovryn-zero/contracts/artifacts/contracts/${folder}${name}.sol/${name}.json`),
      'utf8',
    ),
  )

/** The creation code of a contract with its constructor arguments appended. */
export const creationCodeOf = ({ abi, bytecode }: Artifact, args: readonly unknown[] = []): Hex =>
  encodeDeployData({ abi, bytecode, args })
