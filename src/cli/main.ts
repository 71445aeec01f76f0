#!/usr/bin/env node
// Only names and options stand here: what a command does is loaded when it is asked for.
import { Command, CommanderError, Option } from 'commander'
import { EXIT } from './exit.ts'
import { ALERT_STATES, DEFAULT_LIMIT, type Options, type Run, VERSION } from './run.ts'

const program = new Command('plimsoll')
  .description(
    'How far is every on-chain loan from its liquidation line? Exactly, in time, and honest about what is not known.',
  )
  .version(VERSION)
  .exitOverride()
  // What stands behind a command's name is for that command, also where the one above it takes the same option.
  .enablePositionalOptions()
  .showHelpAfterError('(run with --help for usage)')

/** A command with the options that all share; its run decides the exit code. */
const command = (parent: Command, usage: string, description: string, load: () => Promise<Run>): Command => {
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
    const run = await load()
    process.exitCode = await run(args, options)
  })
  return made
}

const level = (text: string) =>
  new Option('--level <level>', 'what to log').choices(['debug', 'info', 'warn', 'error']).default(text)
const limit = new Option('--limit <count>', 'at most this many').default(DEFAULT_LIMIT)

command(
  program,
  'init [accounts...]',
  'write a commented plimsoll.yaml',
  async () => (await import('./commands/config.ts')).init,
)
command(
  program,
  'check <accounts...>',
  'every loan of an account, given by address or ENS name, read now',
  async () => (await import('./commands/check.ts')).check,
)
  .option('--chain <ids...>', 'only these chains')
  .option('--block <number>', 'at this block instead of the head')
  .option('--rpc <url>', 'ask this endpoint instead')
command(
  program,
  'watch',
  'follow, snapshot, alert; runs until stopped',
  async () => (await import('./commands/watch.ts')).watch,
).addOption(level('info'))
command(
  program,
  'sync',
  'find and read every borrower, follow to a block, stop',
  async () => (await import('./commands/sync.ts')).sync,
)
  .option('--to <block>', 'stop at this block instead of the head')
  .addOption(level('warn'))
command(
  program,
  'positions',
  'loans in the store, worst first',
  async () => (await import('./commands/stored.ts')).positions,
).addOption(limit)
command(
  program,
  'candidates',
  'liquidation candidates in the store, most rewarding first',
  async () => (await import('./commands/candidates.ts')).candidates,
)
  .option('--detail', 'every way to liquidate each of them')
  .option('--simulate', 'try the best way of each by a call at the stored block')
  .option('--from <account>', 'who sends in a simulation (default: an address that nobody uses)')
  .option('--max-health <factor>', 'up to this health factor', '1')
  .addOption(limit)
command(
  program,
  'history <subject>',
  'stored health of a position or an account',
  async () => (await import('./commands/history.ts')).history,
)
  .option('--since <moment>', '7d, 2026-01-31 or unix seconds')
  .option('--until <moment>', '1h, 2026-01-31 or unix seconds')
  .option('--at <block>', 'recompute it at this observed block')
  .option(
    '--backfill',
    'sample the past into the database, every --every since --since; needs an archive endpoint',
  )
  .option('--every <span>', 'at most one point in this span, such as 1h')
  .option('--resolution <span>', 'recompute it at the last observed block of each such span')
  .addOption(
    new Option('--format <format>', 'output').choices(['table', 'csv', 'json', 'parquet']).default('table'),
  )
  .option('--out <file>', 'write to a file')
command(
  program,
  'export [table]',
  'a table of the store as a file; without a name, which there are',
  async () => (await import('./commands/export.ts')).exportCommand,
)
  .addOption(new Option('--format <format>', 'output').choices(['csv', 'json', 'parquet']))
  .option('--since <moment>', '7d, 2026-01-31 or unix seconds')
  .option('--until <moment>', '1h, 2026-01-31 or unix seconds')
  .option('--account <accounts...>', 'only of these accounts')
  .option('--market <id>', 'of this market, deployment, protocol or chain only, such as 1:aave-v3:core')
  .option('--out <file>', 'write to a file instead of stdout; its ending names the format')
command(
  program,
  'markets',
  'followed markets, their revision and coverage, and how healthy their loans are',
  async () => (await import('./commands/markets.ts')).markets,
)
command(
  program,
  'stress',
  'what a fall of prices, or the passing of time, does to all loans in the store',
  async () => (await import('./commands/stress.ts')).stress,
)
  .option(
    '--shock <changes...>',
    'WETH=-30%: an asset, or with its whole group the one that this is named after',
  )
  .option('--frozen <assets...>', 'oracles of these stand still')
  .option('--time <span>', 'so much later, such as 30d, at the rates of now')
  .option(
    '--rate <jumps...>',
    'USDC=+5%: points a year that its borrow rate is higher during --time; "all" for every debt',
  )
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
  async () => (await import('./commands/changes.ts')).changes,
)
  .option('--since <moment>', '7d, 2026-01-31 or unix seconds')
  .option('--market <id>', 'of this market, deployment or protocol only, such as 1:aave-v3:core')
