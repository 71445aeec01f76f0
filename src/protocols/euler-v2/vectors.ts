// Golden vectors of Euler v2 (format: README beside the vectors) against this adapter.
import type { Address } from 'viem'
import { toJson } from '../../model/json.ts'
import type { Blocked } from '../../model/liquidation.ts'
import type { Env } from '../adapter.ts'
import { unlessRefused } from '../refusing.ts'
import { checkRecord, compareRecorded, type VectorChecks, type VectorFile, type Worlds } from '../vectors.ts'
import { accrue, currentOwed, debtUp, toAssetsDown, toSharesDown, totalAssetsUp } from './accrual.ts'
import { assess } from './assess.ts'
import {
  calculateMost,
  type EulerRequest,
  type Execution,
  executeLiquidation,
  requestFor,
} from './execution.ts'
import { liquidate } from './liquidation.ts'
import { type Loan, liquidityOf, owedAssetsUp, routeOf } from './liquidity.ts'
import { ltvAt, type Purpose } from './ltv.ts'
import { owedToAssetsUp } from './math.ts'
import { quoteDown } from './oracle/quote.ts'
import type { Side } from './oracle/route.ts'
import type { Controller, EulerPosition, VaultStatus } from './state.ts'
import { addressOf, envOf, ltvOf, positionOf, vaultsOf } from './vectors/world.ts'

/** A refusal as it is recorded. */
const orRevert = <T extends object | bigint>(action: () => T): T | { readonly revert: string } => {
  const made = unlessRefused(action)
  if (typeof made !== 'object' || !('kind' in made) || made.kind !== 'blocked') return made as T
  const { revert } = made as Blocked
  return { revert }
}

const tablesOf = ({ vaultState, ltvConfig = 0, oracle = 0 }: VectorFile) => ({
  vaultState,
  ltvConfig,
  oracle,
})

const nameIn = (file: VectorFile, vault: Address): string =>
  Object.keys(file['vaults']).find((name) => addressOf(name) === vault) ?? vault

type Scene = { readonly controller: Controller; readonly position: EulerPosition; readonly env: Env }

const sceneOf = (file: VectorFile, scene: VectorFile): Scene => {
  const vaults = vaultsOf(file, tablesOf(scene))
  const account = scene['account'] ?? scene['violator']
  const position = positionOf(account.name, account)
  const controller = vaults.get(addressOf(scene['controller']))
  if (!controller) throw new Error(`vault ${scene['controller']} is not recorded`)
  const timestamp = Number(scene['timestamp'] ?? scene['txTimestamp'])
  return { controller, position, env: envOf(file, scene['oracle'], vaults, position, timestamp) }
}

const loanOf = ({ controller, position, env }: Scene): Loan => ({
  controller: accrue(controller, env.timestamp),
  position,
  env,
})

const accountLiquidity = (loan: Loan, purpose: Purpose) =>
  orRevert(() => {
    const { collateralValue, liabilityValue } = liquidityOf(loan, purpose)
    return { collateralValue, liabilityValue }
  })

const accountLiquidityFull = (file: VectorFile, loan: Loan, purpose: Purpose) =>
  orRevert(() => {
    const { collaterals, liabilityValue } = liquidityOf(loan, purpose)
    return {
      collaterals: collaterals.map(({ collateral }) => nameIn(file, collateral)),
      collateralValues: collaterals.map(({ adjusted }) => adjusted),
      liabilityValue,
    }
  })

const quotesOf = ({ controller, env }: Loan, base: Address, amount: bigint) => {
  const quote = (side: Side): bigint => quoteDown(routeOf(controller, base), amount, side, env)
  return {
    getQuote: orRevert(() => quote('mid')),
    getQuotes: orRevert(() => ({ bidOutAmount: quote('bid'), askOutAmount: quote('ask') })),
  }
}

const checkLiquidation = (loan: Loan, request: EulerRequest) =>
  orRevert(() => {
    const { most } = calculateMost(loan, request)
    return { maxRepay: most.repay, maxYield: most.yield }
  })

const liquidatorOf = (name: string): EulerPosition =>
  positionOf(name, { collaterals: [], controllers: [], balances: {}, owed: '0', interestAccumulator: '0' })

const perCollateral = (loan: Loan, collateral: Address, liquidator: EulerPosition): object => {
  const { controller, position, env } = loan
  const balance = position.balances[collateral] ?? 0n
  const vault = env.markets(collateral) as Controller
  const ltv = controller.collaterals[collateral]?.ltv
  return {
    convertToAssets: orRevert(() => toAssetsDown(balance, accrue(vault, env.timestamp).status)),
    ...quotesOf(loan, collateral, balance),
    LTVBorrow: ltvAt(ltv, 'borrow', env.timestamp),
    LTVLiquidation: ltvAt(ltv, 'liquidation', env.timestamp),
    checkLiquidation: checkLiquidation(loan, { ...requestFor(controller, collateral), liquidator }),
  }
}

