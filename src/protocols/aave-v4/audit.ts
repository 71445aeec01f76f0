// The proof: the spoke's own account data, its debts and supplies one by one, and its verdict on a liquidation.
import type { ContractFunctionReturnType } from 'viem'
import { spokeAbi } from '../../../abis/aave-v4.ts'
import type { Assessment, Health } from '../../model/assessment.ts'
import type { CallResult } from '../../model/evm.ts'
import { UINT256_MAX } from '../../units/brands.ts'
import type { AuditRead } from '../adapter.ts'
import { answerOf } from '../answers.ts'
import { fromRayUp } from './math.ts'
import { accountGasMax } from './reads/account.ts'
import { refusalIn, spokeCall } from './reads/calls.ts'
import {
  type AaveV4Market,
  type AaveV4Position,
  isBorrowed,
  priceKeyOf,
  type SpokeMarket,
  userReserves,
} from './state.ts'

const AMOUNT_GAS_MAX = 150_000
const TRIAL_GAS_MAX = 1_000_000

/** `getUserSuppliedAssets` of a collateral, `getUserTotalDebt` of a debt. */
type Amount = { readonly id: number; readonly side: 'collateral' | 'debt' }

const VIEWS = { collateral: 'getUserSuppliedAssets', debt: 'getUserTotalDebt' } as const

const amountsOf = (position: AaveV4Position): readonly Amount[] =>
  userReserves(position).flatMap(([id, userReserve]): readonly Amount[] => [
    ...(userReserve.isCollateral ? [{ id, side: 'collateral' } as const] : []),
    ...(isBorrowed(userReserve) ? [{ id, side: 'debt' } as const] : []),
  ])

type AccountData = ContractFunctionReturnType<typeof spokeAbi, 'view', 'getUserAccountData'>

/** One collateral and one debt, of which a liquidation can be tried. */
type Pair = { readonly collateral: number; readonly debt: number }

const pairOf = (market: SpokeMarket, amounts: readonly Amount[]): Pair | undefined => {
  const usable = amounts.filter(({ id }) => market.reserves[id]?.paused === false)
  const collateral = usable.find(({ side }) => side === 'collateral')?.id
  const debt = usable.find(({ side }) => side === 'debt')?.id
  return collateral === undefined || debt === undefined ? undefined : { collateral, debt }
}

const compareAccount = (answer: AccountData, health: Health): readonly string[] => {
  const { healthFactor, totalCollateralValue, totalDebtValueRay } = answer
  const pairs = [
    ['healthFactor', health.healthFactor, healthFactor],
    ['collateralValue', health.collateralValue, totalCollateralValue],
    ['debtValue', health.debtValue, fromRayUp(totalDebtValueRay)],
  ] as const
  return pairs.flatMap(([name, ours, theirs]) =>
    ours === theirs ? [] : [`${name}: ours ${ours}, the spoke's ${theirs}`],
  )
}

/** Amounts whose leg is gone, or does not count as collateral, are not compared: the totals tell. */
const compareAmount = (
  market: SpokeMarket,
  { id, side }: Amount,
  result: CallResult | undefined,
  health: Health,
): readonly string[] => {
  const view = VIEWS[side]
  const answer = answerOf(spokeAbi, view, result)
  const leg = health[side].find(({ priceKey }) => priceKey === priceKeyOf(market, id))
  if (!answer.ok || !leg || leg.amount === answer.value) return []
  return [`${view} of reserve ${id}: ours ${leg.amount}, the spoke's ${answer.value}`]
}

/**
 * A trial liquidation, by somebody who has nothing to pay with: a healthy account is refused for its health, which comes
 * after all that concerns the reserves and before anything that concerns the payment. The pair is that of the block
 * before, so that a refusal for a reserve says nothing.
 */
const compareVerdict = (trial: CallResult | undefined, { isLiquidatable }: Health): readonly string[] => {
  const refusal = refusalIn(spokeAbi, trial)
  if (!trial || trial.ok || RESERVE_REFUSALS.includes(refusal ?? '')) return []
  const isRefused = refusal === 'HealthFactorNotBelowThreshold'
  return isRefused === !isLiquidatable
    ? []
    : [`isLiquidatable: ours ${isLiquidatable}, liquidationCall refuses with ${refusal ?? trial.error}`]
}

const RESERVE_REFUSALS = ['ReserveNotSupplied', 'ReserveNotBorrowed', 'ReservePaused']

const compare = (
  market: SpokeMarket,
  amounts: readonly Amount[],
  [account, ...rest]: readonly CallResult[],
  assessment: Assessment,
): readonly string[] | undefined => {
  if (!account || (!account.ok && account.data === '0x')) return undefined
  if (assessment.kind === 'unassessable')
    return account.ok && assessment.reason === 'maths-reverts'
      ? [`the spoke answers, but our maths reverts: ${assessment.detail}`]
      : []
  const data = answerOf(spokeAbi, 'getUserAccountData', account)
  // Who owes nothing is healthy without a price, which the view asks for.
  if (!data.ok && assessment.liquidationValue === null) return []
  if (!data.ok) return [`the spoke does not answer (${data.fault.detail}), but we assessed`]
  return [
    ...compareAccount(data.value, assessment),
    ...amounts.flatMap((amount, index) => compareAmount(market, amount, rest[index], assessment)),
    ...compareVerdict(rest[amounts.length], assessment),
  ]
}

/**
 * Spoke.getUserAccountData, getUserSuppliedAssets and getUserTotalDebt of what the account was known to have, and a trial
 * liquidationCall. A failure without a word is no answer: an endpoint that gives too little gas looks the same.
 */
export const audit = (market: AaveV4Market, position: AaveV4Position): AuditRead => {
  if (market.kind !== 'spoke') return { calls: [], compare: () => undefined }
  const { spoke } = market
  const { owner } = position
  const amounts = amountsOf(position)
  const pair = pairOf(market, amounts)
  const gasMax = accountGasMax(market)
  return {
    calls: [
      spokeCall(spoke, 'getUserAccountData', [owner], gasMax),
      ...amounts.map(({ id, side }) => spokeCall(spoke, VIEWS[side], [BigInt(id), owner], AMOUNT_GAS_MAX)),
      ...(pair
        ? [
            spokeCall(
              spoke,
              'liquidationCall',
              [BigInt(pair.collateral), BigInt(pair.debt), owner, UINT256_MAX, false],
              gasMax + TRIAL_GAS_MAX,
            ),
          ]
        : []),
    ],
    compare: (results, assessment) => compare(market, amounts, results, assessment),
  }
}
