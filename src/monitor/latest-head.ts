// The newest head of a chain, held until somebody takes it.
import type { Chain, Header } from '../chain/chain.ts'

export type LatestHead = {
  /** The newest head that was not taken yet; it is taken now. */
  take(): Header | undefined
  /** Puts a head back that could not be followed, unless there is a newer one. */
  putBack(head: Header): void
  /** Resolves when there is a head to take, or when the chain's heads end. */
  available(): Promise<void>
}

/** Listens to a chain's heads until the signal aborts. Failures are reported, not thrown. */
export const createLatestHead = (
  chain: Chain,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): LatestHead => {
  let newest: Header | undefined
  let wake = (): void => undefined
  const listen = async (): Promise<void> => {
    for await (const head of chain.heads(signal, onError)) {
      newest = head
      wake()
    }
  }
  signal.addEventListener('abort', () => wake())
  void listen()
  return {
    take: () => {
      const head = newest
      newest = undefined
      return head
    },
    putBack: (head) => {
      newest ??= head
    },
    available: async () => {
      if (newest || signal.aborted) return
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    },
  }
}
