// Lists that are read at a glance: the first of many, and the others when they are wanted.
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { countText } from '../format/numbers.ts'

/** So many rows of a list at first; what shows the others, where there are at least two of them. */
export const useFold = <T,>(
  rows: readonly T[],
  shownMax: number,
): { readonly shown: readonly T[]; readonly more: ComponentChildren } => {
  const [isOpen, setOpen] = useState(false)
  if (rows.length <= shownMax + 1) return { shown: rows, more: null }
  return {
    shown: isOpen ? rows : rows.slice(0, shownMax),
    more: (
      <button class="button fold" type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? 'Fewer' : `${countText(rows.length - shownMax)} more`}
      </button>
    ),
  }
}
