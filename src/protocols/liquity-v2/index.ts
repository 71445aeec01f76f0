import * as z from 'zod'
import { type Adapter, defineAdapter } from '../adapter.ts'
import { configAddress } from '../config-address.ts'
import { knownDeployments } from '../known-deployments.ts'
import { act } from './action.ts'
import { assess } from './assess.ts'
import { audit, coverage } from './audit.ts'
import { deployments, type KnownDeployment } from './deployments.ts'
import { feeds } from './feeds.ts'
import { call, type LiquityRequest, liquidate, terms } from './liquidation.ts'
import { parameters, withParametersOf } from './parameters.ts'
import { reads } from './reads/index.ts'
import { redemptions } from './redemption.ts'
import { reduce } from './reduce.ts'
import { screen } from './screen.ts'
import { type LiquityDeployment, type LiquityMarket, REGISTRY, type TrovePosition } from './state.ts'
import { headKeys, locate, positionKeys, stateKeys, subscriptions } from './sync.ts'
import { totals } from './totals.ts'
import { usdPrices } from './usd-prices.ts'

const PROTOCOL = 'liquity-v2'

/** The market's name, and part of every position's id. */
const branchName = z
  .string()
  .regex(/^[A-Za-z0-9._~-]+$/, 'is no name that can stand in a URL')
  .refine((name) => name !== REGISTRY, `"${REGISTRY}" is taken`)

/** Liquity v2 and its forks: each CollateralRegistry is a deployment, each of its branches a market, each trove a position. */
export const liquityV2: Adapter = defineAdapter<
  LiquityDeployment,
  LiquityMarket,
  TrovePosition,
  LiquityRequest
>({
  protocol: PROTOCOL,
  describe: {
    label: 'Liquity v2',
    revisions: ['bold'],
    features: ['batches', 'redistribution', 'redemption queue', 'urgent redemption'],
    deploymentSchema: z.strictObject({
      collateralRegistry: configAddress,
      branches: z.record(branchName, configAddress),
    }),
  },
  deployments: knownDeployments<KnownDeployment>(PROTOCOL, deployments),
  rootContract: ({ collateralRegistry }) => collateralRegistry,
  subscriptions,
  reduce,
  stateKeys,
  headKeys,
  locate,
  positionKeys,
  reads,
  assess,
  parameters,
  withParametersOf,
  screen,
  totals,
  terms,
  liquidate,
  act,
  call,
  redemptions,
  feeds,
  usdPrices,
  coverage,
  audit,
})
