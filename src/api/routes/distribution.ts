import { z } from 'zod'
import { bandJson } from '../../app/distribution-json.ts'
import type { ChainSurvey } from '../../app/survey.ts'
import { bandsTogether } from '../../risk/distribution.ts'
import { asOf, asOfBlocks } from '../reading/chains.ts'
import { isWithinMarket } from '../reading/filters.ts'
import { defineRoute, type Route } from '../route.ts'
import { asOfShape } from '../schemas/common.ts'
import { component } from '../schemas/components.ts'
import { band } from '../schemas/market.ts'
import { chainId, marketPrefix } from '../schemas/query.ts'
import { chainsNamed } from '../tools.ts'

const withinMarket = (
  chains: readonly ChainSurvey[],
  prefix: string | undefined,
): readonly ChainSurvey['markets'][number][] =>
  chains
    .flatMap(({ markets }) => markets)
    .filter(({ id }) => prefix === undefined || isWithinMarket(id, prefix))

export const distributionRoute: Route = defineRoute({
  ...{ method: 'GET', path: '/v1/distribution', tag: 'markets', scope: 'read' },
  summary: 'How all followed loans together are spread over health',
  description:
    'Every loan is assessed exactly, in a thread that rests after a long look: of a large book the answer may be of an earlier block, which `blocks` name.',
  query: { chain: chainId.optional(), market: marketPrefix.optional() },
  answer: component(
    'DistributionOfAll',
    z.object({
      ...asOfShape,
      marketCount: z.int().describe('Markets in which a loan is followed'),
      positionCount: z.int(),
      bands: z.array(band).describe('Loans with debt, lowest health first'),
      unassessableCount: z.int(),
    }),
  ),
  problems: ['not-found', 'unavailable'],
  run: async ({ query: { chain, market } }, tools) => {
    const chains = chainsNamed(tools, chain)
    const wanted = new Set(chains.map((one) => one.chain.id))
    const found = (await tools.surveys.latest()).filter(({ block }) => wanted.has(block.chainId))
    const rows = withinMarket(found, market)
    const distributions = rows.map(({ distribution }) => distribution)
    const nowMs = tools.daemon.nowMs()
    return {
      body: {
        ...asOfBlocks(
          asOf(chains, nowMs),
          found.map(({ block }) => block),
          nowMs,
        ),
        marketCount: rows.filter(({ positionCount }) => positionCount > 0).length,
        positionCount: rows.reduce((sum, { positionCount }) => sum + positionCount, 0),
        bands: bandsTogether(distributions).map(bandJson),
        unassessableCount: distributions.reduce((sum, { unassessableCount }) => sum + unassessableCount, 0),
      },
    }
  },
})
