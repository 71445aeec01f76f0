// How far finding and reading a book is, and how long it will take, from what following tells.
import type { FollowEvent } from '../monitor/follow.ts'

/** Work of one chain. Counts are blocks while searching, keys of positions while reading. */
export type WorkProgress = {
  readonly chainId: number
  readonly work: 'search' | 'reading'
  /** What is searched for, and in which deployment; empty while reading, which is of all deployments at once. */
  readonly subject: string
  readonly doneCount: number
  readonly leftCount: number
  /** Keys found and not yet read. */
  readonly pendingCount: number
  /** Requests to the chain's endpoints so far, of whatever work. */
  readonly requestCount: number
  /** Undefined until there is something to go by. */
  readonly secondsLeft: number | undefined
}

type Start = { readonly atMs: number; readonly doneCount: number }

const searchOf = (event: Extract<FollowEvent, { kind: 'discovery' }>) => {
  const { scope, protocol, deployment, fromBlock, nextBlock, targetBlock, pendingCount } = event.progress
  return {
    work: 'search' as const,
    subject: `${scope} of ${protocol}:${deployment}`,
    doneCount: Number(nextBlock - fromBlock),
    leftCount: Number(targetBlock - nextBlock + 1n),
    pendingCount,
  }
}

/** Follows the work of one chain. Answers its progress with every event that is about it. The rate is that of this process. */
export const createProgressOf = (chainId: number, nowMs: () => number, requestCount: () => number) => {
  const starts = new Map<string, Start>()
  let readCount = 0
  const secondsLeft = (name: string, doneCount: number, leftCount: number): number | undefined => {
    const start = starts.get(name) ?? { atMs: nowMs(), doneCount }
    starts.set(name, start)
    const done = doneCount - start.doneCount
    return done > 0 ? Math.ceil(((nowMs() - start.atMs) / 1_000 / done) * leftCount) : undefined
  }
  const readingOf = (event: Extract<FollowEvent, { kind: 'backlog' }>) => {
    const { pendingCount } = event.progress
    readCount += event.progress.readCount
    return {
      work: 'reading' as const,
      subject: '',
      ...{ doneCount: readCount, leftCount: pendingCount, pendingCount },
    }
  }
  return (event: FollowEvent): WorkProgress | undefined => {
    if (event.kind !== 'discovery' && event.kind !== 'backlog') return undefined
    const work = event.kind === 'discovery' ? searchOf(event) : readingOf(event)
    return {
      ...{ chainId, requestCount: requestCount() },
      ...work,
      secondsLeft: secondsLeft(`${work.work} ${work.subject}`, work.doneCount, work.leftCount),
    }
  }
}
