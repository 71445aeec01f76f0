// Rows of a long list: only those in sight are there, each as high as it is.
import {
  measureElement,
  observeWindowOffset,
  observeWindowRect,
  Virtualizer,
  windowScroll,
} from '@tanstack/virtual-core'
import type { ComponentChildren } from 'preact'
import { useCallback, useEffect, useLayoutEffect, useMemo, useReducer, useRef } from 'preact/hooks'

type Props<T> = {
  readonly rows: readonly T[]
  /** Until one is seen. */
  readonly rowHeight: number
  /** What the list is of. */
  readonly label: string
  keyOf(row: T): string
  children(row: T, index: number): ComponentChildren
}

const OVERSCAN = 8

type ContentProps<T> = {
  readonly row: T
  readonly index: number
  draw(row: T, index: number): ComponentChildren
}

/** Drawn once: a row that stays in sight while others come is as it was. */
const Content = <T,>({ row, index, draw }: ContentProps<T>) => (
  <>{useMemo(() => draw(row, index), [row, index, draw])}</>
)

/** Scrolls with the page. */
export const VirtualRows = <T,>({ rows, rowHeight, label, keyOf, children }: Props<T>) => {
  const place = useRef<HTMLUListElement>(null)
  const [, draw] = useReducer((count: number) => count + 1, 0)
  const seenHeight = useRef<number | undefined>(undefined)
  // With another function, or another height than was thought, all rows are laid out anew.
  const getItemKey = useCallback((index: number) => keyOf(rows[index] as T), [rows])
  const options = {
    count: rows.length,
    getScrollElement: () => window,
    estimateSize: () => seenHeight.current ?? rowHeight,
    getItemKey,
    scrollMargin: place.current?.offsetTop ?? 0,
    overscan: OVERSCAN,
    observeElementRect: observeWindowRect,
    observeElementOffset: observeWindowOffset,
    scrollToFn: windowScroll,
    measureElement: (...measured: Parameters<typeof measureElement<HTMLElement>>) => {
      const height = measureElement(...measured)
      seenHeight.current ??= height
      return height
    },
    onChange: () => draw(undefined),
  }
  const virtual = useMemo(() => new Virtualizer<Window, HTMLElement>(options), [])
  virtual.setOptions(options)
  useEffect(() => virtual._didMount(), [virtual])
  useLayoutEffect(() => virtual._willUpdate())
  return (
    <ul ref={place} aria-label={label} class="virtual" style={{ height: `${virtual.getTotalSize()}px` }}>
      {virtual.getVirtualItems().map(({ index, key, start }) => (
        <li
          key={key}
          aria-setsize={rows.length}
          aria-posinset={index + 1}
          data-index={index}
          ref={virtual.measureElement}
          class="virtual-row"
          style={{ transform: `translateY(${start - virtual.options.scrollMargin}px)` }}
        >
          <Content row={rows[index] as T} index={index} draw={children} />
        </li>
      ))}
    </ul>
  )
}