const both = <T>(of: (purpose: Purpose) => T) => ({ liquidation: of('liquidation'), borrow: of('borrow') })

/** The assessment of the same state says what accountLiquidity does, or that the oracle failed. */
const compareHealth = ({ controller, position, env }: Scene, expected: VectorFile): readonly string[] => {
  const health = assess(controller, position, env)
  const { revert, collateralValue, liabilityValue } = expected['accountLiquidity'].liquidation
  if (revert !== undefined) return compareRecorded({ kind: 'unassessable' }, health)
  const values = { kind: 'assessed', liquidationValue: collateralValue, debtValue: liabilityValue }
  const isLiquidatable = liabilityValue !== '0' && BigInt(collateralValue) <= BigInt(liabilityValue)
  return compareRecorded({ ...values, isLiquidatable }, health)
}

const checkScene = (file: VectorFile, scene: VectorFile): readonly string[] => {
  const recorded = sceneOf(file, scene)
  const loan = loanOf(recorded)
  const { controller, position } = loan
  const { interestAccumulator } = controller.status
  const liquidator = liquidatorOf(scene['liquidator'])
  const ours = {
    debtOf: orRevert(() => owedAssetsUp(loan)),
    debtOfExact: orRevert(() => currentOwed(position, interestAccumulator)),
    interestAccumulator,
    accountLiquidity: both((purpose) => accountLiquidity(loan, purpose)),
    accountLiquidityFull: both((purpose) => accountLiquidityFull(file, loan, purpose)),
    debtQuote: quotesOf(loan, controller.identity.asset, owedAssetsUp(loan)),
    perCollateral: Object.fromEntries(
      Object.keys(scene['expected'].perCollateral).map((name) => [
        name,
        perCollateral(loan, addressOf(name), liquidator),
      ]),
    ),
  }
  return [...compareRecorded(scene['expected'], ours), ...compareHealth(recorded, scene['expected'])]
}

const accrued = (status: VaultStatus, expected: VectorFile): object => {
  const amounts = (of: (amount: bigint, status: VaultStatus) => bigint, recorded: VectorFile) =>
    Object.fromEntries(
      Object.keys(recorded).map((amount) => [amount, orRevert(() => of(BigInt(amount), status))]),
    )
  return {
    ...status,
    totalBorrows: owedToAssetsUp(status.totalBorrows),
    totalBorrowsExact: status.totalBorrows,
    totalAssets: totalAssetsUp(status),
    totalSupply: status.totalShares,
    accumulatedFeesAssets: orRevert(() => toAssetsDown(status.accumulatedFees, status)),
    convertToAssets: amounts(toAssetsDown, expected['convertToAssets']),
    convertToShares: amounts(toSharesDown, expected['convertToShares']),
  }
}

const checkAccrual = (file: VectorFile, accrual: VectorFile): readonly string[] => {
  const vaults = vaultsOf(file, tablesOf(accrual))
  const ours = Object.entries<VectorFile>(accrual['expected']).map(([name, expected]) => {
    const vault = vaults.get(addressOf(name))
    return [name, vault && accrued(accrue(vault, Number(accrual['timestamp'])).status, expected)]
  })
  return compareRecorded(accrual['expected'], Object.fromEntries(ours))
}

const checkLtv = (file: VectorFile, sample: VectorFile): readonly string[] => {
  const { ltvConfig, controller, collateral, timestamp, ...expected } = sample
  const recorded = file['ltvConfigs'][ltvConfig][controller]?.[collateral]
  const ltv = recorded && ltvOf(recorded)
  return compareRecorded(expected, {
    LTVBorrow: ltvAt(ltv, 'borrow', Number(timestamp)),
    LTVLiquidation: ltvAt(ltv, 'liquidation', Number(timestamp)),
  })
}

const stateOf = ({ config, status }: Controller): object => ({
  ...config,
  ...status,
  lastInterestAccumulatorUpdate: String(status.lastInterestAccumulatorUpdate),
  liquidationCoolOffTime: String(config.liquidationCoolOffTime),
})

const eventOf = ({ status }: Controller): object => ({
  ...status,
  totalBorrows: owedToAssetsUp(status.totalBorrows),
  timestamp: String(status.lastInterestAccumulatorUpdate),
})

/** One of both accounts behind a liquidation, in recorded names. */
const accountAfter = (file: VectorFile, loan: Loan): object => {
  const { position, controller } = loan
  const { interestAccumulator } = controller.status
  return {
    debtOf: debtUp(position, interestAccumulator),
    debtOfExact: currentOwed(position, interestAccumulator),
    owed: position.owed,
    interestAccumulator: position.interestAccumulator,
    balances: Object.fromEntries(
      Object.entries(position.balances).map(([vault, balance]) => [nameIn(file, vault as Address), balance]),
    ),
    accountLiquidity: accountLiquidity(loan, 'liquidation'),
    lastAccountStatusCheckTimestamp: String(position.lastAccountStatusCheck),
  }
}

