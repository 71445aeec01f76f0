// Crash days of the past as scenarios. Figures: USD prices of exchange candles, open, low and close of the UTC day.
import { parseDecimal } from '../units/decimal.ts'
import { changeBetween, type Scenario, type Step } from './scenario.ts'

type Day = { readonly open: string; readonly low: string; readonly close: string }

/** By day, then by the group that moved. */
const DAYS: Readonly<Record<string, Readonly<Record<string, Day>>>> = {
  '2020-03-12': { ETH: { open: '194.61', low: '101.2', close: '107.82' } },
  '2021-05-19': {
    ETH: { open: '3375.08', low: '1888', close: '2438.92' },
    BTC: { open: '42849.78', low: '30000', close: '36690.09' },
  },
  '2022-06-13': {
    ETH: { open: '1434.84', low: '1165.45', close: '1209.82' },
    BTC: { open: '26574.53', low: '21925.8', close: '22487.41' },
  },
  '2022-11-08': {
    ETH: { open: '1568.09', low: '1233', close: '1334.77' },
    BTC: { open: '20590.67', low: '17166.8', close: '18547.23' },
  },
  '2024-08-05': {
    ETH: { open: '2688.91', low: '2111', close: '2419.59' },
    BTC: { open: '58161', low: '49000', close: '54018.81' },
  },
  '2025-02-03': {
    ETH: { open: '2869.68', low: '2125.01', close: '2879.9' },
    BTC: { open: '97700.59', low: '91231', close: '101328.52' },
  },
  '2025-10-10': {
    ETH: { open: '4368.09', low: '3435', close: '3829.72' },
    BTC: { open: '121662.41', low: '102000', close: '112774.5' },
  },
}

/** No price of the figures has more decimals. */
const PLACES = 2

const priceOf = (text: string): bigint => {
  const price = parseDecimal(text, PLACES)
  if (price === undefined) throw new RangeError(`"${text}" is no price`)
  return price
}

const DAY_SECONDS = 86_400

const stepOf = (assets: Readonly<Record<string, Day>>, moment: 'low' | 'close'): Step => ({
  name: moment,
  shocks: Object.entries(assets).map(([subject, day]) => ({
    subject,
    changePpm: changeBetween(priceOf(day.open), priceOf(day[moment])),
  })),
  frozen: [],
  seconds: moment === 'close' ? DAY_SECONDS : 0,
})

/** Days on which prices fell, from the open of each to its low and to its close. When the low was is not known: no interest until then. */
export const crashDays: readonly Scenario[] = Object.entries(DAYS).map(([name, assets]) => ({
  name,
  source: 'USD candles of the UTC day: open to low, open to close',
  steps: [stepOf(assets, 'low'), stepOf(assets, 'close')],
}))
