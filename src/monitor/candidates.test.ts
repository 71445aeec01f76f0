import { expect, test } from 'vitest'
import type { Health } from '../model/assessment.ts'
import { byReward, type Candidate } from './candidates.ts'

const candidate = (incentiveUsd: string | null, healthFactor: bigint): Candidate => ({
  position: { healthFactor } as Health,
  basis: 'now',
  options: [],
  twoStep: null,
  incentiveUsd,
  netUsd: null,
})

test('the most rewarding comes first, whichever chain it is on; without a USD value the worst health', () => {
  const [onOne, onOther] = [
    [candidate('9.50', 5n), candidate(null, 3n)],
    [candidate('100.00', 9n), candidate('9.50', 4n), candidate(null, 2n)],
  ]
  const ranked = [...onOne, ...onOther].sort(byReward)
  expect(ranked.map((one) => [one.incentiveUsd, one.position.healthFactor])).toEqual([
    ['100.00', 9n],
    ['9.50', 4n],
    ['9.50', 5n],
    [null, 2n],
    [null, 3n],
  ])
})
