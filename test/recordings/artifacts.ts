// Contracts that were compiled elsewhere, one `<Contract>.json` each, used by the names of their parameters: what differs between releases differs in their ABIs.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Abi,
  type AbiFunction,
  type Address,
  encodeDeployData,
  encodeFunctionData,
  type Hex,
} from 'viem'
import { DevnetError } from '../devnet/errors.ts'

type Link = { readonly start: number; readonly length: number }

type Artifact = {
  readonly contractName: string
  readonly abi: Abi
  readonly bytecode: Hex
  readonly linkReferences?: Readonly<Record<string, Readonly<Record<string, readonly Link[]>>>>
}

/** Values by the names of a function's or constructor's parameters; more than it takes is fine. */
export type Named = Readonly<Record<string, unknown>>

export type Artifacts = {
  has(contract: string): boolean
  /** Whether a contract has a function of this name. */
  offers(contract: string, functionName: string): boolean
  /** The libraries that a contract links. */
  librariesOf(contract: string): readonly string[]
  /** Creation code with its arguments; `libraries` gives the address of each that it links. */
  creationCode(contract: string, args?: Named, libraries?: Readonly<Record<string, Address>>): Hex
  /** Calldata; of several functions of that name, the one that takes the most of what is given and nothing else. */
  encode(contract: string, functionName: string, args?: Named): Hex
}

type Parameters = readonly { readonly name?: string | undefined }[]

const valuesOf = (inputs: Parameters, args: Named): unknown[] => inputs.map(({ name = '' }) => args[name])

const takes = (inputs: Parameters, args: Named): boolean =>
  inputs.every(({ name = '' }) => args[name] !== undefined)

const linked = ({ contractName, bytecode, linkReferences = {} }: Artifact, libraries: Named): Hex => {
  let code = bytecode.slice(2)
  for (const [library, links] of Object.values(linkReferences).flatMap((file) => Object.entries(file))) {
    const address = libraries[library]
    if (typeof address !== 'string')
      throw new DevnetError(`${contractName} links ${library}, whose address was not given`)
    for (const { start, length } of links)
      code = code.slice(0, start * 2) + address.slice(2).toLowerCase() + code.slice((start + length) * 2)
  }
  return `0x${code}`
}

/** The artifacts in a folder, read when they are first used. */
export const readArtifacts = (folder: string): Artifacts => {
  const read = new Map<string, Artifact>()
  const pathOf = (contract: string) => join(folder, `${contract}.json`)
  const artifact = (contract: string): Artifact => {
    const known = read.get(contract) ?? (JSON.parse(readFileSync(pathOf(contract), 'utf8')) as Artifact)
    read.set(contract, known)
    return known
  }
  const functionsOf = (contract: string, functionName: string): AbiFunction[] =>
    artifact(contract).abi.filter(
      (entry): entry is AbiFunction => entry.type === 'function' && entry.name === functionName,
    )
  return {
    has: (contract) => existsSync(pathOf(contract)),
    offers: (contract, functionName) => functionsOf(contract, functionName).length > 0,
    librariesOf: (contract) => Object.values(artifact(contract).linkReferences ?? {}).flatMap(Object.keys),
    creationCode: (contract, args = {}, libraries = {}) => {
      const of = artifact(contract)
      const inputs = of.abi.find((entry) => entry.type === 'constructor')?.inputs ?? []
      const bytecode = linked(of, libraries)
      return encodeDeployData({ abi: of.abi, bytecode, args: valuesOf(inputs, args) })
    },
    encode: (contract, functionName, args = {}) => {
      const [found] = functionsOf(contract, functionName)
        .filter(({ inputs }) => takes(inputs, args))
        .sort((a, b) => b.inputs.length - a.inputs.length)
      if (!found)
        throw new DevnetError(`${contract}.${functionName} takes something else than ${Object.keys(args)}`)
      return encodeFunctionData({ abi: [found], functionName, args: valuesOf(found.inputs, args) })
    },
  }
}

/** Where the contracts' source is, as the folder's file SOURCE says: OWNER/REPOSITORY@COMMIT. */
export const sourceOf = (folder: string): string => readFileSync(join(folder, 'SOURCE'), 'utf8').trim()
