// Curves, drawn by uPlot in the colours of the page; drawn anew when the scheme changes or there is another width.
import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { theme } from '../data/session.ts'

export type Colours = {
  readonly ink: string
  readonly soft: string
  readonly rule: string
  of(name: string): string
}

export type PlotProps = {
  readonly data: uPlot.AlignedData
  readonly height?: number
  /** What is drawn says a text beside it; this is its name. */
  readonly label: string
  options(colours: Colours): Omit<uPlot.Options, 'width' | 'height'>
  /** Hears of the plot whenever it is drawn anew. */
  onPlot?(plot: uPlot): void
}

const NAMES = [
  ...['ink', 'ink-soft', 'rule', 'accent', 'near', 'under'],
  ...['curve-1', 'curve-2', 'curve-3', 'curve-4', 'curve-5', 'curve-6'],
] as const

/** A custom property of a colour as a canvas takes it: resolved, for one scheme. */
const colours = (element: HTMLElement): Colours => {
  const probe = document.createElement('i')
  element.append(probe)
  const of = (name: string): string => {
    probe.style.color = `var(--${name})`
    return getComputedStyle(probe).color
  }
  const known = new Map<string, string>(NAMES.map((name) => [name, of(name)]))
  probe.remove()
  const get = (name: string): string => known.get(name) ?? 'gray'
  return { ink: get('ink'), soft: get('ink-soft'), rule: get('rule'), of: get }
}

/** A plot as wide as its place. */
export const Plot = ({ data, height = 260, label, options, onPlot }: PlotProps) => {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | undefined>(undefined)
  useEffect(() => {
    const element = place.current
    if (!element) return
    const draw = (): void => {
      plot.current?.destroy()
      plot.current = new uPlot(
        { ...options(colours(element)), width: element.clientWidth, height },
        data,
        element,
      )
      onPlot?.(plot.current)
    }
    draw()
    const sizes = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }))
    sizes.observe(element)
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    scheme.addEventListener('change', draw)
    return () => {
      sizes.disconnect()
      scheme.removeEventListener('change', draw)
      plot.current?.destroy()
      plot.current = undefined
    }
  }, [theme.value, height, options])
  useEffect(() => plot.current?.setData(data), [data])
  return <div class="plot" ref={place} role="img" aria-label={label} />
}

/** An axis in the colours of the page. */
const axis = ({ soft, rule }: Colours, more: uPlot.Axis): uPlot.Axis => ({
  stroke: soft,
  font: '12px system-ui, sans-serif',
  grid: { stroke: rule, width: 1 },
  ticks: { show: false },
  ...more,
})

type Texts = NonNullable<Extract<uPlot.Axis['values'], (...args: never[]) => unknown>>

/** What runs along the bottom. */
export const xAxis = (colours: Colours, values: Texts): uPlot.Axis => axis(colours, { size: 30, values })

/** What runs up the side, in texts of so many pixels. */
export const yAxis = (colours: Colours, text: (value: number) => string, size = 62): uPlot.Axis =>
  axis(colours, { size, values: (_plot, ticks) => ticks.map(text) })
