import type { Chain, ChainEvent } from '../chain/chain.ts'
import { createChain } from '../chain/create.ts'
import { nowMs } from './clock.ts'
import type { ChainConfig } from './config/config.ts'

/** The chain that a configuration describes. */
export const openChain = (
  config: ChainConfig,
  onEvent: (event: ChainEvent) => void = () => undefined,
): Chain =>
  createChain({
    id: config.id,
    rpc: config.rpc,
    ...(config.multicall3 ? { multicall3: config.multicall3 } : {}),
    pollIntervalMs: config.pollIntervalMs,
    headAgeSecondsMax: config.headAgeSecondsMax,
    limits: config.chainLimits,
    nowMs,
    onEvent,
  })
