// How many rules on how many positions are judged in a second, assessments given.
import type { Address } from 'viem'
import { createEngine } from '../../src/alerts/engine.ts'
import type { Alert, AlertRule } from '../../src/model/alert.ts'
import type { Health } from '../../src/model/assessment.ts'
import { spread } from './measure.ts'
import type { Report } from './report.ts'

const RULES = 10
const ROUNDS = 15
const WARM_UP_ROUNDS = 3
const HEALTHS = 1_000n

/** Thresholds from 1.01 to 1.10, so that about one position in twenty has alerts. */
const rules = Array.from(
  { length: RULES },
  (_, index): AlertRule => ({
    name: `Rule${index}`,
    severity: 'warning',
    scope: 'book',
    when: `healthFactor < ${(1.01 + index / 100).toFixed(2)} and debtUsd > 100`,
    until: `healthFactor > ${(1.02 + index / 100).toFixed(2)}`,
    forSeconds: 0,
    keepFiringForSeconds: 0,
    match: {},
    labels: {},
    annotations: { summary: '{{ headline }}' },
  }),
)

/** Healths spread evenly from 1 to 3. */
const healthAt = (index: number): Health => {
  const owner = `0x${index.toString(16).padStart(40, '0')}` as Address
  const healthFactor = 10n ** 18n + ((BigInt(index) % HEALTHS) * 2n * 10n ** 18n) / HEALTHS
  return {
    kind: 'assessed',
    ...{ id: `1:aave-v3:core:pool:${owner}`, owner, chainId: 1 },
    ...{ protocol: 'aave-v3', deployment: 'core', market: 'pool' },
    block: { chainId: 1, number: 1n, hash: '0x01', timestamp: 1 },
    ...{ revision: '3.0', revisionRaw: '1', fidelity: 'exact', quote: { symbol: 'USD', decimals: 8 } },
    ...{ collateral: [], debt: [], collateralValue: 2_000n * 10n ** 8n, debtValue: 1_000n * 10n ** 8n },
    ...{ liquidationValue: 1_000n * 10n ** 8n, healthFactor, isLiquidatable: false, isExecutable: false },
    ...{ phase: 'healthy', blockedBy: [], usd: { collateral: '2000.00', debt: '1000.00', source: 'quote' } },
  }
}

/** The judge alone: a first cycle in which alerts begin to fire, and cycles in which nothing changes. */
export const benchAlerts = async (positions: number): Promise<Report> => {
  const engine = createEngine({ rules, watches: [], receivers: ['me'] })
  const assessments = Array.from({ length: positions }, (_, index) => healthAt(index))
  const [{ block }] = assessments as [Health]
  const input = { block, assessments, closed: [], signals: [] }
  const open = new Map<string, Alert>()
  const round = () => {
    const started = performance.now()
    const output = engine.step(open, input)
    return { ms: performance.now() - started, output }
  }
  const first = round()
  for (const alert of first.output.alerts) open.set(alert.fingerprint, alert)
  const rounds = Array.from({ length: WARM_UP_ROUNDS + ROUNDS }, () => round().ms).slice(WARM_UP_ROUNDS)
  const { median, p95 } = spread(rounds)
  const cases = RULES * positions
  const rate = (ms: number): number => Math.round((cases * 1_000) / ms)
  return {
    name: 'alerts',
    title: `${RULES} book-wide rules on ${positions} positions, assessments given, ${ROUNDS} rounds, warm`,
    columns: ['cycle', 'alerts that fire', 'ms', 'ms p95', 'rules × positions/s'],
    rows: [
      ['all alerts begin', open.size, first.ms, first.ms, rate(first.ms)],
      ['nothing changes', open.size, median, p95, rate(median)],
    ],
  }
}
