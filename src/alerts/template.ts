import type { Health, Unassessable } from '../model/assessment.ts'
import { BaseError } from '../model/errors.ts'
import { parsePositionId } from '../model/ids.ts'
import { type Json, toJson } from '../model/json.ts'
import type { ParameterChange } from '../model/parameter.ts'
import { formatAmount, formatFixed, formatPpm, formatWad } from '../units/format.ts'
import { plain } from '../units/plain.ts'
import { parameterText } from './changed.ts'
import { chainText, headlineOf, loanText, protocolText } from './headline.ts'
import { nearestText, repairText, timeText } from './nearness.ts'
import { riskIn, type Subject } from './subject.ts'

export class TemplateError extends BaseError {
  override readonly name = 'TemplateError'
  constructor(text: string, name: string, known: readonly string[]) {
    super(`"${text}" names "${name}", which is not known`, { remedy: `Use one of ${known.join(', ')}.` })
  }
}

class BrokenPlaceError extends BaseError {
  override readonly name = 'BrokenPlaceError'
  constructor(text: string) {
    super(`"${text}" has a {{ or }} that is no place of a name`, {
      remedy: 'Write places as {{ name }}, letters only; see docs/alerts.md for names.',
    })
  }
}

/** What an annotation is written for: an alert's loan and its labels, `severity` among them. */
export type Context = { readonly subject: Subject; readonly labels: Readonly<Record<string, string>> }

export type Template = (context: Context) => string

const UNKNOWN = 'unknown'
const CHANGES_MAX = 3

const ofHealth =
  (text: (health: Health) => string | undefined): Template =>
  ({ subject: { assessment } }) =>
    (assessment?.kind === 'assessed' ? text(assessment) : undefined) ?? UNKNOWN

const ofUnknown =
  (text: (unknown: Unassessable) => string): Template =>
  ({ subject: { assessment } }) =>
    assessment?.kind === 'unassessable' ? text(assessment) : ''

const value = (amount: bigint, quote: { symbol: string; decimals: number }): string =>
  `${formatFixed(amount, quote.decimals, 2)} ${plain(quote.symbol)}`

const told = ({ subject, labels }: Context) => ({
  labels,
  assessment: jsonOf(subject.assessment),
  risk: riskJson(subject),
})

/** What several texts of several rules are written from is made into JSON once. */
const jsons = new WeakMap<object, Json>()
const jsonOf = (value: object | undefined): Json => {
  if (!value) return null
  const known = jsons.get(value) ?? toJson(value)
  jsons.set(value, known)
  return known
}

const riskJson = (subject: Subject): Json => jsonOf(riskIn(subject))

const ofRisk =
  (text: (risk: Parameters<typeof nearestText>[0], subject: Subject) => string | undefined): Template =>
  ({ subject }) => {
    const risk = riskJson(subject)
    return (risk === null ? undefined : text(risk as never, subject)) ?? UNKNOWN
  }

/** What is owed, where the loan's legs tell how it is counted. */
const liquidationText: Template = ({ subject: { liquidations = [], assessment } }) => {
  const legs = assessment?.kind === 'assessed' ? [...assessment.debt, ...assessment.collateral] : []
  const amountOf = (asset: string, amount: bigint): string | undefined => {
    const leg = legs.find((one) => one.asset === asset)
    return leg && `${formatAmount(amount, leg.decimals)} ${plain(leg.symbol)}`
  }
  return liquidations
    .map(({ debtAsset, repaid, collateralAsset, seized, transactionHash }) => {
      const [paid, taken] = [amountOf(debtAsset, repaid), amountOf(collateralAsset, seized)]
      if (paid && taken) return `${taken} taken for ${paid}`
      const known = taken ? `${taken} taken ` : paid ? `${paid} repaid for its owner ` : ''
      return `${known}in transaction ${transactionHash}`
    })
    .join('; ')
}

const changesText: Template = ({ subject: { changes = [] } }) => {
  const more = changes.length - CHANGES_MAX
  const texts = changes.slice(0, CHANGES_MAX).map((change: ParameterChange) => parameterText(change))
  return [...texts, ...(more > 0 ? [`${more} more`] : [])].join('; ')
}

/** What annotations can speak of, as text for people. Health is cut, so 1.09999 never reads as 1.1. */
const names: Readonly<Record<string, Template>> = {
  headline: (context) => headlineOf(told(context)) ?? '',
  loan: ({ labels }) => loanText(labels) ?? '',
  severity: ({ labels }) => labels['severity'] ?? '',
  owner: ({ subject }) => subject.loan.owner,
  account: ({ subject }) => parsePositionId(subject.loan.id).account,
  label: ({ subject }) => subject.label ?? subject.loan.owner,
  id: ({ subject }) => subject.loan.id,
  chainId: ({ subject }) => String(subject.loan.chainId),
  chain: ({ subject }) => chainText(subject.loan.chainId),
  protocol: ({ subject }) => subject.loan.protocol,
  protocolName: ({ subject }) => protocolText(subject.loan.protocol),
  deployment: ({ subject }) => subject.loan.deployment,
  market: ({ subject }) => subject.loan.market,
  block: ({ subject }) => subject.loan.block.number.toString(),
  healthFactor: ofHealth(({ healthFactor }) => formatWad(healthFactor)),
  nextHealthFactor: ofHealth(({ next }) => next && formatWad(next.healthFactor)),
  debtInFront: ofHealth(({ debtInFront, debt: [leg] }) =>
    leg && typeof debtInFront === 'bigint'
      ? `${formatFixed(debtInFront, leg.decimals, 2)} ${plain(leg.symbol)}`
      : undefined,
  ),
  collateral: ofHealth(({ collateralValue, quote }) => value(collateralValue, quote)),
  debt: ofHealth(({ debtValue, quote }) => value(debtValue, quote)),
  phase: ofHealth(({ phase }) => phase),
  blockedBy: ofHealth(({ blockedBy }) => blockedBy.join(', ')),
  reason: ofUnknown(({ reason }) => reason),
  detail: ofUnknown(({ detail }) => plain(detail)),
  nearest: ofRisk((risk) => nearestText(risk) ?? 'no price move'),
  shock: ofRisk(({ shock }) => (shock ? formatPpm(BigInt(shock.changePpm)) : 'none')),
  repair: ofRisk((risk) => repairText(risk) ?? 'nothing to repair'),
  timeToLiquidation: ofRisk((risk, { assessment }) =>
    timeText(risk, assessment?.kind === 'assessed' && assessment.fidelity === 'exact'),
  ),
  leverage: ofRisk(({ leverage }) => formatWad(BigInt(leverage), 2)),
  liquidation: liquidationText,
  changes: changesText,
}

/** Compiles a text with `{{ name }}` places; throws `TemplateError` for a name that is not known, `BrokenPlaceError` for a place that is none. */
export const compileTemplate = (text: string): Template => {
  const parts = text.split(/\{\{\s*([A-Za-z]+)\s*\}\}/)
  for (const [index, part] of parts.entries())
    if (index % 2 === 1 && !Object.hasOwn(names, part))
      throw new TemplateError(text, part, Object.keys(names))
  const broken = parts.find((part, index) => index % 2 === 0 && /\{\{|\}\}/.test(part))
  if (broken !== undefined) throw new BrokenPlaceError(text)
  return (context) =>
    parts.map((part, index) => (index % 2 === 1 ? (names[part]?.(context) ?? '') : part)).join('')
}
