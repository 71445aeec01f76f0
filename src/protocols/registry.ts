import { aaveV3 } from './aave-v3/index.ts'
import { aaveV4 } from './aave-v4/index.ts'
import type { Adapter } from './adapter.ts'
import { compoundV2 } from './compound-v2/index.ts'
import { compoundV3 } from './compound-v3/index.ts'
import { eulerV2 } from './euler-v2/index.ts'
import { liquityV1 } from './liquity-v1/index.ts'
import { liquityV2 } from './liquity-v2/index.ts'
import { maker } from './maker/index.ts'
import { morphoBlue } from './morpho-blue/index.ts'
import { venusCore } from './venus-core/index.ts'

/** Every protocol that Plimsoll knows. Whatever lists protocols follows from this array. */
export const registry: readonly Adapter[] = [
  aaveV3,
  aaveV4,
  morphoBlue,
  compoundV3,
  compoundV2,
  venusCore,
  maker,
  liquityV1,
  liquityV2,
  eulerV2,
]

/** The adapter of a protocol, such as `aave-v3`; undefined where there is none. */
export const adapterOf = (protocol: string): Adapter | undefined =>
  registry.find((adapter) => adapter.protocol === protocol)
