// Candidates for people: one line each, and of each, on demand, every way to liquidate it.
import colors from 'picocolors'
import type { Simulation } from '../../app/simulate.ts'
import type { AssetAmount } from '../../model/liquidation.ts'
import type { Candidate, CandidateOption } from '../../monitor/candidates.ts'
import { formatFixed } from '../../units/format.ts'
import { amountText } from './amount.ts'
import { healthText, marketText, phaseText } from './assessment.ts'
import { plain } from './output.ts'
import { table } from './table.ts'

/** A candidate and, where it was tried, what its best option came to. */
export type ShownCandidate = Candidate & { readonly simulation?: Simulation }

const PAYERS = { protocol: 'the protocol', auction: 'auction' } as const

const byText = ({ payer }: CandidateOption): string =>
  payer === 'liquidator' ? '' : colors.dim(` (by ${PAYERS[payer]})`)

const amountsText = (amounts: readonly AssetAmount[]): string => amounts.map(amountText).join(', ') || '–'

const valueText = (value: bigint, { quote }: CandidateOption): string =>
  `${formatFixed(value, quote.decimals, 2)} ${plain(quote.symbol)}`

const incentiveText = (option: CandidateOption): string =>
  option.incentiveUsd ? `${option.incentiveUsd} USD` : valueText(option.incentive, option)

const netText = (netUsd: string | null): string => (netUsd === null ? '–' : `${netUsd} USD`)

const simulationText = (simulation: Simulation | undefined): string => {
  if (!simulation) return ''
  const { outcome, detail } = simulation
  const why = detail === null ? '' : `: ${plain(detail)}`
  if (outcome === 'confirmed') return colors.green(' · confirmed')
  if (outcome === 'reverts') return colors.red(` · reverts${why}`)
  return colors.magenta(` · could not simulate${why}`)
}

/** What the best option repays, seizes and earns; dashes where there is none. */
const optionCells = ({ options, netUsd }: Candidate): readonly string[] => {
  const [best] = options
  if (!best) return ['–', '–', '–', '–']
  return [
    `${amountText(best.repaid)}${byText(best)}`,
    amountsText(best.seized),
    incentiveText(best),
    netText(netUsd),
  ]
}

/** What makes a loan a candidate that is none yet. */
const BASES = {
  now: '',
  refreshed: colors.yellow(' · near once refreshed'),
  next: colors.yellow(' · near with the next price'),
} as const

/** A line for each. */
export const candidateTable = (candidates: readonly ShownCandidate[]): string =>
  table(
    [
      { head: 'account' },
      { head: 'market' },
      { head: 'health', align: 'right' },
      { head: 'repay', align: 'right' },
      { head: 'seize', align: 'right' },
      { head: 'incentive', align: 'right' },
      { head: 'net of gas', align: 'right' },
      { head: '' },
    ],
    candidates.map((candidate) => [
      candidate.position.owner,
      marketText(candidate.position),
      healthText(candidate.position.healthFactor),
      ...optionCells(candidate),
      `${phaseText(candidate.position)}${BASES[candidate.basis]}${simulationText(candidate.simulation)}`,
    ]),
  )

const afterText = ({ healthAfter, isToxic }: CandidateOption): string => {
  const health = healthAfter === null ? colors.dim('closed') : healthText(healthAfter)
  return isToxic ? `${health}${colors.red(' toxic')}` : health
}

const optionTable = (options: readonly CandidateOption[]): string =>
  table(
    [
      { head: 'repay', align: 'right' },
      { head: 'seize', align: 'right' },
      { head: 'fee', align: 'right' },
      { head: 'incentive', align: 'right' },
      { head: 'net of gas', align: 'right' },
      { head: 'health after', align: 'right' },
      { head: 'bad debt after', align: 'right' },
      { head: 'method' },
    ],
    options.map((option) => [
      `${amountText(option.repaid)}${byText(option)}`,
      amountsText(option.seized),
      option.protocolFee === 0n ? '–' : feeText(option),
      incentiveText(option),
      netText(option.netUsd),
      afterText(option),
      option.badDebtAfter === 0n ? '–' : colors.red(valueText(option.badDebtAfter, option)),
      plain(option.method),
    ]),
  )

/** The fee is of the collateral that is seized. */
const feeText = ({ protocolFee, collateralAsset, seized }: CandidateOption): string => {
  const asset = seized.find((one) => one.asset === collateralAsset)
  return asset ? amountText({ ...asset, amount: protocolFee }) : String(protocolFee)
}

const twoStepLine = ({ twoStep, options }: Candidate): readonly string[] => {
  const [best] = options
  if (!twoStep || !best) return []
  const { first, second, gain, gainUsd, netGainUsd } = twoStep
  const more = gainUsd ? `${gainUsd} USD` : valueText(gain, best)
  const net = netGainUsd === null ? '' : `, ${netGainUsd} USD net of the gas of another transaction`
  return [
    `in two steps: ${amountText(first.repaid)}, then ${amountText(second.repaid)}, earn ${more} more${net}`,
  ]
}

/** Every way to liquidate one candidate, and whether two steps earn more. */
export const candidateDetail = (candidate: ShownCandidate): string => {
  const { position, options } = candidate
  const title = `${colors.bold(position.owner)} ${marketText(position)} · health ${healthText(position.healthFactor)}`
  const rest = options.length === 0 ? ['  no way to liquidate it now'] : [optionTable(options)]
  return [title, ...rest, ...twoStepLine(candidate).map((line) => `  ${line}`)].join('\n')
}
