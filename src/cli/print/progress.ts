import { SingleBar } from 'cli-progress'
import colors from 'picocolors'

/** A line on stderr that shows how far long work is and how long it will take; nothing where stderr is no terminal. */
export type Progress = {
  update(label: string, done: number, total: number): void
  stop(): void
}

/** One progress line, redrawn in place, with an estimate of the time left. */
export const createProgress = (): Progress => {
  let bar: SingleBar | undefined
  let shown = ''
  const start = (label: string, total: number): SingleBar => {
    const next = new SingleBar({
      format: `  ${label} ${colors.cyan('{bar}')} {percentage} % · {value} of {total} · {eta_formatted} left`,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 24,
      hideCursor: true,
      clearOnComplete: true,
      stream: process.stderr,
      noTTYOutput: false,
    })
    next.start(total, 0)
    return next
  }
  const stop = (): void => {
    bar?.stop()
    bar = undefined
  }
  return {
    update: (label, done, total) => {
      if (!process.stderr.isTTY) return
      if (shown !== label) stop()
      shown = label
      bar ??= start(label, total)
      bar.setTotal(total)
      bar.update(Math.min(done, total))
    },
    stop,
  }
}
