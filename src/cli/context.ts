// What every command starts from: configuration, secrets, database.

import { type Config, publicConfig } from '../app/config/config.ts'
import { configFile, loadConfig, NoConfigError } from '../app/config/load.ts'
import { secretsOf } from '../app/secrets.ts'
import { BaseError } from '../model/errors.ts'
import { redact } from '../model/redact.ts'
import { registry } from '../protocols/registry.ts'
import { type Database, openDatabaseReadonly } from '../store/database.ts'

export class UsageError extends BaseError {
  override readonly name = 'UsageError'
}

/** Options that every command takes. */
export type SharedOptions = { readonly config?: string; readonly json?: boolean }

export type Context = {
  readonly config: Config
  readonly secrets: readonly string[]
  /** Of the configuration. */
  readonly warnings: readonly string[]
  /** The file that was read; undefined where there is none and public endpoints serve. */
  readonly file: string | undefined
  redact(text: string): string
}

/** Loads the configuration; throws `ConfigError` or `NoConfigError`. */
export const loadContext = ({ config: named }: SharedOptions): Context => {
  const { file } = configFile(named, process.env)
  const { config, secrets: fromEnvironment, warnings } = loadConfig(file, process.env, registry)
  const secrets = secretsOf(config, fromEnvironment)
  return { config, secrets, warnings, file, redact: (text) => redact(text, secrets) }
}

/** The same, but without a file that somebody named, every chain's public endpoints. */
export const loadContextOrPublic = (options: SharedOptions): Context => {
  const { isNamed } = configFile(options.config, process.env)
  try {
    return loadContext(options)
  } catch (error) {
    if (!(error instanceof NoConfigError) || isNamed) throw error
    const nothing = { secrets: [], warnings: [], file: undefined }
    return { config: publicConfig(registry), ...nothing, redact: (text) => text }
  }
}

/** Runs a command over the stored state, opened for reading. */
export const withStore = <T>(options: SharedOptions, use: (database: Database, context: Context) => T): T => {
  const context = loadContext(options)
  const database = openDatabaseReadonly(context.config.storeFile)
  try {
    return use(database, context)
  } finally {
    database.$client.close()
  }
}

/** The same for what takes its time. */
export const withStoreAsync = async <T>(
  options: SharedOptions,
  use: (database: Database, context: Context) => Promise<T>,
): Promise<T> => {
  const context = loadContext(options)
  const database = openDatabaseReadonly(context.config.storeFile)
  try {
    return await use(database, context)
  } finally {
    database.$client.close()
  }
}
