/** Limits of talking to one chain; configuration may set them per chain. */
export type ChainLimits = {
  /** Gas that an endpoint lets one eth_call use. */
  readonly callGasMax: number
  /** Calls packed into one eth_call. */
  readonly readsPerCallMax: number
  /** Blocks that one log request covers at most. */
  readonly logRangeMax: number
  /** Contracts that one log request names at most. */
  readonly logAddressesMax: number
  readonly requestTimeoutMs: number
  /** Requests to one endpoint side by side, while it bears them. A cycle's own never wait for those of a bootstrap, so that there may be one more. */
  readonly requestsInFlightMax: number
  /** How often a request is made in all that was put off (HTTP 429) or, for a bootstrap, failed in a way that may pass. */
  readonly attemptsMax: number
  /** Waiting time of a failed endpoint before it is tried again: doubled with every failure, from the first to the last. */
  readonly endpointBackoffMsMin: number
  readonly endpointBackoffMsMax: number
  /** Blocks by which an endpoint may lag behind what another endpoint has shown. */
  readonly headLagBlocksMax: number
  /** Read-alone attempts for calls that failed without an answer, before the rest is believed to have failed by itself. */
  readonly isolationRoundsMax: number
}

export const defaultChainLimits: ChainLimits = {
  callGasMax: 50_000_000,
  readsPerCallMax: 5_000,
  logRangeMax: 10_000,
  logAddressesMax: 1_000,
  requestTimeoutMs: 20_000,
  requestsInFlightMax: 8,
  attemptsMax: 6,
  endpointBackoffMsMin: 1_000,
  endpointBackoffMsMax: 60_000,
  headLagBlocksMax: 3,
  isolationRoundsMax: 8,
}
