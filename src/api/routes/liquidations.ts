import { z } from 'zod'
import { liquidationPage } from '../../store/liquidation-pages.ts'
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
} from '../schemas/query.ts'
import { chainsNamed } from '../tools.ts'

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
      limit: limitUpTo(limitMax),
      cursor: cursorIn(z.tuple([index, index, index])),
    },
    answer: component(
      'Liquidations',
      z.object({ ...asOfShape, liquidations: z.array(liquidation), ...nextShape }),
    ),
    run: ({ query }, tools) => {
      const chains = chainsNamed(tools, query.chain)
      const { rows, next } = liquidationPage(tools.database, {
        ...query,
        after: query.cursor,
      })
      return {
        body: {
          ...asOf(chains, tools.daemon.nowMs()),
          liquidations: rows,
          next: next ? cursorOf(next) : null,
        },
      }
    },
  })
