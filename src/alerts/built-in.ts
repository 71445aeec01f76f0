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
    name: 'Unassessable',
    severity: 'critical',
    when: 'kind == "unassessable"',
    annotations: {
      summary: '{{ label }}: health of the {{ protocol }} loan is {{ healthFactor }} {{ detail }}',
    },
  },
]
