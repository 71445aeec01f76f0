// Rules on a literal series: what is known at each step in, what alerts become out.
import { type AlertChange, createEngine, type Engine } from '../../src/alerts/engine.ts'
import type { Alert, AlertRule } from '../../src/model/alert.ts'
import type { Liquidation } from '../../src/model/liquidation.ts'
import type { ParameterChange } from '../../src/model/parameter.ts'
import type { CycleNews } from '../../src/monitor/judge.ts'
import { assessmentOwner, at } from './assessments.ts'

/** A rule with room between its beginning and its end. */
export const nearRule: AlertRule = {
  name: 'Near',
  severity: 'warning',
  scope: 'watched',
  when: 'healthFactor < 1.10',
  until: 'healthFactor > 1.15',
  forSeconds: 0,
  keepFiringForSeconds: 0,
  match: {},
  labels: {},
  annotations: { summary: 'at {{ healthFactor }}' },
}

/** Health in hundredths at a block, whose number is its time; undefined is unknown, `gone` a loan that is not there any more. */
export type Moment = {
  readonly block: number
  readonly health: number | undefined | 'gone'
  /** Set after a reorg: the newest block that still stands. */
  readonly kept?: number
  readonly isLiquidated?: boolean
  readonly change?: Partial<ParameterChange>
  /** Nothing could be read at all. */
  readonly isOutage?: boolean
}

const LOAN = at(100, 0).id

export const engineFor = (...rules: readonly AlertRule[]): Engine =>
  createEngine({
    rules,
    watches: [{ account: assessmentOwner, label: 'treasury', receivers: ['me'] }],
    receivers: ['me'],
  })

const newsOf = ({ kept, isLiquidated, change }: Moment): CycleNews => ({
  keptUntil: kept === undefined ? undefined : BigInt(kept),
  liquidations: isLiquidated
    ? [{ position: LOAN, owner: assessmentOwner, transactionHash: '0x02' } as unknown as Liquidation]
    : [],
  parameterChanges: change
    ? [
        {
          name: 'liquidationThreshold',
          asset: null,
          market: '1:aave-v3:core:pool',
          before: 8_000n,
          after: 7_500n,
          unit: 'bps',
          effect: { watched: [] },
          ...change,
        } as never,
      ]
    : [],
  riskOf: () => undefined,
})

/** Steps moments, one after the other; `open` are the alerts afterwards, over or not. */
export const createTimeline = (open = new Map<string, Alert>()) => ({
  open,
  /** Answers what changed, as `block status`. */
  play: (engine: Engine, moments: readonly Moment[]) => {
    const changes: AlertChange[] = []
    const said: string[] = []
    for (const moment of moments) {
      const { health, block } = moment
      const assessment = at(health === 'gone' ? 0 : health, block)
      const output = engine.step(open, {
        block: assessment.block,
        assessments: health === 'gone' ? [] : [assessment],
        closed: health === 'gone' ? [LOAN] : [],
        signals: [],
        news: moment.isOutage ? undefined : newsOf(moment),
      })
      for (const alert of output.alerts) open.set(alert.fingerprint, alert)
      for (const fingerprint of output.cancelled) open.delete(fingerprint)
      changes.push(...output.changes)
      said.push(...output.changes.map(({ status }) => `${block} ${status}`))
    }
    return { said, changes }
  },
})

/** What one rule says of a series. */
export const saidBy = (rule: AlertRule, moments: readonly Moment[]): readonly string[] =>
  createTimeline().play(engineFor(rule), moments).said
