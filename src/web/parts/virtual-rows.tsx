// Rows of a long list: only those in sight are there, each as high as it is.
import {
  measureElement,
  observeWindowOffset,
  observeWindowRect,
  Virtualizer,
  windowScroll,
} from '@tanstack/virtual-core'
import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useReducer, useRef } from 'preact/hooks'

type Props<T> = {
  readonly rows: readonly T[]
  readonly rowHeight: number
  /** What the list is of. */
  readonly label: string
  keyOf(row: T): string
  children(row: T, index: number): ComponentChildren
}

const OVERSCAN = 8

/** Scrolls with the page. */
export const VirtualRows = <T,>({ rows, rowHeight, label, keyOf, children }: Props<T>) => {
  const place = useRef<HTMLUListElement>(null)
  const [, draw] = useReducer((count: number) => count + 1, 0)
  const options = {
    count: rows.length,
    getScrollElement: () => window,
    estimateSize: () => rowHeight,
    getItemKey: (index: number) => keyOf(rows[index] as T),
    scrollMargin: place.current?.offsetTop ?? 0,
    overscan: OVERSCAN,
    observeElementRect: observeWindowRect,
    observeElementOffset: observeWindowOffset,
    scrollToFn: windowScroll,
    measureElement,
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
          ref={(element: HTMLElement | null) => virtual.measureElement(element)}
          class="virtual-row"
          style={{ transform: `translateY(${start - virtual.options.scrollMargin}px)` }}
        >
          {children(rows[index] as T, index)}
        </li>
      ))}
    </ul>
  )
}
