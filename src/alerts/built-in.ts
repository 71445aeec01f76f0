import type { AlertRule } from '../model/alert.ts'

const shared = { scope: 'watched', forSeconds: 0, keepFiringForSeconds: 0, match: {}, labels: {} } as const

/** Rules that suit a borrower unchanged; used where the configuration has none of its own. */
export const builtInRules: readonly AlertRule[] = [
  {
    ...shared,
    name: 'NearLiquidation',
    severity: 'warning',
    when: 'healthFactor < 1.10',
    until: 'healthFactor > 1.15',
    annotations: {
      summary:
        '{{ label }}: {{ protocol }} loan at health {{ healthFactor }} (collateral {{ collateral }}, debt {{ debt }})',
    },
  },
  {
    ...shared,
    name: 'CloseToLiquidation',
    severity: 'critical',
    when: 'healthFactor < 1.03',
    until: 'healthFactor > 1.06',
    annotations: {
      summary:
        '{{ label }}: {{ protocol }} loan at health {{ healthFactor }} (collateral {{ collateral }}, debt {{ debt }})',
    },
  },
  {
    ...shared,
    name: 'Liquidatable',
    severity: 'critical',
    when: 'isLiquidatable == true',
    annotations: {
      summary: '{{ label }}: {{ protocol }} loan is {{ phase }} at health {{ healthFactor }}',
    },
  },
  {
    ...shared,
    name: 'NextPriceLiquidates',
    severity: 'critical',
    when: 'nextHealthFactor < 1',
    annotations: {
      summary:
        '{{ label }}: the next price brings the {{ protocol }} loan to health {{ nextHealthFactor }} (now {{ healthFactor }})',
    },
  },
  {
    ...shared,
    name: 'RedemptionNear',
    severity: 'warning',
    when: 'debtInFront < 100000',
    until: 'debtInFront > 150000',
    annotations: {
      summary:
        '{{ label }}: redemptions of {{ debtInFront }} reach the {{ protocol }} loan; a higher rate or ratio moves it back',
    },
  },
  {
    ...shared,
    name: 'Unassessable',
    severity: 'critical',
    when: 'kind == "unassessable"',
    annotations: {
      summary: '{{ label }}: health of the {{ protocol }} loan is {{ healthFactor }} {{ detail }}',
    },
  },
]
