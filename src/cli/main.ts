#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander'
import { nowMs } from '../app/clock.ts'
import { alerts } from './commands/alerts.ts'
import { backfill } from './commands/backfill.ts'
import { candidates, senderOf } from './commands/candidates.ts'
import { changes } from './commands/changes.ts'
import { check } from './commands/check.ts'
import { configCheck, configSchemaCommand, init } from './commands/config.ts'
import { doctor } from './commands/doctor.ts'
import { history } from './commands/history.ts'
import { historyAt } from './commands/history-at.ts'
import { markets } from './commands/markets.ts'
import { redemptions } from './commands/redemptions.ts'
import { liquidations, positions } from './commands/stored.ts'
import { stress } from './commands/stress.ts'
import { sync } from './commands/sync.ts'
import { watch } from './commands/watch.ts'
import { type SharedOptions, withStore } from './context.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { explain, isUnknown } from './explain.ts'
import {
  accountArgument,
  durationArgument,
  marketArgument,
  momentArgument,
  subjectArgument,
  wadArgument,
  wholeArgument,
} from './parse.ts'

type Options = SharedOptions & Readonly<Record<string, string | undefined>>
type Run = (args: readonly string[], options: Options) => ExitCode | Promise<ExitCode>

const DEFAULT_LIMIT = '50'

const program = new Command('plimsoll')
  .description(
    'How far is every on-chain loan from its liquidation line? Exactly, in time, and honest about what is not known.',
  )
  .version('0.4.0')
  .exitOverride()
  .showHelpAfterError('(run with --help for usage)')

/** A command with the options that all share; its run decides the exit code. */
const command = (parent: Command, usage: string, description: string, run: Run): Command => {
  const made = parent
    .command(usage)
    .description(description)
    .option('--config <file>', 'configuration file (default: $PLIMSOLL_CONFIG, ./plimsoll.yaml)')
    .option('--json', 'one JSON document on stdout')
    .exitOverride()
  made.action(async (...received: unknown[]) => {
    const options = made.opts<Options>()
    const args = received
      .slice(0, -2)
      .flat()
      .filter((one): one is string => typeof one === 'string')
    process.exitCode = await run(args, options)
  })
  return made
}

const isJson = ({ json }: Options): boolean => json !== undefined
const limitOf = ({ limit }: Options): number => wholeArgument('--limit', limit ?? DEFAULT_LIMIT)
const level = (text: string) =>
  new Option('--level <level>', 'what to log').choices(['debug', 'info', 'warn', 'error']).default(text)

command(program, 'init [accounts...]', 'write a commented plimsoll.yaml', init)
command(program, 'check <accounts...>', 'every loan of an account, read now', check)
  .option('--chain <ids...>', 'only these chains')
  .option('--block <number>', 'at this block instead of the head')
  .option('--rpc <url>', 'ask this endpoint instead')
command(program, 'watch', 'follow, snapshot, alert; runs until stopped', (_args, options) =>
  watch({ ...options, level: options['level'] ?? 'info' }),
).addOption(level('info'))
command(program, 'sync', 'find and read every borrower, follow to a block, stop', (_args, options) =>
  sync({ ...options, level: options['level'] ?? 'warn' }),
)
  .option('--to <block>', 'stop at this block instead of the head')
  .addOption(level('warn'))
command(program, 'positions', 'loans in the store, worst first', (_args, options) =>
  withStore(options, (database) => positions(database, { json: isJson(options), limit: limitOf(options) })),
).option('--limit <count>', 'at most this many', DEFAULT_LIMIT)
command(
  program,
  'candidates',
  'liquidation candidates in the store, most rewarding first',
  (_args, options) => {
    const { maxHealth = '1', detail, simulate, from } = options
    const sender = from === undefined ? undefined : accountArgument(from)
    return candidates(options, {
      json: isJson(options),
      limit: limitOf(options),
      maxHealth: wadArgument('--max-health', maxHealth),
      isDetailed: detail !== undefined,
      sender: senderOf(simulate !== undefined, sender),
    })
  },
)
  .option('--detail', 'every way to liquidate each of them')
  .option('--simulate', 'try the best way of each by a call at the stored block')
  .option('--from <account>', 'who sends in a simulation (default: an address that nobody uses)')
  .option('--max-health <factor>', 'up to this health factor', '1')
  .option('--limit <count>', 'at most this many', DEFAULT_LIMIT)
