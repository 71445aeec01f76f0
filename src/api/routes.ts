// Every route, in the order of the document.
import type { ServerConfig } from '../app/config/server.ts'
import type { Route } from './route.ts'
import { accountRoute } from './routes/accounts.ts'
import { alertRoutes } from './routes/alerts.ts'
import { candidatesRoute } from './routes/candidates.ts'
import { distributionRoute } from './routes/distribution.ts'
import { exportRoutes } from './routes/exports.ts'
import { historyRoute } from './routes/history.ts'
import { liquidationsRoute } from './routes/liquidations.ts'
import { marketRoute } from './routes/market.ts'
import { marketsRoute } from './routes/markets.ts'
import { nameRoute } from './routes/names.ts'
import { parameterChangesRoute } from './routes/parameter-changes.ts'
import { positionRoutes } from './routes/positions.ts'
import { receiverRoutes } from './routes/receivers.ts'
import { silenceRoutes } from './routes/silences.ts'
import { statusRoute } from './routes/status.ts'
import { streamRoute } from './routes/stream.ts'
import { stressRoute } from './routes/stress.ts'
import { triggersRoute } from './routes/triggers.ts'
import { watchRoutes } from './routes/watches.ts'

/** Routes with the limits of a server. Made once in a process: their schemas have names. */
export const routesOf = ({ limitMax }: Pick<ServerConfig, 'limitMax'>): readonly Route[] => [
  statusRoute,
  marketsRoute(limitMax),
  marketRoute,
  distributionRoute,
  ...positionRoutes(limitMax),
  historyRoute(limitMax),
  accountRoute,
  nameRoute,
  candidatesRoute(limitMax),
  triggersRoute(limitMax),
  liquidationsRoute(limitMax),
  stressRoute,
  parameterChangesRoute(limitMax),
  ...exportRoutes,
  streamRoute,
  ...alertRoutes(limitMax),
  ...receiverRoutes(limitMax),
  ...silenceRoutes,
  ...watchRoutes,
]
