// The summary of all watched loans of a receiver: health now, lowest, and how it went.
import type { DigestLoan, DigestNotification } from '../model/alert.ts'
import type { Assessment } from '../model/assessment.ts'
import type { JsonOf } from '../model/json.ts'
import { UINT256_MAX } from '../units/brands.ts'
import { formatDuration } from '../units/duration.ts'
import { formatWad, isoTime } from '../units/format.ts'
import { plain } from '../units/plain.ts'
import { chainText, protocolText } from './headline.ts'
import { sparkline } from './messages-sparkline.ts'

const FIRING_MAX = 10
const ROWS_MAX = 40
const NAME_CHARACTERS_MAX = 40

/** A health factor as a wad; undefined where it is not known. */
type Known = bigint | undefined

const healthNow = ({ assessment }: DigestLoan): Known => {
  const told = assessment as JsonOf<Assessment> | null
  return told?.kind === 'assessed' ? BigInt(told.healthFactor) : undefined
}

const pointsOf = ({ points }: DigestLoan) =>
  points.map(({ timestamp, healthFactor }) => ({
    timestamp,
    healthFactor: healthFactor === null ? undefined : BigInt(healthFactor),
  }))

const lowestOf = (healths: readonly Known[]): Known =>
  healths.reduce((low, one) => (one !== undefined && (low === undefined || one < low) ? one : low), undefined)

const lowestHealth = (loan: DigestLoan): Known =>
  lowestOf([...pointsOf(loan).map(({ healthFactor }) => healthFactor), healthNow(loan)])

const textOf = (health: Known): string => (health === undefined ? '?' : formatWad(health, 2))

const nameOf = ({ label, protocol, chainId }: DigestLoan): string =>
  `${plain(label)}: ${protocolText(protocol)}, ${chainText(chainId)}`

/** What cannot be told first, then the lowest health. */
const worstFirst = (a: DigestLoan, b: DigestLoan): number => {
  const [first, second] = [healthNow(a) ?? -1n, healthNow(b) ?? -1n]
  return first < second ? -1 : first > second ? 1 : 0
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** `Summary of 1 d: 3 loans, lowest health now 1.08 (treasury: Aave v3, Ethereum), 1 alert firing`. */
export const digestHeadline = ({ since, until, loans, firing }: DigestNotification): string => {
  const known = loans.filter((loan) => healthNow(loan) !== undefined)
  const unknownCount = loans.length - known.length
  const [lowest] = known.sort(worstFirst)
  const now = lowest && healthNow(lowest)
  return [
    `Summary of ${formatDuration(until - since)}: ${counted(loans.length, 'loan')}`,
    ...(lowest && now !== undefined && now !== UINT256_MAX
      ? [`lowest health now ${textOf(now)} (${nameOf(lowest)})`]
      : []),
    ...(unknownCount > 0 ? [`health of ${unknownCount} not known`] : []),
    firing.length > 0 ? `${counted(firing.length, 'alert')} firing` : 'nothing firing',
  ].join(', ')
}

/** What fires still, and of which time this is. */
export const digestLines = ({ firing, firedCount, since, until }: DigestNotification): readonly string[] => {
  const hidden = firing.length - FIRING_MAX
  return [
    ...firing.slice(0, FIRING_MAX).map(({ severity, rule, summary }) => `${severity} ${rule}: ${summary}`),
    ...(hidden > 0 ? [`${hidden} more firing`] : []),
    `${counted(firedCount, 'alert')} fired from ${isoTime(since)} to ${isoTime(until)}`,
  ]
}

const padded = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => [...(row[column] ?? '')].length)),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const gap = ' '.repeat((widths[column] ?? 0) - [...cell].length)
        return column === 0 ? `${cell}${gap}` : `${gap}${cell}`
      })
      .join('  ')
      .trimEnd(),
  )
}

/** A row a loan, worst first, in columns that stand under each other; the first row says what they are. */
export const digestRows = (digest: DigestNotification): readonly string[] => {
  const { loans, since, until } = digest
  if (loans.length === 0) return []
  const rows = [...loans]
    .sort(worstFirst)
    .slice(0, ROWS_MAX)
    .map((loan) => [
      [...nameOf(loan)].slice(0, NAME_CHARACTERS_MAX).join(''),
      textOf(healthNow(loan)),
      textOf(lowestHealth(loan)),
      sparkline(pointsOf(loan), since, until),
    ])
  const hidden = loans.length - rows.length
  return [...padded([['loan', 'health', 'lowest', ''], ...rows]), ...(hidden > 0 ? [`${hidden} more`] : [])]
}
