import { getAddress } from 'viem'
import * as z from 'zod'
import { type Adapter, defineAdapter } from '../adapter.ts'
import { configAddress } from '../config-address.ts'
import { knownDeployments } from '../known-deployments.ts'
import { act } from './action.ts'
import { assess } from './assess.ts'
import { audit, coverage } from './audit.ts'
import { deployments, type KnownDeployment } from './deployments.ts'
import { feeds } from './feeds.ts'
import { keys } from './keys.ts'
import { type CometRequest, call, liquidate, partly, terms } from './liquidation.ts'
import { parameters, withParametersOf } from './parameters.ts'
import { withRates } from './rates.ts'
import { reads } from './reads/index.ts'
import { factor, row } from './screen.ts'
import { type CometDeployment, type CometMarket, type CometPosition, tallies } from './state.ts'
import { headKeys, reduce, stateKeys, subscriptions } from './sync.ts'
import { totals } from './totals.ts'
import { usdPrices } from './usd-prices.ts'

const PROTOCOL = 'compound-v3'

/** Compound III: each Comet is a deployment with one market, classic or with an extended asset list. */
export const compoundV3: Adapter = defineAdapter<CometDeployment, CometMarket, CometPosition, CometRequest>({
  protocol: PROTOCOL,
  describe: {
    label: 'Compound III',
    revisions: ['extended', 'classic'],
    features: ['up to 24 assets', 'stored and accrued view apart', 'absorb and the storefront behind it'],
    apps: { '*': 'https://app.compound.finance' },
    deploymentSchema: z.strictObject({ comet: configAddress }),
  },
  deployments: knownDeployments<KnownDeployment>(PROTOCOL, deployments),
  rootContract: ({ comet }) => comet,
  subscriptions,
  reduce,
  stateKeys,
  headKeys,
  locate: (_mirror, account) => [keys.account(getAddress(account))],
  positionKeys: ({ owner }) => [keys.account(owner)],
  tallies,
  reads,
  assess,
  parameters,
  withParametersOf,
  withRates,
  screen: { row, factor },
  totals,
  terms,
  liquidate,
  act,
  partly,
  call,
  feeds,
  usdPrices,
  coverage,
  audit,
})
