// One account on one chain at one block, without a book: the same locate, reads and assess as the watcher's.
import type { Address } from 'viem'
import type { Chain } from '../chain/chain.ts'
import type { Assessment } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import { messageOf } from '../model/errors.ts'
import { formatDeploymentId, formatMarketId } from '../model/ids.ts'
import type { GroupSetting } from '../risk/groups.ts'
import type { Risk } from '../risk/risk.ts'
import { draftOf, emptyMirror } from '../store/draft.ts'
import { assessAll } from './assessing.ts'
import { type CatalogueOptions, listMarkets } from './catalogue.ts'
import { isUnlisted } from './discovery.ts'
import type { KnownLoan } from './loan-states.ts'
import { type Reading, readDue, type Work } from './reading.ts'
import { type Risks, readRisks } from './risks.ts'
import type { Wanted } from './track.ts'

/** What could not be found out: a whole chain (`market` null) or one market. Never the same as "no position". */
export type Failure = {
  readonly chainId: number
  readonly market: string | null
  readonly reason: string
  readonly detail: string
}

export type OnDemand = {
  readonly block: BlockRef
  readonly assessments: readonly Assessment[]
  /** By position id; only of loans that could be assessed, where they were asked for. */
  readonly risks: ReadonlyMap<string, Risk>
  /** By position id; of all loans whose market is there, where risks were asked for. */
  readonly loans: ReadonlyMap<string, KnownLoan>
  readonly failures: readonly Failure[]
}

/** Health is known all the same; what moves together may not be. */
const wiringFailure = ({ chainId }: BlockRef, why: string): Failure => ({
  chainId,
  market: null,
  reason: 'read-failed',
  detail: `what price oracles rest on, so that falls that liquidate take assets to move together by configuration and source alone: ${why}`,
})

/** What could not be read of one deployment, and is not said by a position already. */
const readFailures = ({ adapter, draft }: Work, accounts: readonly Address[]): readonly Failure[] => {
  const { deployment, markets, positions } = draft.mirror
  const { chainId } = deployment
  const failure = (reason: string, detail: string): Failure => ({
    chainId,
    market: formatDeploymentId(deployment),
    reason,
    detail,
  })
  const faults = [...markets.values()].flatMap(({ id, fault }) =>
    fault ? [{ chainId, market: formatMarketId(id), reason: fault.reason, detail: fault.detail }] : [],
  )
  const faulty = [...positions.values()].filter(({ fault }) => fault)
  const unread = accounts.filter(
    (account) =>
      !faulty.some(({ owner }) => owner === account) &&
      adapter.locate(draft.mirror, account).some((key) => draft.retries.has(key)),
  )
  const untold = unread.map((account) => failure('read-failed', `loans of ${account} could not be read`))
  const isTold = faults.length > 0 || faulty.length > 0 || untold.length > 0
  if (!isTold && draft.retries.size > 0)
    return [failure('read-failed', `could not be read: ${[...draft.retries].slice(0, 3).join(', ')}`)]
  const isEmpty = markets.size === 0 && !isUnlisted(adapter, deployment)
  const unlisted = isEmpty ? [failure('not-yet-read', 'its markets could not be read')] : []
  return [...unlisted, ...faults, ...untold]
}

/** What to read of one deployment for some accounts, or why that could not be found out. */
const workOf = async (
  chain: Chain,
  block: BlockRef,
  wanted: Wanted,
  accounts: readonly Address[],
  catalogue: CatalogueOptions,
): Promise<Work | Failure> => {
  const { adapter, deployment } = wanted
  const draft = draftOf(emptyMirror(deployment, adapter))
  const { mirror } = draft
  try {
    const listed = isUnlisted(adapter, deployment) ? await listMarkets(chain, wanted, block, catalogue) : []
    const keys = [
      ...listed,
      ...adapter.stateKeys(mirror),
      ...accounts.flatMap((account) => adapter.locate(mirror, account)),
    ]
    return { adapter, draft, one: new Set(), many: new Set(keys) }
  } catch (error) {
    const detail = `its markets could not be listed: ${messageOf(error)}`
    const { chainId } = deployment
    return { chainId, market: formatDeploymentId(deployment), reason: 'read-failed', detail }
  }
}

/** Keys that were still due when the rounds ran out. */
const unreadFailures = (
  works: readonly Work[],
  reading: Reading,
  readRoundsMax: number,
): readonly Failure[] => {
  const unread = reading.kind === 'read' ? reading.unread : []
  return works.flatMap((work, index): readonly Failure[] => {
    const left = unread[index]?.size ?? 0
    const { deployment } = work.draft.mirror
    if (left === 0) return []
    const detail = `${left} keys were still due after ${readRoundsMax} rounds`
    const market = formatDeploymentId(deployment)
    return [{ chainId: deployment.chainId, market, reason: 'not-yet-read', detail }]
  })
}

/**
 * Reads accounts of one chain at `block`, and, given what configuration says of groups, the risks of their loans. Throws what the
 * chain throws; a market that does not answer is a failure of its own.
 */
export const readAccounts = async (
  chain: Chain,
  block: BlockRef,
  wanted: readonly Wanted[],
  accounts: readonly Address[],
  readRoundsMax: number,
  catalogue: CatalogueOptions,
  groups?: readonly GroupSetting[],
): Promise<OnDemand> => {
  const found = await Promise.all(wanted.map((one) => workOf(chain, block, one, accounts, catalogue)))
  const works = found.filter((one): one is Work => 'draft' in one)
  const reading = await readDue(works, {
    block,
    read: async (calls) => ({ results: await chain.readCached(block, calls), ancestors: new Map() }),
    ancestors: [],
    extraCalls: [],
    readRoundsMax,
    isObsolete: () => false,
  })
  const assessable = works.map(({ adapter, draft }) => ({ adapter, mirror: draft.mirror }))
  const { risks, loans, unread }: Risks = groups
    ? await readRisks(chain, block, assessable, groups)
    : { risks: new Map(), loans: new Map(), unread: null }
  return {
    block,
    assessments: assessAll(assessable, block),
    risks,
    loans,
    failures: [
      ...(unread === null ? [] : [wiringFailure(block, unread)]),
      ...found.filter((one): one is Failure => 'reason' in one),
      ...works.flatMap((work) => readFailures(work, accounts)),
      ...unreadFailures(works, reading, readRoundsMax),
    ],
  }
}
