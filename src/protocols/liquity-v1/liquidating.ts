// TroveManager.liquidate, batchLiquidateTroves and liquidateTroves, executed on a state.
import { WAD } from '../../units/brands.ts'
import { requireThat } from '../refusing.ts'
import { assertThat, collateralRatioDown, sub } from './math.ts'
import { type Revision, revisions, type Selection } from './revisions.ts'
import { settle, type Totals } from './settlement.ts'
import { ACTIVE, type Parameters, type ReadMarket, type System, type Trove } from './state.ts'
import { entireSystem, isRecoveryMode } from './system.ts'
import { addTotals, cappedTakings, NOTHING, wholeTakings } from './takings.ts'
import { currentRatioDown, entireAmounts, movePendingToActive, pendingRewardsDown } from './trove.ts'

/** What one trove's liquidation moves; `operation` is the contract's own word for the mode that it was liquidated in. */
export type Liquidated = Totals & {
  readonly trove: Trove
  readonly operation: 'liquidateInNormalMode' | 'liquidateInRecoveryMode'
}

/** Everything that a call did, and the market behind it. */
export type Liquidating = {
  readonly market: ReadMarket
  readonly totals: Totals
  readonly liquidated: readonly Liquidated[]
}

/** A call on its way: the books so far, and the running totals by which the next trove is judged. */
type Run = {
  readonly parameters: Parameters
  readonly revision: Revision
  readonly price: bigint
  readonly selection: Selection
  system: System
  totals: Totals
  readonly liquidated: Liquidated[]
  poolLeft: bigint
  entireColl: bigint
  entireDebt: bigint
  isRecovery: boolean
}

/** TroveManager._liquidateRecoveryMode's choice by the trove's ratio; undefined where it lets the trove be. */
const recoveryTakings = (run: Run, trove: Trove, ratio: bigint): Totals | undefined => {
  const { parameters, system, poolLeft, price } = run
  if (system.troveCount <= 1n) return undefined
  const entire = entireAmounts(trove, system)
  if (ratio <= WAD) return wholeTakings(entire, 0n, parameters)
  if (ratio < parameters.mcr) return wholeTakings(entire, poolLeft, parameters)
  const totalRatio = collateralRatioDown(run.entireColl, run.entireDebt, price)
  if (ratio >= totalRatio || entire.debt > poolLeft) return undefined
  assertThat(poolLeft !== 0n)
  return cappedTakings(entire, price, parameters)
}

/** The trove is closed: its pending rewards come to the active pool, its stake and its place in the list are gone. */
const close = (run: Run, trove: Trove): void => {
  const { system } = run
  const moved = movePendingToActive(system, pendingRewardsDown(trove, system))
  requireThat(system.troveCount > 1n, 'TroveManager: Only one trove in the system')
  run.system = {
    ...moved,
    totalStakes: sub(system.totalStakes, trove.stake),
    troveCount: system.troveCount - 1n,
  }
}

const take = (run: Run, trove: Trove, takings: Totals, operation: Liquidated['operation']): void => {
  close(run, trove)
  run.totals = addTotals(run.totals, takings)
  run.poolLeft -= takings.debtToOffset
  run.liquidated.push({ ...takings, trove, operation })
}

/** One trove in recovery mode. Running totals are brought up to date also where nothing was liquidated. */
const takeInRecovery = (run: Run, trove: Trove, ratio: bigint): void => {
  const takings = recoveryTakings(run, trove, ratio)
  if (takings) {
    take(run, trove, takings, 'liquidateInRecoveryMode')
    run.entireDebt -= takings.debtToOffset
    run.entireColl = sub(run.entireColl, run.revision.collLeaving(takings, run.selection))
  }
  run.isRecovery = collateralRatioDown(run.entireColl, run.entireDebt, run.price) < run.parameters.ccr
}

/** One trove's turn; answers false where a sequence would end with it. */
const step = (run: Run, trove: Trove): boolean => {
  const ratio = currentRatioDown(trove, run.system, run.price)
  const isBelow = ratio < run.parameters.mcr
  if (run.isRecovery) {
    if (!isBelow && run.poolLeft === 0n) return false
    takeInRecovery(run, trove, ratio)
    return true
  }
  if (!isBelow) return false
  const takings = wholeTakings(entireAmounts(trove, run.system), run.poolLeft, run.parameters)
  take(run, trove, takings, 'liquidateInNormalMode')
  return true
}

const start = (market: ReadMarket, price: bigint, selection: Selection): Run => {
  const { parameters, system, traits } = market
  const revision: Revision = revisions[traits.revision]
  const entire = entireSystem(system)
  return {
    ...{ parameters, revision, price, selection, system, totals: NOTHING, liquidated: [] },
    poolLeft: revision.offsetMax(system),
    entireColl: entire.coll,
    entireDebt: entire.debt,
    isRecovery: isRecoveryMode(market, price),
  }
}

const finish = (market: ReadMarket, { system, revision, totals, liquidated }: Run): Liquidating => {
  requireThat(totals.debt > 0n, 'TroveManager: nothing to liquidate')
  return { market: { ...market, system: settle(system, revision, totals) }, totals, liquidated }
}

/** TroveManager.batchLiquidateTroves: those of the troves that can be liquidated, in the order given. Troves that are closed are passed over. */
export const liquidateBatch = (market: ReadMarket, troves: readonly Trove[], price: bigint): Liquidating => {
  requireThat(troves.length > 0, 'TroveManager: Calldata address array must not be empty')
  const run = start(market, price, 'batch')
  const closed = new Set<string>()
  for (const trove of troves) {
    const before = run.liquidated.length
    if (trove.status === ACTIVE && !closed.has(trove.owner)) step(run, trove)
    if (run.liquidated.length > before) closed.add(trove.owner)
  }
  return finish(market, run)
}

/** TroveManager.liquidate: a batch of one. */
export const liquidateOne = (market: ReadMarket, trove: Trove, price: bigint): Liquidating => {
  requireThat(trove.status === ACTIVE, 'TroveManager: Trove does not exist or is closed')
  return liquidateBatch(market, [trove], price)
}

/**
 * TroveManager.liquidateTroves: up to `count` troves from the lowest ratio on. `queue` is the whole list from there; what
 * begins in recovery mode never comes to the trove of the highest ratio.
 */
export const liquidateSequence = (
  market: ReadMarket,
  queue: readonly Trove[],
  count: bigint,
  price: bigint,
): Liquidating => {
  const run = start(market, price, 'sequence')
  const reachable = run.isRecovery ? queue.slice(0, -1) : queue
  let turns = 0n
  for (const trove of reachable) {
    if (turns >= count || !step(run, trove)) break
    turns += 1n
  }
  return finish(market, run)
}
