// The proof: the comptroller's own liquidity with everything accrued, and the balances; and how complete the book is.
import type { Address } from 'viem'
import { comptrollerAbi, vaiControllerAbi, vTokenAbi } from '../../../abis/venus-core.ts'
import type { Assessment, DebtLeg } from '../../model/assessment.ts'
import type { BlockRef } from '../../model/block.ts'
import type { Coverage } from '../../model/coverage.ts'
import type { CallResult, ContractCall } from '../../model/evm.ts'
import type { AuditRead } from '../adapter.ts'
import { answerOf } from '../answers.ts'
import { compareLiquidity } from '../compound-v2/audit.ts'
import { coverageOf } from '../compound-v2/coverage.ts'
import { viewOf } from './reads/calls.ts'
import { priceKeyOf, VAI_PRICE_KEY, type VenusMarket, type VenusMirror, type VenusPosition } from './state.ts'

const ACCRUE_GAS_MAX = 300_000
const LIQUIDITY_GAS_MAX = 500_000
/** Of every entered market its balances, its exchange rate and its price are asked for. */
const MARKET_GAS_MAX = 600_000

const controllerOf = ({ vai }: VenusMarket, position: VenusPosition): Address | undefined =>
  vai && 'controller' in vai && position.vai.minted > 0n ? vai.controller : undefined

const accrueCalls = (market: VenusMarket, position: VenusPosition): readonly ContractCall[] => {
  const controller = controllerOf(market, position)
  return [
    ...position.entered.map((to) => viewOf(to, vTokenAbi, 'accrueInterest', [], ACCRUE_GAS_MAX)),
    ...(controller
      ? [viewOf(controller, vaiControllerAbi, 'accrueVAIInterest', [], 3 * ACCRUE_GAS_MAX)]
      : []),
  ]
}

const liquidityCall = (market: VenusMarket, position: VenusPosition): ContractCall => {
  const before = accrueCalls(market, position)
  const own = LIQUIDITY_GAS_MAX + MARKET_GAS_MAX * position.entered.length
  const gasMax = before.reduce((sum, one) => sum + one.gasMax, own)
  const { comptroller } = market
  return { ...viewOf(comptroller, comptrollerAbi, 'getAccountLiquidity', [position.owner], gasMax), before }
}

/** What is owed in each entered market, which its function accrues itself, and of VAI, accrued by the call before. */
const balanceCalls = (market: VenusMarket, position: VenusPosition): readonly ContractCall[] => {
  const { owner, entered } = position
  const controller = controllerOf(market, position)
  return [
    ...entered.map((to) => viewOf(to, vTokenAbi, 'borrowBalanceCurrent', [owner], ACCRUE_GAS_MAX)),
    ...(controller
      ? [
          {
            ...viewOf(controller, vaiControllerAbi, 'getVAIRepayAmount', [owner], 4 * ACCRUE_GAS_MAX),
            before: [viewOf(controller, vaiControllerAbi, 'accrueVAIInterest', [], 3 * ACCRUE_GAS_MAX)],
          },
        ]
      : []),
  ]
}

const compareBalances = (
  { entered }: VenusPosition,
  results: readonly CallResult[],
  assessment: Assessment,
): readonly string[] => {
  if (assessment.kind === 'unassessable') return []
  const amountOf = (key: string): bigint =>
    assessment.debt.find(({ priceKey }: DebtLeg) => priceKey === key)?.amount ?? 0n
  return results.flatMap((result, index) => {
    const address = entered[index]
    const theirs = address
      ? answerOf(vTokenAbi, 'borrowBalanceCurrent', result)
      : answerOf(vaiControllerAbi, 'getVAIRepayAmount', result)
    const ours = amountOf(address ? priceKeyOf(address) : VAI_PRICE_KEY)
    return !theirs.ok || theirs.value === ours
      ? []
      : [`debt in ${address ?? 'VAI'}: ours ${ours}, the contract's ${theirs.value}`]
  })
}

/** Whether the assessment rests on nothing but what the calls accrue: who entered another market since is not comparable. */
const isCovered = (market: VenusMarket, position: VenusPosition, assessment: Assessment): boolean => {
  if (assessment.kind === 'unassessable') return true
  const accrued = [
    ...position.entered.map(priceKeyOf),
    ...(controllerOf(market, position) ? [VAI_PRICE_KEY] : []),
  ]
  return [...assessment.collateral, ...assessment.debt].every(({ priceKey }) => accrued.includes(priceKey))
}

/** getAccountLiquidity after accrual of everything that the account entered and of VAI, and what it owes in each. */
export const audit = (market: VenusMarket, position: VenusPosition): AuditRead => ({
  calls: [liquidityCall(market, position), ...balanceCalls(market, position)],
  compare: ([liquidity, ...balances], assessment) => {
    if (!isCovered(market, position, assessment)) return undefined
    const differences = compareLiquidity(liquidity, assessment)
    return differences && [...differences, ...compareBalances(position, balances, assessment)]
  },
})

/** Σ tracked debts against each market's own total, both accrued to the block, in units of the underlying. No contract tells how much VAI is owed. */
export const coverage = (mirror: VenusMirror, block: BlockRef): readonly Coverage[] =>
  [...mirror.markets.values()].flatMap((market) =>
    coverageOf(market, mirror.positions.values(), block.number),
  )
