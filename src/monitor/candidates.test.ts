import { expect, test } from 'vitest'
import type { Health } from '../model/assessment.ts'
import { byReward, type Prospect } from './candidates.ts'

const prospect = (incentiveUsd: string | null, healthFactor: bigint): Prospect => ({
  position: { healthFactor } as Health,
  basis: 'now',
  incentiveUsd,
  candidate: () => {
    throw new Error('only what is shown is worked out')
  },
})

test('the most rewarding comes first, whichever chain it is on; without a USD value the worst health', () => {
  const [onOne, onOther] = [
    [prospect('9.50', 5n), prospect(null, 3n)],
    [prospect('100.00', 9n), prospect('9.50', 4n), prospect(null, 2n)],
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
