import fc from 'fast-check'
import { type Address, encodeAbiParameters, getAddress, type Hex, pad, toEventSelector, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import type { CallResult, Log } from '../../model/evm.ts'
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import type { Change } from '../adapter.ts'
import { type Account, type Holding, healthFactorDown, shortfallOf, sumsOf } from './account.ts'
import { accrue, borrowBalanceDown, exchangeRateDown } from './accrual.ts'
import { settled } from './position.ts'
import { borrowRateDown, type RateModel } from './rate-model.ts'
import { readBorrow } from './reads/borrow.ts'
import { rateModelIn } from './reads/rate.ts'
import { seizeTokensDown, splitDown } from './seizure.ts'
import { slotsToTry, snapshotIn, snapshotRead } from './slots.ts'
import {
  type CompoundMarket,
  type CompoundMirror,
  type CompoundPosition,
  type CompoundToken,
  MARKET,
} from './state.ts'
import { reduce } from './sync.ts'

const addressOf = (seed: number): Address => getAddress(pad(toHex(seed), { size: 20 }))
const [TOKEN, OTHER, ACCOUNT, COMPTROLLER] = [0xc0, 0xc1, 0xacc, 0xc07].map(addressOf) as [
  Address,
  Address,
  Address,
  Address,
]

const jump: RateModel = {
  kind: 'jump',
  baseRate: 9_512_937_595n,
  multiplier: 107_020_547_945n,
  jumpMultiplier: 1_902_587_519_025n,
  kink: (8n * WAD) / 10n,
}

const cToken: CompoundToken = {
  address: TOKEN,
  symbol: 'cTKN',
  decimals: 8,
  underlying: { asset: addressOf(0xa0), symbol: 'TKN', decimals: 18 },
  isNative: false,
  protocolSeizeShare: 28n * 10n ** 15n,
  totals: {
    cash: 10n ** 24n,
    totalBorrows: 10n ** 23n,
    totalReserves: 10n ** 20n,
    totalSupply: 5n * 10n ** 15n,
    borrowIndex: WAD + 7n,
    accruedAt: 100n,
  },
  reserveFactor: WAD / 5n,
  rateModel: jump,
  borrowRateMax: 5n * 10n ** 12n,
  initialExchangeRate: 2n * 10n ** 26n,
  isListed: true,
  collateralFactor: (3n * WAD) / 4n,
  isMintPaused: false,
  isBorrowPaused: false,
  borrowCap: 0n,
  supplyCap: 0n,
}

const id = { chainId: 1, protocol: 'compound-v2', deployment: 'main', market: MARKET }

const market: CompoundMarket = {
  ...{ id, label: '', quote: { symbol: 'USD', decimals: 18 }, revision: 'block', revisionRaw: '' },
  ...{ fidelity: 'exact', comptroller: COMPTROLLER, oracle: addressOf(1), clock: 'block' },
  ...{ secondsPerBlock: 12n, closeFactor: WAD / 2n, liquidationIncentive: (108n * WAD) / 100n },
  ...{ isSeizePaused: false, isTransferPaused: false, hasDeprecation: true, listed: [TOKEN, OTHER] },
  ...{ traits: {}, cTokens: { [TOKEN]: cToken }, faults: {} },
}

const position: CompoundPosition = {
  ...{ id: { ...id, account: ACCOUNT }, owner: ACCOUNT, asOf: 1n },
  entered: [TOKEN],
  legs: { [TOKEN]: { tokens: 5n } },
}

const mirrorOf = (one: CompoundPosition | undefined, state = market): CompoundMirror => ({
  deployment: { chainId: 1, protocol: 'compound-v2', deployment: 'main', comptroller: COMPTROLLER } as never,
  markets: new Map([[MARKET, state]]),
  positions: new Map(one ? [[`${MARKET}:${ACCOUNT}`, one]] : []),
  prices: new Map(),
  tallies: new Map(),
})

type State = CompoundMarket | CompoundPosition

/** The market or the position as changes leave it. */
const changedBy = <T extends State>(
  changes: readonly Change<CompoundMarket, CompoundPosition>[],
  state: T,
): T =>
  changes.reduce<T>((current, change) => {
    const isOf = 'owner' in state ? change.kind === 'position' : change.kind === 'market'
    return isOf ? (change as unknown as { next(state: T): T }).next(current) : current
  }, state)

const dueIn = (changes: readonly Change<CompoundMarket, CompoundPosition>[]): readonly string[] =>
  changes.flatMap((change) => (change.kind === 'due' ? [change.key] : []))

describe('interest', () => {
  const blocks = fc.bigInt({ min: 0n, max: 10_000_000n })

  test('nothing happens within a slot; index, debt, reserves and exchange rate never fall', () => {
    expect(accrue(cToken, 100n)).toBe(cToken)
    fc.assert(
      fc.property(blocks, blocks, (first, second) => {
        const [a, b] = [accrue(cToken, 100n + first), accrue(cToken, 100n + first + second)]
        expect(b.totals.borrowIndex).toBeGreaterThanOrEqual(a.totals.borrowIndex)
        expect(b.totals.totalBorrows).toBeGreaterThanOrEqual(a.totals.totalBorrows)
        expect(b.totals.totalReserves).toBeGreaterThanOrEqual(a.totals.totalReserves)
        expect(exchangeRateDown(b)).toBeGreaterThanOrEqual(exchangeRateDown(a))
      }),
    )
  })

  test('a poke on the way compounds: it never makes a debt smaller by more than its cuts', () => {
    fc.assert(
      fc.property(blocks, blocks, (first, second) => {
        const poked = accrue(accrue(cToken, 100n + first), 100n + first + second)
        const once = accrue(cToken, 100n + first + second)
        expect(poked.totals.borrowIndex).toBeGreaterThanOrEqual(once.totals.borrowIndex - 2n)
      }),
    )
  })

  test('an absurd rate refuses, and a model that reverts does so in its own words', () => {
    const absurd = { ...cToken, rateModel: { kind: 'given', borrowRate: 5_000_000_000_001n } as const }
    expect(() => accrue(absurd, 101n)).toThrow('borrow rate is absurdly high')
    const failed = { ...cToken, rateModel: { kind: 'failed', error: 'reverted: no' } as const }
    expect(() => accrue(failed, 101n)).toThrow('reverted: no')
  })

  test('reserves are paid out when it is time, as far as there is cash', () => {
    const paying = { ...cToken, reservePayOut: { lastAt: 90n, everySlots: 20n } }
    expect(accrue(paying, 109n).totals.totalReserves).toBeGreaterThan(0n)
    const paid = accrue(paying, 110n)
    expect(paid.totals.totalReserves).toBe(0n)
    expect(paid.reservePayOut.lastAt).toBe(110n)
    expect(exchangeRateDown(paid)).toBe(exchangeRateDown(accrue(cToken, 110n)))
    const poor = { ...paying, totals: { ...paying.totals, cash: 3n } }
    expect(accrue(poor, 110n).totals.cash).toBe(0n)
  })

  test('a snapshot at the index of its market owes its principal', () => {
    const index = cToken.totals.borrowIndex
    expect(borrowBalanceDown({ principal: 77n, interestIndex: index }, cToken)).toBe(77n)
    expect(borrowBalanceDown({ principal: 0n, interestIndex: 0n }, cToken)).toBe(0n)
    expect(borrowBalanceDown(undefined, cToken)).toBe(0n)
  })
})

describe('rate models', () => {
  const rateAt = (model: RateModel, utilization: bigint): bigint =>
    borrowRateDown(model, { cash: WAD - utilization, totalBorrows: utilization, totalReserves: 0n })

  test('the jump begins above the kink', () => {
    const kink = (8n * WAD) / 10n
    expect(rateAt(jump, kink)).toBe(95_129_375_951n)
    expect(rateAt(jump, kink + 600_000n)).toBe(95_129_375_952n)
    expect(rateAt(jump, 0n)).toBe(9_512_937_595n)
  })

  test('two kinks: the second base counts from the first kink on; below zero is zero; utilization is capped', () => {
    const two: RateModel = {
      ...{ kind: 'two-kinks', baseRate: -5n, multiplier: WAD / 10n ** 6n, kink1: WAD / 4n },
      ...{ baseRate2: 100n, multiplier2: 2n * 10n ** 12n, kink2: WAD / 2n, jumpMultiplier: 10n ** 13n },
    }
    expect(rateAt(two, 1n)).toBe(0n)
    expect(rateAt(two, WAD / 4n - 1n)).toBe(249_999_999_999n - 5n)
    expect(rateAt(two, WAD / 4n)).toBe(250_000_000_000n - 5n + 100n)
    expect(rateAt(two, WAD)).toBe(250_000_000_000n - 5n + 500_000_000_100n + 5_000_000_000_000n)
    const above = borrowRateDown(two, { cash: 0n, totalBorrows: 2n * WAD, totalReserves: WAD })
    expect(above).toBe(rateAt(two, WAD))
  })

  test('parameters are believed only if they give the rate that the market tells', () => {
    const word = (value: bigint): CallResult => ({ ok: true, data: pad(toHex(value), { size: 32 }) })
    const none: CallResult = { ok: false, data: '0x', error: 'reverted without a reason' }
    const rate = borrowRateDown(jump, cToken.totals)
    const parameters = [jump.baseRate, jump.multiplier, jump.jumpMultiplier, jump.kink].map(word)
    const modelIn = (results: readonly CallResult[]) => rateModelIn('block', results, cToken.totals)
    expect(modelIn([word(rate), ...parameters])).toEqual(jump)
    expect(modelIn([word(rate + 1n), ...parameters])).toEqual({ kind: 'given', borrowRate: rate + 1n })
    expect(modelIn([word(rate), none, none, none, none])).toEqual({ kind: 'given', borrowRate: rate })
    expect(modelIn([word(rate), ...parameters.slice(0, 2), none, none])).toMatchObject({ kink: UINT256_MAX })
    expect(modelIn([none, ...parameters])).toMatchObject({ kind: 'failed' })
  })
})

describe('liquidity and seizure', () => {
  const amount = fc.bigInt({ min: 0n, max: 10n ** 30n })
  const holding: fc.Arbitrary<Holding> = fc.record({
    cToken: fc.constant(cToken),
    tokens: fc.bigInt({ min: 0n, max: 10n ** 18n }),
    borrowBalance: amount,
    exchangeRate: fc.bigInt({ min: 1n, max: 10n ** 28n }),
    price: fc.bigInt({ min: 1n, max: 10n ** 30n }),
    debtPrice: fc.bigInt({ min: 1n, max: 10n ** 30n }),
    weight: fc.bigInt({ min: 0n, max: WAD }),
  })

  test('health is below one exactly where there is a shortfall', () => {
    fc.assert(
      fc.property(fc.array(holding, { maxLength: 4 }), (holdings) => {
        const sums = sumsOf(holdings)
        expect(healthFactorDown(sums) < WAD).toBe(shortfallOf(sums) > 0n)
      }),
    )
    expect(shortfallOf({ collateral: 5n, borrows: 5n })).toBe(0n)
  })

  test('what the protocol and the liquidator get is what is seized', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), (seized) => {
        const { protocolTokens, liquidatorTokens } = splitDown(cToken, seized)
        expect(protocolTokens + liquidatorTokens).toBe(seized)
        expect(protocolTokens).toBe((seized * 28n) / 1_000n)
      }),
    )
  })

  test('a price of 0 is a rejection, a price that is cut to 0 divides by it', () => {
    const prices = { incentive: WAD, priceBorrowed: WAD, priceCollateral: WAD, exchangeRate: WAD }
    expect(seizeTokensDown(prices, 5n)).toBe(5n)
    expect(() => seizeTokensDown({ ...prices, priceCollateral: 0n }, 5n)).toThrow('PRICE_ERROR')
    expect(() => seizeTokensDown({ ...prices, priceCollateral: 1n, exchangeRate: 1n }, 5n)).toThrow(
      'divide by zero',
    )
  })
})

