import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import { seriesOf } from '../../app/series.ts'
import { parsePositionId } from '../../model/ids.ts'
import type { Snapshot, SnapshotCause } from '../../model/snapshot.ts'
import { snapshotOf } from '../../monitor/snapshotting.ts'
import { ownerOf } from '../../store/entries.ts'
import { firstObservedSince } from '../../store/observed.ts'
import { snapshotPage } from '../../store/snapshot-pages.ts'
import { faultOf, ProblemError } from '../problem.ts'
import { asOf } from '../reading/chains.ts'
import { defineRoute, type Route } from '../route.ts'
import { asOfShape, nextShape } from '../schemas/common.ts'
import { component } from '../schemas/components.ts'
import { point } from '../schemas/market.ts'
import { cursorIn, cursorOf, index, limitUpTo, moment, positionId, span } from '../schemas/query.ts'
import { nowSeconds, type Tools } from '../tools.ts'

/** Where a page of recomputed points goes on: seconds, and at which resolution. */
const resolutionPlace = z.tuple([index, index])

/** Points are recomputed, so many between two pauses. */
const RECOMPUTED_AT_ONCE = 8

type Point = Omit<Snapshot, 'cause'> & { readonly cause: SnapshotCause | 'recomputed' }

/** Seconds, both ends among them. */
type Span = { readonly since: number; readonly until: number; readonly limit: number }

type Paging = {
  readonly every?: number | undefined
  readonly cursor?: readonly [number] | readonly [number, number] | undefined
}

type Page = { readonly points: readonly Point[]; readonly next: readonly number[] | undefined }

const wrongCursor = (): ProblemError =>
  faultOf('cursor', 'is no cursor of this list: give `next` of the page before')

const pointJson = ({
  position: _position,
  owner: _owner,
  blockNumber: number,
  timestamp,
  ...rest
}: Point) => ({
  block: { number, timestamp },
  ...rest,
})

const stored = ({ database }: Tools, id: string, span: Span, { every, cursor }: Paging): Page => {
  if (cursor && cursor.length !== 1) throw wrongCursor()
  const { points, next } = snapshotPage(database, id, {
    ...span,
    everySeconds: every,
    afterBlock: cursor?.[0],
  })
  return { points, next: next === undefined ? undefined : [next] }
}

/** As many spans as a page may have points, from the first one in which a block was observed. */
const recomputed = async (
  { database }: Tools,
  id: string,
  { since, until, limit }: Span,
  everySeconds: number,
  { every, cursor }: Paging,
): Promise<Page> => {
  if (every !== undefined) throw faultOf('every', 'cannot go together with resolution')
  if (cursor && cursor[1] !== everySeconds) throw wrongCursor()
  const first = firstObservedSince(database, parsePositionId(id).chainId, Math.max(since, cursor?.[0] ?? 0))
  if (first === undefined || first > until) return { points: [], next: undefined }
  const end = (Math.floor(first / everySeconds) + limit) * everySeconds - 1
  const points: Point[] = []
  let count = 0
  for (const assessments of seriesOf(database, id, {
    since: first,
    until: Math.min(end, until),
    everySeconds,
  })) {
    for (const one of assessments) points.push({ ...snapshotOf(one, 'moved'), cause: 'recomputed' })
    if (++count % RECOMPUTED_AT_ONCE === 0) await setImmediate()
  }
  const isLast =
    end >= until || firstObservedSince(database, parsePositionId(id).chainId, end + 1) === undefined
  return { points, next: isLast ? undefined : [end + 1, everySeconds] }
}

export const historyRoute = (limitMax: number): Route =>
  defineRoute({
    ...{ method: 'GET', path: '/v1/positions/{id}/history', tag: 'history', scope: 'read', restsOn: 'store' },
    summary:
      'The health of a loan over time, oldest first: as it was stored, or recomputed at any resolution',
    description:
      'A point is stored on change beyond a tolerance, on crossing a band, and at checkpoints; `cause` says which. With `every`, only the last point of each such span. With `resolution`, a point for each such span in which a block was observed, recomputed exactly at the last of these, whether or not anything was stored there; a page then covers up to `limit` spans and may have fewer points, or none.',
    pathFields: { id: positionId },
    query: {
      since: moment.optional(),
      until: moment.optional(),
      every: span.optional(),
      resolution: span.optional().describe('Recomputes one point for each such span of time'),
      limit: limitUpTo(limitMax),
      cursor: cursorIn(z.union([z.tuple([index]), resolutionPlace])),
    },
    answer: component(
      'History',
      z.object({
        ...asOfShape,
        id: z.string(),
        historyDays: z.int().describe('For how long the past is kept'),
        points: z.array(point),
        ...nextShape,
      }),
    ),
    problems: ['not-found'],
    run: async ({ path: { id }, query }, tools) => {
      const { chainId } = parsePositionId(id)
      if (!ownerOf(tools.database, parsePositionId(id)))
        throw new ProblemError('not-found', `nothing is stored of ${id}`)
      const now = nowSeconds(tools)
      const span = {
        since: query.since?.(now) ?? 0,
        until: query.until?.(now) ?? Number.MAX_SAFE_INTEGER,
        limit: query.limit,
      }
      const { points, next } =
        query.resolution === undefined
          ? stored(tools, id, span, query)
          : await recomputed(tools, id, span, query.resolution, query)
      const chains = tools.daemon.chains.filter(({ chain }) => chain.id === chainId)
      return {
        body: {
          ...asOf(chains, tools.daemon.nowMs()),
          ...{ id, historyDays: tools.daemon.config.historyDays },
          points: points.map(pointJson),
          next: next === undefined ? null : cursorOf(next),
        },
      }
    },
  })
