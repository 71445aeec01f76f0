import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Devnet } from '../devnet/devnet.ts'

export type Workspace = { readonly folder: string; readonly configFile: string; readonly storeFile: string }

export type WorkspaceOptions = {
  readonly rpc: readonly string[]
  readonly follow?: 'watched' | 'book'
  readonly watch?: readonly { readonly account: string; readonly label?: string }[]
  readonly webhook?: { readonly url: string; readonly secret?: string }
  /** More lines of the chain, such as `headAgeSecondsMax: 10`. */
  readonly chain?: Readonly<Record<string, unknown>>
  readonly rules?: readonly unknown[]
  /** Other chains, beside the devnet's. */
  readonly otherChains?: readonly object[]
  /** More keys of the file. */
  readonly more?: object
  /** A database that is there already. */
  readonly storeFile?: string
}

/** A folder with a plimsoll.yaml, and a database that is there already or comes to be. JSON is YAML too. */
export const writeWorkspace = (config: object, known?: string): Workspace => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-'))
  const storeFile = known ?? join(folder, 'plimsoll.db')
  const configFile = join(folder, 'plimsoll.yaml')
  writeFileSync(configFile, JSON.stringify({ store: { file: storeFile }, ...config }, null, 2))
  return { folder, configFile, storeFile }
}

/** A workspace that follows a devnet. */
export const createWorkspace = (devnet: Devnet, options: WorkspaceOptions): Workspace => {
  const config = {
    chains: [
      {
        id: devnet.chainId,
        rpc: options.rpc,
        pollIntervalMs: 100,
        follow: options.follow ?? 'book',
        markets: [
          {
            protocol: 'aave-v3',
            deployment: 'main',
            poolAddressesProvider: devnet.addresses.poolAddressesProvider,
            fromBlock: devnet.fromBlock,
          },
        ],
        ...options.chain,
      },
      ...(options.otherChains ?? []),
    ],
    watch: options.watch ?? [],
    receivers: options.webhook ? [{ name: 'hook', webhook: options.webhook }] : [],
    ...(options.rules ? { rules: options.rules } : {}),
    ...options.more,
  }
  return writeWorkspace(config, options.storeFile)
}
