import { type Address, encodeFunctionResult, type Hex, pad } from 'viem'
import { describe, expect, test } from 'vitest'
import { evcAbi, vaultAbi } from '../../../../abis/euler-v2.ts'
import type { CallResult } from '../../../model/evm.ts'
import { RAY } from '../../../units/brands.ts'
import type { EulerChange, EulerMarket, EulerMirror, EulerPosition } from '../state.ts'
import { readPosition } from './position.ts'

const [EVC, FACTORY, VAULT, COLLATERAL, ACCOUNT]: readonly Address[] = [1, 2, 3, 4, 5].map((seed) =>
  pad(`0x${seed}`, { size: 20 }),
)
const block = { chainId: 1, number: 9n, hash: pad('0x09'), timestamp: 1_000 } as const
const id = { chainId: 1, protocol: 'euler-v2', deployment: 'main', market: VAULT as Address }

const market = (accumulators: Readonly<Record<string, bigint>>): EulerMarket => ({
  ...{ id, label: 'eUSDC-1', quote: { symbol: 'USD', decimals: 18 }, revision: '1', revisionRaw: '1' },
  ...{ fidelity: 'exact', evc: EVC as Address, collateralList: [COLLATERAL as Address], accumulators },
})

const position = (own: Partial<EulerPosition>): EulerPosition => ({
  ...{ id: { ...id, account: ACCOUNT as Address }, owner: ACCOUNT as Address, asOf: 1n },
  ...{ collaterals: [], balances: {}, owed: 0n, interestAccumulator: 0n, lastAccountStatusCheck: 0 },
  ...own,
})

const mirrorOf = (one: EulerMarket | undefined, known?: EulerPosition): EulerMirror => ({
  deployment: {
    chainId: 1,
    protocol: 'euler-v2',
    deployment: 'main',
    evc: EVC,
    eVaultFactory: FACTORY,
  } as never,
  markets: new Map(one ? [[VAULT as string, one]] : []),
  positions: new Map(known ? [[`${VAULT}:${ACCOUNT}`, known]] : []),
  prices: new Map(),
  tallies: new Map(),
})

const ok = (data: Hex): CallResult => ({ ok: true, data })
const number = (value: bigint): CallResult => ok(pad(`0x${value.toString(16)}`, { size: 32 }))
const addresses = (functionName: 'getControllers' | 'getCollaterals', list: readonly Address[]): CallResult =>
  ok(encodeFunctionResult({ abi: evcAbi, functionName, result: [...list] }))

/** What the contracts answer of an account that owes `owed` at an accumulator, with one collateral. */
const answers = (owed: bigint, accumulator: bigint): readonly CallResult[] => [
  addresses('getControllers', [VAULT as Address]),
  addresses('getCollaterals', [COLLATERAL as Address]),
  number(77n),
  number(0n),
  number(owed),
  number(accumulator),
  ok(encodeFunctionResult({ abi: vaultAbi, functionName: 'balanceOf', result: 40n })),
]

const read = (mirror: EulerMirror, results: readonly CallResult[]): readonly EulerChange[] =>
  readPosition(mirror, VAULT as Address, ACCOUNT as Address, 'one').decode(results, block, mirror)

const positionIn = (changes: readonly EulerChange[], known?: EulerPosition): EulerPosition | undefined =>
  changes.reduce<EulerPosition | undefined>(
    (current, change) => (change.kind === 'position' ? change.next(current) : current),
    known,
  )

const dueIn = (changes: readonly EulerChange[]): readonly string[] =>
  changes.flatMap((change) => (change.kind === 'due' ? [change.key] : []))

describe('a stored debt', () => {
  const [before, now] = [RAY + 12_345n, RAY + 10n ** 24n]
  const owed = 987_654_321n << 31n
  const accrued = (owed * now) / before

  test('stays as it was known where nothing changed it', () => {
    const known = position({ owed, interestAccumulator: before })
    const found = positionIn(read(mirrorOf(market({}), known), answers(accrued, now)), known)
    expect(found).toMatchObject({
      owed,
      interestAccumulator: before,
      balances: { [COLLATERAL as Address]: 40n },
    })
  })

  test('is found again by the accumulator of the block that changed it', () => {
    const known = position({ owed: 5n, interestAccumulator: RAY, changedIn: 7n })
    const changes = read(mirrorOf(market({ '7': before }), known), answers(accrued, now))
    expect(positionIn(changes, known)).toMatchObject({ owed, interestAccumulator: before })
    expect(positionIn(changes, known)?.changedIn).toBeUndefined()
    expect(dueIn(changes)).not.toContain(`position:${VAULT}:${ACCOUNT}`)
  })

  test('is read from storage where neither tells', () => {
    const known = position({ owed: 5n, interestAccumulator: RAY })
    const changes = read(mirrorOf(market({}), known), answers(accrued, now))
    expect(positionIn(changes, known)).toMatchObject({ owed: accrued, interestAccumulator: now })
    expect(dueIn(changes)).toContain(`position:${VAULT}:${ACCOUNT}`)
  })
})

test('an account whose controller is another is gone', () => {
  const known = position({ owed: 5n, interestAccumulator: RAY })
  const results = [addresses('getControllers', [FACTORY as Address]), ...answers(5n, RAY).slice(1)]
  expect(positionIn(read(mirrorOf(market({}), known), results), known)).toBeUndefined()
})

test('a loan that could not be read keeps what is known, says why, and is read again', () => {
  const known = position({ owed: 5n, interestAccumulator: RAY })
  const failed: CallResult = { ok: false, data: '0x', error: 'reverted without a reason' }
  const changes = read(
    mirrorOf(market({}), known),
    answers(5n, RAY).map(() => failed),
  )
  expect(positionIn(changes, known)).toMatchObject({ owed: 5n, fault: { reason: 'read-failed' } })
  expect(changes.some(({ kind }) => kind === 'retry')).toBe(true)
})

test('a controller that is not the factory’s is of no concern', () => {
  const mirror = mirrorOf(undefined)
  const results = [...answers(5n, RAY).slice(0, 6), number(0n)]
  const changes = read(mirror, results)
  expect([positionIn(changes), dueIn(changes)]).toEqual([undefined, []])
})
