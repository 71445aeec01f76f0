import colors from 'picocolors'
import { nowMs } from '../../app/clock.ts'
import type { LabelMatch, Silence } from '../../model/notice.ts'
import { listSilences } from '../../store/silences.ts'
import { act } from '../acting.ts'
import { loadContext, UsageError, withStore } from '../context.ts'
import { EXIT } from '../exit.ts'
import { durationArgument } from '../parse.ts'
import { plain, print, printJson } from '../print/output.ts'
import { table } from '../print/table.ts'
import { momentText } from '../print/told.ts'
import type { Run } from '../run.ts'
import { whoAmI } from './alerts.ts'

/** `account=0x…,severity=warning`: a comma begins a label only where a name and = follow, so that expressions may hold one. */
const matchArgument = (text: string): LabelMatch =>
  Object.fromEntries(
    text.split(/,(?=[A-Za-z_]\w*=)/).map((pair) => {
      const at = pair.indexOf('=')
      if (at > 0 && at < pair.length - 1) return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()]
      throw new UsageError(`--match has "${pair}"`, {
        remedy: 'Write labels as --match account=0x…,severity=warning; labels are those of the alerts.',
      })
    }),
  )

const matchText = (match: LabelMatch): string =>
  Object.entries(match)
    .map(([name, value]) => `${plain(name)}=${plain(value)}`)
    .join(', ')

/** `silences add`: nothing is told of alerts that match, from now on, for a time. */
export const add: Run = async (_args, options) => {
  const input = {
    match: matchArgument(options['match'] ?? ''),
    seconds: durationArgument('--for', options['for'] ?? ''),
    by: whoAmI(),
    comment: options['comment'] ?? '',
  }
  const silence = (await act(loadContext(options), 'silences.add', input)) as unknown as Silence
  if (options.json) printJson({ silence })
  else print(`silence ${silence.id}: ${matchText(silence.match)} until ${momentText(silence.endsAt)} UTC`)
  return EXIT.fine
}

/** `silences expire`: ends one now. */
export const expire: Run = async ([id = ''], options) => {
  const silence = (await act(loadContext(options), 'silences.expire', { id })) as unknown as Silence
  if (options.json) printJson({ silence })
  else print(`silence ${silence.id} is over: what it held back and still fires is told now`)
  return EXIT.fine
}

/** `silences list`: those that hold first. */
export const list: Run = (_args, options) =>
  withStore(options, (database) => {
    const now = Math.floor(nowMs() / 1_000)
    const holds = ({ startsAt, endsAt }: Silence): boolean => startsAt <= now && now < endsAt
    const silences = [...listSilences(database)].sort((a, b) => Number(holds(b)) - Number(holds(a)))
    if (options.json)
      printJson({ silences: silences.map((silence) => ({ ...silence, holds: holds(silence) })) })
    else if (silences.length === 0) print('nothing is silenced')
    else
      print(
        table(
          ['id', 'labels', 'from', 'until', '', 'by', 'why'].map((head) => ({ head })),
          silences.map((silence) => [
            silence.id,
            matchText(silence.match),
            momentText(silence.startsAt),
            momentText(silence.endsAt),
            holds(silence) ? colors.yellow('holds') : colors.dim('over'),
            plain(silence.createdBy),
            plain(silence.comment),
          ]),
        ),
      )
    return EXIT.fine
  })
