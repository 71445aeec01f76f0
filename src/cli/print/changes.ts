// Parameter changes in words: what changed from what to what, and what that does to loans.
import colors from 'picocolors'
import { parameterName, stepText } from '../../alerts/changed.ts'
import type { ChangeEffect, HealthMove, ParameterChange, Turned } from '../../model/parameter.ts'
import { formatFixed, formatWad, isoTime } from '../../units/format.ts'
import { plain } from './output.ts'

const changeLine = (change: ParameterChange): string =>
  `  ${parameterName(change)} ${colors.bold(stepText(change))}`

const healthOf = (health: bigint | null): string => (health === null ? 'unknown' : formatWad(health))

const watchedText = ({ id, before, after, becomes }: ChangeEffect['watched'][number]): string => {
  const moved = before === after ? `stays at ${healthOf(after)}` : `${healthOf(before)} → ${healthOf(after)}`
  return `  watched ${id}: ${moved}${becomes === null ? '' : `, now ${becomes}`}`
}

const loans = (count: number): string => (count === 1 ? '1 loan' : `${count} loans`)

const debtText = ({ debtUsd, debtValue, quote }: Turned): string => {
  if (debtUsd !== null) return ` (${formatFixed(BigInt(debtUsd.replace('.', '')), 2, 2)} USD of debt)`
  if (debtValue === null || !quote) return ''
  return ` (${formatFixed(debtValue, quote.decimals, 2)} ${plain(quote.symbol)} of debt)`
}

const signed = ({ before, after }: HealthMove): string => {
  const rise = (after ?? 0n) - (before ?? 0n)
  return `${rise < 0n ? '−' : '+'}${formatWad(rise < 0n ? -rise : rise)}`
}

const effectText = (effect: ChangeEffect): string => {
  const { movedCount, largestFall, largestRise, positionCount, uncertainCount } = effect
  const extremes = [largestFall, largestRise].flatMap((move) => (move ? [signed(move)] : []))
  const moved =
    movedCount === 0
      ? `none of ${loans(positionCount)} moves`
      : `${movedCount} of ${loans(positionCount)} ${movedCount === 1 ? 'moves' : 'move'}, by up to ${extremes.join(' and ')}`
  const turns = (
    [
      ['newlyLiquidatable', 'liquidatable now'],
      ['noLongerLiquidatable', 'liquidatable no longer'],
      ['newlyExecutable', 'whose liquidation is unblocked'],
      ['newlyBlocked', 'whose liquidation is blocked now'],
      ['newlyUnassessable', 'not assessable any more'],
    ] as const
  ).flatMap(([side, words]) =>
    effect[side].count === 0 ? [] : [`${effect[side].count} ${words}${debtText(effect[side])}`],
  )
  const uncertain =
    uncertainCount === 0 ? [] : [`${uncertainCount} more may have moved and were not looked at`]
  return [moved, ...turns, ...uncertain].join('; ')
}

const groupOf = ({ chainId, blockNumber, market }: ParameterChange): string =>
  `${chainId} ${blockNumber} ${market}`

const groupText = (group: readonly ParameterChange[]): string => {
  const [first] = group
  if (!first) return ''
  const { market, blockNumber, timestamp, effect } = first
  return [
    colors.bold(`${market} · block ${blockNumber} · ${isoTime(timestamp)}`),
    ...group.map(changeLine),
    `  ${effectText(effect)}`,
    ...effect.watched.map(watchedText),
  ].join('\n')
}

/** Changes of one market at one block stand together over what they do. */
export const changesText = (changes: readonly ParameterChange[]): string => {
  const groups = new Map<string, ParameterChange[]>()
  for (const change of changes) {
    const key = groupOf(change)
    const group = groups.get(key)
    if (group) group.push(change)
    else groups.set(key, [change])
  }
  return [...groups.values()].map(groupText).join('\n')
}
