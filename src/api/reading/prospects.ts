// The order of candidates, and which of them are wanted.
import { z } from 'zod'
import { byReward, type Prospect } from '../../monitor/candidates.ts'
import { positionId } from '../schemas/query.ts'
import { centsOf } from './filters.ts'

const digits = z.string().regex(/^-?\d{1,80}$/)

/** Where a page ended: US cents of the incentive, health, position. */
export const candidatePlace = z.tuple([digits.nullable(), digits, positionId])
export type CandidatePlace = z.output<typeof candidatePlace>

export const compareProspects = (a: Prospect, b: Prospect): number =>
  byReward(a, b) || (a.position.id < b.position.id ? -1 : a.position.id > b.position.id ? 1 : 0)

export const placeOf = ({ incentiveUsd, position }: Prospect): CandidatePlace => [
  incentiveUsd === null ? null : String(centsOf(incentiveUsd)),
  String(position.healthFactor),
  position.id,
]

export const isBehind = (prospect: Prospect, [cents, health, id]: CandidatePlace): boolean => {
  const own = centsOf(prospect.incentiveUsd ?? undefined) ?? null
  const last = cents === null ? null : BigInt(cents)
  if (own !== last) return own === null || (last !== null && own < last)
  const { healthFactor } = prospect.position
  if (healthFactor !== BigInt(health)) return healthFactor > BigInt(health)
  return prospect.position.id > id
}

/** What a list of candidates can be narrowed by once they are ranked. */
export type Wanted = {
  /** US cents; leaves out those whose incentive is not known. */
  readonly minIncentiveUsd: bigint | undefined
  readonly executable: boolean | undefined
}

export const isKept = (
  { position, incentiveUsd }: Prospect,
  { minIncentiveUsd, executable }: Wanted,
): boolean => {
  const cents = centsOf(incentiveUsd ?? undefined)
  return (
    (executable === undefined || position.isExecutable === executable) &&
    (minIncentiveUsd === undefined || (cents !== undefined && cents >= minIncentiveUsd))
  )
}
