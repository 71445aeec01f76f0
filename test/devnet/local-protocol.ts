import type { Address } from 'viem'
import type { Wanted } from '../../src/monitor/track.ts'
import type { Devnet } from './devnet.ts'
import type { Random } from './random.ts'

/** A protocol on the local chain, as tests that know none of them use it. */
export type LocalProtocol = {
  /** The deployment as configuration would describe it, and its adapter. */
  readonly wanted: Wanted
  /** Symbols of what is minted here besides loans, so that its total proves nothing. */
  readonly mintedBesides?: readonly string[]
  /** Mines a block of ordinary activity: loans opened, changed and liquidated, prices moved. Reverts are part of it. */
  stir(): Promise<unknown>
  /** Breaks one market or oracle for good: some loans cannot be assessed any more, others can. */
  breakOne(): Promise<unknown>
}

/**
 * Puts a protocol on a devnet, beside whatever is there, with loans of these accounts. Exported as `deploy` from
 * `test/devnet/<protocol>/conformance.ts`.
 */
export type DeployLocal = (
  devnet: Devnet,
  random: Random,
  accounts: readonly Address[],
) => Promise<LocalProtocol>
