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
import type { VenusRequest } from './execution.ts'
import { feeds } from './feeds.ts'
import { keys } from './keys.ts'
import { call, LIQUIDATE_BORROW, liquidate, THROUGH_CONTRACT, terms } from './liquidation.ts'
import { parameters, withParametersOf } from './parameters.ts'
import { withRates } from './rates.ts'
import { reads } from './reads/index.ts'
import { factor, row } from './screen.ts'
import type { VenusDeployment, VenusMarket, VenusPosition } from './state.ts'
import { headKeys, reduce, stateKeys, subscriptions } from './sync.ts'
import { totals } from './totals.ts'
import { usdPrices } from './usd-prices.ts'

const PROTOCOL = 'venus-core'

const GAS: Readonly<Record<string, bigint>> = { [LIQUIDATE_BORROW]: 431_000n, [THROUGH_CONTRACT]: 670_000n }

/** The Venus core pool: Compound v2's family with liquidation thresholds, pools, VAI and forced liquidations. */
export const venusCore: Adapter = defineAdapter<VenusDeployment, VenusMarket, VenusPosition, VenusRequest>({
  protocol: PROTOCOL,
  describe: {
    label: 'Venus core',
    revisions: ['core-diamond', 'core-monolith'],
    features: ['liquidation thresholds', 'e-mode pools', 'VAI', 'forced liquidation', 'Liquidator contract'],
    observed: ['other rate models'],
    apps: { core: 'https://app.venus.io' },
    deploymentSchema: z.strictObject({ comptroller: configAddress }),
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
  /** On a local chain, of an account in two markets; nobody has measured a liquidation of VAI. */
  gasOf: (method) => GAS[method],
  feeds,
  usdPrices,
  coverage,
  audit,
})
