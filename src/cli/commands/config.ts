import { existsSync, writeFileSync } from 'node:fs'
import colors from 'picocolors'
import { configFile } from '../../app/config/load.ts'
import { configJsonSchema } from '../../app/config/schema.ts'
import { configTemplate } from '../../app/config/template.ts'
import { messageOf } from '../../model/errors.ts'
import { registry } from '../../protocols/registry.ts'
import { loadContext, UsageError } from '../context.ts'
import { EXIT } from '../exit.ts'
import { accountArgument } from '../parse.ts'
import { print, printJson } from '../print/output.ts'
import type { Run } from '../run.ts'

/** `config check`: only validates the file; every fault is listed with its line. */
export const configCheck: Run = (_args, options) => {
  const { config, file, warnings } = loadContext(options)
  const counts = {
    file,
    chainCount: config.chains.length,
    marketCount: config.chains.reduce((sum, { wanted }) => sum + wanted.length, 0),
    watchCount: config.watches.length,
    receiverCount: config.receivers.length,
    ruleCount: config.rules?.length ?? null,
  }
  const isMute = counts.receiverCount === 0 && (counts.watchCount > 0 || config.rules !== undefined)
  if (options.json) printJson({ ...counts, warnings })
  else
    print(
      ...warnings.map((warning) => colors.yellow(warning)),
      ...(isMute ? [colors.yellow('nobody is told of alerts: there are no receivers')] : []),
      `${file} is fine: ${counts.chainCount} chains, ${counts.marketCount} markets, ${counts.watchCount} watched accounts, ${counts.receiverCount} receivers, ${config.rules ? `${config.rules.length} rules` : 'built-in rules'}`,
    )
  return EXIT.fine
}

/** `config schema`: the JSON Schema of the file, for editors. */
export const configSchemaCommand: Run = () => {
  printJson(configJsonSchema(registry))
  return EXIT.fine
}

/** `init`: writes a commented file that watches the given accounts. Never overwrites. */
export const init: Run = (accounts, options) => {
  const addresses = accounts.map(accountArgument)
  const { file } = configFile(options.config, process.env)
  if (existsSync(file))
    throw new UsageError(`${file} is there already`, {
      remedy: 'Edit it, or name another file with --config.',
    })
  try {
    writeFileSync(file, configTemplate(addresses), { flag: 'wx' })
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${messageOf(error)}`, {
      remedy: 'Name another file with --config.',
    })
  }
  if (options.json) printJson({ file })
  else print(`wrote ${file}; edit it, then run "plimsoll config check" and "plimsoll watch"`)
  return EXIT.fine
}
