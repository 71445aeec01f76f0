// What a vToken has in its storage, and its cash.
import type { Address } from 'viem'
import { vTokenAbi } from '../../../../abis/venus-core.ts'
import type { CallResult, ContractCall } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { answerOf, faultAmong } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { exchangeRateDown, type Lending } from '../../compound-v2/accrual.ts'
import { keys } from '../keys.ts'
import {
  type Traits,
  updateMarket,
  type VenusChange,
  type VenusMarket,
  type VenusRead,
  type VToken,
  withVToken,
} from '../state.ts'
import { COMPUTED_GAS_MAX, VIEW_GAS_MAX, viewOf } from './calls.ts'
import { rateCall, toldRateIn } from './rate.ts'

const ALWAYS = [
  ...(['totalBorrows', 'totalReserves', 'totalSupply', 'borrowIndex', 'accrualBlockNumber'] as const),
  ...(['reserveFactorMantissa', 'getCash', 'exchangeRateStored'] as const),
] as const
const PAY_OUT = ['reduceReservesBlockDelta', 'reduceReservesBlockNumber'] as const

type View = (typeof ALWAYS)[number] | (typeof PAY_OUT)[number]

const viewsOf = ({ paysOutReserves }: Traits): readonly View[] =>
  paysOutReserves ? [...ALWAYS, ...PAY_OUT] : ALWAYS

export const totalsCalls = (address: Address, traits: Traits): readonly ContractCall[] =>
  viewsOf(traits).map((name) =>
    viewOf(
      address,
      vTokenAbi,
      name,
      [],
      name === 'getCash' || name === 'exchangeRateStored' ? COMPUTED_GAS_MAX : VIEW_GAS_MAX,
    ),
  )

/** What `totalsCalls` tell of interest, its model apart. */
export type Tally = Pick<Lending, 'totals' | 'reserveFactor' | 'initialExchangeRate' | 'reservePayOut'>

/** The tally of a vToken; its exchange rate has to be the one that the vToken tells. `known` is from when the supply was empty. */
export const tallyIn = (traits: Traits, results: readonly CallResult[], known?: VToken): Tally | Fault => {
  const answers = viewsOf(traits).map((name, index) => answerOf(vTokenAbi, name, results[index]))
  const fault = faultAmong(...answers)
  if (fault) return fault
  const values = answers.flatMap((answer) => (answer.ok ? [answer.value] : []))
  const [totalBorrows = 0n, totalReserves = 0n, totalSupply = 0n, borrowIndex = 0n, accruedAt = 0n] = values
  const [, , , , , reserveFactor = 0n, cash = 0n, exchangeRate = 0n, everySlots, lastAt] = values
  const tally: Tally = {
    totals: { cash, totalBorrows, totalReserves, totalSupply, borrowIndex, accruedAt },
    reserveFactor,
    initialExchangeRate: totalSupply === 0n ? exchangeRate : (known?.initialExchangeRate ?? 0n),
    ...(everySlots !== undefined && lastAt !== undefined ? { reservePayOut: { everySlots, lastAt } } : {}),
  }
  const computed = exchangeRateDown(tally)
  if (computed === exchangeRate) return tally
  return {
    reason: 'unknown-revision',
    detail: `exchangeRateStored answers ${exchangeRate}, its totals give ${computed}`,
  }
}

/** A vToken that could not be read: who entered it cannot be assessed. */
export const faulty = (address: Address, fault: Fault): readonly VenusChange[] => [
  updateMarket((market) => ({ ...market, faults: { ...market.faults, [address]: fault } })),
  retry(keys.vToken(address)),
]

const changed = (address: Address, part: Partial<VToken>): VenusChange =>
  updateMarket((market) => {
    const vToken = market.cTokens[address]
    return vToken ? withVToken(market, { ...vToken, ...part }) : market
  })

/** Totals alone. An answer that fails makes the whole vToken due. */
export const readTotals = (market: VenusMarket, vToken: VToken, traits: Traits): VenusRead => {
  const { address, rateModel } = vToken
  const isTold = rateModel.kind === 'given' || rateModel.kind === 'failed'
  const calls = totalsCalls(address, traits)
  return {
    key: keys.totals(address),
    calls: [...calls, ...(isTold ? [rateCall(address)] : [])],
    decode: (results) => {
      const tally = tallyIn(traits, results, market.cTokens[address])
      if ('reason' in tally) return [...faulty(address, tally), ...due(keys.vToken(address))]
      return [
        changed(address, { ...tally, ...(isTold ? { rateModel: toldRateIn(results[calls.length]) } : {}) }),
      ]
    },
  }
}

/** Cash alone. An answer that fails makes the whole vToken due. */
export const readCash = (address: Address): VenusRead => ({
  key: keys.cash(address),
  calls: [viewOf(address, vTokenAbi, 'getCash', [], COMPUTED_GAS_MAX)],
  decode: (results) => {
    const cash = answerOf(vTokenAbi, 'getCash', results[0])
    if (!cash.ok) return due(keys.vToken(address))
    return [
      updateMarket((market) => {
        const vToken = market.cTokens[address]
        return vToken && vToken.totals.cash !== cash.value
          ? withVToken(market, { ...vToken, totals: { ...vToken.totals, cash: cash.value } })
          : market
      }),
    ]
  },
})
