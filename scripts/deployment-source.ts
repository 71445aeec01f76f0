// The shape of src/protocols/*/source.ts: where the known deployments of one protocol come from.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Address, Chain } from 'viem'
import * as viemChains from 'viem/chains'

/**
 * A deployment that the field publishes; `Own` are the protocol's own fields (addresses, a family's flavour).
 * `fromBlock` is at or before its first event, where a block is published. Both sources are pinned:
 * `PACKAGE@VERSION WHERE` or `OWNER/REPOSITORY@COMMIT PATH`.
 */
export type SourcedDeployment<Own extends object = object> = Own & {
  readonly chainId: number
  readonly deployment: string
  readonly fromBlock?: bigint
  readonly fromBlockSource?: string
  readonly source: string
}

/**
 * Known deployments of one protocol. To add them, export one of these as `source` from `src/protocols/<protocol>/source.ts`
 * (further files go into `source/` beside it) and run `npm run deployments -- <protocol>`:
 *
 *     type Own = { readonly comptroller: Address; readonly flavour: 'block' | 'second' }
 *
 *     export const source: DeploymentSource<Own> = {
 *       protocol: 'compound-v2',
 *       packages: ['@moonwell-fi/moonwell-sdk'],
 *       fields: { comptroller: 'Address', flavour: "'block' | 'second'" },
 *       deployments: () => [...fromPackage(versionOf('@moonwell-fi/moonwell-sdk')), ...published],
 *     }
 *
 * That writes `src/protocols/<protocol>/deployments.ts` with `type KnownDeployment` and `const deployments`: sorted by
 * chain and name, own fields between the name and `fromBlock`, a field that some deployment lacks optional. Values are
 * strings, numbers, bigints, booleans, or arrays and records of them. `test/conformance/deployments.test.ts` holds every
 * source to the rest: names that are unique on a chain and can stand in a URL, checksums, no testnets, sources that are
 * pinned, start blocks above 1, and a generated file that is current.
 */
export type DeploymentSource<Own extends object = object> = {
  /** The adapter's folder. */
  readonly protocol: string
  /** npm packages that it reads; named with their versions on top of what is generated. */
  readonly packages: readonly string[]
  /** The own fields in order, each with its type in TypeScript; `Address` is viem's. */
  readonly fields: { readonly [Field in keyof Required<Own>]: string }
  deployments(): readonly SourcedDeployment<Own>[]
}

/** Whether viem calls a chain a testnet; undefined of a chain that it does not know. */
export const isTestnet = (chainId: number): boolean | undefined => {
  const known = Object.values<Chain>(viemChains).filter(({ id }) => id === chainId)
  if (known.length === 0) return undefined
  return known.every(({ testnet }) => testnet === true)
}

/** A published block, and the contract that its source gives it for. */
export type StartBlock = {
  readonly block: bigint
  readonly contract: Address
  readonly source: string
}

/** The fields of a deployment that begins at `start`, which has to be the block of one of its own `contracts`. */
export const startOf = (
  name: string,
  start: StartBlock | undefined,
  contracts: readonly Address[],
): Pick<SourcedDeployment, 'fromBlock' | 'fromBlockSource'> => {
  if (!start) return {}
  if (!contracts.includes(start.contract))
    throw new Error(`the start block of ${name} is that of ${start.contract}, which is not its own`)
  return { fromBlock: start.block, fromBlockSource: start.source }
}

/** The installed version of a package, also of one whose exports hide its manifest. */
export const versionOf = (name: string): string => {
  const manifest = join(import.meta.dirname, '..', 'node_modules', name, 'package.json')
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
}
