import fc from 'fast-check'
import type { Address } from 'viem'
import { expect, test } from 'vitest'
import type { Position } from '../model/market.ts'
import { draftOf, emptyMirror } from './draft.ts'

const deployment = { chainId: 1, protocol: 'p', deployment: 'd' }

type Loan = Position & { readonly debts: readonly (readonly [string, bigint])[] }

const tallies = (position: Position) => (position as Loan).debts.map(([name, amount]) => ({ name, amount }))

const loanOf = (index: number, debts: Loan['debts']): Position => {
  const account: Address = `0x${index.toString(16).padStart(40, '0')}`
  const loan: Loan = { id: { ...deployment, market: 'm', account }, owner: account, asOf: 1n, debts }
  return loan
}

const step = fc.record({
  index: fc.nat(5),
  debts: fc.option(
    fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.bigInt({ min: -3n, max: 3n })), { maxLength: 3 }),
  ),
  merges: fc.boolean(),
})

test('tallies are the sums over all positions, in a draft and after it', () => {
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const base = emptyMirror(deployment, { tallies })
      const draft = draftOf(base)
      for (const { index, debts, merges } of steps) {
        const loan = debts ? loanOf(index, debts) : undefined
        draft.apply([{ kind: 'position', key: `m:${loanOf(index, []).owner}`, next: () => loan }])
        if (merges) draft.merge()
        for (const mirror of merges ? [base, draft.mirror] : [draft.mirror]) {
          const sums = new Map<string, bigint>()
          for (const position of mirror.positions.values())
            for (const { name, amount } of tallies(position)) sums.set(name, (sums.get(name) ?? 0n) + amount)
          expect(new Map(mirror.tallies)).toEqual(new Map([...sums].filter(([, sum]) => sum !== 0n)))
        }
      }
    }),
  )
})
