// Parameter changes in words: what changed from what to what, and what that does to loans.
import colors from 'picocolors'
import type {
  ChangeEffect,
  HealthMove,
  ParameterChange,
  ParameterUnit,
  ParameterValue,
  Turned,
} from '../../model/parameter.ts'
import { formatAmount, formatFixed, formatWad, isoTime } from '../../units/format.ts'
import { shortAddress } from './assessment.ts'
import { plain } from './output.ts'

const HUNDRED = 100n

/** Places of units that are shares of one. */
const SHARE_PLACES: Readonly<Partial<Record<ParameterUnit, number>>> = { bps: 4, wad: 18, ray: 27 }

/** `eMode[1].liquidationThreshold` → `eMode 1: liquidation threshold`. */
const nameText = (name: string): string => {
  const words = (text: string): string =>
    text
      .replace(/([a-z0-9])([A-Z])/g, (_, left: string, right: string) => `${left} ${right.toLowerCase()}`)
      .replace(/\bltv\b/, 'LTV')
  const [, part, id, own] = /^(\w+)\[(.*)\]\.(\w+)$/.exec(name) ?? []
  return own === undefined ? words(name) : `${part} ${id}: ${words(own)}`
}

/** A value for people. */
const valueText = (
  value: ParameterValue | null,
  { unit, decimals }: Pick<ParameterChange, 'unit' | 'decimals'>,
): string => {
  if (value === null) return 'none'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return unit === 'address' ? shortAddress(value) : plain(value)
  const places = SHARE_PLACES[unit]
  if (places !== undefined) return `${formatAmount(value * HUNDRED, places)} %`
  if (unit === 'amount') return formatAmount(value, decimals ?? 0)
  return unit === 'seconds' ? `${value} s` : value.toString()
}

/** From what to what; in full where the short forms do not tell them apart. */
const stepText = ({ before, after, ...how }: ParameterChange): string => {
  const texts = [valueText(before, how), valueText(after, how)]
  const told = texts[0] === texts[1] ? [before, after].map((one) => plain(String(one))) : texts
  return told.join(' → ')
}

const changeLine = (change: ParameterChange): string => {
  const { asset, symbol } = change
  const of = asset === null ? '' : ` of ${symbol === undefined ? shortAddress(asset) : plain(symbol)}`
  return `  ${nameText(change.name)}${of} ${colors.bold(stepText(change))}`
}

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
