// Who is assessed exactly, and when: alerts at once, history in turns, a market with a fault without a look at its positions.
import { pad, toHex } from 'viem'
import { expect, test } from 'vitest'
import type { Market, Position } from '../model/market.ts'
import type { Adapter, Deployment, Env } from '../protocols/adapter.ts'
import type { ScreenFactor } from '../protocols/screening.ts'
import type { Tracked } from '../store/book.ts'
import { emptyMirror } from '../store/draft.ts'
import { createAttention } from './attention.ts'
import type { Last } from './last-snapshots.ts'

const deployment: Deployment = { chainId: 1, protocol: 'p', deployment: 'd' }
const ACCOUNTS = Array.from({ length: 10 }, (_, index) => pad(toHex(index + 1), { size: 20 }))
const EVEN = [
  { floor: -1, ceil: 1 },
  { floor: 1, ceil: Number.POSITIVE_INFINITY },
]

type Loan = Position & { readonly collateral: bigint }

/** Loans of 1.31, 1.41 … collateral a unit of debt, at a price. */
const attentionAt = (watched: readonly `0x${string}`[] = [], dust: Partial<ScreenFactor> = {}) => {
  let price = 1
  const adapter = {
    screen: {
      row: (_market: Market, { collateral }: Loan) => ({
        collateral: [{ factor: 'price', amount: collateral }],
        debt: [{ factor: 'unit', amount: 100n }],
      }),
      factor: (_market: Market, name: string): ScreenFactor => {
        const worth = name === 'price' ? price : 1
        return { low: worth, high: worth, slack: 0, priceKey: null, ...(name === 'unit' ? dust : {}) }
      },
    },
  } as unknown as Adapter
  const mirror = emptyMirror(deployment)
  const market = { id: { ...deployment, market: 'm' } } as Market
  mirror.markets.set('m', market)
  const healthOf = (index: number): number => 1.31 + index / 10
  for (const [index, account] of ACCOUNTS.entries()) {
    const loan: Loan = {
      id: { ...deployment, market: 'm', account },
      owner: account,
      asOf: 1n,
      collateral: BigInt(131 + 10 * index),
    }
    mirror.positions.load(`m:${account}`, mirror.positions.bytesOf(loan), loan.asOf, index + 1)
  }
  const attention = createAttention({
    tracked: { adapter, mirror } as unknown as Tracked,
    watched: new Set(watched),
    quiet: EVEN,
    lasts: ACCOUNTS.map((_, index) => ({
      entryId: index + 1,
      isLiquidatable: false,
      healthPpm: Math.round(healthOf(index) * 1e6),
      reason: null,
    })),
  })
  const lastNow = (key: string): Last => {
    const health = healthOf(ACCOUNTS.findIndex((account) => key.endsWith(account))) * price
    return { kind: 'assessed', ppm: Math.floor(health * 1e6), isLiquidatable: health < 1 }
  }
  return {
    mirror,
    market,
    setPrice: (next: number): void => {
      price = next
    },
    /** Accounts chosen at a head, as indices, and how many wait; takes a snapshot of each unless told not to. */
    head: (historyMax: number, isTaken = true) => {
      const { keys, waitingCount } = attention.choose({ mirror, env: {} as Env, wanted: [], historyMax })
      if (isTaken) attention.settle([], new Map(keys.map((key) => [key, lastNow(key)])))
      return {
        chosen: keys.map((key) => ACCOUNTS.findIndex((account) => key.endsWith(account))),
        waitingCount,
      }
    },
    unassessable: (reason: string): void => {
      const last: Last = { kind: 'unassessable', reason }
      attention.settle([], new Map(ACCOUNTS.map((account) => [`m:${account}`, last])))
    },
  }
}

test('nobody is assessed while nothing happens, but who is watched', () => {
  expect(attentionAt().head(100)).toEqual({ chosen: [], waitingCount: 0 })
  const [first = '0x'] = ACCOUNTS
  expect(attentionAt([first]).head(100)).toEqual({ chosen: [0], waitingCount: 0 })
})

test('a loan of which a rounding is a large part is assessed only where single terms do not tell', () => {
  const everybody = ACCOUNTS.map((_, index) => index)
  expect(attentionAt([], { slack: 90 }).head(100, false).chosen).toEqual(everybody)
  const termOf = (amount: bigint) => ({ low: Number(amount), high: Number(amount) })
  const { setPrice, head } = attentionAt([], { slack: 90, termOf })
  expect(head(100, false).chosen).toEqual([])
  setPrice(0.6)
  expect(head(0).chosen).toEqual([0, 1, 2, 3])
})

test('history waits for its turn, and everybody has one', () => {
  const { setPrice, head } = attentionAt()
  setPrice(0.94)
  expect([head(4), head(4), head(4), head(4)]).toEqual([
    { chosen: [0, 1, 2, 3], waitingCount: 6 },
    { chosen: [4, 5, 6, 7], waitingCount: 2 },
    { chosen: [8, 9], waitingCount: 0 },
    { chosen: [], waitingCount: 0 },
  ])
})

test('who is assessed without a snapshot to show for it does not keep others from their turn', () => {
  const { setPrice, head } = attentionAt()
  setPrice(0.94)
  expect([head(4, false), head(4, false), head(4, false)].map(({ chosen }) => chosen)).toEqual([
    [0, 1, 2, 3],
    [4, 5, 6, 7],
    [0, 1, 8, 9],
  ])
})

test('who crosses the line is assessed at once, however many wait', () => {
  const { setPrice, head } = attentionAt()
  setPrice(0.6)
  expect(head(1)).toEqual({ chosen: [0, 1, 2, 3, 4], waitingCount: 5 })
})

test('a market with a fault asks for one snapshot of each of its positions, in turns, and so does its recovery', () => {
  const { mirror, market, head, unassessable } = attentionAt()
  mirror.markets.set('m', { ...market, fault: { reason: 'read-failed', detail: '' } })
  expect(head(6, false)).toEqual({ chosen: [0, 1, 2, 3, 4, 5], waitingCount: 4 })
  unassessable('read-failed')
  expect(head(6, false)).toEqual({ chosen: [], waitingCount: 0 })
  mirror.markets.set('m', market)
  expect([head(6), head(6), head(6)]).toEqual([
    { chosen: [0, 1, 6, 7, 8, 9], waitingCount: 4 },
    { chosen: [2, 3, 4, 5], waitingCount: 0 },
    { chosen: [], waitingCount: 0 },
  ])
})
