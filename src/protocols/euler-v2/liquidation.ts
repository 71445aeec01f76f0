// Ways to liquidate a loan, what each moves, and its transaction.
import { type Address, encodeFunctionData, type Hex, zeroAddress } from 'viem'
import { evcAbi, vaultAbi } from '../../../abis/euler-v2.ts'
import type { AssetAmount, Blocked, LiquidationOutcome, LiquidationTerms } from '../../model/liquidation.ts'
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import { mulDivDown } from '../../units/mul-div.ts'
import type { Env, TransactionCall } from '../adapter.ts'
import { unlessRefused } from '../refusing.ts'
import { assess } from './assess.ts'
import {
  controllerAt,
  type EulerRequest,
  type Execution,
  executeLiquidation,
  isMoving,
  requestFor,
} from './execution.ts'
import { routeOf } from './liquidity.ts'
import { quoteDown } from './oracle/quote.ts'
import { discountFactorDown } from './seizure.ts'
import { type Controller, type EulerMarket, type EulerPosition, isOpen } from './state.ts'

/** The outcome in the shared words, and the liquidator's own account behind it, where the request names it. */
export type EulerOutcome = LiquidationOutcome<EulerMarket, EulerPosition> & {
  readonly liquidator?: EulerPosition
}

const assetAmount = (controller: Controller, amount: bigint, env: Env): AssetAmount => {
  const { asset, assetToken, unitOfAccount } = controller.identity
  const value =
    asset === unitOfAccount
      ? amount
      : unlessRefused(() => quoteDown(routeOf(controller, asset), amount, 'mid', env))
  return { asset, ...assetToken, amount, value: typeof value === 'bigint' ? value : 0n }
}

const collateralAmount = (executed: Execution, collateral: Address, amount: bigint): AssetAmount => {
  const { controller, quoted, position } = executed
  const balance = (position.balances[collateral] ?? 0n) + amount
  const { symbol = '', decimals = 0 } = controller.collaterals[collateral]?.token ?? {}
  return {
    asset: collateral,
    symbol,
    decimals,
    amount,
    value: balance === 0n ? 0n : mulDivDown(quoted, amount, balance),
  }
}

const othersOf = ({ collateral }: Execution): { markets?: ReadonlyMap<string, EulerMarket> } =>
  collateral ? { markets: new Map([[collateral.id.market, collateral]]) } : {}

/**
 * What a liquidation in this block would move, to the unit, or the contract's refusal. The debt moves to the liquidator,
 * who has to hold collateral of its own for it; what is socialised nobody repays. Seized collateral is in shares.
 */
export const liquidate = (
  market: EulerMarket,
  position: EulerPosition,
  env: Env,
  request: EulerRequest,
): EulerOutcome | Blocked => {
  const executed = executeLiquidation(market, position, env, request)
  if ('kind' in executed) return executed
  const { controller, repay, yield: seized, socialized, liquidator } = executed
  return {
    kind: 'liquidated',
    repaid: assetAmount(controller, repay, env),
    seized: seized === 0n ? [] : [collateralAmount(executed, request.collateralAsset, seized)],
    protocolFee: [],
    badDebt: socialized === 0n ? [] : [assetAmount(controller, socialized, env)],
    after: {
      market: controller,
      position: isOpen(executed.position) ? executed.position : undefined,
      ...othersOf(executed),
    },
    ...(liquidator ? { liquidator } : {}),
  }
}

/** Seized value for repaid value, a wad, cut: the inverse of the discount factor; 0 where nothing is repaid. */
const incentiveFactorDown = ({ controller, liquidity, most }: Execution): bigint => {
  if (!liquidity || most.repay === 0n) return 0n
  const factor = discountFactorDown({ ...liquidity, ...controller.config })
  return mulDivDown(WAD, WAD, factor)
}

/** What the liquidator gains, in the unit of account, at the middle price. */
const gainOf = (executed: Execution, collateral: Address, env: Env): bigint =>
  collateralAmount(executed, collateral, executed.yield).value -
  assetAmount(executed.controller, executed.repay, env).value

type Way = { readonly terms: LiquidationTerms<EulerRequest>; readonly gain: bigint }

/** One collateral that a liquidation can take, or without which it writes the debt off. */
const wayOf = (
  controller: Controller,
  position: EulerPosition,
  env: Env,
  collateral: Address,
): readonly Way[] => {
  const request = requestFor(controller, collateral)
  const executed = executeLiquidation(controller, position, env, request)
  if (!isMoving(executed)) return []
  const { repay: repayMax } = executed
  const incentiveFactor = incentiveFactorDown(executed)
  return [
    {
      terms: { request, repayMax, incentiveFactor, payer: 'liquidator' },
      gain: gainOf(executed, collateral, env),
    },
  ]
}

/** In which ways the loan can be liquidated in this block, most rewarding first; none where the vault refuses. */
export const terms = (
  market: EulerMarket,
  position: EulerPosition,
  env: Env,
): readonly LiquidationTerms<EulerRequest>[] => {
  const health = assess(market, position, env)
  if (health.kind === 'unassessable' || !health.isExecutable) return []
  const controller = controllerAt(market, env)
  return position.collaterals
    .flatMap((collateral) => wayOf(controller, position, env, collateral))
    .sort((a, b) => (a.gain === b.gain ? 0 : a.gain > b.gain ? -1 : 1))
    .map((way) => way.terms)
}

/** What makes an account ready to take a debt over, and the call itself, as one transaction of its owner. */
const batchOf = (
  market: EulerMarket,
  account: Address,
  collateral: Address,
  liquidation: Hex,
): TransactionCall => {
  const { evc } = market
  const vault = market.id.market as Address
  const enabling = [
    encodeFunctionData({ abi: evcAbi, functionName: 'enableController', args: [account, vault] }),
    encodeFunctionData({ abi: evcAbi, functionName: 'enableCollateral', args: [account, collateral] }),
  ].map((data) => ({ targetContract: evc, onBehalfOfAccount: zeroAddress, value: 0n, data }))
  const item = { targetContract: vault, onBehalfOfAccount: account, value: 0n, data: liquidation }
  return {
    to: evc,
    data: encodeFunctionData({ abi: evcAbi, functionName: 'batch', args: [[...enabling, item]] }),
  }
}

const WANTS_ACCOUNT =
  'an account of the sender that has this vault for its controller and collateral for the debt that it takes over'

/**
 * The transaction of a request. Where the liquidator is named, a batch that makes it ready first: the vault becomes its
 * controller and the collateral one of its own. Otherwise the vault's function alone, which wants both done already.
 */
export const call = (market: EulerMarket, { id }: EulerPosition, request: EulerRequest): TransactionCall => {
  const { collateralAsset, repay = UINT256_MAX, minYield = 0n, liquidator } = request
  const vault = market.id.market as Address
  const data = encodeFunctionData({
    abi: vaultAbi,
    functionName: 'liquidate',
    args: [id.account as Address, collateralAsset, repay, minYield],
  })
  if (!liquidator) return { to: vault, data, wants: WANTS_ACCOUNT }
  return batchOf(market, liquidator.id.account as Address, collateralAsset, data)
}
