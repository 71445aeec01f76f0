import { z } from 'zod'
import { distributionJson } from '../../app/distribution-json.ts'
import type { DaemonChain } from '../../app/face.ts'
import type { Assessment } from '../../model/assessment.ts'
import type { Coverage } from '../../model/coverage.ts'
import { formatMarketId } from '../../model/ids.ts'
import type { Market } from '../../model/market.ts'
import { distributionOf } from '../../risk/distribution.ts'
import { asOf } from '../reading/chains.ts'
import { isWithinMarket } from '../reading/filters.ts'
import { type HealthIndex, marketIdOf } from '../reading/health-index.ts'
import { type Pause, steadily } from '../reading/steady.ts'
import { assessEntries, collect, tooMuchWork } from '../reading/walk.ts'
import { defineRoute, type Route } from '../route.ts'
import { asOfShape, nextShape } from '../schemas/common.ts'
import { component } from '../schemas/components.ts'
import { market } from '../schemas/market.ts'
import { chainId, cursorIn, cursorOf, limitUpTo, marketPrefix, name, namesOf } from '../schemas/query.ts'
import { chainsNamed, type Tools } from '../tools.ts'

type Included = 'coverage' | 'distribution'

const include = namesOf<Included>(['coverage', 'distribution'])
  .optional()
  .describe('coverage, distribution or both: these look at every loan of the markets')

type Row = {
  readonly index: HealthIndex
  readonly market: Market
  readonly id: string
  readonly count: number
}

const rowsOf = (indexes: readonly HealthIndex[]): readonly Row[] =>
  indexes.flatMap((index) =>
    index.parts.flatMap((part) => {
      const counts = new Map(part.marketNames.map((own, at) => [own, part.marketCounts[at] ?? 0]))
      return [...part.tracked.mirror.markets].map(
        ([own, one]): Row => ({
          index,
          market: one,
          id: formatMarketId(one.id),
          count: counts.get(own) ?? 0,
        }),
      )
    }),
  )

/** What proves that books are complete, of the deployments of some markets. */
const coverageOf = async (rows: readonly Row[], pause: Pause): Promise<readonly Coverage[]> => {
  const found: Coverage[] = []
  const wanted = new Set(rows.map(({ id }) => id))
  for (const { block, parts } of new Set(rows.map(({ index }) => index)))
    for (const { tracked } of parts) {
      if (![...tracked.mirror.markets.values()].some(({ id }) => wanted.has(formatMarketId(id)))) continue
      found.push(...tracked.adapter.coverage(tracked.mirror, block))
      await pause()
    }
  return found
}

const assessmentsOf = async (
  rows: readonly Row[],
  assessmentsMax: number,
  pause: Pause,
): Promise<ReadonlyMap<string, readonly Assessment[]>> => {
  const wanted = new Set(rows.map(({ id }) => id))
  const indexes = [...new Set(rows.map(({ index }) => index))]
  const entries = await collect(indexes, (entry) => wanted.has(marketIdOf(entry)), assessmentsMax, pause)
  if (!entries) throw tooMuchWork(assessmentsMax)
  const groups = new Map<string, Assessment[]>()
  for (const { assessment } of await assessEntries(entries, pause)) {
    const id = formatMarketId(assessment)
    groups.set(id, [...(groups.get(id) ?? []), assessment])
  }
  return groups
}

type Asked = {
  readonly chains: readonly DaemonChain[]
  isWanted(row: Row): boolean
  readonly after: string | undefined
  readonly limit: number
  readonly included: ReadonlySet<Included>
}

const byId = (a: Row, b: Row): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

const listMarkets = async (tools: Tools, asked: Asked, pause: Pause) => {
  const { chains, after, limit, included } = asked
  const indexes = await tools.chains.indexes(chains)
  await pause()
  const rows = rowsOf(indexes)
    .filter((row) => asked.isWanted(row) && (after === undefined || row.id > after))
    .sort(byId)
  const shown = rows.slice(0, limit)
  const coverage = included.has('coverage') ? await coverageOf(shown, pause) : undefined
  const assessments = included.has('distribution')
    ? await assessmentsOf(shown, tools.server.assessmentsPerRequestMax, pause)
    : undefined
  const last = shown.at(-1)
  return {
    ...asOf(chains, tools.daemon.nowMs()),
    markets: shown.map(({ index, market: one, id, count }) => ({
      ...one.id,
      ...{ label: one.label, quote: one.quote, revision: one.revision, revisionRaw: one.revisionRaw },
      ...{ fidelity: one.fidelity, ...(one.fault ? { fault: one.fault } : {}), block: index.block },
      positionCount: count,
      ...(coverage ? { coverage: coverage.filter((row) => row.market === id) } : {}),
      ...(assessments ? { distribution: distributionJson(distributionOf(assessments.get(id) ?? [])) } : {}),
    })),
    next: last && rows.length > limit ? cursorOf([last.id]) : null,
  }
}

export const marketsRoute = (limitMax: number): Route =>
  defineRoute({
    ...{ method: 'GET', path: '/v1/markets', tag: 'markets', scope: 'read', restsOn: 'chains' },
    summary: 'Followed markets, by id',
    query: {
      chain: chainId.optional(),
      protocol: name.optional(),
      deployment: name.optional(),
      market: marketPrefix.optional(),
      include,
      limit: limitUpTo(limitMax),
      cursor: cursorIn(z.tuple([z.string().max(300)])),
    },
    answer: component('Markets', z.object({ ...asOfShape, markets: z.array(market), ...nextShape })),
    problems: ['too-much-work', 'unavailable'],
    run: async ({ query }, tools) => {
      const chains = chainsNamed(tools, query.chain)
      const { protocol, deployment, market: prefix } = query
      const asked: Asked = {
        chains,
        isWanted: ({ id, market: { id: own } }) =>
          (protocol === undefined || own.protocol === protocol) &&
          (deployment === undefined || own.deployment === deployment) &&
          (prefix === undefined || isWithinMarket(id, prefix)),
        after: query.cursor?.[0],
        limit: query.limit,
        included: query.include ?? new Set(),
      }
      return {
        body: await steadily(
          () => tools.chains.bookVersionOf(chains),
          (pause) => listMarkets(tools, asked, pause),
        ),
      }
    },
  })
