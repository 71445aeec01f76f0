import { z } from 'zod'
import { formatDeploymentId } from '../../model/ids.ts'
import { PPM } from '../../units/brands.ts'
import { faultOf, type ProblemError } from '../problem.ts'
import { asOf } from '../reading/chains.ts'
import { type FeedRow, type FeedScope, feedNamed, feedRows, type KnownFeed } from '../reading/feeds.ts'
import { filterOf, type LoanQuery, loanFields } from '../reading/filters.ts'
import { type Pause, steadily } from '../reading/steady.ts'
import { listTriggers, type Trigger, type TriggerPage } from '../reading/triggers.ts'
import { defineRoute, type Route } from '../route.ts'
import { asOfShape, integer, nextShape } from '../schemas/common.ts'
import { component } from '../schemas/components.ts'
import {
  asset,
  cursorIn,
  cursorOf,
  index,
  limitUpTo,
  namesOf,
  percentUpTo,
  positionId,
} from '../schemas/query.ts'
import { feed as feedSchema, trigger as triggerSchema } from '../schemas/trigger.ts'
import { chainsNamed, type Tools } from '../tools.ts'

/** A price of 0 is none. */
const FALL_PERCENT_MAX = 99
const RISE_PERCENT_MAX = 1_000
const DEFAULT_FALL_PPM = 100_000n

/** Pages with ways to liquidate are shorter: each takes some milliseconds. */
const WITH_OPTIONS_MAX = 50

const { kind: _kind, phase: _phase, liquidatable: _liquidatable, ...loanFilters } = loanFields
const { chain, protocol, deployment, market, ...filters } = loanFilters

const digits = z.string().regex(/^\d{1,80}$/)
const triggerPlace = z.tuple([digits, positionId])
const feedPlace = z.tuple([index, z.string().max(200)])

const queryOf = (limitMax: number) => ({
  feed: asset
    .optional()
    .describe(
      'A feed by its id, its key, its source, or an asset that it is a price of; without one, the feeds are listed',
    ),
  down: percentUpTo(FALL_PERCENT_MAX)
    .optional()
    .describe('How far it falls, such as 5%; 10% where neither is told'),
  up: percentUpTo(RISE_PERCENT_MAX).optional().describe('How far it rises, instead'),
  ...{ chain, protocol, deployment, market },
  ...filters,
  include: namesOf(['options']).optional().describe('options: every way to liquidate each loan at its price'),
  limit: limitUpTo(limitMax),
  cursor: cursorIn(z.union([triggerPlace, feedPlace])),
})

type Query = { readonly [K in keyof ReturnType<typeof queryOf>]: z.output<ReturnType<typeof queryOf>[K]> }

const wrongCursor = (): ProblemError =>
  faultOf('cursor', 'is no cursor of this list: give `next` of the page before')

/** What asks for loans needs a feed that they rest on. */
const checkQuery = (query: Query): void => {
  const { feed, down, up, include, limit } = query
  const ofLoans = ['down', 'up', 'include', ...Object.keys(filters)] as (keyof Query)[]
  const alone = feed === undefined ? ofLoans.find((name) => query[name] !== undefined) : undefined
  if (alone !== undefined) throw faultOf(alone, 'is of loans: name a feed')
  if (down !== undefined && up !== undefined) throw faultOf('up', 'cannot go together with down')
  if (include?.has('options') && limit > WITH_OPTIONS_MAX)
    throw faultOf('limit', `is at most ${WITH_OPTIONS_MAX} with include=options`)
}

const feedJson = ({
  feed,
  trigger,
}: FeedRow | { readonly feed: KnownFeed; readonly trigger: FeedRow['trigger'] }) => {
  const { id, tracked, key, assets, quote, source, reading } = feed
  const { chainId, protocol: own, deployment: name } = tracked.mirror.deployment
  const told = reading?.kind === 'price' ? reading : undefined
  return {
    ...{ id, chainId, protocol: own, deployment: name, priceKey: key, assets, quote, source },
    ...{ price: told?.price ?? null, scale: told?.scale ?? null, updatedAt: told?.updatedAt ?? null },
    ...trigger,
  }
}

const triggerJson = ({ position, ways, ...rest }: Trigger) => ({
  ...{ id: position.id, owner: position.owner, ...rest, position },
  ...(ways ? { atTrigger: ways } : {}),
})

