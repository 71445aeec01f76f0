// Lines and marks that plots are drawn with, beside their series.
import type uPlot from 'uplot'
import type { LoanEvent } from '../data/use-events.ts'
import type { Colours } from './plot.tsx'

type Draw = (plot: uPlot) => void

/** The line that a health must stay above. */
export const loadLine =
  (colour: string): Draw =>
  ({ ctx, bbox, valToPos }) => {
    const y = Math.round(valToPos(1, 'y', true)) + 0.5
    if (y < bbox.top || y > bbox.top + bbox.height) return
    ctx.save()
    ctx.strokeStyle = colour
    ctx.lineWidth = 2
    ctx.beginPath()
    ctx.moveTo(bbox.left, y)
    ctx.lineTo(bbox.left + bbox.width, y)
    ctx.stroke()
    ctx.restore()
  }

/** How each kind is drawn; what the key beside a plot shows is the same. */
const DASHES = { alert: [2, 4], parameter: [7, 3], liquidation: [] } as const
const COLOURS = { alert: 'near', parameter: 'curve-2', liquidation: 'under' } as const

/** What happened, as lines from top to bottom; those outside of the plot are left out. */
export const eventMarks =
  (events: readonly LoanEvent[], colours: Colours): Draw =>
  (plot) => {
    const { ctx, bbox } = plot
    ctx.save()
    ctx.lineWidth = Math.max(1, devicePixelRatio)
    for (const { at, kind } of events) {
      const x = Math.round(plot.valToPos(at, 'x', true)) + 0.5
      if (x < bbox.left || x > bbox.left + bbox.width) continue
      ctx.strokeStyle = colours.of(COLOURS[kind])
      ctx.setLineDash([...DASHES[kind]])
      ctx.beginPath()
      ctx.moveTo(x, bbox.top)
      ctx.lineTo(x, bbox.top + bbox.height)
      ctx.stroke()
    }
    ctx.restore()
  }
