import { MultiBar, type SingleBar } from 'cli-progress'
import colors from 'picocolors'

/** Lines on stderr that show how far long work is and how long it will take; nothing where stderr is no terminal. */
export type Progress = {
  /** One line for each label. `note` says what else is known, such as what was found. */
  update(label: string, done: number, total: number, note?: string): void
  stop(): void
}

const createLines = (): MultiBar =>
  new MultiBar({
    format: `  {label} ${colors.cyan('{bar}')} {percentage} % · {value} of {total} · {eta_formatted} left{note}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
    stream: process.stderr,
    noTTYOutput: false,
  })

/** Progress lines, redrawn in place, one below the other, with an estimate of the time left. A line that is done goes. */
export const createProgress = (): Progress => {
  let lines: MultiBar | undefined
  const bars = new Map<string, SingleBar>()
  const stop = (): void => {
    lines?.stop()
    lines = undefined
    bars.clear()
  }
  return {
    update: (label, done, total, note) => {
      if (!process.stderr.isTTY) return
      lines ??= createLines()
      const payload = { label, note: note === undefined ? '' : ` · ${note}` }
      const bar = bars.get(label) ?? lines.create(total, 0, payload)
      bars.set(label, bar)
      bar.setTotal(total)
      bar.update(Math.min(done, total), payload)
      if (done < total) return
      lines.remove(bar)
      bars.delete(label)
      if (bars.size === 0) stop()
    },
    stop,
  }
}
