import Table from 'cli-table3'
import colors from 'picocolors'

type Column = { readonly head: string; readonly align?: 'left' | 'right' }

const noBorder = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '  ',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}

/** A table without lines: columns aligned, heads dimmed. */
export const table = (columns: readonly Column[], rows: readonly (readonly string[])[]): string => {
  const grid = new Table({
    head: columns.map(({ head }) => colors.dim(head)),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    chars: noBorder,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  grid.push(...rows.map((row) => [...row]))
  return grid.toString()
}
