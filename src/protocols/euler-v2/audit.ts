// The proof: what the vault itself says of a loan at the same block.
import { type Address, decodeErrorResult } from 'viem'
import { vaultAbi } from '../../../abis/euler-v2.ts'
import type { Assessment, Health } from '../../model/assessment.ts'
import type { CallResult } from '../../model/evm.ts'
import type { AuditRead } from '../adapter.ts'
import { answerOf } from '../answers.ts'
import { unlessRefused } from '../refusing.ts'
import { viewOf } from './reads/calls.ts'
import { seizureMaxDown } from './seizure.ts'
import type { EulerMarket, EulerPosition } from './state.ts'

/** A view of a loan asks the oracle about up to ten collaterals. */
const LOAN_GAS_MAX = 5_000_000

/** Who might liquidate: any account but the borrower's own will do for the view. */
const LIQUIDATOR: Address = '0x000000000000000000000000000000000000dEaD'

const isWithoutWord = (result: CallResult | undefined): boolean =>
  !result || (!result.ok && result.data === '0x')

const pair = (name: string, ours: bigint, theirs: bigint): readonly string[] =>
  ours === theirs ? [] : [`${name}: ours ${ours}, the vault's ${theirs}`]

/** accountLiquidityFull and debtOf against the assessment. */
const compareLiquidity = (results: readonly CallResult[], assessment: Assessment): readonly string[] => {
  const liquidity = answerOf(vaultAbi, 'accountLiquidityFull', results[0])
  const debt = answerOf(vaultAbi, 'debtOf', results[1])
  if (assessment.kind === 'unassessable') {
    const isOurs = assessment.reason === 'maths-reverts' || assessment.reason === 'price-failed'
    return liquidity.ok && isOurs ? [`the vault answers, but we do not: ${assessment.detail}`] : []
  }
  if (!liquidity.ok) return [`the vault does not answer (${liquidity.fault.detail}), but we assessed`]
  const [collaterals, values, liability] = liquidity.value
  const sum = values.reduce((total, value) => total + value, 0n)
  const weighted = new Map(collaterals.map((collateral, index) => [collateral, values[index] ?? 0n]))
  return [
    ...pair('liquidationValue', assessment.liquidationValue ?? 0n, sum),
    ...pair('debtValue', assessment.debtValue, liability),
    ...(debt.ok ? pair('debt', assessment.debt[0]?.amount ?? 0n, debt.value) : []),
    ...assessment.collateral.flatMap(({ asset, symbol, value, liquidationThreshold }) =>
      pair(
        `value of ${symbol}`,
        (value * (liquidationThreshold / 10n ** 14n)) / 10n ** 4n,
        weighted.get(asset) ?? 0n,
      ),
    ),
  ]
}

const errorOf = ({ data }: CallResult): string | undefined => {
  try {
    return decodeErrorResult({ abi: vaultAbi, data }).errorName
  } catch {
    return undefined
  }
}

/** What a liquidation of one collateral would take by our own reckoning, from the assessment's numbers. */
const expectedOf = (market: EulerMarket, health: Health, collateral: Address) => {
  const leg = health.collateral.find(({ asset }) => asset === collateral)
  const debt = health.debt[0]
  if (!leg || !debt || leg.liquidationThreshold === 0n) return undefined
  if (!health.isLiquidatable) return { repay: 0n, yield: 0n }
  return unlessRefused(() =>
    seizureMaxDown({
      collateralValue: health.liquidationValue ?? 0n,
      liabilityValue: health.debtValue,
      liability: debt.amount,
      balance: leg.amount,
      quoted: leg.value,
      maxLiquidationDiscount: market.config?.maxLiquidationDiscount ?? 0n,
    }),
  )
}

/** checkLiquidation of one collateral: its refusal is the cool-off's, its answer what we would seize. */
const compareLiquidation = (
  market: EulerMarket,
  collateral: Address,
  result: CallResult | undefined,
  health: Health,
): readonly string[] => {
  if (!result || isWithoutWord(result)) return []
  const isCooling = errorOf(result) === 'E_LiquidationCoolOff'
  if (isCooling || health.blockedBy.includes('cool-off'))
    return isCooling || !health.isLiquidatable
      ? []
      : ['blockedBy: ours cool-off, but the vault would liquidate']
  const answer = answerOf(vaultAbi, 'checkLiquidation', result)
  const expected = expectedOf(market, health, collateral)
  if (!answer.ok || !expected || 'kind' in expected) return []
  const [maxRepay, maxYield] = answer.value
  return [...pair('maxRepay', expected.repay, maxRepay), ...pair('maxYield', expected.yield, maxYield)]
}

/**
 * accountLiquidityFull, debtOf, and checkLiquidation of every collateral: values, debt, and what a liquidation would take
 * must agree to the unit. A failure without a word is no answer: an endpoint that gives too little gas looks the same.
 */
export const audit = (market: EulerMarket, { id, collaterals }: EulerPosition): AuditRead => {
  const vault = id.market as Address
  const account = id.account as Address
  const seizable = collaterals.filter((one) => market.collaterals?.[one])
  return {
    calls: [
      viewOf(
        vault,
        { abi: vaultAbi, functionName: 'accountLiquidityFull', args: [account, true] },
        LOAN_GAS_MAX,
      ),
      viewOf(vault, { abi: vaultAbi, functionName: 'debtOf', args: [account] }),
      ...seizable.map((collateral) =>
        viewOf(
          vault,
          { abi: vaultAbi, functionName: 'checkLiquidation', args: [LIQUIDATOR, account, collateral] },
          LOAN_GAS_MAX,
        ),
      ),
    ],
    compare: (results, assessment) => {
      if (isWithoutWord(results[0])) return undefined
      const liquidity = compareLiquidity(results, assessment)
      if (assessment.kind === 'unassessable') return liquidity
      const liquidations = seizable.flatMap((collateral, index) =>
        compareLiquidation(market, collateral, results[2 + index], assessment),
      )
      return [...liquidity, ...liquidations]
    },
  }
}
