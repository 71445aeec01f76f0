import colors from 'picocolors'
import type { AlertRule, Severity } from '../../model/alert.ts'
import { plain } from '../../units/plain.ts'
import { table } from './table.ts'

/** A severity in its colour. */
export const severityText = (severity: Severity): string =>
  severity === 'critical' ? colors.red(severity) : severity === 'warning' ? colors.yellow(severity) : severity

const timesText = ({ forSeconds, keepFiringForSeconds }: AlertRule): string =>
  [
    ...(forSeconds > 0 ? [`for ${forSeconds}s`] : []),
    ...(keepFiringForSeconds > 0 ? [`keeps firing for ${keepFiringForSeconds}s`] : []),
  ].join(', ')

const matchText = ({ match }: AlertRule): string =>
  Object.entries(match)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')

/** Rules as a table: of which loans they speak, when they fire, and until when. */
export const ruleTable = (rules: readonly AlertRule[]): string =>
  table(
    [{ head: 'rule' }, { head: 'severity' }, { head: 'loans' }, { head: 'when' }, { head: 'until' }],
    rules.map((rule) => [
      plain(rule.name),
      severityText(rule.severity),
      plain([rule.scope, matchText(rule)].filter(Boolean).join(', ')),
      plain([rule.when, timesText(rule)].filter(Boolean).join(', ')),
      rule.until === undefined ? colors.dim('it is not met') : plain(rule.until),
    ]),
  )