describe('positions', () => {
  const account = (entered: readonly Address[], legs: Account['legs']): Account => ({ entered, legs })

  test('what is empty is not kept; supply outside of entered markets alone is no position', () => {
    const borrow = { principal: 0n, interestIndex: WAD }
    expect(settled(account([TOKEN], { [TOKEN]: { tokens: 0n, borrow } }))).toBeUndefined()
    expect(settled(account([], { [OTHER]: { tokens: 9n } }))).toBeUndefined()
    expect(settled(account([TOKEN], { [TOKEN]: { tokens: 9n, borrow }, [OTHER]: { tokens: 0n } }))).toEqual(
      account([TOKEN], { [TOKEN]: { tokens: 9n } }),
    )
  })
})

describe('following', () => {
  const logOf = (address: Address, signature: string, words: readonly bigint[]): Log => ({
    address,
    topics: [toEventSelector(signature)],
    data: encodeAbiParameters(
      words.map(() => ({ type: 'uint256' })),
      words,
    ),
    ...{ blockNumber: 2n, blockHash: '0x', logIndex: 0, transactionHash: '0x' },
  })

  test('both forms of AccrueInterest move the index at which debts begin', () => {
    const forms: readonly (readonly [string, readonly bigint[]])[] = [
      ['AccrueInterest(uint256,uint256,uint256,uint256)', [1n, 2n, WAD + 99n, 4n]],
      ['AccrueInterest(uint256,uint256,uint256)', [2n, WAD + 99n, 4n]],
    ]
    for (const [signature, words] of forms) {
      const changes = reduce(mirrorOf(position), logOf(TOKEN, signature, words))
      expect(changedBy(changes, market).cTokens[TOKEN]?.totals.borrowIndex).toBe(WAD + 99n)
      expect(dueIn(changes)).toEqual([`token:${TOKEN}`])
    }
  })

  test('a debt is told by its log, and confirmed by one call without storage', () => {
    const words = [BigInt(ACCOUNT), 5n, 12n, 100n]
    const log = logOf(TOKEN, 'Borrow(address,uint256,uint256,uint256)', words)
    const told = changedBy(reduce(mirrorOf(position), log), position)
    const interestIndex = cToken.totals.borrowIndex
    expect(told.legs[TOKEN]?.borrow).toEqual({ principal: 12n, interestIndex, from: 'log' })
    const read = readBorrow(mirrorOf(told), ACCOUNT, TOKEN)
    expect(read.calls.some((call) => 'slots' in call)).toBe(false)
    const answers = [12n, interestIndex].map(
      (value): CallResult => ({ ok: true, data: pad(toHex(value), { size: 32 }) }),
    )
    const confirmed = changedBy(read.decode(answers, {} as never, mirrorOf(told)), told)
    expect(confirmed.legs[TOKEN]?.borrow).toEqual({ principal: 12n, interestIndex })
  })

  test('somebody who is not in the book is read whole', () => {
    const words = [BigInt(ACCOUNT), 5n, 12n, 100n]
    const log = logOf(TOKEN, 'Borrow(address,uint256,uint256,uint256)', words)
    expect(dueIn(reduce(mirrorOf(undefined), log))).toContain(`account:${ACCOUNT}`)
    const entered = logOf(COMPTROLLER, 'MarketEntered(address,address)', [BigInt(TOKEN), BigInt(ACCOUNT)])
    expect(dueIn(reduce(mirrorOf(undefined), entered))).toEqual([`account:${ACCOUNT}`])
    expect(reduce(mirrorOf(undefined), { ...log, address: addressOf(0xdead) })).toEqual([])
  })

  test('what storage tells is believed only if it gives the balance; else the balance stands in', () => {
    const [balance, index] = [1_000n, 2n * WAD]
    const slots = slotsToTry(undefined)
    const wordsWith = (slot: number, principal: bigint, interestIndex: bigint): Hex =>
      `0x${slots
        .flatMap((one) => (one === slot ? [principal, interestIndex] : [3n, 5n]))
        .map((word) => pad(toHex(word), { size: 32 }).slice(2))
        .join('')}`
    const found = snapshotIn({ ok: true, data: wordsWith(16, 500n, WAD) }, slots, balance, index)
    expect(found).toEqual({ slot: 16, snapshot: { principal: 500n, interestIndex: WAD } })
    expect(snapshotIn({ ok: true, data: wordsWith(16, 501n, WAD) }, slots, balance, index)).toBeUndefined()
    expect(snapshotIn({ ok: false, data: '0x', error: '' }, slots, balance, index)).toBeUndefined()
    expect(snapshotRead(TOKEN, ACCOUNT, [16]).slots).toHaveLength(2)
    const read = readBorrow(mirrorOf(position), ACCOUNT, TOKEN)
    const answers: readonly CallResult[] = [
      { ok: true, data: pad(toHex(balance), { size: 32 }) },
      { ok: true, data: pad(toHex(index), { size: 32 }) },
      { ok: false, data: '0x', error: 'unsupported' },
    ]
    const estimated = changedBy(read.decode(answers, {} as never, mirrorOf(position)), position)
    expect(estimated.legs[TOKEN]?.borrow).toEqual({
      principal: balance,
      interestIndex: index,
      from: 'estimate',
    })
  })
})
