// Plots of plain block characters, as wide as the terminal.
const COLUMN = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const
const BAR = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'] as const
const EIGHTHS = 8

/** Where output is no terminal. */
const DEFAULT_WIDTH = 80
const WIDTH_MAX = 120

/** Characters that a line may have. */
export const plotWidth = (): number => Math.min(process.stdout.columns ?? DEFAULT_WIDTH, WIDTH_MAX)

/** A share of the whole, 0 to 1, as eighths of so many characters; anything above nothing shows. */
const eighthsOf = (share: number, characters: number): number =>
  share > 0 ? Math.max(1, Math.round(Math.min(share, 1) * characters * EIGHTHS)) : 0

/** A bar from the left, `share` of so many characters. */
export const bar = (share: number, characters: number): string => {
  const eighths = eighthsOf(share, characters)
  return `${BAR[EIGHTHS].repeat(Math.floor(eighths / EIGHTHS))}${BAR[(eighths % EIGHTHS) as 0]}`
}

/** One character of a column that is filled from below. */
const cellOf = (eighths: number, row: number): string =>
  COLUMN[Math.max(0, Math.min(EIGHTHS, eighths - row * EIGHTHS)) as 0]

export type Curve = {
  readonly values: readonly number[]
  /** What stands under the first and the last value. */
  readonly ends: readonly [string, string]
  readonly height: number
  readonly width: number
  /** A value as it is written beside the axis. */
  label(value: number): string
}

/** Each value as often, or as rarely, as fills so many characters. */
const stretched = (values: readonly number[], characters: number): readonly number[] => {
  const times = Math.max(1, Math.floor(characters / values.length))
  const count = values.length > characters ? characters : values.length * times
  return Array.from({ length: count }, (_, at) => values[Math.floor((at * values.length) / count)] as number)
}

/** Values as columns, from nothing to the largest, an axis to the left and one below. */
export const curvePlot = ({ values, ends, height, width, label }: Curve): string => {
  const most = Math.max(...values, 0)
  const labels = [label(most), label(most / 2), label(0)]
  const margin = Math.max(...labels.map((text) => text.length))
  const columns = stretched(values, Math.max(1, width - margin - 3)).map((value) =>
    eighthsOf(most === 0 ? 0 : value / most, height),
  )
  const labelAt = (row: number): string =>
    row === height - 1 ? (labels[0] ?? '') : row === Math.floor((height - 1) / 2) ? (labels[1] ?? '') : ''
  const rows = Array.from({ length: height }, (_, at) => {
    const row = height - 1 - at
    return `${labelAt(row).padStart(margin)} ┤${columns.map((eighths) => cellOf(eighths, row)).join('')}`.trimEnd()
  })
  const [first, last] = ends
  const gap = ' '.repeat(Math.max(1, columns.length - first.length - last.length))
  return [
    ...rows,
    `${(labels[2] ?? '').padStart(margin)} └${'─'.repeat(columns.length)}`,
    `${' '.repeat(margin + 2)}${first}${gap}${last}`,
  ].join('\n')
}

/** Values in one line of columns, from the least to the most that is finite; `?` where one is unknown. */
export const spark = (values: readonly (number | null)[]): string => {
  const known = values.filter((value): value is number => Number.isFinite(value))
  const [least, most] = [Math.min(...known), Math.max(...known)]
  return values
    .map((value) => {
      if (value === null) return '?'
      const share = value >= most ? 1 : (value - least) / (most - least)
      return COLUMN[(1 + Math.round(share * (EIGHTHS - 1))) as 1]
    })
    .join('')
}
