// Which loans of a chain are candidates, from cycle to cycle: what begins, changes and ends is told, each with every way to liquidate it.
import { setImmediate } from 'node:timers/promises'
import type { Assessment, Health } from '../../model/assessment.ts'
import type { BlockRef } from '../../model/block.ts'
import { formatDeploymentId } from '../../model/ids.ts'
import { assessOne, bookEnvOf } from '../../monitor/assessing.ts'
import {
  basisOf,
  type Candidate,
  type Prospect,
  type Prospecting,
  prospecting,
} from '../../monitor/candidates.ts'
import type { Follower } from '../../monitor/cycle.ts'
import { quotesOf } from '../../monitor/quoting.ts'
import type { Tracked } from '../../store/book.ts'
import { WAD } from '../../units/brands.ts'
import { centsOf } from '../reading/filters.ts'
import { ASSESSED_AT_ONCE, SEEN_AT_ONCE } from '../reading/steady.ts'
import type { Told } from './filter.ts'

/** `candidate` is null where it is none any more, or not known to be; `position` then tells as what it is, null where it is closed. */
export type CandidateNews = {
  readonly change: 'appeared' | 'changed' | 'gone' | 'unassessable'
  readonly id: string
  readonly owner: string
  readonly candidate: Candidate | null
  readonly position: Assessment | null
  /** As it is, where it is a candidate, and as it was last told. */
  readonly told: readonly Told[]
}

/** What a cycle left, and how far it may be told. */
export type CandidateStep = Pick<Follower, 'book' | 'attentions'> & {
  readonly block: BlockRef
  readonly assessments: readonly Assessment[]
  readonly closed: readonly string[]
  readonly baseFeeWei: bigint | null
  /** What is worked out of single loans at this version of the book, by whomever. */
  readonly shared: Map<string, Prospect | null>
  /** Loans whose ways to be liquidated are worked out. */
  readonly candidatesMax: number
  readonly assessmentsMax: number
  /** Whether another cycle has been committed: what is left is its. */
  isOver(): boolean
  /** Whether anybody hears of loans that only change. */
  readonly isHeard: boolean
  tell(news: CandidateNews): void
  /** Ways to liquidate some loans could not be worked out: they are left out. */
  onError(error: unknown): void
}

/** A loan that is a candidate. `told` is undefined where it never was told: it is new, or was there at the start. */
type Known = { told: Told | undefined; owner: string; isNew: boolean; isUnknown: boolean }

type State = { readonly known: Map<string, Known>; isSeeded: boolean }

/** A move of a value by one part of so many is a change: interest alone takes hours for it. */
const CHANGE_PARTS = 10_000n

const hasMoved = (before: bigint, now: bigint): boolean =>
  before !== now && (before > now ? before - now : now - before) * CHANGE_PARTS >= before

const hasChanged = (before: Assessment, now: Health): boolean =>
  before.kind !== 'assessed' ||
  before.isLiquidatable !== now.isLiquidatable ||
  before.isExecutable !== now.isExecutable ||
  before.blockedBy.join() !== now.blockedBy.join() ||
  basisOf(before, WAD) !== basisOf(now, WAD) ||
  hasMoved(before.collateralValue, now.collateralValue) ||
  hasMoved(before.debtValue, now.debtValue)

const isCandidate = (one: Health): boolean => one.phase !== 'no-debt' && basisOf(one, WAD) !== undefined

const newcomer = (owner: string, isNew: boolean): Known => ({
  ...{ told: undefined, owner, isNew, isUnknown: false },
})

/** Loans that were liquidatable by what was last written down: whoever reads the list has them. */
const seed = async ({ known }: State, { book, attentions }: CandidateStep): Promise<void> => {
  for (const tracked of book.tracked) {
    const { positions, deployment } = tracked.mirror
    const attention = attentions.get(tracked)
    for (let from = 0; attention && from < attention.slotLimit; from += SEEN_AT_ONCE) {
      attention.survey(from, from + SEEN_AT_ONCE, ({ slot, last }) => {
        if (last?.kind !== 'assessed' || !last.isLiquidatable) return
        const position = positions.at(slot)
        const id = `${formatDeploymentId(deployment)}:${positions.keyOf(slot)}`
        if (position && !known.has(id)) known.set(id, newcomer(position.owner, false))
      })
      await setImmediate()
    }
  }
}

/** Takes a loan up as it is now; answers its assessment where it is to be told with every way to liquidate it. */
const take = (state: State, assessment: Assessment, { tell, isHeard }: CandidateStep): Health | undefined => {
  const { known } = state
  const { id, owner } = assessment
  const before = known.get(id)
  const told = before?.told ? [before.told] : []
  if (assessment.kind === 'unassessable') {
    if (before && !before.isUnknown && !before.isNew) {
      before.isUnknown = true
      tell({ change: 'unassessable', id, owner, candidate: null, position: assessment, told })
    }
    return undefined
  }
  if (!isCandidate(assessment)) {
    known.delete(id)
    if (before && !before.isNew)
      tell({ change: 'gone', id, owner, candidate: null, position: assessment, told })
    return undefined
  }
  if (!before) known.set(id, newcomer(owner, true))
  if (!before || before.isNew) return assessment
  if (!before.told && !before.isUnknown) {
    before.told = { assessment }
    return undefined
  }
  const isNews = before.isUnknown || (before.told && hasChanged(before.told.assessment, assessment))
  return isNews && isHeard ? assessment : undefined
}

