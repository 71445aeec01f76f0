// `stress`: what if.
import colors from 'picocolors'
import { loadPath, loadScenario } from '../../app/scenario-file.ts'
import { type StressReport, stressStored } from '../../app/stress.ts'
import { stressJson } from '../../app/stress-json.ts'
import {
  type Depth,
  type Parsed,
  parseDepth,
  parseRateJump,
  parseShock,
  repeatedIn,
  type Scenario,
} from '../../risk/scenario.ts'
import { crashDays } from '../../risk/scenario-days.ts'
import { type SharedOptions, UsageError, withStore } from '../context.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { durationArgument, wholeArgument } from '../parse.ts'
import { cascadeLines } from '../print/cascade.ts'
import { dollarText } from '../print/dollars.ts'
import { print, printJson } from '../print/output.ts'
import { createProgress } from '../print/progress.ts'
import { caveats, curveLines, stepLines, stepTable, worstOf } from '../print/stress.ts'

type StressOptions = SharedOptions & {
  readonly shock?: readonly string[]
  readonly frozen?: readonly string[]
  readonly scenario?: string
  readonly path?: string
  readonly rate?: readonly string[]
  readonly time?: string
  readonly cascade?: boolean
  readonly depth?: readonly string[]
  readonly curve?: boolean
  readonly top?: string
}

/** All values, or every fault of the option at once. */
const parsedAll = <T>(
  name: string,
  texts: readonly string[],
  parse: (text: string) => Parsed<T>,
): readonly T[] => {
  const all = texts.map(parse)
  const faults = all.flatMap((one) => ('fault' in one ? [one.fault] : []))
  if (faults.length > 0)
    throw new UsageError(faults.map((fault) => `${name}: ${fault}`).join('\n'), {
      remedy: 'See "plimsoll stress --help".',
    })
  return all.flatMap((one) => ('value' in one ? [one.value] : []))
}

const onceEach = (name: string, subjects: readonly string[]): void => {
  const repeated = repeatedIn(subjects)
  if (repeated.length > 0)
    throw new UsageError(`${name} names ${repeated.join(', ')} more than once`, {
      remedy: 'Give each one once.',
    })
}

/** One step, out of options. */
const givenScenario = ({ shock = [], frozen = [], rate = [], time }: StressOptions): Scenario => {
  const shocks = parsedAll('--shock', shock, parseShock)
  onceEach(
    '--shock',
    shocks.map(({ subject }) => subject),
  )
  const rates = parsedAll('--rate', rate, parseRateJump)
  onceEach(
    '--rate',
    rates.map(({ subject }) => subject),
  )
  const seconds = time === undefined ? 0 : durationArgument('--time', time)
  if (rates.length > 0 && seconds === 0)
    throw new UsageError('--rate is given without --time, and a rate does nothing in no time', {
      remedy: 'Add the time that it lasts, such as --time 30d.',
    })
  return { name: 'as given', steps: [{ name: 'as given', shocks, frozen, seconds, rates }] }
}

/** Which scenario the options mean, and whether it is one of ours. */
const scenarioOf = (options: StressOptions): { readonly scenario: Scenario; readonly isBuiltIn: boolean } => {
  const { scenario, path, shock, frozen, rate, time, curve } = options
  const ownWords = [shock, frozen, rate, time].some((one) => one !== undefined)
  if ([scenario !== undefined, path !== undefined, ownWords].filter(Boolean).length > 1)
    throw new UsageError('a scenario is named, and something else besides', {
      remedy: 'Give --scenario, or --path, or --shock, --frozen, --rate and --time.',
    })
  if (path !== undefined) return { scenario: loadPath(path), isBuiltIn: false }
  if (scenario !== undefined) {
    const day = crashDays.find(({ name }) => name === scenario)
    return day ? { scenario: day, isBuiltIn: true } : { scenario: loadScenario(scenario), isBuiltIn: false }
  }
  if (!ownWords && !curve)
    throw new UsageError('nothing is to happen', {
      remedy: 'Give --shock WETH=-30%, --time 30d, --scenario 2022-06-13, --path FILE or --curve.',
    })
  return { scenario: givenScenario(options), isBuiltIn: false }
}

const depthsOf = ({ cascade, depth = [] }: StressOptions): readonly Depth[] | undefined => {
  if (!cascade && depth.length > 0)
    throw new UsageError('--depth is given without --cascade', { remedy: 'Add --cascade.' })
  if (!cascade) return undefined
  if (depth.length === 0)
    throw new UsageError('--cascade needs the depth of a market to sell into', {
      remedy: 'Give --depth WETH=5m: US dollars that move its price by 2 %.',
    })
  const depths = parsedAll('--depth', depth, parseDepth)
  onceEach(
    '--depth',
    depths.map(({ subject }) => subject),
  )
  return depths
}

const listScenarios = (json: boolean): ExitCode => {
  if (json) printJson({ scenarios: crashDays })
  else
    print(
      ...crashDays.map(
        ({ name, steps, source }) =>
          `${name}  ${steps.map((step) => `${step.name}: ${step.shocks.map(({ subject, changePpm }) => `${subject} ${(Number(changePpm) / 1e4).toFixed(2)} %`).join(', ')}`).join(' · ')}  ${colors.dim(source ?? '')}`,
      ),
    )
  return EXIT.fine
}

const printReport = (report: StressReport, limit: number): void => {
  const { blocks, scenario, steps, everNewly, curves, cascade } = report
  const worst = worstOf(steps)
  const all = worst?.stress.all
  print(
    ...blocks.map(({ chainId, number }) => colors.dim(`chain ${chainId} at block ${number}`)),
    `${all?.count ?? 0} loans owing ${dollarText(all?.debtUsd ?? 0)} USD against ${dollarText(all?.collateralUsd ?? 0)}, ${worst?.stress.before.count ?? 0} of them liquidatable before`,
    `${colors.bold(scenario.name)}${scenario.source ? colors.dim(`  ${scenario.source}`) : ''}`,
    stepTable(steps),
    ...(steps.length > 1 ? [`${everNewly} loans are newly liquidatable at one step at least`] : []),
    ...(worst ? stepLines(worst, limit) : []),
    ...curveLines(curves),
    ...(cascade ? cascadeLines(cascade) : []),
    '',
    ...caveats(report),
  )
}

/** `stress`: a scenario over all loans in the store; exit 1 where it makes one liquidatable that was not. */
export const stress = (_args: readonly string[], options: StressOptions): ExitCode => {
  const isJson = options.json !== undefined
  if (options.scenario === 'list') return listScenarios(isJson)
  const limit = wholeArgument('--top', options.top ?? '10')
  const { scenario, isBuiltIn } = scenarioOf(options)
  const depths = depthsOf(options)
  return withStore(options, (database, { config }) => {
    const progress = createProgress()
    const report = stressStored(database, config.chains, {
      ...{ scenario, isBuiltIn, depths, limit, isCurve: options.curve !== undefined },
      onProgress: progress.update,
    })
    progress.stop()
    if ('strangers' in report)
      throw new UsageError(`nothing in the store is called ${report.strangers.join(', ')}`, {
        remedy:
          report.known === ''
            ? 'The store has no prices yet; run "plimsoll sync" first.'
            : `Name one of: ${report.known}; or an address.`,
      })
    if (isJson) printJson(stressJson(report))
    else printReport(report, limit)
    return report.everNewly > 0 ? EXIT.finding : EXIT.fine
  })
}
