import { getAddress, isAddress } from 'viem'
import { z } from 'zod'
import { type Adapter, defineAdapter } from '../adapter.ts'
import { assess } from './assess.ts'
import { audit, coverage } from './audit.ts'
import { deployments, type KnownDeployment } from './deployments.ts'
import { keys } from './keys.ts'
import { reads } from './reads/index.ts'
import type { AaveDeployment, AaveMarket, AavePosition } from './state.ts'
import { headKeys, reduce, stateKeys, subscriptions } from './sync.ts'

const PROTOCOL = 'aave-v3'

/** Aave v3 and its forks; revisions as listed in `revisions/`. */
export const aaveV3: Adapter = defineAdapter<AaveDeployment, AaveMarket, AavePosition>({
  protocol: PROTOCOL,
  describe: {
    label: 'Aave v3',
    deploymentSchema: z.strictObject({
      poolAddressesProvider: z
        .string()
        .refine(
          (text) => isAddress(text),
          'is no address (0x and 40 hex digits, with a right checksum if mixed-case)',
        )
        .transform((text) => getAddress(text)),
    }),
  },
  deployments: deployments.map(
    ({ source: _source, fromBlockSource: _fromBlockSource, ...deployment }: KnownDeployment) => ({
      protocol: PROTOCOL,
      ...deployment,
    }),
  ),
  rootContract: ({ poolAddressesProvider }) => poolAddressesProvider,
  subscriptions,
  reduce,
  stateKeys,
  headKeys,
  locate: (_mirror, account) => [keys.account(getAddress(account))],
  reads,
  assess,
  coverage,
  audit,
})
