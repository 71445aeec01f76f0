import type { Assessment } from '../model/assessment.ts'
import { leverageOf } from '../risk/leverage.ts'
import { WAD } from '../units/brands.ts'
import { parseDecimal } from '../units/decimal.ts'
import { mulDivDown } from '../units/mul-div.ts'

/** Numbers are wads, so that every literal of a rule is exact. `undefined` is not known. */
export type FieldValue = bigint | boolean | string | undefined

export type FieldType = 'number' | 'boolean' | 'string'

type Field = { readonly type: FieldType; of(assessment: Assessment): FieldValue }

const number = (of: (health: Extract<Assessment, { kind: 'assessed' }>) => bigint | undefined): Field => ({
  type: 'number',
  of: (assessment) => (assessment.kind === 'assessed' ? of(assessment) : undefined),
})

const usd = (text: string | undefined): bigint | undefined =>
  text === undefined ? undefined : parseDecimal(text, 18)

/** What rules can speak of. Of a loan that could not be assessed only `kind` and `reason` are known. */
export const fields: Readonly<Record<string, Field>> = {
  healthFactor: number(({ healthFactor }) => healthFactor),
  refreshedHealthFactor: number(({ refreshed }) => refreshed?.healthFactor),
  nextHealthFactor: number(({ next }) => next?.healthFactor),
  debtInFront: number(({ debtInFront, debt: [leg] }) =>
    leg && typeof debtInFront === 'bigint'
      ? mulDivDown(debtInFront, WAD, 10n ** BigInt(leg.decimals))
      : undefined,
  ),
  leverage: number(({ collateralValue, debtValue }) => leverageOf(collateralValue, debtValue)),
  collateralUsd: number((health) => usd(health.usd?.collateral)),
  debtUsd: number((health) => usd(health.usd?.debt)),
  isLiquidatable: {
    type: 'boolean',
    of: (assessment) => (assessment.kind === 'assessed' ? assessment.isLiquidatable : undefined),
  },
  isExecutable: {
    type: 'boolean',
    of: (assessment) => (assessment.kind === 'assessed' ? assessment.isExecutable : undefined),
  },
  phase: {
    type: 'string',
    of: (assessment) => (assessment.kind === 'assessed' ? assessment.phase : undefined),
  },
  kind: { type: 'string', of: ({ kind }) => kind },
  reason: {
    type: 'string',
    of: (assessment) => (assessment.kind === 'unassessable' ? assessment.reason : ''),
  },
}
