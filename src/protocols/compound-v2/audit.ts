// The proof: the comptroller's own liquidity with every entered market accrued, and the balances; and how complete the book is.
import { encodeFunctionData } from 'viem'
import { comptrollerAbi, cTokenAbi } from '../../../abis/compound-v2.ts'
import type { Assessment } from '../../model/assessment.ts'
import type { BlockRef } from '../../model/block.ts'
import type { Coverage } from '../../model/coverage.ts'
import type { CallResult, ContractCall } from '../../model/evm.ts'
import type { AuditRead } from '../adapter.ts'
import { answerOf } from '../answers.ts'
import { coverageOf } from './coverage.ts'
import { type CompoundMarket, type CompoundMirror, type CompoundPosition, priceKeyOf } from './state.ts'

const ACCRUE_GAS_MAX = 150_000
/** Balances and price of one entered market. */
const LIQUIDITY_GAS_MAX = 250_000

const accrueCall = (to: `0x${string}`): ContractCall => ({
  to,
  data: encodeFunctionData({ abi: cTokenAbi, functionName: 'accrueInterest' }),
  gasMax: ACCRUE_GAS_MAX,
})

/** Every market accrues before: the account may have entered others since the question was made up. */
const liquidityCall = (
  { comptroller, listed }: CompoundMarket,
  { owner }: CompoundPosition,
): ContractCall => ({
  to: comptroller,
  data: encodeFunctionData({ abi: comptrollerAbi, functionName: 'getAccountLiquidity', args: [owner] }),
  gasMax: (LIQUIDITY_GAS_MAX + ACCRUE_GAS_MAX) * (listed.length + 1),
  before: listed.map(accrueCall),
})

/** Both functions accrue their market themselves. */
const balanceCalls = ({ owner, entered }: CompoundPosition): readonly ContractCall[] =>
  entered.flatMap((to) =>
    (['borrowBalanceCurrent', 'balanceOfUnderlying'] as const).map((functionName) => ({
      to,
      data: encodeFunctionData({ abi: cTokenAbi, functionName, args: [owner] }),
      gasMax: ACCRUE_GAS_MAX,
    })),
  )

/** Liquidity less shortfall as the comptroller has it against ours; undefined where it does not answer. */
export const compareLiquidity = (
  result: CallResult | undefined,
  assessment: Assessment,
): readonly string[] | undefined => {
  const answer = answerOf(comptrollerAbi, 'getAccountLiquidity', result)
  if (!answer.ok) return undefined
  const [code, liquidity, shortfall] = answer.value
  if (assessment.kind === 'unassessable')
    return code === 0n && assessment.reason === 'maths-reverts'
      ? [`getAccountLiquidity answers, but our maths reverts: ${assessment.detail}`]
      : []
  if (code !== 0n)
    return [`getAccountLiquidity answers code ${code}, ours is health ${assessment.healthFactor}`]
  const ours = (assessment.liquidationValue ?? 0n) - assessment.debtValue
  return ours === liquidity - shortfall
    ? []
    : [`liquidity: ours ${ours}, the comptroller's ${liquidity - shortfall}`]
}

/** A supply of a market that was left since is compared with nothing: it counts no more. */
const compareBalances = (
  { entered }: CompoundPosition,
  results: readonly CallResult[],
  assessment: Assessment,
): readonly string[] => {
  if (assessment.kind === 'unassessable') return []
  const { debt, collateral } = assessment
  return entered.flatMap((address, index) => {
    const amountIn = (legs: typeof debt): bigint | undefined =>
      legs.find(({ priceKey }) => priceKey === priceKeyOf(address))?.amount
    const pairs = [
      ['borrowBalanceCurrent', amountIn(debt) ?? 0n, results[2 * index]],
      ['balanceOfUnderlying', amountIn(collateral), results[2 * index + 1]],
    ] as const
    return pairs.flatMap(([name, ours, result]) => {
      const theirs = answerOf(cTokenAbi, name, result)
      return !theirs.ok || ours === undefined || theirs.value === ours
        ? []
        : [`${name} of ${address}: ours ${ours}, the contract's ${theirs.value}`]
    })
  })
}

/** getAccountLiquidity after accrual of all entered markets, borrowBalanceCurrent and balanceOfUnderlying in each. */
export const audit = (market: CompoundMarket, position: CompoundPosition): AuditRead => ({
  calls: [liquidityCall(market, position), ...balanceCalls(position)],
  compare: ([liquidity, ...balances], assessment) => {
    const differences = compareLiquidity(liquidity, assessment)
    return differences && [...differences, ...compareBalances(position, balances, assessment)]
  },
})

/** Σ tracked debts against each market's own total, both accrued to the block, in units of the underlying. */
export const coverage = (mirror: CompoundMirror, block: BlockRef): readonly Coverage[] =>
  [...mirror.markets.values()].flatMap((market) =>
    coverageOf(
      market,
      mirror.positions.values(),
      market.clock === 'second' ? BigInt(block.timestamp) : block.number,
    ),
  )
