import { z } from 'zod'
import { toJson } from '../../model/json.ts'
import { listCandidates } from '../reading/candidates.ts'
import { filterOf, loanFields } from '../reading/filters.ts'
import { candidatePlace } from '../reading/prospects.ts'
import { defineRoute, type Route } from '../route.ts'
import { auction, auctionFailure, candidate } from '../schemas/candidate.ts'
import { asOfShape, nextShape } from '../schemas/common.ts'
import { component } from '../schemas/components.ts'
import { cursorIn, cursorOf, flag, health, limitUpTo, usdAmount } from '../schemas/query.ts'
import { chainsNamed } from '../tools.ts'

export const candidatesRoute = (limitMax: number): Route => {
  const { kind: _kind, ...fields } = loanFields
  return defineRoute({
    ...{ method: 'GET', path: '/v1/candidates', tag: 'liquidations', scope: 'read', restsOn: 'chains' },
    summary:
      'Loans that can be liquidated or are about to be, most rewarding first, each with every way to do it',
    description:
      'Each option names amounts, what it earns, and the call that does it. Loans whose reward has no known USD value come last. Running auctions of seized collateral stand beside, and how many loans could not be assessed: any of them may be a candidate.',
    query: {
      ...fields,
      maxHealth: health
        .prefault('1')
        .describe('Up to this health factor, 1 unless told; liquidatable ones always'),
      minIncentiveUsd: usdAmount
        .optional()
        .describe('Leaves out those whose reward is not known in US dollars'),
      executable: flag.optional().describe('Only those that nothing stands in the way of, or only others'),
      limit: limitUpTo(Math.min(limitMax, 200)),
      cursor: cursorIn(candidatePlace),
    },
    answer: component(
      'Candidates',
      z.object({
        ...asOfShape,
        candidates: z.array(candidate),
        ...nextShape,
        auctions: z.array(auction),
        auctionFailures: z.array(auctionFailure),
        unassessableCount: z.int(),
        leftOutCount: z
          .int()
          .describe(
            'Loans that come into question and were not looked at: too many do, and these owe least in US dollars',
          ),
      }),
    ),
    problems: ['too-much-work', 'unavailable'],
    run: async ({ query }, tools) => {
      const { chain, minHealth, maxHealth, minIncentiveUsd, executable, limit, cursor } = query
      const watched =
        query.watched === undefined ? undefined : [query.watched, ...tools.daemon.watchList.accounts]
      const { candidates, next, auctions, unassessableCount, leftOutCount, ...rest } = await listCandidates(
        tools,
        {
          chains: chainsNamed(tools, chain),
          words: JSON.stringify(toJson({ ...query, limit: 0, cursor: 0, watched })),
          filter: () => filterOf({ ...query, kind: undefined }, tools),
          ...{ minHealth, maxHealth, minIncentiveUsd, executable, limit, after: cursor },
        },
      )
      return {
        body: {
          ...{ ...rest, candidates, next: next ? cursorOf(next) : null },
          auctions: auctions.candidates,
          auctionFailures: auctions.failures,
          ...{ unassessableCount, leftOutCount },
        },
      }
    },
  })
}
