import { getAddress } from 'viem'
import * as z from 'zod'
import { type Adapter, defineAdapter } from '../adapter.ts'
import { configAddress } from '../config-address.ts'
import { knownDeployments } from '../known-deployments.ts'
import { act } from './action.ts'
import { assess } from './assess.ts'
import { auctions } from './auctions.ts'
import { audit } from './audit.ts'
import { coverage, tallies, usdPrices } from './coverage.ts'
import { deployments, type KnownDeployment } from './deployments.ts'
import { feeds } from './feeds.ts'
import { headKeys, locate, positionKeys, stateKeys } from './following.ts'
import { type BarkRequest, call, liquidate, terms } from './liquidation.ts'
import { parameters, withParametersOf } from './parameters.ts'
import { withRates } from './rates.ts'
import { reads } from './reads/index.ts'
import { screen } from './screen.ts'
import type { MakerDeployment, MakerMarket, MakerPosition } from './state.ts'
import { reduce, subscriptions } from './sync.ts'
import { totals } from './totals.ts'

const PROTOCOL = 'maker'

/** Maker, now Sky: one Vat a chain, a market for each ilk, and one for what all ilks share. */
export const maker: Adapter = defineAdapter<MakerDeployment, MakerMarket, MakerPosition, BarkRequest>({
  protocol: PROTOCOL,
  describe: {
    label: 'Maker / Sky',
    revisions: ['lockstake', 'clipper', 'dss'],
    features: ['auctions', 'next price known up to an hour ahead', 'owners behind proxies'],
    observed: ['price sources that answer whitelisted callers only'],
    deploymentSchema: z.strictObject({
      vat: configAddress,
      dog: configAddress,
      jug: configAddress,
      spotter: configAddress,
      dai: configAddress,
      ilkRegistry: configAddress.exactOptional(),
      cdpManager: configAddress.exactOptional(),
      getCdps: configAddress.exactOptional(),
      lockstake: z.array(configAddress).exactOptional(),
      proxyRegistry: configAddress.exactOptional(),
      proxyFactory: configAddress.exactOptional(),
    }),
  },
  deployments: knownDeployments<KnownDeployment>(PROTOCOL, deployments),
  rootContract: ({ vat }) => vat,
  subscriptions,
  reduce,
  stateKeys,
  headKeys,
  locate: (mirror, account) => locate(mirror, getAddress(account)),
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
  call,
  auctions,
  feeds,
  usdPrices,
  coverage,
  audit,
})
