import { z } from 'zod'
import { parameterChangeJson } from '../../app/parameter-change-json.ts'
import { parameterChangePage } from '../../store/parameter-changes.ts'
import { asOf } from '../reading/chains.ts'
import { defineRoute, type Route } from '../route.ts'
import { asOfShape, nextShape } from '../schemas/common.ts'
import { component } from '../schemas/components.ts'
import { parameterChange } from '../schemas/parameter.ts'
import {
  asset,
  chainId,
  cursorIn,
  cursorOf,
  index,
  limitUpTo,
  marketPrefix,
  moment,
} from '../schemas/query.ts'
import { chainsNamed, nowSeconds } from '../tools.ts'

const PARAMETER_LENGTH_MAX = 120

export const parameterChangesRoute = (limitMax: number): Route =>
  defineRoute({
    ...{ method: 'GET', path: '/v1/parameter-changes', tag: 'history', scope: 'read', restsOn: 'store' },
    summary: 'What governance changed in followed markets, newest first, and what that alone did to loans',
    query: {
      chain: chainId.optional(),
      market: marketPrefix.optional(),
      parameter: z.string().min(1).max(PARAMETER_LENGTH_MAX).optional().describe('The name of a parameter'),
      asset: asset.optional(),
      since: moment.optional(),
      until: moment.optional(),
      limit: limitUpTo(limitMax),
      cursor: cursorIn(z.tuple([index, index])),
    },
    answer: component(
      'ParameterChanges',
      z.object({ ...asOfShape, changes: z.array(parameterChange), ...nextShape }),
    ),
    run: ({ query }, tools) => {
      const chains = chainsNamed(tools, query.chain)
      const now = nowSeconds(tools)
      const { changes, next } = parameterChangePage(tools.database, {
        ...query,
        since: query.since?.(now) ?? 0,
        until: query.until?.(now) ?? Number.MAX_SAFE_INTEGER,
        after: query.cursor,
      })
      return {
        body: {
          ...asOf(chains, tools.daemon.nowMs()),
          changes: changes.map(parameterChangeJson),
          next: next ? cursorOf(next) : null,
        },
      }
    },
  })
