// A spiral of liquidations, for people.
import colors from 'picocolors'
import type { CascadeRun, Round } from '../../risk/cascade.ts'
import { badDebtOf, type CascadeReport, type Sensitivity } from '../../risk/cascade-report.ts'
import { formatPpm } from '../../units/format.ts'
import { dollarText } from './dollars.ts'
import { plain } from './output.ts'
import { bar } from './plot.ts'
import { table } from './table.ts'

const ROUNDS_SHOWN = 15
const BAR_WIDTH = 20
const ONLY_SHOWN = 5

const right = (head: string) => ({ head, align: 'right' }) as const

const leftTexts = (left: CascadeRun['left']): readonly string[] =>
  left.map(({ part }) => formatPpm(BigInt(Math.round((part - 1) * 1e6))))

const roundTable = (rounds: readonly Round[]): string => {
  const most = Math.max(...rounds.map(({ repaidUsd }) => repaidUsd))
  return table(
    [
      right('round'),
      { head: 'step' },
      right('liquidations'),
      right('repaid'),
      right('sold'),
      right('written off'),
      ...(rounds[0]?.left ?? []).map(({ venue }) => right(`${plain(venue)} by sales`)),
      { head: '' },
    ],
    rounds
      .slice(0, ROUNDS_SHOWN)
      .map(({ step, liquidations, repaidUsd, seizedUsd, badDebtUsd, left }, index) => [
        String(index + 1),
        plain(step),
        String(liquidations),
        dollarText(repaidUsd),
        dollarText(seizedUsd),
        dollarText(badDebtUsd),
        ...leftTexts(left),
        bar(most > 0 ? repaidUsd / most : 0, BAR_WIDTH),
      ]),
  )
}

const runRow = (name: string, run: CascadeRun): readonly string[] => [
  name,
  String(run.liquidatedIds.size),
  String(run.liquidations),
  dollarText(run.repaidUsd),
  dollarText(run.seizedUsd),
  dollarText(run.badDebtUsd),
  `${run.outstanding.count} owing ${dollarText(run.outstanding.debtUsd)}`,
  dollarText(badDebtOf(run)),
]

const amplificationText = (amplification: number | null): string =>
  amplification === null ? '–' : `×${amplification.toFixed(3)}`

const sensitivityTable = (rows: readonly Sensitivity[]): string =>
  table(
    [
      right('depth'),
      right('liquidations'),
      right('repaid'),
      right('bad debt'),
      right('amplification'),
      ...(rows[0]?.left ?? []).map(({ venue }) => right(`${plain(venue)} by sales`)),
    ],
    rows.map(({ factor, liquidations, repaidUsd, badDebtUsd, amplification, left }) => [
      `×${factor}`,
      String(liquidations),
      dollarText(repaidUsd),
      dollarText(badDebtUsd),
      amplificationText(amplification),
      ...leftTexts(left),
    ]),
  )

/** Rounds of the spiral, the same without feedback, and what other depths make of it. */
export const cascadeLines = (report: CascadeReport): readonly string[] => {
  const { spiral, still, amplification, onlyBySpiral, sensitivity } = report
  if (spiral.liquidations === 0) return ['', colors.green('nothing is liquidated: there is no cascade')]
  const more = spiral.rounds.length - ROUNDS_SHOWN
  return [
    '',
    `${colors.bold('cascade')}  ${spiral.rounds.length} rounds${spiral.isAtRest ? '' : colors.red(', cut off before it came to rest')}, amplification ${amplificationText(amplification)}`,
    roundTable(spiral.rounds),
    ...(more > 0 ? [colors.dim(`  ${more} more rounds; see --json`)] : []),
    '',
    table(
      [
        { head: '' },
        right('loans'),
        right('liquidations'),
        right('repaid'),
        right('sold'),
        right('written off'),
        right('left liquidatable'),
        right('bad debt'),
      ],
      [runRow('with feedback', spiral), runRow('without', still)],
    ),
    ...(onlyBySpiral.length > 0
      ? [
          '',
          `${onlyBySpiral.length} loans fall only because of the spiral: ${onlyBySpiral.slice(0, ONLY_SHOWN).map(plain).join(', ')}${onlyBySpiral.length > ONLY_SHOWN ? ', …' : ''}`,
        ]
      : []),
    ...(spiral.boundless.length > 0
      ? [
          colors.yellow(
            `sold without a stated depth, at no loss of price: ${spiral.boundless.map(({ symbol, dollars }) => `${plain(symbol)} ${dollarText(dollars)}`).join(', ')}`,
          ),
        ]
      : []),
    '',
    sensitivityTable(sensitivity),
  ]
}
