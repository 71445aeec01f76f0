// Simulations on a chain that is none: it answers as a token of some layout, and as a liquidation, would.
import {
  type Address,
  concat,
  decodeFunctionData,
  getAddress,
  type Hex,
  keccak256,
  numberToHex,
  pad,
  parseAbi,
} from 'viem'
import { expect, test } from 'vitest'
import type { Chain } from '../chain/chain.ts'
import type { CallRequest, Overrides, Simulated } from '../chain/simulate.ts'
import type { TransactionCall } from '../protocols/adapter.ts'
import type { LiquidationOption } from '../risk/liquidation-options.ts'
import { DEFAULT_SENDER, simulateOptions } from './simulate.ts'

const [TOKEN, POOL] = [0x70, 0x90].map((seed) => getAddress(pad(numberToHex(seed), { size: 20 }))) as [
  Address,
  Address,
]
const BLOCK = { chainId: 1, number: 1n, hash: '0x01', timestamp: 1 } as const
const REPAY = 5_000n

const abi = parseAbi([
  'function balanceOf(address) view returns (uint256)',
  'function allowance(address, address) view returns (uint256)',
])

const word = (value: bigint | Hex): Hex =>
  typeof value === 'bigint' ? numberToHex(value, { size: 32 }) : pad(value, { size: 32 })

type Slots = { balance(holder: Address): Hex; allowance(holder: Address, spender: Address): Hex }

const hashed = (...parts: readonly Hex[]): Hex => keccak256(concat([...parts]))

/** As the compilers and libraries document them. */
const LAYOUTS: Readonly<Record<string, Slots>> = {
  'Solidity, slots 9 and 10': {
    balance: (holder) => hashed(word(holder), word(9n)),
    allowance: (holder, spender) => hashed(word(spender), hashed(word(holder), word(10n))),
  },
  'Vyper, slots 2 and 3': {
    balance: (holder) => hashed(word(2n), word(holder)),
    allowance: (holder, spender) => hashed(hashed(word(3n), word(holder)), word(spender)),
  },
  'OpenZeppelin 5': {
    balance: (holder) =>
      hashed(word(holder), '0x52c63247e1f47db19d5ce0460030c497f067ca4cebf71ba98eeadabe20bace00'),
    allowance: (holder, spender) =>
      hashed(
        word(spender),
        hashed(word(holder), '0x52c63247e1f47db19d5ce0460030c497f067ca4cebf71ba98eeadabe20bace01'),
      ),
  },
  Solady: {
    balance: (holder) => hashed(holder, '0x0000000000000000', '0x87a211a2'),
    allowance: (holder, spender) => hashed(holder, '0x0000000000000000', '0x7f5e9f20', spender),
  },
}

type Answers = { readonly slots?: Slots; readonly isHeeding?: boolean; readonly pool?: Simulated }

/** A pool that takes the payment by the token's own words, and then answers as told. */
const chainOf = ({ slots, isHeeding = true, pool }: Answers): Chain => {
  const simulate = async (_block: unknown, call: CallRequest, overrides: Overrides): Promise<Simulated> => {
    const words = (isHeeding && overrides[TOKEN]?.words) || {}
    const read = (slot: Hex | undefined): Hex => (slot && words[slot]) || word(0n)
    if (call.to === TOKEN) {
      const { functionName, args } = decodeFunctionData({ abi, data: call.data })
      const slot = functionName === 'balanceOf' ? slots?.balance(args[0]) : slots?.allowance(...args)
      return { kind: 'answered', data: read(slot) }
    }
    if (call.to === POOL) {
      const paid = [slots?.balance(call.from), slots?.allowance(call.from, POOL)].map((slot) =>
        BigInt(read(slot)),
      )
      if (paid.some((amount) => amount < REPAY)) return { kind: 'reverted', reason: 'cannot pay' }
      return pool ?? { kind: 'answered', data: '0x' }
    }
    return { kind: 'answered', data: isHeeding ? word(42n) : '0x' }
  }
  return { simulate, estimateGas: async () => 21_000n } as unknown as Chain
}

const optionOf = (more: Partial<TransactionCall> = {}): LiquidationOption =>
  ({
    payer: 'liquidator',
    repaid: { asset: TOKEN, symbol: 'TKN', decimals: 6, amount: REPAY, value: 0n },
    call: { to: POOL, data: '0x12345678', ...more },
  }) as LiquidationOption

const tried = async (answers: Answers, more: Partial<TransactionCall> = {}) =>
  (await simulateOptions(chainOf(answers), BLOCK, DEFAULT_SENDER, [optionOf(more)]))[0]

const [solidity] = Object.values(LAYOUTS) as [Slots]

test.each(Object.entries(LAYOUTS))('a token laid out as by %s pays', async (_name, slots) => {
  expect(await tried({ slots })).toEqual({ outcome: 'confirmed', detail: null, gas: 21_000n })
})

test('what reverts says why, and so does a code that is answered instead', async () => {
  const reverted = { slots: solidity, pool: { kind: 'reverted', reason: 'reverted: healthy' } } as const
  expect(await tried(reverted)).toEqual({ outcome: 'reverts', detail: 'reverted: healthy', gas: null })
  const coded = { slots: solidity, pool: { kind: 'answered', data: word(3n) } } as const
  expect((await tried(coded))?.outcome).toBe('confirmed')
  expect(await tried(coded, { answersCode: true })).toMatchObject({
    outcome: 'reverts',
    detail: expect.stringContaining('3'),
  })
})

test('what cannot be tried is unknown, and says why', async () => {
  const detailOf = async (answers: Answers, more: Partial<TransactionCall> = {}) => {
    const simulation = await tried(answers, more)
    return [simulation?.outcome, simulation?.detail]
  }
  expect(await detailOf({})).toEqual(['unknown', expect.stringContaining('TKN keeps balances')])
  expect(await detailOf({ slots: solidity, isHeeding: false })).toEqual([
    'unknown',
    expect.stringContaining('no state overrides'),
  ])
  expect(await detailOf({ slots: solidity }, { wants: 'the moon' })).toEqual(['unknown', 'it wants the moon'])
  const broken = { simulate: () => Promise.reject(new Error('down')) } as unknown as Chain
  expect(await simulateOptions(broken, BLOCK, DEFAULT_SENDER, [optionOf()])).toEqual([
    { outcome: 'unknown', detail: 'down', gas: null },
  ])
})
