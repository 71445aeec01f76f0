import { userInfo } from 'node:os'
import colors from 'picocolors'
import type { Alert } from '../../model/alert.ts'
import type { Acknowledgement, Decision, Notice } from '../../model/notice.ts'
import { listAcknowledgements } from '../../store/acknowledgements.ts'
import { alertsNamed, listAlerts } from '../../store/alerts.ts'
import type { Database } from '../../store/database.ts'
import { decisionsOf } from '../../store/decisions.ts'
import { noticesOf } from '../../store/notices.ts'
import { act } from '../acting.ts'
import { loadContext, UsageError, withStore } from '../context.ts'
import { EXIT } from '../exit.ts'
import { limitOption } from '../parse.ts'
import { plain, print, printJson } from '../print/output.ts'
import { table } from '../print/table.ts'
import { decisionsText, FINGERPRINT_DIGITS, momentText, noticesText } from '../print/told.ts'
import type { Options, Run } from '../run.ts'

const stateText = ({ state, severity }: Alert): string => {
  if (state === 'resolved' || state === 'retracted') return colors.green(state)
  return severity === 'critical' ? colors.red(state) : colors.yellow(state)
}

/** An alert with what is remembered of telling it. */
type Known = {
  readonly alert: Alert
  readonly notices: readonly Notice[]
  readonly acknowledgement: Acknowledgement | undefined
  readonly decisions: readonly Decision[]
}

const isOf =
  ({ fingerprint, activeAt }: Alert) =>
  (one: Pick<Alert, 'fingerprint' | 'activeAt'>): boolean =>
    one.fingerprint === fingerprint && one.activeAt === activeAt

const known = (database: Database, alerts: readonly Alert[], isExplained: boolean): readonly Known[] => {
  const notices = noticesOf(database, alerts)
  const acknowledgements = listAcknowledgements(database)
  return alerts.map((alert) => ({
    alert,
    notices: notices.filter(isOf(alert)),
    acknowledgement: acknowledgements.find(isOf(alert)),
    decisions: isExplained ? decisionsOf(database, alert) : [],
  }))
}

const whoText = ({ labels, subject }: Alert): string => plain(labels['label'] ?? labels['account'] ?? subject)

const alertsTable = (list: readonly Known[]): string =>
  table(
    ['since', 'severity', 'who', 'rule', 'state', 'told', 'id', 'what'].map((head) => ({ head })),
    list.map(({ alert, notices, acknowledgement }) => [
      momentText(alert.startsAt ?? alert.activeAt),
      alert.severity,
      whoText(alert),
      alert.rule,
      `${stateText(alert)}${acknowledgement ? ', acknowledged' : ''}`,
      noticesText(notices),
      alert.fingerprint.slice(0, FINGERPRINT_DIGITS),
      plain(alert.annotations['summary'] ?? alert.subject),
    ]),
  )

const wanted = (database: Database, options: Options): readonly Alert[] => {
  const limit = limitOption(options)
  const { explain } = options
  const state = options['state'] as Alert['state'] | undefined
  if (typeof explain !== 'string') return listAlerts(database, limit, state)
  const found = /^[0-9a-f]+$/.test(explain) ? alertsNamed(database, explain, limit) : []
  if (found.length > 0) return found
  throw new UsageError(`there is no alert whose fingerprint begins with ${explain}`, {
    remedy: 'See "plimsoll alerts" for those there are.',
  })
}

const jsonOf = ({ alert, notices, acknowledgement, decisions }: Known, isExplained: boolean) => ({
  ...alert,
  notices,
  ...(acknowledgement ? { acknowledgement } : {}),
  ...(isExplained ? { decisions } : {}),
})

/** `alerts`: pending, firing and past alerts, newest first, with who was told, and why; exit 1 where one is firing. */
export const alerts: Run = (_args, options) =>
  withStore(options, (database) => {
    const isExplained = options['explain'] !== undefined
    const list = known(database, wanted(database, options), isExplained)
    if (options.json) printJson({ alerts: list.map((one) => jsonOf(one, isExplained)) })
    else if (list.length === 0) print('no alerts yet')
    else if (isExplained)
      print(
        list
          .map(({ alert, decisions, acknowledgement }) => decisionsText(alert, decisions, acknowledgement))
          .join('\n\n'),
      )
    else print(alertsTable(list))
    return list.some(({ alert }) => alert.state === 'firing') ? EXIT.finding : EXIT.fine
  })

/** Who gives a command. */
export const whoAmI = (): string => {
  try {
    return userInfo().username
  } catch {
    return 'somebody'
  }
}

/** `alerts ack`: takes an alert that fires on. */
export const acknowledge: Run = async ([fingerprint = ''], options) => {
  const context = loadContext(options)
  const input = { fingerprint, by: whoAmI(), comment: options['comment'] ?? '' }
  const alert = (await act(context, 'alerts.ack', input)) as unknown as Alert
  if (options.json) printJson({ alert })
  else
    print(`acknowledged: ${alert.rule} of ${whoText(alert)}; it is not repeated and not escalated any more`)
  return EXIT.fine
}
