import { z } from 'zod'
import type { DaemonChain } from '../../app/face.ts'
import type { Parameter } from '../../model/parameter.ts'
import { ProblemError } from '../problem.ts'
import { asOf, staleness } from '../reading/chains.ts'
import {
  type Included,
  include,
  type MarketRow,
  marketRows,
  marketsJson,
  type Surveyed,
  surveyed,
} from '../reading/markets.ts'
import { oraclesJson, restingOn, roundsOf } from '../reading/oracles.ts'
import { type Pause, steadily } from '../reading/steady.ts'
import { defineRoute, type Route } from '../route.ts'
import { asOfShape } from '../schemas/common.ts'
import { component } from '../schemas/components.ts'
import { wholeMarket } from '../schemas/market.ts'
import { marketId } from '../schemas/query.ts'
import { chainsNamed, type Tools } from '../tools.ts'

const rowNamed = (rows: readonly MarketRow[], id: string, one: DaemonChain, nowMs: number): MarketRow => {
  const row = rows.find((found) => found.id === id)
  if (row) return row
  if (one.state.follower?.book.cursor)
    throw new ProblemError('not-found', `there is no market ${id}`, {
      remedy: 'See /v1/markets for those that are followed.',
    })
  throw new ProblemError('unavailable', staleness(one, nowMs) ?? 'the chain has not been read yet', {
    headers: { 'retry-after': '5' },
  })
}

const parameterJson = ({ name, prices: _, ...parameter }: Parameter) => ({ parameter: name, ...parameter })

/** A market as the book has it. */
const look = async (
  tools: Tools,
  one: DaemonChain,
  id: string,
  included: ReadonlySet<Included>,
  found: Surveyed,
  pause: Pause,
) => {
  const indexes = await tools.chains.indexes([one])
  await pause()
  const row = rowNamed(marketRows(indexes), id, one, tools.daemon.nowMs())
  const { market, part, index } = row
  const { adapter } = part.tracked
  const whole = {
    parameters: adapter.parameters(market).map(parameterJson),
    totals: adapter.totals?.(market, part.env) ?? null,
  }
  const resting = restingOn(tools, one, row)
  const known = asOf([one], tools.daemon.nowMs())
  const [told] = marketsJson([row], included, found)
  return { block: index.block, known, resting, market: { ...told, ...whole } }
}

export const marketRoute: Route = defineRoute({
  ...{ method: 'GET', path: '/v1/markets/{id}', tag: 'markets', scope: 'read', restsOn: 'chains' },
  summary: 'One market in full: its parameters, what is lent and owed in it, and where its prices come from',
  description:
    'When the feeds behind its prices spoke last is read from the chain at the block of the answer; where that cannot be found out, `oracleFailure` says why. What changed of its parameters: /v1/parameter-changes?market=ID.',
  pathFields: { id: marketId },
  query: { include },
  answer: component('OneMarket', z.object({ ...asOfShape, market: wholeMarket })),
  problems: ['not-found', 'unavailable'],
  run: async ({ path: { id }, query }, tools) => {
    const chain = chainsNamed(tools, Number(id.slice(0, id.indexOf(':'))))
    const [one] = chain as [DaemonChain]
    const included = query.include ?? new Set()
    const found = await surveyed(tools, included)
    const { block, known, resting, market } = await steadily(
      () => tools.chains.bookVersionOf([one]),
      (pause) => look(tools, one, id, included, found, pause),
    )
    const rounds = await roundsOf(tools, one, resting, block)
    const { failure } = rounds
    return {
      body: {
        ...known,
        market: {
          ...market,
          oracles: oraclesJson(tools, resting, rounds, block),
          oracleFailure: failure === null ? null : tools.redact(failure),
        },
      },
    }
  },
})
