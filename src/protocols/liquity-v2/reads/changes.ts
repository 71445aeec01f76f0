// Changes of a branch that several reads make.
import { zeroAddress } from 'viem'
import type { Fault } from '../../../model/market.ts'
import type { BranchMarket, BranchPart, LiquityChange, LiquityMirror } from '../state.ts'

/** The family of maths: liquity/bold with a buffer for batches, which the contracts of January 2025 lack. */
export const REVISION = 'bold'

const NO_TOKEN = { address: zeroAddress, decimals: 18 } as const

/** A branch of which nothing is read yet. */
const unread = (
  { deployment: { chainId, protocol, deployment } }: LiquityMirror,
  name: string,
): BranchMarket => ({
  id: { chainId, protocol, deployment, market: name },
  label: name,
  quote: { symbol: 'USD', decimals: 18 },
  revision: REVISION,
  revisionRaw: REVISION,
  fidelity: 'exact',
  collateral: { ...NO_TOKEN, symbol: name },
  bold: { ...NO_TOKEN, symbol: 'BOLD' },
  weth: { ...NO_TOKEN, symbol: 'WETH' },
  faults: {},
  batches: {},
  isFeedDown: false,
})

/** Changes a branch, which begins to exist with it. */
export const updateBranch = (
  mirror: LiquityMirror,
  name: string,
  next: (current: BranchMarket) => BranchMarket,
): LiquityChange => ({
  kind: 'market',
  key: name,
  next: (current) => next(current && !current.isShared ? current : unread(mirror, name)),
})

/** A branch whose part was read again: its fault is set or cleared, and `fault` is the first of all parts. */
export const withPart = (
  { fault: _, ...branch }: BranchMarket,
  part: BranchPart,
  fault: Fault | undefined,
): BranchMarket => {
  const faults = { ...branch.faults }
  if (fault) faults[part] = fault
  else delete faults[part]
  const first = faults.setup ?? faults.pools ?? faults.redistribution
  return { ...branch, faults, ...(first ? { fault: first } : {}) }
}
