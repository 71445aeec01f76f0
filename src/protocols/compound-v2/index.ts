import { getAddress } from 'viem'
import * as z from 'zod'
import { type Adapter, defineAdapter } from '../adapter.ts'
import { configAddress } from '../config-address.ts'
import { knownDeployments } from '../known-deployments.ts'
import { withRepay } from '../partly.ts'
import { act } from './action.ts'
import { assess } from './assess.ts'
import { audit, coverage } from './audit.ts'
import { deployments, type KnownDeployment } from './deployments.ts'
import { feeds } from './feeds.ts'
import { keys } from './keys.ts'
import { call, liquidate, terms } from './liquidation.ts'
import { parameters, withParametersOf } from './parameters.ts'
import { withRates } from './rates.ts'
import { reads } from './reads/index.ts'
import type { CompoundRequest } from './request.ts'
import { factor, row } from './screen.ts'
import type { CompoundDeployment, CompoundMarket, CompoundPosition } from './state.ts'
import { headKeys, reduce, stateKeys, subscriptions } from './sync.ts'
import { totals } from './totals.ts'
import { usdPrices } from './usd-prices.ts'

const PROTOCOL = 'compound-v2'

/** Compound v2 and its forks; what differs among them is probed. */
export const compoundV2: Adapter = defineAdapter<
  CompoundDeployment,
  CompoundMarket,
  CompoundPosition,
  CompoundRequest
>({
  protocol: PROTOCOL,
  describe: {
    label: 'Compound v2',
    revisions: ['second, deprecation', 'second', 'block, deprecation', 'block'],
    features: ['accrual by block or second', 'native markets', 'deprecated markets'],
    observed: ['other rate models'],
    apps: {
      main: 'https://app.compound.finance',
      moonwell: 'https://moonwell.fi',
      benqi: 'https://app.benqi.fi',
    },
    deploymentSchema: z.strictObject({ comptroller: configAddress, quote: z.string().optional() }),
  },
  deployments: knownDeployments<KnownDeployment>(PROTOCOL, deployments),
  rootContract: ({ comptroller }) => comptroller,
  subscriptions,
  reduce,
  stateKeys,
  headKeys,
  locate: (_mirror, account) => [keys.account(getAddress(account))],
  positionKeys: ({ owner }) => [keys.account(owner)],
  reads,
  assess,
  comparesSums: true,
  parameters,
  withParametersOf,
  withRates,
  screen: { row, factor },
  totals,
  terms,
  liquidate,
  act,
  partly: withRepay,
  call,
  /** liquidateBorrow on a local chain, of an account in two markets. */
  gasOf: () => 383_000n,
  feeds,
  usdPrices,
  coverage,
  audit,
})
