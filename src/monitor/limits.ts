/** Limits of following a chain; configuration may set them per chain. */
export type MonitorLimits = {
  /** Rounds of reads at one block before what is still due waits for the next head. */
  readonly readRoundsMax: number
  /** Keys of the backlog that are read at once: from the least to the most, as many as are answered in about half the time between two cycles. */
  readonly backlogKeysMin: number
  readonly backlogKeysMax: number
  /** Positions compared with the contract's own view at every head. */
  readonly auditsPerHead: number
  /** Positions that one cycle assesses only because their history asks for it; more wait for their turn. Alerts wait for nothing. */
  readonly historyAssessmentsPerCycleMax: number
  /** Positions that one cycle assesses for what changed parameters do to them; how many more may have moved is told. */
  readonly changeEffectPositionsMax: number
  /** How many blocks deep a reorg is repaired exactly; beyond, the mirror starts over from state. */
  readonly reorgDepthMax: number
  /** A backlog that becomes no smaller, or a read that fails, for so long is told. */
  readonly mirrorBehindSecondsMax: number
}

export const defaultMonitorLimits: MonitorLimits = {
  readRoundsMax: 12,
  backlogKeysMin: 500,
  backlogKeysMax: 50_000,
  auditsPerHead: 2,
  historyAssessmentsPerCycleMax: 2_000,
  changeEffectPositionsMax: 2_000,
  reorgDepthMax: 256,
  mirrorBehindSecondsMax: 600,
}
