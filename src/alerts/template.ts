import type { Assessment } from '../model/assessment.ts'
import { BaseError } from '../model/errors.ts'
import { formatFixed, formatWad } from '../units/format.ts'

export class TemplateError extends BaseError {
  override readonly name = 'TemplateError'
  constructor(text: string, name: string, known: readonly string[]) {
    super(`"${text}" names "${name}", which is not known`, { remedy: `Use one of ${known.join(', ')}.` })
  }
}

type Context = { readonly assessment: Assessment; readonly label: string | undefined }

const value = (amount: bigint, quote: { symbol: string; decimals: number }): string =>
  `${formatFixed(amount, quote.decimals, 2)} ${quote.symbol}`

/** What annotations can speak of, as text for people. Health is cut, so 1.09999 never reads as 1.1. */
const names: Readonly<Record<string, (context: Context) => string>> = {
  owner: ({ assessment }) => assessment.owner,
  account: ({ assessment }) => assessment.id.slice(assessment.id.lastIndexOf(':') + 1),
  label: ({ assessment, label }) => label ?? assessment.owner,
  id: ({ assessment }) => assessment.id,
  chainId: ({ assessment }) => String(assessment.chainId),
  protocol: ({ assessment }) => assessment.protocol,
  deployment: ({ assessment }) => assessment.deployment,
  market: ({ assessment }) => assessment.market,
  block: ({ assessment }) => assessment.block.number.toString(),
  healthFactor: ({ assessment }) =>
    assessment.kind === 'assessed' ? formatWad(assessment.healthFactor) : 'unknown',
  nextHealthFactor: ({ assessment }) =>
    assessment.kind === 'assessed' && assessment.next ? formatWad(assessment.next.healthFactor) : 'unknown',
  debtInFront: ({ assessment }) => {
    if (assessment.kind !== 'assessed' || typeof assessment.debtInFront !== 'bigint') return 'unknown'
    const [leg] = assessment.debt
    return leg ? `${formatFixed(assessment.debtInFront, leg.decimals, 2)} ${leg.symbol}` : 'unknown'
  },
  collateral: ({ assessment }) =>
    assessment.kind === 'assessed' ? value(assessment.collateralValue, assessment.quote) : 'unknown',
  debt: ({ assessment }) =>
    assessment.kind === 'assessed' ? value(assessment.debtValue, assessment.quote) : 'unknown',
  phase: ({ assessment }) => (assessment.kind === 'assessed' ? assessment.phase : 'unknown'),
  reason: ({ assessment }) => (assessment.kind === 'unassessable' ? assessment.reason : ''),
  detail: ({ assessment }) => (assessment.kind === 'unassessable' ? assessment.detail : ''),
}

/** Compiles a text with `{{ name }}` places; throws `TemplateError` for a name that is not known. */
export const compileTemplate = (text: string): ((context: Context) => string) => {
  const parts = text.split(/\{\{\s*([A-Za-z]+)\s*\}\}/)
  for (const [index, part] of parts.entries())
    if (index % 2 === 1 && !Object.hasOwn(names, part))
      throw new TemplateError(text, part, Object.keys(names))
  return (context) =>
    parts.map((part, index) => (index % 2 === 1 ? (names[part]?.(context) ?? '') : part)).join('')
}
