import { aaveV3 } from './aave-v3/index.ts'
import type { Adapter } from './adapter.ts'
import { compoundV2 } from './compound-v2/index.ts'
import { venusCore } from './venus-core/index.ts'

/** Every protocol that Plimsoll knows. Whatever lists protocols follows from this array. */
export const registry: readonly Adapter[] = [aaveV3, compoundV2, venusCore]
