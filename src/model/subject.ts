import type { Subject } from './assessment.ts'
import type { BlockRef } from './block.ts'
import { formatPositionId } from './ids.ts'
import type { Position } from './market.ts'

/** Whose loan an assessment of this position at this block speaks of. */
export const subjectOf = ({ id, owner }: Position, block: BlockRef): Subject => ({
  id: formatPositionId(id),
  owner,
  chainId: id.chainId,
  protocol: id.protocol,
  deployment: id.deployment,
  market: id.market,
  block,
})
