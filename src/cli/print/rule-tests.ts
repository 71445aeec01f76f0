import colors from 'picocolors'
import type { FieldValue } from '../../alerts/fields.ts'
import { stepsOf } from '../../alerts/rule-test-play.ts'
import type { Failure, RuleTest, RuleTestResult } from '../../alerts/rule-tests.ts'
import type { RuleTestFile } from '../../app/rule-test-file.ts'
import { wadToDecimal } from '../../units/format.ts'
import { plain } from '../../units/plain.ts'

/** Steps that are shown before and behind the one where something did not come as expected. */
const STEPS_AROUND = 3

const valueText = (value: FieldValue): string => {
  if (value === undefined) return '_'
  if (typeof value !== 'bigint') return String(value)
  return value < 0n ? `-${wadToDecimal(-value)}` : wadToDecimal(value)
}

const becameText = (became: RuleTestResult['timeline'][number]['became']): string =>
  became === 'firing' ? colors.red(became) : became === 'resolved' ? colors.green(became) : became

/** Values, transitions and messages at the steps around a time. */
const aroundLines = (
  { series, intervalSeconds }: RuleTest,
  { timeline, sent, unsent }: RuleTestResult,
  atSeconds: number,
): readonly string[] => {
  const at = Math.round(atSeconds / intervalSeconds)
  const first = Math.max(0, at - STEPS_AROUND)
  const last = Math.min(stepsOf(series) - 1, at + STEPS_AROUND)
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const step = first + index
    const seconds = step * intervalSeconds
    const values = Object.entries(series).map(
      ([field, all]) => `${field} ${valueText(all.length === 1 ? all[0] : all[step])}`,
    )
    const events = [
      ...timeline
        .filter((event) => event.atSeconds === seconds)
        .map(({ alert, became }) => `${plain(alert)} ${becameText(became)}`),
      ...sent
        .filter((one) => one.atSeconds === seconds)
        .map(({ alert, status, reason }) =>
          colors.dim(`sent ${plain(alert)} ${reason === 'fired' ? status : reason}`),
        ),
      ...unsent
        .filter((one) => one.atSeconds === seconds)
        .map(({ alert, reason }) => colors.dim(`not sent ${plain(alert)} (${reason})`)),
    ]
    const mark = step === at ? '→' : ' '
    return `      ${mark} ${`${seconds}s`.padStart(6)}  ${[values.join(', '), ...events].join('  ')}`
  })
}

const failureLines = (
  place: string,
  { atSeconds, alert, expected, actual }: Failure,
  test: RuleTest,
  result: RuleTestResult,
): readonly string[] => [
  `    ${place}  at ${atSeconds}s ${plain(alert)}: expected ${colors.green(expected)}, was ${colors.red(actual)}`,
  ...aroundLines(test, result, atSeconds),
]

/** A test in one line; where it failed, what did not come as expected, and what came around it. */
export const ruleTestLines = (
  file: string,
  { tests, lineOf }: RuleTestFile,
  index: number,
  result: RuleTestResult,
): readonly string[] => {
  const test = tests[index]
  if (!test) return []
  const isPassed = result.failures.length === 0
  return [
    `${isPassed ? colors.green('pass') : colors.red('FAIL')}  ${plain(test.name)}`,
    ...result.failures.flatMap((failure) =>
      failureLines(`${file}:${lineOf(index, failure)}`, failure, test, result),
    ),
  ]
}
