// What a scenario does, for programs: rounded dollars are strings to the cent.
import type { CascadeRun } from '../risk/cascade.ts'
import type { CascadeReport } from '../risk/cascade-report.ts'
import type { KeptRates } from '../risk/stress-rates.ts'
import type { Sum } from '../risk/stress-sums.ts'
import { dollarJson } from './dollar-json.ts'
import type { StepReport, StressReport } from './stress.ts'

const sumJson = ({ count, debtUsd, collateralUsd, badDebtUsd }: Sum) => ({
  count,
  debtUsd: dollarJson(debtUsd),
  collateralUsd: dollarJson(collateralUsd),
  badDebtUsd: dollarJson(badDebtUsd),
})

const keptJson = ({ debtUsd, ...kept }: KeptRates) => ({ ...kept, debtUsd: dollarJson(debtUsd) })

const stepJson = ({ step, moved, stress }: StepReport) => {
  const { before, newly, after, all, markets, assets, newlyIds, badDebtAtMarketUsd, keptRates, ...rest } =
    stress
  return {
    ...{ name: step.name, seconds: step.seconds, frozen: step.frozen, moved },
    ...(step.rates && step.rates.length > 0 ? { rates: step.rates, keptRates: keptRates.map(keptJson) } : {}),
    ...{ all: sumJson(all), before: sumJson(before), newly: sumJson(newly), after: sumJson(after) },
    markets: markets.map(({ id, label, ...sums }) => ({
      ...id,
      label,
      ...{ all: sumJson(sums.all), newly: sumJson(sums.newly), after: sumJson(sums.after) },
    })),
    assets: assets.map(({ asset, symbol, collateralUsd, debtUsd }) => ({
      ...{ asset, symbol, collateralUsd: dollarJson(collateralUsd), debtUsd: dollarJson(debtUsd) },
    })),
    ...(badDebtAtMarketUsd === null ? {} : { badDebtAtMarketUsd: dollarJson(badDebtAtMarketUsd) }),
    ...rest,
    newlyLiquidatable: [...newlyIds],
  }
}

const runJson = ({ rounds, liquidatedIds, outstanding, sold, boundless, ...run }: CascadeRun) => ({
  isAtRest: run.isAtRest,
  liquidations: run.liquidations,
  liquidated: [...liquidatedIds],
  repaidUsd: dollarJson(run.repaidUsd),
  seizedUsd: dollarJson(run.seizedUsd),
  badDebtUsd: dollarJson(run.badDebtUsd),
  outstanding: sumJson(outstanding),
  left: run.left,
  sold: sold.map(({ venue, dollars }) => ({ venue, usd: dollarJson(dollars) })),
  withoutDepth: boundless.map(({ symbol, dollars }) => ({ symbol, usd: dollarJson(dollars) })),
  rounds: rounds.map(({ repaidUsd, seizedUsd, badDebtUsd, ...round }) => ({
    ...round,
    repaidUsd: dollarJson(repaidUsd),
    seizedUsd: dollarJson(seizedUsd),
    badDebtUsd: dollarJson(badDebtUsd),
  })),
})

const cascadeJson = ({ spiral, still, amplification, onlyBySpiral, sensitivity }: CascadeReport) => ({
  ...{ amplification, onlyBySpiral },
  withFeedback: runJson(spiral),
  withoutFeedback: runJson(still),
  sensitivity: sensitivity.map(({ repaidUsd, badDebtUsd, ...row }) => ({
    ...row,
    ...{ repaidUsd: dollarJson(repaidUsd), badDebtUsd: dollarJson(badDebtUsd) },
  })),
})

/** The whole report as one document. */
export const stressJson = (report: StressReport) => ({
  block: report.blocks[0] ?? null,
  blocks: report.blocks,
  scenario: report.scenario.name,
  ...(report.scenario.source ? { source: report.scenario.source } : {}),
  steps: report.steps.map(stepJson),
  everNewlyLiquidatable: report.everNewly,
  ...{ unmoved: report.unmoved, leftOut: report.leftOut },
  curves: report.curves.map(({ name, symbols, depths }) => ({
    ...{ name, symbols },
    depths: depths.map(({ changePpm, liquidatable }) => ({ changePpm, ...sumJson(liquidatable) })),
  })),
  ...(report.cascade ? { cascade: cascadeJson(report.cascade) } : {}),
})
