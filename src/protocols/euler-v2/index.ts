import * as z from 'zod'
import { type Adapter, defineAdapter } from '../adapter.ts'
import { configAddress } from '../config-address.ts'
import { knownDeployments } from '../known-deployments.ts'
import { withRepay } from '../partly.ts'
import { act } from './action.ts'
import { assess } from './assess.ts'
import { audit } from './audit.ts'
import { coverage } from './coverage.ts'
import { deployments, type KnownDeployment } from './deployments.ts'
import type { EulerRequest } from './execution.ts'
import { feeds } from './feeds.ts'
import { headKeys, locate, positionKeys, stateKeys, tallies } from './following.ts'
import { call, liquidate, terms } from './liquidation.ts'
import { parameters, withParametersOf } from './parameters.ts'
import { withRates } from './rates.ts'
import { reads } from './reads/index.ts'
import { screen } from './screen.ts'
import type { EulerDeployment, EulerMarket, EulerPosition } from './state.ts'
import { reduce, subscriptions } from './sync.ts'
import { totals } from './totals.ts'
import { usdPrices } from './usd-prices.ts'

const PROTOCOL = 'euler-v2'

/** Euler v2: the vaults of one factory around one Ethereum Vault Connector; every vault that somebody borrows from is a market. */
export const eulerV2: Adapter = defineAdapter<EulerDeployment, EulerMarket, EulerPosition, EulerRequest>({
  protocol: PROTOCOL,
  describe: {
    label: 'Euler v2',
    revisions: ['1'],
    features: [
      'sub-accounts and their controllers',
      'ramping LTVs',
      'discount by health, cool-off',
      'bid and ask for borrowing, mid for liquidation',
      'oracle routers resolved step by step',
    ],
    observed: ['prices of oracles of other makes', 'vaults with a hook on liquidation'],
    apps: { '*': 'https://app.euler.finance' },
    deploymentSchema: z.strictObject({ evc: configAddress, eVaultFactory: configAddress }),
  },
  deployments: knownDeployments<KnownDeployment>(PROTOCOL, deployments),
  rootContract: ({ evc }) => evc,
  subscriptions,
  reduce,
  stateKeys,
  headKeys,
  locate,
  positionKeys,
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
