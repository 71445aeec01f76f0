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
import type { AaveRequest } from './execution.ts'
import { feeds } from './feeds.ts'
import { keys } from './keys.ts'
import { call, liquidate, terms } from './liquidation.ts'
import { parameters, withParametersOf } from './parameters.ts'
import { withRates } from './rates.ts'
import { reads } from './reads/index.ts'
import { factor, row } from './screen.ts'
import type { AaveDeployment, AaveMarket, AavePosition } from './state.ts'
import { headKeys, reduce, stateKeys, subscriptions } from './sync.ts'
import { totals } from './totals.ts'
import { usdPrices } from './usd-prices.ts'

const PROTOCOL = 'aave-v3'

/** Aave v3 and its forks; revisions as listed in `revisions/`. */
export const aaveV3: Adapter = defineAdapter<AaveDeployment, AaveMarket, AavePosition, AaveRequest>({
  protocol: PROTOCOL,
  describe: {
    label: 'Aave v3',
    revisions: ['3.7', '3.6', '3.5', '3.4', '3.3', '3.2', '3.1', '3.0'],
    features: [
      'e-modes of both kinds',
      'isolation',
      'stable debt',
      'GHO',
      'deficits',
      'dust',
      'grace periods',
      'price sentinel',
    ],
    apps: { spark: 'https://app.spark.fi', '*': 'https://app.aave.com' },
    deploymentSchema: z.strictObject({
      poolAddressesProvider: configAddress,
    }),
  },
  deployments: knownDeployments<KnownDeployment>(PROTOCOL, deployments),
  rootContract: ({ poolAddressesProvider }) => poolAddressesProvider,
  subscriptions,
  reduce,
  stateKeys,
  headKeys,
  locate: (_mirror, account) => [keys.account(getAddress(account))],
  positionKeys: ({ owner }) => [keys.account(owner)],
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
  partly: withRepay,
  call,
  /** liquidationCall of 3.0.2 on a local chain, paid out in the underlying. */
  gasOf: () => 418_000n,
  feeds,
  usdPrices,
  coverage,
  audit,
})
