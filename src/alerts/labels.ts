// Which alerts are meant: values of labels, exact or as regular expressions.
import { getAddress, isAddress } from 'viem'
import { type Alert, type AlertRule, SEVERITIES } from '../model/alert.ts'
import { messageOf } from '../model/errors.ts'
import type { LabelMatch } from '../model/notice.ts'

const expressionOf = (text: string): string | undefined =>
  text.length > 1 && text.startsWith('/') && text.endsWith('/') ? text.slice(1, -1) : undefined

/** As in Alertmanager, an expression has to fit the whole value. */
const compiled = new Map<string, RegExp>()
const wholly = (expression: string): RegExp => {
  const known = compiled.get(expression) ?? new RegExp(`^(?:${expression})$`, 'u')
  compiled.set(expression, known)
  return known
}

/** What is wrong with a value that is to be matched; undefined where nothing is. */
export const matcherFault = (text: string): string | undefined => {
  const expression = expressionOf(text)
  if (expression === undefined) return undefined
  try {
    wholly(expression)
    return undefined
  } catch (error) {
    return `${text} is no regular expression: ${messageOf(error)}`
  }
}

/** Labels that alerts of loans have; `subject` and `fingerprint` may be matched as well. */
export const OWN_LABELS: readonly string[] = [
  ...['alertname', 'severity', 'chainId', 'protocol', 'deployment', 'market', 'account', 'label'],
  ...['subject', 'fingerprint'],
]

/** What is wrong with a label to be matched, by the rules that give alerts more of them; undefined where nothing is. */
export const labelFault = (
  rules: readonly Pick<AlertRule, 'labels'>[],
  name: string,
  value?: string,
): string | undefined => {
  const known = [...new Set([...OWN_LABELS, ...rules.flatMap(({ labels }) => Object.keys(labels))])]
  if (!known.includes(name)) return `no alert has the label ${name}; there is ${known.join(', ')}`
  const isWrong = name === 'severity' && value !== undefined && expressionOf(value) === undefined
  return isWrong && !SEVERITIES.some((one) => one === value)
    ? `there is no severity ${value}; there is ${SEVERITIES.join(', ')}`
    : undefined
}

/** A value as labels have it: addresses with their checksum. */
export const labelText = (text: string): string =>
  isAddress(text, { strict: false }) ? getAddress(text) : text

/** A label of an alert; `subject` and `fingerprint` count as labels. One that is not there is empty. */
export const labelOf = ({ labels, subject, fingerprint }: Alert, name: string): string =>
  labels[name] ?? (name === 'subject' ? subject : name === 'fingerprint' ? fingerprint : '')

/** Whether all of the match fits the alert. */
export const matchesLabels = (match: LabelMatch, alert: Alert): boolean =>
  Object.entries(match).every(([name, wanted]) => {
    const expression = expressionOf(wanted)
    const value = labelOf(alert, name)
    return expression === undefined ? value === wanted : wholly(expression).test(value)
  })