command(
  program,
  'history <subject>',
  'stored health of a position or an account',
  ([subject = ''], options) => {
    const nowSeconds = Math.floor(nowMs() / 1_000)
    const who = subjectArgument(subject)
    const { since, until, every, format, out, at } = options
    if (options['backfill'] !== undefined) return backfill(who, options)
    if (at !== undefined)
      return withStore(options, (database, { config: { historyDays } }) =>
        historyAt(database, who, {
          blockNumber: BigInt(wholeArgument('--at', at)),
          historyDays,
          json: isJson(options),
        }),
      )
    return withStore(options, (database) =>
      history(database, who, {
        since: since === undefined ? 0 : momentArgument('--since', since, nowSeconds),
        until: until === undefined ? Number.MAX_SAFE_INTEGER : momentArgument('--until', until, nowSeconds),
        everySeconds: every === undefined ? undefined : durationArgument('--every', every),
        format: isJson(options) || format === 'json' ? 'json' : format === 'csv' ? 'csv' : 'table',
        out,
      }),
    )
  },
)
  .option('--since <moment>', '7d, 2026-01-31 or unix seconds')
  .option('--until <moment>', '1h, 2026-01-31 or unix seconds')
  .option('--at <block>', 'recompute it at this observed block')
  .option(
    '--backfill',
    'sample the past into the database, every --every since --since; needs an archive endpoint',
  )
  .option('--every <span>', 'at most one point in this span, such as 1h')
  .addOption(new Option('--format <format>', 'output').choices(['table', 'csv', 'json']).default('table'))
  .option('--out <file>', 'write to a file')
command(program, 'markets', 'followed markets, their revision and coverage', (_args, options) =>
  withStore(options, (database) => markets(database, { json: isJson(options) })),
)
command(
  program,
  'stress',
  'what a fall of prices, or the passing of time, does to all loans in the store',
  (_args, options) => stress(options),
)
  .option(
    '--shock <changes...>',
    'WETH=-30%: an asset, or with its whole group the one that this is named after',
  )
  .option('--frozen <assets...>', 'oracles of these stand still')
  .option('--time <span>', 'so much later, such as 30d, at the rates of now')
  .option('--scenario <name>', 'a crash day such as 2022-06-13, a YAML or JSON file, or "list"')
  .option(
    '--path <file>',
    'a CSV of USD prices: time,symbol,open,high,low,close, or time and a column an asset',
  )
  .option('--curve', 'debt that can be liquidated at every depth of a common fall, and by group')
  .option('--cascade', 'sell what is liquidated into the depth of its market, until nothing more falls')
  .option('--depth <depths...>', 'WETH=5m: US dollars sold that move its price by 2 %')
  .option('--top <count>', 'at most so many rows of a table', '10')
command(
  program,
  'changes',
  'parameters that governance changed, and what that does to loans',
  (_args, options) => {
    const { since, market } = options
    const nowSeconds = Math.floor(nowMs() / 1_000)
    return withStore(options, (database) =>
      changes(database, {
        since: since === undefined ? 0 : momentArgument('--since', since, nowSeconds),
        market: market === undefined ? undefined : marketArgument(market),
        json: isJson(options),
      }),
    )
  },
)
  .option('--since <moment>', '7d, 2026-01-31 or unix seconds')
  .option('--market <id>', 'of this market, deployment or protocol only, such as 1:aave-v3:core')
command(program, 'alerts', 'alerts, newest first', (_args, options) =>
  withStore(options, (database) => alerts(database, { json: isJson(options), limit: limitOf(options) })),
).option('--limit <count>', 'at most this many', DEFAULT_LIMIT)
command(program, 'liquidations', 'liquidations seen, newest first', (_args, options) =>
  withStore(options, (database) =>
    liquidations(database, { json: isJson(options), limit: limitOf(options) }),
  ),
).option('--limit <count>', 'at most this many', DEFAULT_LIMIT)
command(
  program,
  'redemptions <amount>',
  'whose debts redeeming this much now would take',
  ([amount = ''], options) => {
    const wanted = wadArgument('the amount', amount)
    return withStore(options, (database) => redemptions(database, wanted, { json: isJson(options) }))
  },
)
command(program, 'doctor', 'look over endpoints, configuration and database', (_args, options) =>
  doctor(options),
)
const config = program.command('config').description('the configuration file').exitOverride()
command(config, 'check', 'say what is wrong with it, with lines', (_args, options) => configCheck(options))
command(config, 'schema', 'print its JSON Schema, for editors', configSchemaCommand)

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.fine : EXIT.usage
  else {
    explain(error)
    process.exitCode = isUnknown(error) ? EXIT.unknown : EXIT.usage
  }
}
