import { type Health, PHASES } from '../model/assessment.ts'
import { UNASSESSABLE_REASONS } from '../model/market.ts'
import { leverageOf } from '../risk/leverage.ts'
import type { Risk } from '../risk/risk.ts'
import { PPM, UINT256_MAX, WAD } from '../units/brands.ts'
import { parseDecimal } from '../units/decimal.ts'
import { mulDivDown } from '../units/mul-div.ts'
import { riskIn, type Subject } from './subject.ts'

/** Numbers are wads, so that every literal of a rule is exact. `undefined` is not known. */
export type FieldValue = bigint | boolean | string | undefined

export type FieldType = 'number' | 'boolean' | 'string'

/**
 * `seconds`: numbers may be written as spans of time. `event`: true of one cycle only. `knowledge`: says what is known, not
 * what is on the chain.
 */
type Field = {
  readonly type: FieldType
  readonly kind?: 'seconds' | 'event' | 'knowledge'
  /** All that a word can be. */
  readonly values?: readonly string[]
  /** Never above 0. */
  readonly isFall?: true
  of(subject: Subject): FieldValue
}

const healthIn = ({ assessment }: Subject): Health | undefined =>
  assessment?.kind === 'assessed' ? assessment : undefined

const number = (of: (health: Health) => bigint | undefined): Field => ({
  type: 'number',
  of: (subject) => {
    const health = healthIn(subject)
    return health && of(health)
  },
})

const ofHealth = (
  type: FieldType,
  of: (health: Health) => FieldValue,
  more: Pick<Field, 'values'> = {},
): Field => ({
  type,
  ...more,
  of: (subject) => {
    const health = healthIn(subject)
    return health && of(health)
  },
})

const usd = (text: string | undefined): bigint | undefined =>
  text === undefined ? undefined : parseDecimal(text, 18)

/** Where no fall is enough: all of it. */
const NO_SHOCK = -WAD

/** A signed share as a wad: −0.23 where a fall of 23 % liquidates, 0 where nothing is needed any more. */
const shockIn = ({ shock }: Risk): bigint => (shock ? shock.changePpm * (WAD / PPM) : NO_SHOCK)

/** Seconds as a wad; never is later than every time. Where rates are taken from the contract's word, that no time was found says nothing. */
const timeIn = ({ secondsToLiquidation }: Risk, { fidelity, phase }: Health): bigint | undefined => {
  if (secondsToLiquidation !== null) return BigInt(secondsToLiquidation) * WAD
  return fidelity === 'exact' || phase === 'no-debt' ? UINT256_MAX : undefined
}

const debtInFront = ({ debtInFront: ahead, debt: [leg] }: Health): bigint | undefined =>
  leg && typeof ahead === 'bigint' ? mulDivDown(ahead, WAD, 10n ** BigInt(leg.decimals)) : undefined

/** What rules can speak of. Of a loan that could not be assessed only `kind`, `reason` and what happened to it are known. */
export const fields: Readonly<Record<string, Field>> = {
  healthFactor: number(({ healthFactor }) => healthFactor),
  refreshedHealthFactor: number(({ refreshed }) => refreshed?.healthFactor),
  nextHealthFactor: number(({ next }) => next?.healthFactor),
  debtInFront: number(debtInFront),
  leverage: number(({ collateralValue, debtValue }) => leverageOf(collateralValue, debtValue)),
  collateralUsd: number((health) => usd(health.usd?.collateral)),
  debtUsd: number((health) => usd(health.usd?.debt)),
  shock: {
    type: 'number',
    isFall: true,
    of: (subject) => {
      const risk = riskIn(subject)
      return risk && shockIn(risk)
    },
  },
  secondsToLiquidation: {
    type: 'number',
    kind: 'seconds',
    of: (subject) => {
      const [risk, health] = [riskIn(subject), healthIn(subject)]
      return risk && health && timeIn(risk, health)
    },
  },
  isLiquidatable: ofHealth('boolean', ({ isLiquidatable }) => isLiquidatable),
  isExecutable: ofHealth('boolean', ({ isExecutable }) => isExecutable),
  phase: ofHealth('string', ({ phase }) => phase, { values: PHASES }),
  kind: {
    type: 'string',
    kind: 'knowledge',
    values: ['assessed', 'unassessable'],
    of: ({ assessment }) => assessment?.kind,
  },
  reason: {
    type: 'string',
    kind: 'knowledge',
    values: UNASSESSABLE_REASONS,
    of: ({ assessment }) => (assessment?.kind === 'assessed' ? '' : assessment?.reason),
  },
  liquidated: {
    type: 'boolean',
    kind: 'event',
    of: ({ liquidations }) => liquidations && liquidations.length > 0,
  },
  parametersChanged: { type: 'boolean', kind: 'event', of: ({ changes }) => changes && changes.length > 0 },
}
