import type { AlertRule } from '../model/alert.ts'

const shared = { scope: 'watched', forSeconds: 0, keepFiringForSeconds: 0, match: {}, labels: {} } as const

/** How near it is, and what to do about it. */
const near = {
  summary: '{{ headline }}',
  repair: '{{ repair }}',
  nearest: '{{ nearest }}',
  byInterestAlone: '{{ timeToLiquidation }}',
} as const

/** Rules that suit a borrower unchanged; used where the configuration has none of its own. */
export const builtInRules: readonly AlertRule[] = [
  {
    ...shared,
    name: 'NearLiquidation',
    severity: 'warning',
    when: 'healthFactor < 1.10',
    until: 'healthFactor > 1.15',
    annotations: near,
  },
  {
    ...shared,
    name: 'CloseToLiquidation',
    severity: 'critical',
    when: 'healthFactor < 1.03',
    until: 'healthFactor > 1.06',
    annotations: near,
  },
  {
    ...shared,
    name: 'Liquidatable',
    severity: 'critical',
    when: 'isLiquidatable == true',
    annotations: { summary: '{{ headline }}', repair: '{{ repair }}' },
  },
  {
    ...shared,
    name: 'Liquidated',
    severity: 'critical',
    when: 'liquidated == true',
    annotations: {
      summary: '{{ loan }} was liquidated: {{ liquidation }} (health now {{ healthFactor }})',
      repair: '{{ repair }}',
    },
  },
  {
    ...shared,
    name: 'ParametersChanged',
    severity: 'info',
    when: 'parametersChanged == true',
    annotations: { summary: '{{ loan }}: {{ changes }} (health now {{ healthFactor }})' },
  },
  {
    ...shared,
    name: 'NextPriceLiquidates',
    severity: 'critical',
    when: 'nextHealthFactor < 1',
    annotations: {
      summary:
        '{{ loan }}: the next price brings it to health {{ nextHealthFactor }} (now {{ healthFactor }})',
      repair: '{{ repair }}',
    },
  },
  {
    ...shared,
    name: 'RedemptionNear',
    severity: 'warning',
    when: 'debtInFront < 100000',
    until: 'debtInFront > 150000',
    annotations: {
      summary: '{{ loan }}: redemptions of {{ debtInFront }} reach it; a higher rate or ratio moves it back',
    },
  },
  {
    ...shared,
    name: 'Unassessable',
    severity: 'critical',
    when: 'kind == "unassessable"',
    forSeconds: 120,
    annotations: { summary: '{{ headline }}' },
  },
]
