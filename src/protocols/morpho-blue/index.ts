import { getAddress, isAddress } from 'viem'
import { z } from 'zod'
import { type Adapter, defineAdapter } from '../adapter.ts'
import { act } from './action.ts'
import { assess } from './assess.ts'
import { audit, coverage } from './audit.ts'
import type { MorphoRequest } from './execution.ts'
import { headKeys, stateKeys } from './following.ts'
import { call, liquidate, terms } from './liquidation.ts'
import { locate, reads } from './reads/index.ts'
import type { MorphoDeployment, MorphoMarket, MorphoPosition } from './state.ts'
import { reduce, subscriptions } from './sync.ts'

const PROTOCOL = 'morpho-blue'

const address = z
  .string()
  .refine(
    (text) => isAddress(text),
    'is no address (0x and 40 hex digits, with a right checksum if mixed-case)',
  )
  .transform((text) => getAddress(text))

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
    deploymentSchema: z.strictObject({ morpho: address, preLiquidationFactory: address.optional() }),
  },
  deployments: [],
  rootContract: ({ morpho }) => morpho,
  subscriptions,
  reduce,
  stateKeys,
  headKeys,
  locate: (mirror, account) => locate(mirror, getAddress(account)),
  reads,
  assess,
  terms,
  liquidate,
  act,
  call,
  coverage,
  audit,
})
