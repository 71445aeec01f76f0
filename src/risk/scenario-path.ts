// A path of prices out of a table of comma-separated values, as exchanges and researchers give them.
import { parseDecimal } from '../units/decimal.ts'
import { changeBetween, type Scenario, type Step } from './scenario.ts'

/** What is wrong with a line of a file, the first of which is 1. */
export type LineFault = { readonly line: number; readonly message: string }

/** A USD price with at most this many decimals. */
const PLACES = 18

/** More steps than this are not simulated. */
const STEPS_MAX = 5_000

/** More faults than this tell nothing new. */
const FAULTS_MAX = 20

const TIME_HEADS = ['time', 'hour', 'date', 'timestamp']
const SYMBOL_HEADS = ['symbol', 'asset']
/** In the order in which a candle is walked: the low before the close, whichever came first. */
const PRICE_HEADS = ['open', 'low', 'close'] as const

type Quoted = {
  readonly line: number
  readonly seconds: number
  readonly symbol: string
  readonly price: bigint
}

/** One moment of a path: what was quoted at it. */
type Moment = { readonly name: string; readonly seconds: number; readonly quoted: Quoted[] }

/** Unix seconds out of unix seconds, milliseconds or an ISO time, UTC unless it says otherwise; undefined where it is neither. */
const secondsOf = (text: string): number | undefined => {
  if (/^\d{9,11}$/.test(text)) return Number(text)
  if (/^\d{12,14}$/.test(text)) return Math.floor(Number(text) / 1_000)
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return undefined
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/.test(text)
  const spelt = text.length > 10 ? `${text.replace(' ', 'T')}${hasZone ? '' : 'Z'}` : text
  const ms = Date.parse(spelt)
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1_000)
}

const cellsOf = (line: string): readonly string[] =>
  line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))

type Columns = {
  readonly time: number
  /** Prices of a row: which column, of which symbol (undefined: the row names it), and at which moment of the row's time. */
  readonly prices: readonly { readonly at: number; readonly symbol?: string; readonly moment: string }[]
  readonly symbol: number
}

const columnsOf = (head: readonly string[]): Columns | string => {
  const lower = head.map((one) => one.toLowerCase())
  const placeOf = (names: readonly string[]): number => lower.findIndex((one) => names.includes(one))
  const [time, symbol] = [placeOf(TIME_HEADS), placeOf(SYMBOL_HEADS)]
  if (time < 0) return `has no column "time"; the first line names the columns`
  if (symbol >= 0) {
    const missing = PRICE_HEADS.filter((name) => !lower.includes(name))
    if (missing.length > 0)
      return `has no column ${missing.map((name) => `"${name}"`).join(', ')}; write time,symbol,open,high,low,close`
    return { time, symbol, prices: PRICE_HEADS.map((moment) => ({ at: lower.indexOf(moment), moment })) }
  }
  const prices = head.flatMap((name, at) =>
    at === time || name === '' ? [] : [{ at, symbol: name, moment: '' }],
  )
  if (prices.length === 0)
    return 'has no prices; write time,symbol,open,high,low,close, or time and a column for each asset'
  return { time, symbol, prices }
}

const momentName = (time: string, moment: string): string => (moment === '' ? time : `${time} ${moment}`)

/** Reads rows into moments, in the order of the file; says what is wrong with which line. */
const momentsOf = (
  rows: readonly string[],
  columns: Columns,
): { readonly moments: readonly Moment[]; readonly faults: readonly LineFault[] } => {
  const faults: LineFault[] = []
  const moments = new Map<string, Moment>()
  let last = Number.NEGATIVE_INFINITY
  for (const [index, row] of rows.entries()) {
    if (row.trim() === '') continue
    const line = index + 2
    const cells = cellsOf(row)
    const timeText = cells[columns.time] ?? ''
    const seconds = secondsOf(timeText)
    if (seconds === undefined) {
      faults.push({ line, message: `"${timeText}" is no time; write unix seconds or 2022-06-13T00:00:00Z` })
      continue
    }
    for (const { at, symbol = cells[columns.symbol] ?? '', moment } of columns.prices) {
      const price = parseDecimal(cells[at] ?? '', PLACES)
      if (price === undefined || price <= 0n) {
        faults.push({ line, message: `"${cells[at] ?? ''}" is no price of ${symbol || 'an asset'}` })
        continue
      }
      const name = momentName(timeText, moment)
      const known = moments.get(name) ?? { name, seconds, quoted: [] }
      if (known.quoted.some((one) => one.symbol === symbol))
        faults.push({ line, message: `${symbol} has a price at ${name} already` })
      known.quoted.push({ line, seconds, symbol, price })
      moments.set(name, known)
    }
    if (seconds < last && columns.symbol < 0)
      faults.push({ line, message: `${timeText} is before the line above` })
    last = seconds
  }
  const inOrder = [...moments.values()].sort((a, b) => a.seconds - b.seconds)
  return { moments: inOrder, faults }
}

/** What a moment says of assets that the first one does not have, or leaves out of those. */
const gapsIn = (moments: readonly Moment[], first: ReadonlyMap<string, bigint>): readonly LineFault[] =>
  moments.flatMap(({ name, quoted }) => {
    const symbols = new Set(quoted.map(({ symbol }) => symbol))
    const line = quoted[0]?.line ?? 1
    return [
      ...[...first.keys()]
        .filter((symbol) => !symbols.has(symbol))
        .map((symbol) => ({ line, message: `${symbol} has no price at ${name}` })),
      ...quoted
        .filter(({ symbol }) => !first.has(symbol))
        .map((one) => ({ line: one.line, message: `${one.symbol} has no price at the first time` })),
    ]
  })

/**
 * A scenario out of prices in USD: `time,symbol,open,high,low,close`, or `time` and a column for each asset. Every asset moves against
 * its first price; of a candle, the low and the close are a step each. `time` is unix seconds, milliseconds or an ISO time.
 */
export const parsePath = (
  name: string,
  text: string,
): { readonly scenario: Scenario } | { readonly faults: readonly LineFault[] } => {
  const [head = '', ...rows] = text.replace(/^﻿/, '').split(/\r?\n/)
  const columns = columnsOf(cellsOf(head))
  if (typeof columns === 'string') return { faults: [{ line: 1, message: columns }] }
  const { moments, faults } = momentsOf(rows, columns)
  const [opening, ...later] = moments
  if (faults.length > 0) return { faults: faults.slice(0, FAULTS_MAX) }
  if (!opening || later.length === 0)
    return { faults: [{ line: 1, message: 'has no two prices to move between' }] }
  const first = new Map(opening.quoted.map(({ symbol, price }) => [symbol, price]))
  const gaps = gapsIn(later, first)
  if (gaps.length > 0) return { faults: gaps.slice(0, FAULTS_MAX) }
  const walked = later.filter((moment) => !moment.name.endsWith(' open'))
  if (walked.length > STEPS_MAX)
    return {
      faults: [{ line: 1, message: `has ${walked.length} steps; at most ${STEPS_MAX} are simulated` }],
    }
  const steps = walked.map(
    (moment): Step => ({
      name: moment.name,
      shocks: moment.quoted.map(({ symbol, price }) => ({
        subject: symbol,
        changePpm: changeBetween(first.get(symbol) ?? price, price),
      })),
      frozen: [],
      seconds: moment.seconds - opening.seconds,
    }),
  )
  return { scenario: { name, source: 'a path of prices', steps } }
}