const alerts = command(
  program,
  'alerts',
  'alerts, newest first, and who was told',
  async () => (await import('./commands/alerts.ts')).alerts,
)
  .addOption(new Option('--state <state>', 'only these').choices(ALERT_STATES))
  .option('--explain [fingerprint]', 'what was told to whom, what was not, and why')
  .addOption(limit)
  .enablePositionalOptions()
command(
  alerts,
  'ack <fingerprint>',
  'take an alert that fires on: it is neither repeated nor escalated',
  async () => (await import('./commands/alerts.ts')).acknowledge,
).option('--comment <text>', 'why, for others', '')
const silences = program.command('silences').description('what is not told for a time').exitOverride()
command(
  silences,
  'add',
  'tell nothing of alerts with these labels for a time',
  async () => (await import('./commands/silences.ts')).add,
)
  .requiredOption('--match <labels>', 'account=0x…,severity=warning; a value may be a /regular expression/')
  .requiredOption('--for <span>', 'for so long, such as 2h')
  .option('--comment <text>', 'why, for others', '')
command(
  silences,
  'list',
  'silences, those that hold first',
  async () => (await import('./commands/silences.ts')).list,
)
command(
  silences,
  'expire <id>',
  'end a silence now',
  async () => (await import('./commands/silences.ts')).expire,
)
command(
  program,
  'liquidations',
  'liquidations seen, newest first, against what was foretold at the block before',
  async () => (await import('./commands/liquidations.ts')).liquidations,
).addOption(limit)
command(
  program,
  'redemptions <amount>',
  'whose debts redeeming this much now would take',
  async () => (await import('./commands/redemptions.ts')).redemptions,
)
command(
  program,
  'doctor',
  'look over endpoints, configuration and database',
  async () => (await import('./commands/doctor.ts')).doctor,
)
command(
  program,
  'replay',
  'what rules would have said of the stored past, and how long before each liquidation',
  async () => (await import('./commands/replay.ts')).replay,
)
  .option('--since <moment>', '7d, 2026-01-31 or unix seconds (default: all that is stored)')
  .option('--until <moment>', '1h, 2026-01-31 or unix seconds')
  .option('--rules <file>', 'the rules of this file instead of the configured ones')
  .option('--account <accounts...>', 'loans of these accounts instead of the watched ones')
  .option('--every <span>', 'one block in this span, such as 5m (default: at most some 20,000 assessments)')
const rules = program.command('rules').description('what raises alerts').exitOverride()
command(
  rules,
  'list',
  'the rules of the configuration, or the built-in ones',
  async () => (await import('./commands/rules.ts')).rulesList,
)
command(
  rules,
  'test <file>',
  'test rules on literal series; the form of such a file is that of docs/rules-test.yaml',
  async () => (await import('./commands/rules.ts')).rulesTest,
)
const watches = program.command('watches').description('accounts under watch').exitOverride()
command(
  watches,
  'add <account>',
  'watch an account from now on; a running daemon takes it up at once',
  async () => (await import('./commands/watches.ts')).watchesAdd,
)
  .option('--label <label>', 'a name for people')
  .option('--receivers <names>', 'who hears of its loans, such as me,team (default: all receivers)')
command(
  watches,
  'list',
  'who is watched, by the configuration and by "watches add"',
  async () => (await import('./commands/watches.ts')).watchesList,
)
command(
  watches,
  'remove <account>',
  'watch it no longer',
  async () => (await import('./commands/watches.ts')).watchesRemove,
)
const receivers = command(
  program,
  'receivers',
  'who is told, what waits, what arrived and what was given up',
  async () => (await import('./commands/receivers.ts')).receivers,
).enablePositionalOptions()
command(
  receivers,
  'test <name>',
  'send a real message and say what became of it',
  async () => (await import('./commands/receivers.ts')).receiversTest,
)
command(
  receivers,
  'dead [name]',
  'messages that were given up, newest first',
  async () => (await import('./commands/receivers.ts')).receiversDead,
).addOption(limit)
command(
  receivers,
  'resend [id]',
  'send again what was given up',
  async () => (await import('./commands/receivers.ts')).receiversResend,
).option('--all <name>', 'everything that was given up for this receiver and is not out of date')
const config = program.command('config').description('the configuration file').exitOverride()
command(
  config,
  'check',
  'say what is wrong with it, with lines',
  async () => (await import('./commands/config.ts')).configCheck,
)
command(
  config,
  'schema',
  'print its JSON Schema, for editors',
  async () => (await import('./commands/config.ts')).configSchemaCommand,
)

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.fine : EXIT.usage
  else {
    process.exitCode = (await import('./explain.ts')).explained(error)
  }
}
