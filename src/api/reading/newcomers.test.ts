import type { Address } from 'viem'
import { expect, test } from 'vitest'
import type { FollowEvent } from '../../monitor/follow.ts'
import { createNewcomers } from './newcomers.ts'

const [OLD, NEW]: readonly [Address, Address] = ['0x01', '0x02']
const committed = { kind: 'cycle', outcome: { kind: 'committed' } } as FollowEvent
const idle = { kind: 'cycle', outcome: { kind: 'idle' } } as FollowEvent

test('who is watched at the start is read by the first cycle of each chain, who comes later by the second after that', () => {
  const newcomers = createNewcomers([1, 10], [OLD])
  const known = (): readonly boolean[] =>
    [1, 10].flatMap((chain) => [OLD, NEW].map((account) => !newcomers.has(chain, account)))
  expect(known()).toEqual([false, true, false, true])
  newcomers.onFollowEvent(1, idle)
  newcomers.onFollowEvent(1, committed)
  expect(known()).toEqual([true, true, false, true])
  newcomers.add([NEW])
  newcomers.onFollowEvent(1, committed)
  expect(known()).toEqual([true, false, false, false])
  newcomers.onFollowEvent(1, committed)
  newcomers.onFollowEvent(10, committed)
  expect(known()).toEqual([true, true, true, false])
})
