import colors from 'picocolors'
import type { Alert } from '../../model/alert.ts'
import { listAlerts } from '../../store/alerts.ts'
import { withStore } from '../context.ts'
import { EXIT } from '../exit.ts'
import { limitOption } from '../parse.ts'
import { plain, print, printJson } from '../print/output.ts'
import { table } from '../print/table.ts'
import type { Run } from '../run.ts'

const stateText = ({ state, severity }: Alert): string => {
  if (state === 'resolved') return colors.green(state)
  return severity === 'critical' ? colors.red(state) : colors.yellow(state)
}

const timeText = (timestamp: number): string =>
  new Date(timestamp * 1_000).toISOString().slice(0, 19).replace('T', ' ')

/** `alerts`: pending, firing and past alerts, newest first; exit 1 where one is firing. */
export const alerts: Run = (_args, options) =>
  withStore(options, (database) => {
    const list = listAlerts(database, limitOption(options))
    if (options.json) printJson({ alerts: list })
    else if (list.length === 0) print('no alerts yet')
    else
      print(
        table(
          [{ head: 'since' }, { head: 'state' }, { head: 'severity' }, { head: 'rule' }, { head: 'what' }],
          list.map((alert) => [
            timeText(alert.startsAt ?? alert.activeAt),
            stateText(alert),
            alert.severity,
            alert.rule,
            plain(alert.annotations['summary'] ?? alert.subject),
          ]),
        ),
      )
    return list.some(({ state }) => state === 'firing') ? EXIT.finding : EXIT.fine
  })
