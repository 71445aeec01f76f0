import colors from 'picocolors'
import type { Alert } from '../../model/alert.ts'
import { listAlerts } from '../../store/alerts.ts'
import type { Database } from '../../store/database.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { plain, print, printJson } from '../print/output.ts'
import { table } from '../print/table.ts'

const stateText = ({ state, severity }: Alert): string => {
  if (state === 'resolved') return colors.green(state)
  return severity === 'critical' ? colors.red(state) : colors.yellow(state)
}

const timeText = (timestamp: number): string =>
  new Date(timestamp * 1_000).toISOString().slice(0, 19).replace('T', ' ')

/** `alerts`: pending, firing and past alerts, newest first; exit 1 where one is firing. */
export const alerts = (
  database: Database,
  options: { readonly json: boolean; readonly limit: number },
): ExitCode => {
  const list = listAlerts(database, options.limit)
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
}
