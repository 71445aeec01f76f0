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
import { call, type LiquityRequest, liquidate, terms } from './liquidation.ts'
import { parameters, withParametersOf } from './parameters.ts'
import { reads } from './reads/index.ts'
import { redemptions } from './redemption.ts'
import { revisions } from './revisions.ts'
import { screen } from './screen.ts'
import type { LiquityDeployment, LiquityMarket, Trove } from './state.ts'
import { headKeys, reduce, stateKeys, subscriptions } from './sync.ts'
import { totals } from './totals.ts'
import { usdPrices } from './usd-prices.ts'

const PROTOCOL = 'liquity-v1'

/** Liquity v1 and Sovryn Zero: troves of the chain's own coin, with a stability pool and redemptions. */
export const liquityV1: Adapter = defineAdapter<LiquityDeployment, LiquityMarket, Trove, LiquityRequest>({
  protocol: PROTOCOL,
  describe: {
    label: 'Liquity v1',
    revisions: Object.keys(revisions),
    features: ['recovery mode', 'stability pool', 'redistribution', 'redemptions'],
    deploymentSchema: z.strictObject({ troveManager: configAddress }),
  },
  deployments: knownDeployments<KnownDeployment>(PROTOCOL, deployments),
  rootContract: ({ troveManager }) => troveManager,
  subscriptions,
  reduce,
  stateKeys,
  headKeys,
  locate: (_mirror, account) => [keys.trove(getAddress(account))],
  positionKeys: ({ owner }) => [keys.trove(owner)],
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
