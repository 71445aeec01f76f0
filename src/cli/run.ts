import type { SharedOptions } from './context.ts'
import type { ExitCode } from './exit.ts'

/** Options as they were typed, by name. */
export type Options = SharedOptions & Readonly<Record<string, string | undefined>>

/** What a command does with its arguments and options; its answer is the exit code. */
export type Run = (args: readonly string[], options: Options) => ExitCode | Promise<ExitCode>

/** What an alert can be. */
export const ALERT_STATES = ['pending', 'firing', 'resolved', 'retracted'] as const

/** How many rows a list shows unless told. */
export const DEFAULT_LIMIT = '50'

/** The version of this package. */
export const VERSION = '0.8.0'