const lastPrice = ({ reading }: KnownFeed, { down, up }: Query): bigint => {
  if (reading?.kind !== 'price') return 0n
  const { price } = reading
  if (up !== undefined) return price + (price * up) / PPM
  return price - (price * (down ?? DEFAULT_FALL_PPM)) / PPM
}

const NOWHERE = Number.MAX_SAFE_INTEGER

const placeOf = ({ feed, trigger: { fallPpm, risePpm } }: FeedRow): z.output<typeof feedPlace> => [
  Math.min(Math.abs(fallPpm ?? NOWHERE), risePpm ?? NOWHERE),
  feed.id,
]

const isBehind = (row: FeedRow, [distance, id]: z.output<typeof feedPlace>): boolean => {
  const [own] = placeOf(row)
  return own === distance ? row.feed.id > id : own > distance
}

const listFeeds = async (scope: FeedScope, { cursor, limit }: Query, pause: Pause) => {
  const after = feedPlace.optional().safeParse(cursor)
  if (!after.success) throw wrongCursor()
  const rows = (await feedRows(scope, pause)).filter((row) => !after.data || isBehind(row, after.data))
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    ...{ feeds: shown.map(feedJson), direction: null, until: null, triggers: [] },
    next: last && rows.length > limit ? cursorOf(placeOf(last)) : null,
  }
}

const listLoans = async (tools: Tools, scope: FeedScope, query: Query, name: string, pause: Pause) => {
  const after = triggerPlace.optional().safeParse(query.cursor)
  if (!after.success) throw wrongCursor()
  const feed = feedNamed(scope, name)
  const until = lastPrice(feed, query)
  const all = { ...query, kind: undefined, phase: undefined, liquidatable: undefined } satisfies LoanQuery
  const page: TriggerPage = await listTriggers(
    tools,
    {
      ...{ feed, last: until, minHealth: query.minHealth, maxHealth: query.maxHealth },
      filter: () => filterOf(all, tools),
      ...{ after: after.data, limit: query.limit, wantsOptions: query.include?.has('options') === true },
    },
    pause,
  )
  const rows = await feedRows({ ...scope, chains: [feed.chain], ...deploymentOf(feed) }, pause)
  const row = rows.find((one) => one.feed.id === feed.id)
  return {
    feeds: row ? [feedJson(row)] : [],
    ...{ direction: query.up === undefined ? 'down' : 'up', until },
    triggers: page.triggers.map(triggerJson),
    next: page.next ? cursorOf(page.next) : null,
  }
}

const deploymentOf = ({ tracked }: KnownFeed) => ({
  ...{ protocol: undefined, deployment: undefined },
  market: formatDeploymentId(tracked.mirror.deployment),
})

export const triggersRoute = (limitMax: number): Route =>
  defineRoute({
    ...{ method: 'GET', path: '/v1/triggers', tag: 'liquidations', scope: 'read', restsOn: 'chains' },
    summary: 'Price feeds, and the loans that each makes liquidatable as it moves, by the price that does',
    description:
      'Without `feed`: every price feed, nearest to a liquidation first. With one: loans that are not liquidatable now and become so as that price alone falls, or rises, so far, nearest first, each with the exact integer of the oracle that does it: a bot that sees an update on its way knows what it brings about. All other prices and the time are held.',
    query: queryOf(Math.min(limitMax, 200)),
    answer: component(
      'Triggers',
      z.object({
        ...asOfShape,
        feeds: z.array(feedSchema).describe('With `feed`, that one'),
        direction: z.enum(['down', 'up']).nullable(),
        until: integer.nullable().describe('The farthest price that was looked at'),
        triggers: z.array(triggerSchema).describe('Nearest the current price first'),
        ...nextShape,
      }),
    ),
    problems: ['not-found', 'too-much-work', 'unavailable'],
    run: async ({ query }, tools) => {
      checkQuery(query)
      const chains = chainsNamed(tools, query.chain)
      const scope = { ...query, chains }
      return steadily(
        () => tools.chains.bookVersionOf(chains),
        async (pause) => {
          const listed =
            query.feed === undefined
              ? await listFeeds(scope, query, pause)
              : await listLoans(tools, scope, query, query.feed, pause)
          return { body: { ...asOf(chains, tools.daemon.nowMs()), ...listed } }
        },
      )
    },
  })