const outcomeOf = (file: VectorFile, attempt: VectorFile, executed: Execution): object => {
  const { repay, yield: yieldBalance, socialized, moves, controller, position, liquidator } = executed
  const names = new Map(
    [attempt['violator'].name, attempt['liquidator']].map((name) => [addressOf(name), name]),
  )
  const timestamp = Number(attempt['txTimestamp'])
  const loanAfter = (account: EulerPosition): Loan => {
    const vaults = new Map([...vaultsOf(file, tablesOf(attempt)), [controller.id.market, controller]])
    return { controller, position: account, env: envOf(file, attempt['oracle'], vaults, account, timestamp) }
  }
  return {
    Liquidate: { repayAssets: repay, yieldBalance },
    DebtSocialized: socialized === 0n ? null : socialized,
    debtMoves: moves.map((move) => ({ ...move, account: names.get(move.account as Address) })),
    VaultStatus: eventOf(controller),
    after: {
      violator: accountAfter(file, loanAfter(position)),
      liquidator: liquidator && accountAfter(file, loanAfter(liquidator)),
      controllerState: stateOf(controller),
    },
  }
}

const requestOf = (attempt: VectorFile, controller: Controller): EulerRequest => {
  const { repayAssets, minYieldBalance, batch } = attempt['input']
  return {
    ...requestFor(controller, addressOf(attempt['collateral'])),
    ...(repayAssets === 'max' ? {} : { repay: BigInt(repayAssets) }),
    minYield: BigInt(minYieldBalance),
    liquidator: positionOf(attempt['liquidator'], attempt['liquidatorAccount']),
    isCheckDeferred: batch !== undefined,
  }
}

const atTransaction = (attempt: VectorFile, loan: Loan, request: EulerRequest): object => {
  const collateral = addressOf(attempt['collateral'])
  const { controller, position, env } = loan
  const own = position.id.market === controller.id.market
  return {
    checkLiquidation: checkLiquidation(loan, { ...request, isCheckDeferred: false }),
    accountLiquidity: own ? accountLiquidity(loan, 'liquidation') : notControlled(position),
    collateralQuote: quotesOf(loan, collateral, position.balances[collateral] ?? 0n).getQuote,
    LTVLiquidation: ltvAt(controller.collaterals[collateral]?.ltv, 'liquidation', env.timestamp),
  }
}

/** accountLiquidity of an account that is not the vault's, which the adapter never asks for. */
const notControlled = ({ id }: EulerPosition) => ({
  revert: id.market === '' ? 'E_NoLiability' : 'E_NotController',
})

const checkAttempt = (file: VectorFile, attempt: VectorFile): readonly string[] => {
  const scene = sceneOf(file, attempt)
  const { controller, position, env } = scene
  const request = requestOf(attempt, controller)
  const executed = executeLiquidation(controller, position, env, request)
  const outcome = liquidate(controller, position, env, request)
  const atTx = compareRecorded(attempt['atTx'], atTransaction(attempt, loanOf(scene), request))
  if ('kind' in executed)
    return [
      ...atTx,
      ...compareRecorded(attempt['outcome'], { revert: executed.revert }),
      ...compareRecorded({ kind: 'blocked', revert: executed.revert }, outcome),
    ]
  const { Liquidate, DebtSocialized } = attempt['outcome']
  const shared = Liquidate && {
    repaid: { amount: Liquidate.repayAssets },
    seized: Liquidate.yieldBalance === '0' ? [] : [{ amount: Liquidate.yieldBalance }],
    badDebt: DebtSocialized === null ? [] : [{ amount: DebtSocialized }],
  }
  return [
    ...atTx,
    ...compareRecorded(attempt['outcome'], outcomeOf(file, attempt, executed)),
    ...compareRecorded({ kind: 'liquidated', ...shared }, toJson(outcome)),
  ]
}

/** Every recorded account. */
export const worlds: Worlds = function* (file) {
  for (const scene of file['scenes'] ?? file['attempts']) {
    const { controller, position, env } = sceneOf(file, scene)
    if (position.id.market === controller.id.market) yield { market: controller, position, env }
  }
}

/** Runs one recorded file. */
export const checks: VectorChecks = function* (file) {
  for (const [index, sample] of (file['ltvSamples'] ?? []).entries())
    yield checkRecord('ltv', String(index), () => checkLtv(file, sample))
  for (const accrual of file['accruals'] ?? [])
    yield checkRecord('accrual', String(accrual.id), () => checkAccrual(file, accrual))
  for (const scene of file['scenes'] ?? [])
    yield checkRecord('account', `${scene.id} (${scene.stage})`, () => checkScene(file, scene))
  for (const attempt of file['attempts'] ?? [])
    yield checkRecord('liquidation', `${attempt.id} (${attempt.kind})`, () => checkAttempt(file, attempt))
}
