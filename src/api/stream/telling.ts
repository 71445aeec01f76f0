// What the daemon does, as events: of each chain in the order of its commits, and never before them.
import type { Face } from '../../app/face.ts'
import type { AlertNews } from '../../app/judging.ts'
import { type BlockRef, blockRef } from '../../model/block.ts'
import { messageOf } from '../../model/errors.ts'
import { baseFeesOf } from '../../store/views.ts'
import { ageSeconds, staleness } from '../reading/chains.ts'
import type { Tools } from '../tools.ts'
import { createCandidateWatch } from './candidates.ts'
import { alertNews, assessmentNews, type Committed, headNews, mostTelling } from './news.ts'
import type { News, Ring } from './ring.ts'

type DaemonChain = Tools['daemon']['chains'][number]

export type StreamTools = Pick<Tools, 'daemon' | 'database' | 'server' | 'redact' | 'chains' | 'rankings'>

type TellingOptions = {
  readonly tools: StreamTools
  readonly ring: Ring
  /** Whether anybody listens. */
  isHeard(): boolean
  isWatched(owner: string): boolean
}

type Telling = Pick<Face, 'onFollowEvent' | 'onAlerts'> & {
  /** Looks at what nothing tells of: whether chains have become out of date. */
  tick(): void
  close(): void
}

type Counts = { candidate: number; assessment: number; alert: number }

type ChainState = {
  readonly one: DaemonChain
  readonly told: Counts
  readonly watchCandidates: ReturnType<typeof createCandidateWatch>
  /** Counts cycles: work for one is over when the next is committed. */
  cycle: number
  previous: BlockRef | null
  isClosed: boolean
}

const publish = ({ told }: ChainState, { ring }: TellingOptions, topic: keyof Counts, news: News): void => {
  told[topic] += 1
  ring.publish(news)
}

const logFailure = ({ tools }: TellingOptions, chainId: number, error: unknown): void =>
  tools.daemon.log.error({ event: 'stream', chainId, error: messageOf(error) }, 'events could not be made')

/** Answers how many were left out. */
const tellCandidates = async (
  state: ChainState,
  options: TellingOptions,
  outcome: Committed,
  own: number,
): Promise<number> => {
  const { follower } = state.one.state
  if (!follower) return 0
  const { book, attentions } = follower
  const { assessments, closed } = outcome
  const { database, server, chains, rankings } = options.tools
  const block = blockRef(outcome.head)
  const { chainId } = block
  return state.watchCandidates({
    ...{ book, attentions, block, assessments, closed },
    baseFeeWei: baseFeesOf(database).get(chainId) ?? null,
    shared: rankings.shared(chainId, chains.bookVersionOf([state.one])),
    candidatesMax: server.stream.candidatesPerCycleMax,
    assessmentsMax: server.assessmentsPerRequestMax,
    isOver: () => state.isClosed || state.cycle !== own,
    isHeard: options.isHeard(),
    onError: (error) => logFailure(options, chainId, error),
    tell: ({ told, ...data }) =>
      publish(state, options, 'candidate', {
        ...{ topic: 'candidate', chainId, block, data },
        about: { loan: data, told },
      }),
  })
}

/** Answers how many were left out. */
const tellAssessments = (
  state: ChainState,
  options: TellingOptions,
  { head, assessments, snapshots }: Committed,
): number => {
  const byId = new Map(assessments.map((assessment) => [assessment.id, assessment]))
  const chosen = mostTelling(snapshots, {
    max: options.tools.server.stream.assessmentsPerCycleMax,
    isWatched: options.isWatched,
  })
  const block = blockRef(head)
  for (const snapshot of chosen) {
    const position = snapshot.cause === 'closed' ? undefined : byId.get(snapshot.position)
    const news = { ...assessmentNews(snapshot, position), chainId: block.chainId, block }
    publish(state, options, 'assessment', news)
  }
  return snapshots.length - chosen.length
}

/** Left out, where it is not known how many were. */
const AT_LEAST_ONE = 1

const tellCycle = async (
  state: ChainState,
  options: TellingOptions,
  outcome: Committed,
  own: number,
): Promise<void> => {
  const candidate = await tellCandidates(state, options, outcome, own).catch((error) => {
    logFailure(options, outcome.head.chainId, error)
    return AT_LEAST_ONE
  })
  const assessment = tellAssessments(state, options, outcome)
  const { one, told, previous } = state
  const now = options.tools.daemon.nowMs()
  const block = blockRef(outcome.head)
  options.ring.publish(
    headNews(outcome, {
      ...{ previous, told: { ...told }, leftOut: { candidate, assessment } },
      ...{ ageSeconds: ageSeconds(block, now), stale: staleness(one, now) !== undefined },
    }),
  )
  Object.assign(told, { candidate: 0, assessment: 0, alert: 0 })
  state.previous = block
}

/** One chain: its events one after the other. */
const createChainTelling = (one: DaemonChain, options: TellingOptions) => {
  const { ring, tools } = options
  const { daemon, redact } = tools
  const chainId = one.chain.id
  const state: ChainState = {
    ...{ one, told: { candidate: 0, assessment: 0, alert: 0 }, watchCandidates: createCandidateWatch() },
    ...{ cycle: 0, previous: null, isClosed: false },
  }
  let tail = Promise.resolve()
  let stale: string | null | undefined
  const inTurn = (tell: () => void | Promise<void>): void => {
    tail = tail
      .then(() => (state.isClosed ? undefined : tell()))
      .catch((error) => logFailure(options, chainId, error))
  }
  return {
    onCycle: (outcome: Committed): void => {
      state.cycle += 1
      const own = state.cycle
      inTurn(() => tellCycle(state, options, outcome, own))
    },
    onAlerts: (news: readonly AlertNews[]): void =>
      inTurn(() => {
        for (const one of news) publish(state, options, 'alert', alertNews(chainId, one))
      }),
    /** The first look is no news. */
    lookWhetherStale: (): void => {
      const reason = staleness(one, daemon.nowMs()) ?? null
      const isNews = stale !== undefined && (reason === null) !== (stale === null)
      stale = reason
      if (!isNews) return
      const cursor = one.state.follower?.book.cursor
      const data = { stale: reason !== null, reason: reason === null ? null : redact(reason) }
      const block = cursor ? blockRef(cursor) : null
      inTurn(() => ring.publish({ ...{ topic: 'status', chainId, block, data }, about: {} }))
    },
    close: (): void => {
      state.isClosed = true
    },
  }
}

/** Events of a daemon, into a ring. */
export const createTelling = (options: TellingOptions): Telling => {
  const { ring, tools } = options
  const chains = new Map(
    tools.daemon.chains.map((one) => [one.chain.id, createChainTelling(one, options)] as const),
  )
  return {
    onFollowEvent: (chainId, event) => {
      if (event.kind === 'cycle' && event.outcome.kind === 'committed')
        chains.get(chainId)?.onCycle(event.outcome)
    },
    onAlerts: (chainId, news) => {
      const own = chains.get(chainId)
      if (own) own.onAlerts(news)
      else for (const one of news) ring.publish(alertNews(chainId, one))
    },
    tick: () => {
      for (const one of chains.values()) one.lookWhetherStale()
    },
    close: () => {
      for (const one of chains.values()) one.close()
    },
  }
}
