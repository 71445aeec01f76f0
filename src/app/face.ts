// What the daemon shows to faces that run inside it, and what it tells them.
import type { DeliveryEvent } from '../alerts/deliver.ts'
import type { Receiver } from '../alerts/notifiers/index.ts'
import type { Chain } from '../chain/chain.ts'
import type { Json } from '../model/json.ts'
import type { FollowEvent } from '../monitor/follow.ts'
import type { ChainState } from './chain-states.ts'
import type { Config } from './config/config.ts'
import type { AlertNews } from './judging.ts'
import type { Log } from './log.ts'
import type { ReceiverTest } from './receiver-test.ts'
import type { WatchList } from './watch-list.ts'

/** A chain of the daemon: how it is asked, and how it does. */
export type DaemonChain = { readonly chain: Chain; readonly state: ChainState }

export type Daemon = {
  readonly config: Config
  readonly log: Log
  readonly chains: readonly DaemonChain[]
  readonly watchList: Pick<WatchList, 'accounts' | 'onChange'>
  /** Performs an action, see `control.ts`, and takes up what it changed. Throws as that does. */
  act(name: string, input: unknown): Json
  /** Until when a receiver is left alone; undefined where it is not. Unix milliseconds. */
  restsUntilMs(receiver: string): number | undefined
  /** Sends a real message to a receiver, once, past the outbox; answers what became of it. */
  testReceiver(receiver: Receiver): Promise<ReceiverTest>
  /** Wall-clock time. */
  nowMs(): number
}

/** A face that listens to the daemon until it is closed. */
export type Face = {
  onFollowEvent(chainId: number, event: FollowEvent): void
  /** Alerts of a chain, 0 for what is of none, as they were just committed. */
  onAlerts(chainId: number, news: readonly AlertNews[]): void
  onDelivery(event: DeliveryEvent): void
  close(): Promise<void>
}
