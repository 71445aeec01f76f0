// Recorded liquidations: what the pool moved, and what it left behind.
import { toFunctionSelector } from 'viem'
import { toJson } from '../../../model/json.ts'
import { UINT256_MAX } from '../../../units/brands.ts'
import { compareRecorded, type VectorFile } from '../../vectors.ts'
import { type AaveRequest, type DebtBurn, type Execution, executeLiquidation } from '../execution.ts'
import { liquidate } from '../liquidation.ts'
import type { Revision } from '../revisions/revision.ts'
import type { Reserve } from '../state.ts'
import { assetOf, balances, scaledBalances, userAccountData, type World, worldOf } from './world.ts'

/** Until 3.3 refusals are codes; the record names the constant. A panic is recorded in decimal. */
const revertOf = (revert: string, revision: Revision): object => {
  const panic = /^Panic\((0x[0-9a-f]+)\)$/.exec(revert)?.[1]
  if (panic) return { error: `Panic(${Number(panic)})`, selector: toFunctionSelector('Panic(uint256)') }
  const isTyped = !/^[A-Z_]+$/.test(revert)
  return {
    error: revert,
    selector: toFunctionSelector(isTyped ? `${revert}()` : 'Error(string)'),
    reason: isTyped ? undefined : codes[revert as keyof typeof codes],
    revision: revision.name,
  }
}

/** Errors.sol, v3.3.0: the numbers that the pool reverts with. */
const codes = {
  INVALID_BURN_AMOUNT: '25',
  RESERVE_INACTIVE: '27',
  RESERVE_PAUSED: '29',
  HEALTH_FACTOR_NOT_BELOW_THRESHOLD: '45',
  COLLATERAL_CANNOT_BE_LIQUIDATED: '46',
  SPECIFIED_CURRENCY_NOT_BORROWED_BY_USER: '47',
  LIQUIDATION_GRACE_SENTINEL_CHECK_FAILED: '97',
  MUST_NOT_LEAVE_DUST: '103',
}

type TokenEvent = { readonly token: string; readonly reserveId: number; readonly index: string }

/** What the borrower's debt tokens and aTokens lost, by token: amounts with interest, and the scaled transfers. */
const recordedMoves = (events: readonly VectorFile[]): object => {
  const sums: Record<string, { amount: bigint; index: string }> = {}
  const transfers: string[] = []
  for (const event of events) {
    const { token, reserveId, index } = event as unknown as TokenEvent
    const name = `${token} ${reserveId}`
    if (event['event'] === 'BalanceTransfer') {
      transfers.push(event['value'])
      continue
    }
    const change =
      event['event'] === 'Mint'
        ? BigInt(event['value']) - BigInt(event['balanceIncrease'])
        : -(BigInt(event['value']) + BigInt(event['balanceIncrease']))
    if (change !== 0n) sums[name] = { amount: (sums[name]?.amount ?? 0n) + change, index }
  }
  return toJson({ sums, transfers }) as object
}

/** Since 3.5 token events carry the difference of rounded balances, before the asked amount itself. */
const burnedAmount = (burn: DebtBurn, before: bigint, { account, name }: Revision): bigint =>
  Number(name.slice(2)) < 5
    ? burn.amount
    : account.variableDebtBalance(before, burn.index) -
      account.variableDebtBalance(before - burn.scaled, burn.index)

const ourMoves = (
  { position }: World,
  execution: Execution,
  receivesAToken: boolean,
  revision: Revision,
): object => {
  const { asset, id: collateralId } = execution.pair.collateral.reserve
  const held = position.legs[asset]?.scaledCollateral ?? 0n
  const { account, name } = revision
  const burnedCollateral =
    Number(name.slice(2)) < 5
      ? execution.toLiquidator
      : account.collateralBalance(held, execution.collateralIndex) -
        account.collateralBalance(held - execution.scaledToLiquidator, execution.collateralIndex)
  const sums = Object.fromEntries([
    ...execution.burns.map((burn) => [
      `variableDebtToken ${burn.reserve.id}`,
      {
        amount: -burnedAmount(burn, position.legs[burn.reserve.asset]?.scaledVariableDebt ?? 0n, revision),
        index: burn.index,
      },
    ]),
    ...(receivesAToken
      ? []
      : [[`aToken ${collateralId}`, { amount: -burnedCollateral, index: execution.collateralIndex }]]),
  ])
  const transfers = [
    ...(receivesAToken ? [execution.scaledToLiquidator] : []),
    ...(execution.protocolFee > 0n || execution.scaledProtocolFee > 0n ? [execution.scaledProtocolFee] : []),
  ]
  return { sums, transfers }
}

