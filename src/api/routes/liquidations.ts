import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import { foretoldOf } from '../../app/liquidations.ts'
import type { Database } from '../../store/database.ts'
import { liquidationPage } from '../../store/liquidation-pages.ts'
import { chunksOf } from '../../units/chunks.ts'
import { faultOf } from '../problem.ts'
import { asOf } from '../reading/chains.ts'
import { defineRoute, type Route } from '../route.ts'
import { asOfShape, nextShape } from '../schemas/common.ts'
import { component } from '../schemas/components.ts'
import { liquidation } from '../schemas/market.ts'
import {
  addressText,
  blockNumber,
  chainId,
  cursorIn,
  cursorOf,
  index,
  limitUpTo,
  marketPrefix,
  namesOf,
} from '../schemas/query.ts'
import { chainsNamed } from '../tools.ts'

/** What was foretold takes some milliseconds each: shorter pages, and so many between two pauses. */
const FORETOLD_MAX = 50
const FORETOLD_AT_ONCE = 2

type Rows = ReturnType<typeof liquidationPage>['rows']

const withForetold = async (database: Database, rows: Rows) => {
  const found = []
  for (const some of chunksOf(rows, FORETOLD_AT_ONCE)) {
    const happened = some.map((row) => ({ ...row, blockNumber: Number(row.blockNumber) }))
    const foretold = foretoldOf(database, happened)
    found.push(...some.map((row, at) => ({ ...row, foretold: foretold[at] })))
    await setImmediate()
  }
  return found
}

export const liquidationsRoute = (limitMax: number): Route =>
  defineRoute({
    ...{ method: 'GET', path: '/v1/liquidations', tag: 'liquidations', scope: 'read', restsOn: 'store' },
    summary: 'Liquidations seen on followed chains, newest block first',
    query: {
      chain: chainId.optional(),
      market: marketPrefix.optional(),
      owner: addressText.optional().describe('Whose loan was liquidated'),
      liquidator: addressText.optional(),
      fromBlock: blockNumber.optional(),
      toBlock: blockNumber.optional(),
      include: namesOf(['foretold'])
        .optional()
        .describe(
          `foretold: what was said of each at the last observed block before, on pages of up to ${FORETOLD_MAX}`,
        ),
      limit: limitUpTo(limitMax),
      cursor: cursorIn(z.tuple([index, index, index])),
    },
    answer: component(
      'Liquidations',
      z.object({ ...asOfShape, liquidations: z.array(liquidation), ...nextShape }),
    ),
    run: async ({ query }, tools) => {
      const isForetold = query.include?.has('foretold') === true
      if (isForetold && query.limit > FORETOLD_MAX)
        throw faultOf('limit', `is at most ${FORETOLD_MAX} with include=foretold`)
      const chains = chainsNamed(tools, query.chain)
      const { rows, next } = liquidationPage(tools.database, {
        ...query,
        after: query.cursor,
      })
      return {
        body: {
          ...asOf(chains, tools.daemon.nowMs()),
          liquidations: isForetold ? await withForetold(tools.database, rows) : rows,
          next: next ? cursorOf(next) : null,
        },
      }
    },
  })
