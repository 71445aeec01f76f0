import { z } from 'zod'
import type { DaemonChain } from '../../app/face.ts'
import { asOf } from '../reading/chains.ts'
import { isWithinMarket } from '../reading/filters.ts'
import {
  type Included,
  include,
  type MarketRow,
  marketRows,
  marketsJson,
  type Surveyed,
  surveyed,
} from '../reading/markets.ts'
import { type Pause, steadily } from '../reading/steady.ts'
import { defineRoute, type Route } from '../route.ts'
import { asOfShape, nextShape } from '../schemas/common.ts'
import { component } from '../schemas/components.ts'
import { market } from '../schemas/market.ts'
import { chainId, cursorIn, cursorOf, flag, limitUpTo, marketPrefix, name } from '../schemas/query.ts'
import { chainsNamed, type Tools } from '../tools.ts'

type Asked = {
  readonly chains: readonly DaemonChain[]
  isWanted(row: MarketRow): boolean
  readonly after: string | undefined
  readonly limit: number
  readonly included: ReadonlySet<Included>
}

const byId = (a: MarketRow, b: MarketRow): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

const listMarkets = async (tools: Tools, asked: Asked, found: Surveyed, pause: Pause) => {
  const { chains, after, limit, included } = asked
  const indexes = await tools.chains.indexes(chains)
  await pause()
  const rows = marketRows(indexes)
    .filter((row) => asked.isWanted(row) && (after === undefined || row.id > after))
    .sort(byId)
  const shown = rows.slice(0, limit)
  const markets = marketsJson(shown, included, found)
  const last = shown.at(-1)
  return {
    ...asOf(chains, tools.daemon.nowMs()),
    markets,
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
      hasLoans: flag
        .optional()
        .describe('Only markets in which a loan is followed and those that cannot be read, or only others'),
      include,
      limit: limitUpTo(limitMax),
      cursor: cursorIn(z.tuple([z.string().max(300)])),
    },
    answer: component('Markets', z.object({ ...asOfShape, markets: z.array(market), ...nextShape })),
    problems: ['unavailable'],
    run: async ({ query }, tools) => {
      const chains = chainsNamed(tools, query.chain)
      const { protocol, deployment, market: prefix } = query
      const asked: Asked = {
        chains,
        isWanted: ({ id, count, market: { id: own, fault } }) =>
          (query.hasLoans === undefined || query.hasLoans === (count > 0 || fault !== undefined)) &&
          (protocol === undefined || own.protocol === protocol) &&
          (deployment === undefined || own.deployment === deployment) &&
          (prefix === undefined || isWithinMarket(id, prefix)),
        after: query.cursor?.[0],
        limit: query.limit,
        included: query.include ?? new Set(),
      }
      const found = await surveyed(tools, asked.included)
      return {
        body: await steadily(
          () => tools.chains.bookVersionOf(chains),
          (pause) => listMarkets(tools, asked, found, pause),
        ),
      }
    },
  })
