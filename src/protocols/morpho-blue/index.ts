import { getAddress } from 'viem'
import * as z from 'zod'
import { type Adapter, defineAdapter } from '../adapter.ts'
import { configAddress } from '../config-address.ts'
import { knownDeployments } from '../known-deployments.ts'
import { act } from './action.ts'
import { assess } from './assess.ts'
import { audit } from './audit.ts'
import { coverage } from './coverage.ts'
import { deployments, type KnownDeployment } from './deployments.ts'
import { LIQUIDATE, type MorphoRequest } from './execution.ts'
import { feeds } from './feeds.ts'
import { headKeys, locate, stateKeys, tallies } from './following.ts'
import { keys } from './keys.ts'
import { call, liquidate, partly, terms } from './liquidation.ts'
import { parameters, withParametersOf } from './parameters.ts'
import { withRates } from './rates.ts'
import { reads } from './reads/index.ts'
import { factor, row } from './screen.ts'
import type { Id, MorphoDeployment, MorphoMarket, MorphoPosition } from './state.ts'
import { reduce, subscriptions } from './sync.ts'
import { totals } from './totals.ts'

const PROTOCOL = 'morpho-blue'

const configMarketId = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, 'is no market id (0x and 64 hex digits)')
  .transform((text) => text.toLowerCase() as Id)

/** Morpho Blue: one immutable singleton a chain, with isolated markets. */
export const morphoBlue: Adapter = defineAdapter<
  MorphoDeployment,
  MorphoMarket,
  MorphoPosition,
  MorphoRequest
>({
  protocol: PROTOCOL,
  describe: {
    label: 'Morpho Blue',
    revisions: ['blue'],
    features: ['isolated markets', 'AdaptiveCurveIrm to the block', 'bad debt', 'pre-liquidation'],
    observed: ['other rate models'],
    apps: { '*': 'https://app.morpho.org' },
    deploymentSchema: z.strictObject({
      morpho: configAddress,
      preLiquidationFactory: configAddress.exactOptional(),
      markets: z.array(configMarketId).min(1).exactOptional(),
    }),
  },
  deployments: knownDeployments<KnownDeployment>(PROTOCOL, deployments),
  rootContract: ({ morpho }) => morpho,
  subscriptions,
  reduce,
  stateKeys,
  headKeys,
  locate: (mirror, account) => locate(mirror, getAddress(account)),
  positionKeys: ({ id, owner }) => [keys.position(id.market as Id, owner)],
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
  /** Morpho.liquidate on a local chain; of pre-liquidation contracts nobody has measured it. */
  gasOf: (method) => (method === LIQUIDATE ? 156_000n : undefined),
  feeds,
  usdPrices: () => new Map(),
  coverage,
  audit,
})