const close = ({ known }: State, id: string, { tell }: CandidateStep): void => {
  const before = known.get(id)
  if (!before) return
  known.delete(id)
  if (before.isNew) return
  const { owner, told } = before
  tell({ change: 'gone', id, owner, candidate: null, position: null, told: told ? [told] : [] })
}

/** Ids of a deployment's loans that are known, or of which the screen does not see that they become candidates. */
const idsIn = ({ known }: State, { adapter, mirror }: Tracked): ReadonlySet<string> => {
  const { positions, deployment } = mirror
  const prefix = `${formatDeploymentId(deployment)}:`
  const ids = new Set([...known.keys()].filter((id) => id.startsWith(prefix)))
  if (!adapter.screen.foresees) return ids
  for (let slot = 0; slot < positions.slotLimit; slot++) {
    const key = positions.keyOf(slot)
    if (key !== undefined) ids.add(`${prefix}${key}`)
  }
  return ids
}

/** Takes up, in pieces, what the cycle did not assess itself; `see` hears of what is to be told. */
const takeOthers = async (state: State, step: CandidateStep, see: (one: Health) => void): Promise<void> => {
  const { book, block, isOver } = step
  const looked = new Set(step.assessments.map(({ id }) => id))
  const quotes = quotesOf(book.tracked)
  let left = step.assessmentsMax
  for (const tracked of book.tracked) {
    const { positions, deployment } = tracked.mirror
    const keyAt = formatDeploymentId(deployment).length + 1
    const ids = [...idsIn(state, tracked)].filter((id) => !looked.has(id)).slice(0, left)
    left -= ids.length
    const env = bookEnvOf(tracked, block, quotes)
    for (let from = 0; from < ids.length; from += ASSESSED_AT_ONCE) {
      await setImmediate()
      if (isOver()) return
      for (const id of ids.slice(from, from + ASSESSED_AT_ONCE)) {
        const position = positions.get(id.slice(keyAt))
        const one = position && take(state, assessOne(tracked, position, env), step)
        if (one) see(one)
        else if (!position) close(state, id, step)
      }
    }
  }
}

/** New ones first, then those that owe most. */
const inOrder = ({ known }: State, due: Iterable<Health>): readonly Health[] => {
  const ranked = [...due].map((one) => ({
    one,
    isNew: known.get(one.id)?.isNew === true,
    debt: centsOf(one.usd?.debt) ?? -1n,
  }))
  ranked.sort((a, b) => Number(b.isNew) - Number(a.isNew) || (a.debt < b.debt ? 1 : a.debt > b.debt ? -1 : 0))
  return ranked.map(({ one }) => one)
}

/** Works out every way to liquidate a loan, about a millisecond of work, and tells of it. */
const tellOne = (
  state: State,
  one: Health,
  prospectOf: Prospecting,
  { tell, shared }: CandidateStep,
): void => {
  const known = state.known.get(one.id)
  const prospect = shared.get(one.id) ?? prospectOf(one, WAD)
  const basis = basisOf(one, WAD)
  if (!known || !prospect || !basis) return
  shared.set(one.id, prospect)
  const candidate = { ...prospect.candidate(), basis }
  const { id, owner } = prospect.position
  const now: Told = { assessment: prospect.position, incentiveUsd: candidate.incentiveUsd }
  const told = known.told ? [now, known.told] : [now]
  const change = known.isNew ? 'appeared' : 'changed'
  Object.assign(known, { told: now, isNew: false, isUnknown: false })
  tell({ change, id, owner, candidate, position: prospect.position, told })
}

/**
 * Watches the candidates of one chain: to be called after every cycle, one at a time. Works in pieces on the book as the cycle
 * left it; what it does not come to is the next cycle's. Answers how many loans were to be told and were not.
 */
export const createCandidateWatch = (): ((step: CandidateStep) => Promise<number>) => {
  const state: State = { known: new Map(), isSeeded: false }
  return async (step) => {
    const due = new Map<string, Health>()
    let [left, failedCount] = [step.candidatesMax, 0]
    let prospectOf: Prospecting | undefined
    const see = (one: Health): void => {
      due.set(one.id, one)
    }
    const work = async (): Promise<void> => {
      if (due.size === 0) return
      prospectOf ??= prospecting(step.book.tracked, step.block, step.baseFeeWei)
      for (const one of inOrder(state, due.values())) {
        if (left === 0 || step.isOver()) return
        left -= 1
        due.delete(one.id)
        try {
          tellOne(state, one, prospectOf, step)
        } catch (error) {
          failedCount += 1
          step.onError(error)
        }
        await setImmediate()
      }
    }
    for (const assessment of step.assessments) {
      const one = take(state, assessment, step)
      if (one) see(one)
    }
    for (const id of step.closed) close(state, id, step)
    await work()
    if (!state.isSeeded) await seed(state, step)
    state.isSeeded = true
    await takeOthers(state, step, see)
    await work()
    return due.size + failedCount
  }
}
