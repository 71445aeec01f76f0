import * as z from 'zod'
import { type Adapter, defineAdapter } from '../adapter.ts'
import { configAddress } from '../config-address.ts'
import { knownDeployments } from '../known-deployments.ts'
import { withRepay } from '../partly.ts'
import { act } from './action.ts'
import { assess } from './assess.ts'
import { audit } from './audit.ts'
import { coverage, tallies } from './coverage.ts'
import { deployments, type KnownDeployment } from './deployments.ts'
import type { AaveV4Request } from './execution.ts'
import { feeds } from './feeds.ts'
import { keys } from './keys.ts'
import { call, liquidate, terms } from './liquidation.ts'
import { parameters, withParametersOf } from './parameters.ts'
import { withRates } from './rates.ts'
import { reads } from './reads/index.ts'
import { REVISIONS } from './revisions.ts'
import { screen } from './screen.ts'
import type { AaveV4Deployment, AaveV4Market, AaveV4Position } from './state.ts'
import { headKeys, locate, reduce, stateKeys, subscriptions } from './sync.ts'
import { totals } from './totals.ts'
import { usdPrices } from './usd-prices.ts'

const PROTOCOL = 'aave-v4'

/** A spoke's name stands in ids and keys. */
const SPOKE_NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/

const spokeName = z.string().regex(SPOKE_NAME, 'is no name of a spoke: lower-case letters, digits and dashes')

/** Aave v4: an instance is a deployment, each of its spokes a market; hubs are markets that they share. */
export const aaveV4: Adapter = defineAdapter<AaveV4Deployment, AaveV4Market, AaveV4Position, AaveV4Request>({
  protocol: PROTOCOL,
  describe: {
    label: 'Aave v4',
    revisions: REVISIONS,
    features: ['hubs and spokes', 'dynamic risk configuration', 'risk premium', 'target-health liquidation'],
    deploymentSchema: z.strictObject({
      accessManager: configAddress,
      spokes: z.record(spokeName, configAddress),
    }),
  },
  deployments: knownDeployments<KnownDeployment>(PROTOCOL, deployments),
  rootContract: ({ accessManager }) => accessManager,
  subscriptions,
  reduce,
  stateKeys,
  headKeys,
  locate,
  positionKeys: ({ id: { market }, owner }) => [keys.account(market, owner)],
  tallies,
  reads,
  assess,
  parameters,
  withParametersOf,
  withRates,
  screen,
  totals,
  terms,
  liquidate,
  act,
  partly: withRepay,
  call,
  feeds,
  usdPrices,
  coverage,
  audit,
})
