// Accounts under watch: `watches add`, `watches list`, `watches remove`.
import { type ListedWatch, listWatches } from '../../app/watch-list.ts'
import { DatabaseMissingError } from '../../store/database.ts'
import { storedWatches } from '../../store/watches.ts'
import { accountsOf } from '../accounts.ts'
import { act } from '../acting.ts'
import { loadContext, type SharedOptions, UsageError, withStore } from '../context.ts'
import { EXIT } from '../exit.ts'
import { accountArgument } from '../parse.ts'
import { plain, print, printJson } from '../print/output.ts'
import { table } from '../print/table.ts'
import type { Run } from '../run.ts'

const namesOption = (text: string | undefined): readonly string[] | null => {
  if (text === undefined) return null
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  if (names.length > 0) return names
  throw new UsageError(`--receivers is "${text}"`, {
    remedy: 'Give --receivers one or more names, as in --receivers me,team.',
  })
}

/** `watches add ACCOUNT`: from now on; a running daemon takes it up at once. A name of ENS is the address that it stands for now, and the label. */
export const watchesAdd: Run = async ([text = ''], options) => {
  const context = loadContext(options)
  const receivers = namesOption(options['receivers'])
  const { addresses, names } = await accountsOf([text], context.config.chains)
  const input = {
    account: addresses[0] ?? accountArgument(text),
    label: options['label'] ?? names[0]?.name ?? null,
    receivers,
  }
  const answer = await act(context, 'watches.add', input)
  if (options.json) printJson(answer)
  else {
    const { label } = input
    const name = label === null ? '' : ` as ${plain(label)}`
    const told = receivers === null ? 'all receivers' : receivers.join(', ')
    print(`${input.account} is watched${name}; ${told} will hear of its loans`)
  }
  return EXIT.fine
}

/** `watches remove ACCOUNT`: alerts about its loans are over, and whoever was told of them hears why. */
export const watchesRemove: Run = async ([account = ''], options) => {
  const input = { account: accountArgument(account) }
  const answer = await act(loadContext(options), 'watches.remove', input)
  if (options.json) printJson(answer)
  else print(`${input.account} is watched no longer`)
  return EXIT.fine
}

const listed = (options: SharedOptions): readonly ListedWatch[] => {
  try {
    return withStore(options, (database, { config }) => listWatches(config, storedWatches(database)))
  } catch (error) {
    if (!(error instanceof DatabaseMissingError)) throw error
    return listWatches(loadContext(options).config, [])
  }
}

const receiversText = ({ receivers, missing }: ListedWatch): string => {
  const gone = missing.length > 0 ? ` (configured no more: ${missing.join(', ')})` : ''
  return `${receivers.join(', ') || 'nobody: there are no receivers'}${gone}`
}

/** `watches list`: of the configuration and of the database. */
export const watchesList: Run = (_args, options) => {
  const watches = listed(options)
  if (options.json) printJson({ watches })
  else if (watches.length === 0)
    print('nobody is watched; "plimsoll watches add ACCOUNT" begins, or "watch" in plimsoll.yaml')
  else
    print(
      table(
        [{ head: 'account' }, { head: 'label' }, { head: 'told' }, { head: 'from' }],
        watches.map((watch) => [
          watch.account,
          plain(watch.label ?? ''),
          plain(receiversText(watch)),
          watch.source,
        ]),
      ),
    )
  return EXIT.fine
}
