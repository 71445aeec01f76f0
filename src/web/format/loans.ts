// What a loan is called, and how it floats.

import type { AssessedPosition, Position, UnassessablePosition } from '../data/types.ts'
import { freeboardPpm } from './numbers.ts'

export type Float = 'no-debt' | 'safe' | 'near' | 'close' | 'under' | 'unknown'

/** Falls of prices, parts per million, below which a loan is near its line, and close to it. */
const NEAR_PPM = 250_000
const CLOSE_PPM = 100_000

export const FLOAT_WORDS: Readonly<Record<Float, string>> = {
  'no-debt': 'no debt',
  safe: 'afloat',
  near: 'low in the water',
  close: 'close to the line',
  under: 'under the line',
  unknown: 'not known',
}

/** Why a health is not known. */
export const UNKNOWN_WORDS: Readonly<Record<UnassessablePosition['reason'], string>> = {
  'read-failed': 'the contract could not be read',
  'price-failed': 'an oracle has no price that its contract takes',
  'unknown-revision': 'its contract is of a revision that Plimsoll does not know',
  'maths-reverts': 'its contract would refuse to compute it',
  'not-yet-read': 'it was found and is not read yet',
  'stale-head': 'the newest block that is known is too old',
  'endpoint-down': 'no endpoint of its chain answers',
}

/** How far volatile collateral may fall together, parts per million, as exactly as it is known; undefined where no fall harms it. */
export const fallPpm = ({ shock, healthFactor, phase }: AssessedPosition): number | undefined => {
  if (phase === 'no-debt' || shock === null) return undefined
  return shock === undefined ? freeboardPpm(healthFactor) : -Number(shock.changePpm)
}

/** How a loan floats. */
export const floatOf = (loan: Position): Float => {
  if (loan.kind !== 'assessed') return 'unknown'
  if (loan.phase === 'no-debt') return 'no-debt'
  if (loan.isLiquidatable || loan.phase === 'bad-debt') return 'under'
  const ppm = Math.min(fallPpm(loan) ?? Number.POSITIVE_INFINITY, freeboardPpm(loan.healthFactor))
  return ppm < CLOSE_PPM ? 'close' : ppm < NEAR_PPM ? 'near' : 'safe'
}

export const shortAddress = (address: string): string => `${address.slice(0, 6)}…${address.slice(-4)}`

/** `aave-v3` → `Aave v3`. */
export const protocolText = (protocol: string): string =>
  protocol
    .split('-')
    .map((word, index) => (index === 0 ? `${word[0]?.toUpperCase()}${word.slice(1)}` : word))
    .join(' ')

/** Protocol, deployment and market, without what says nothing. */
export const marketText = ({
  protocol,
  deployment,
  market,
}: Pick<Position, 'protocol' | 'deployment' | 'market'>): string =>
  [
    protocolText(protocol),
    ...(deployment === 'main' ? [] : [deployment]),
    ...(market === 'pool' || market === deployment
      ? []
      : [market.startsWith('0x') ? shortAddress(market) : market]),
  ].join(' · ')
