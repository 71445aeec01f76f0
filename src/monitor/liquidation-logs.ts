// Liquidations where only accounts are watched: the one thing of theirs that no state tells, by a log request beside the state read.
import type { Address, Hex } from 'viem'
import type { Chain, Header, LogQuery } from '../chain/chain.ts'
import { BaseError, messageOf } from '../model/errors.ts'
import type { Log } from '../model/evm.ts'
import type { Liquidation } from '../model/liquidation.ts'
import type { Book } from '../store/book.ts'
import type { Span } from './reorg.ts'

/** A cycle does not wait longer for them. */
const WAIT_MS_MAX = 5_000
/** After failures so many heads at most go by without another try. */
const SKIPPED_HEADS_MAX = 63
/** Blocks further back are not asked for any more. */
const MISSED_BLOCKS_MAX = 1_000_000n

export class LiquidationsUnseenError extends BaseError {
  override readonly name = 'LiquidationsUnseenError'
  constructor(fromBlock: bigint, cause: unknown) {
    super(`liquidations of watched accounts are not known from block ${fromBlock} on: ${messageOf(cause)}`, {
      remedy:
        'List an endpoint that serves eth_getLogs, if this lasts. Health is watched all the same; rules on "liquidated" wait.',
      cause,
    })
  }
}

/** What one cycle learns. */
export type LiquidationReading = {
  readonly liquidations: readonly Liquidation[]
  /** Whether no liquidation can be missing, neither of this cycle nor of those before it. */
  readonly isWhole: boolean
  readonly fault?: LiquidationsUnseenError | undefined
  /** To be called after the commit. */
  accept(): void
}

export type LiquidationLogs = {
  /**
   * Reads the logs of a span, and of blocks before it that could not be read; never throws. One request: what one does not
   * cover is left to the next cycles, oldest first.
   */
  read(span: Span, head: Header): Promise<LiquidationReading>
}

/** `watched` may change; it is looked at when it is needed. */
type Options = {
  readonly chain: Pick<Chain, 'background' | 'learnt'>
  readonly book: Pick<Book, 'tracked'>
  readonly watched: readonly Address[]
}

const queryOf = ({
  tracked,
}: Options['book']): { readonly addresses: readonly Address[]; readonly topics: readonly Hex[] } => {
  const wanted = tracked
    .flatMap(({ adapter, mirror }) => adapter.subscriptions(mirror))
    .filter(({ liquidates }) => liquidates)
  return {
    addresses: [...new Set(wanted.flatMap(({ addresses }) => addresses))],
    topics: [...new Set(wanted.flatMap(({ topics }) => topics))],
  }
}

/** Liquidations of watched accounts that logs tell of, by what was known of their loans before. */
const liquidationsIn = ({ book, watched }: Options, logs: readonly Log[]): readonly Liquidation[] =>
  book.tracked.flatMap(({ adapter, mirror }) =>
    logs
      .flatMap((log) => adapter.reduce(mirror, log))
      .flatMap((change) =>
        change.kind === 'liquidation' && watched.includes(change.liquidation.owner)
          ? [change.liquidation]
          : [],
      ),
  )

/** A request that is under way cannot be called back: it is no longer waited for. */
const readInTime = (
  { background }: Options['chain'],
  query: LogQuery,
  head: Header,
): Promise<readonly Log[]> => {
  const signal = AbortSignal.timeout(WAIT_MS_MAX)
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  return Promise.race([background(signal).logs(query, head), late])
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)

/** Liquidation logs of watched accounts' deployments. */
export const createLiquidationLogs = (options: Options): LiquidationLogs => {
  const { chain, book } = options
  /** The first block of which they are not known, if any before the next span. */
  let unreadFrom: bigint | undefined
  let failureCount = 0
  let skipCount = 0

  const unread = (fromBlock: bigint, fault?: LiquidationsUnseenError): LiquidationReading => ({
    ...{ liquidations: [], isWhole: false },
    ...(fault ? { fault } : {}),
    accept: () => {
      unreadFrom = fromBlock
    },
  })
  const failed = (fromBlock: bigint, error: unknown): LiquidationReading => {
    failureCount += 1
    skipCount = Math.min(2 ** (failureCount - 1) - 1, SKIPPED_HEADS_MAX)
    return unread(fromBlock, new LiquidationsUnseenError(fromBlock, error))
  }
  return {
    read: async ({ ancestor, isSameBlock }, head) => {
      const known: LiquidationReading = {
        ...{ liquidations: [], isWhole: unreadFrom === undefined, accept: () => undefined },
      }
      if (!ancestor || isSameBlock) return known
      const since = least(unreadFrom ?? ancestor.number + 1n, ancestor.number + 1n)
      const oldest = head.number - MISSED_BLOCKS_MAX
      const fromBlock = since < oldest ? oldest : since
      if (skipCount > 0) {
        skipCount -= 1
        return unread(fromBlock)
      }
      const query = queryOf(book)
      if (query.addresses.length === 0) return known
      const toBlock = least(head.number, fromBlock + chain.learnt().logRange - 1n)
      try {
        const logs = await readInTime(chain, { ...query, fromBlock, toBlock }, head)
        failureCount = 0
        const isWhole = toBlock === head.number && fromBlock === since
        return {
          ...{ liquidations: liquidationsIn(options, logs), isWhole },
          accept: () => {
            unreadFrom = toBlock === head.number ? undefined : toBlock + 1n
          },
        }
      } catch (error) {
        return failed(fromBlock, error)
      }
    },
  }
}
