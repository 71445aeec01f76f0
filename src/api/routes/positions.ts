import { z } from 'zod'
import { parsePositionId } from '../../model/ids.ts'
import { assessAt } from '../../monitor/past.ts'
import { registry } from '../../protocols/registry.ts'
import { ProblemError } from '../problem.ts'
import { ageSeconds, asOf } from '../reading/chains.ts'
import { filterOf, loanFields } from '../reading/filters.ts'
import { listLoans, pagePlace, SORTS } from '../reading/listing.ts'
import { createStates, type Loan, loansOf } from '../reading/loan.ts'
import { defineRoute, type Route } from '../route.ts'
import { assessment, loanState, position } from '../schemas/assessment.ts'
import { asOfShape, nextShape } from '../schemas/common.ts'
import { component } from '../schemas/components.ts'
import { blockNumber, cursorIn, cursorOf, limitUpTo, positionId } from '../schemas/query.ts'
import { chainsNamed, type Tools } from '../tools.ts'

const positionsRoute = (limitMax: number): Route =>
  defineRoute({
    ...{ method: 'GET', path: '/v1/positions', tag: 'loans', scope: 'read', restsOn: 'chains' },
    summary: 'Loans of the book: what cannot be assessed first, then worst health first',
    description:
      'Filters go together. A range of health keeps what cannot be assessed, since its health may be in any; every filter that only an assessment can tell leaves it out. Pages follow the order, not a moment: each names its block, and a loan that moves between two requests may be missed or met again. A page may have fewer rows than asked for, where finding more would take too much work; the last one has no `next`.',
    query: {
      ...loanFields,
      sort: z.enum(SORTS).default('health').describe('Worst health first, or most US dollars first'),
      limit: limitUpTo(limitMax),
      cursor: cursorIn(pagePlace),
    },
    answer: component('Positions', z.object({ ...asOfShape, positions: z.array(assessment), ...nextShape })),
    problems: ['too-much-work', 'unavailable'],
    run: async ({ query }, tools) => {
      const { chain, minHealth, maxHealth, sort, limit, cursor } = query
      if (cursor && cursor[0] !== sort)
        throw new ProblemError('invalid-request', `the cursor is of a list by ${cursor[0]}, not by ${sort}`)
      const { assessments, next, ...rest } = await listLoans(tools, {
        chains: chainsNamed(tools, chain),
        filter: filterOf(query, tools),
        ...{ minHealth, maxHealth, sort, limit, after: cursor },
      })
      return { body: { ...rest, positions: assessments, next: next ? cursorOf(next) : null } }
    },
  })

const noLoan = (id: string): ProblemError =>
  new ProblemError('not-found', `there is no loan ${id} in the book`, {
    remedy: 'An account that is not followed is read by /v1/accounts/{address}.',
  })

/** A loan as it was at an observed block. */
const pastLoan = ({ database, daemon }: Tools, id: string, number: bigint) => {
  const past = assessAt(database, registry, parsePositionId(id), number)
  if (past.kind === 'assessed') {
    const { block } = past.assessment
    return { block, ageSeconds: ageSeconds(block, daemon.nowMs()), stale: false, position: past.assessment }
  }
  if (past.kind === 'unknown-position')
    throw new ProblemError('not-found', `${id} was not there at block ${number}, or not read yet`)
  const near = [past.before, past.after].flatMap((one) => (one ? [one.number] : []))
  const next =
    near.length > 0 ? `observed next to it: ${near.join(', ')}` : 'no block of this chain was observed'
  throw new ProblemError('not-observed', `block ${number} was not observed; ${next}`, {
    remedy: `History reaches back ${daemon.config.historyDays} days.`,
  })
}

/** The chain of a loan and what is said of it. */
const chainOfLoan = (tools: Tools, id: string) => {
  const chains = chainsNamed(tools, parsePositionId(id).chainId)
  const { block, ageSeconds: age, stale, unread } = asOf(chains, tools.daemon.nowMs())
  const [[chain], [reason]] = [chains, unread]
  if (!chain) throw noLoan(id)
  if (reason) throw new ProblemError('unavailable', reason.reason, { headers: { 'retry-after': '5' } })
  return { chain, told: { block, ageSeconds: age, stale } }
}

const presentLoan = async (tools: Tools, id: string) => {
  const { chain, told } = chainOfLoan(tools, id)
  const found = await loansOf(tools, chain, [id])
  const [loan] = found?.loans ?? []
  if (!found || !loan) throw noLoan(id)
  const { block } = found
  return {
    ...told,
    block,
    ageSeconds: ageSeconds(block, tools.daemon.nowMs()),
    position: loan satisfies Loan,
  }
}

const presentState = (tools: Tools, id: string) => {
  const { chain, told } = chainOfLoan(tools, id)
  const state = createStates(tools, chain)(id)
  if (!state) throw noLoan(id)
  return { ...told, state }
}

const oneAnswer = component(
  'OnePosition',
  z.object({
    block: asOfShape.block,
    ageSeconds: asOfShape.ageSeconds,
    stale: z.boolean(),
    position,
  }),
)

const positionRoute: Route = defineRoute({
  ...{ method: 'GET', path: '/v1/positions/{id}', tag: 'loans', scope: 'read', restsOn: 'chains' },
  summary: 'One loan of the book with its risk, or as it was at an observed block',
  pathFields: { id: positionId },
  query: {
    at: blockNumber.optional().describe('Recomputes its health at this observed block, without its risk'),
  },
  answer: oneAnswer,
  problems: ['not-found', 'not-observed', 'unavailable'],
  run: async ({ path: { id }, query: { at } }, tools) => ({
    body: at === undefined ? await presentLoan(tools, id) : pastLoan(tools, id, at),
  }),
})

const stateRoute: Route = defineRoute({
  ...{ method: 'GET', path: '/v1/positions/{id}/state', tag: 'loans', scope: 'read', restsOn: 'chains' },
  summary: 'One loan of the book with all that it rests on, to compute it elsewhere',
  description:
    'The state of its market, of its position, and prices, as they are at one block. `loanOf` of the library makes a loan of it, whose health, liquidations, repairs and changes are computed by the same code as here, to the unit, in Node and in browsers. Of an account that is not followed, /v1/accounts/{address}?include=state tells the same.',
  pathFields: { id: positionId },
  answer: component(
    'OneState',
    z.object({
      block: asOfShape.block,
      ageSeconds: asOfShape.ageSeconds,
      stale: z.boolean(),
      state: loanState,
    }),
  ),
  problems: ['not-found', 'unavailable'],
  run: ({ path: { id } }, tools) => ({ body: presentState(tools, id) }),
})

export const positionRoutes = (limitMax: number): readonly Route[] => [
  positionsRoute(limitMax),
  positionRoute,
  stateRoute,
]