const ourOutcome = (world: World, execution: Execution, request: AaveRequest, revision: Revision): object => {
  const receivesAToken = request.receiveAToken === true
  const isSameAsset = request.collateralAsset === request.debtAsset
  const { market, position } = execution.pool
  const after: World = { market, position, env: world.env }
  const reserves = [
    request.collateralAsset,
    request.debtAsset,
    ...execution.burns.map((one) => one.reserve.asset),
  ]
  return {
    ok: true,
    debtToCover: execution.repaid,
    liquidatedCollateralAmount: execution.toLiquidator,
    protocolFeeAmount: execution.protocolFee,
    protocolFeeScaled: execution.scaledProtocolFee,
    deficitCreated: execution.burns
      .filter(({ deficit }) => deficit > 0n)
      .map(({ reserve, deficit }) => ({ reserveId: reserve.id, amount: deficit })),
    treasuryScaledDelta: execution.scaledProtocolFee,
    liquidatorATokenScaledDelta: receivesAToken ? execution.scaledToLiquidator : 0n,
    liquidatorCollateralUnderlyingDelta: isSameAsset ? null : receivesAToken ? 0n : execution.toLiquidator,
    liquidatorDebtUnderlyingDelta: isSameAsset ? null : -execution.repaid,
    accountAfter: {
      eMode: position.eMode,
      userConfiguration: position.userConfiguration,
      balances: scaledBalances(market, position),
    },
    balancesAfter: balances(after),
    userAccountDataAfter: userAccountData(after),
    reservesAfter: [...new Set(reserves)].map((asset) => {
      const reserve = market.reserves[asset] as Reserve
      return {
        ...reserve,
        lastUpdateTimestamp: String(reserve.lastUpdateTimestamp),
        virtualUnderlyingBalance: reserve.virtualBalance,
      }
    }),
    moves: ourMoves(world, execution, receivesAToken, revision),
  }
}

/** The recorded outcome without what the records do not determine, its token events summed up. */
const recordedOutcome = (outcome: VectorFile): object => {
  const { borrowerTokenEvents, reservesAfter, ...rest } = outcome
  return {
    ...rest,
    reservesAfter: reservesAfter.map((reserve: VectorFile) => {
      const { currentLiquidityRate: _, currentVariableBorrowRate: __, ...known } = reserve
      return known
    }),
    moves: recordedMoves(borrowerTokenEvents),
  }
}

/** One recorded liquidation, beforehand, moved and afterwards. */
export const checkLiquidation = (
  record: VectorFile,
  file: VectorFile,
  revision: Revision,
): readonly string[] => {
  const world = worldOf(record, file)
  const { input, outcome, before } = record
  const request: AaveRequest = {
    method: 'liquidationCall',
    debtAsset: assetOf(input.debtReserveId),
    collateralAsset: assetOf(input.collateralReserveId),
    repay: BigInt(input.debtToCover) > UINT256_MAX ? UINT256_MAX : BigInt(input.debtToCover),
    receiveAToken: input.receiveAToken,
  }
  const beforehand = compareRecorded(before, {
    balances: balances(world),
    userAccountData: userAccountData(world),
  })
  const executed = executeLiquidation(world.market, world.position, world.env, request)
  const public_ = liquidate(world.market, world.position, world.env, request)
  if (executed.kind === 'blocked' || public_.kind === 'blocked') {
    const revert = executed.kind === 'blocked' ? revertOf(executed.revert, revision) : {}
    return [...beforehand, ...compareRecorded(outcome, { ok: false, revert })]
  }
  if (!outcome.ok) return [...beforehand, ...compareRecorded(outcome, { ok: true })]
  const { repaid, seized, protocolFee } = public_
  return [
    ...beforehand,
    ...compareRecorded(recordedOutcome(outcome), ourOutcome(world, executed.execution, request, revision)),
    ...compareRecorded(
      { repaid: outcome.debtToCover, seized: [outcome.liquidatedCollateralAmount] },
      { repaid: repaid.amount, seized: seized.map(({ amount }) => amount) },
    ),
    ...compareRecorded(
      outcome.protocolFeeAmount,
      protocolFee.reduce((sum, { amount }) => sum + amount, 0n),
    ),
  ]
}
