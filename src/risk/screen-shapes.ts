// Which factors the rows of a screen are made of: rows of the same factors, in the same order, are of one shape.
import { grown } from '../units/grown.ts'

/** Rows of a market that has so many shapes already are of its shape of all factors. */
const SHAPES_MAX = 2 ** 16

/** More than the numbers of factors, times the two sides. */
const STEPS = 2 ** 22

/**
 * The factors of shape s: those of collateral are `factors` from `starts[s]` up to `middles[s]`, those of debt go on up
 * to `ends[s]`; a factor may be there more than once. The first shape of each market has none: it stands for all factors of the market.
 * The arrays are replaced as they grow.
 */
export type Shapes = {
  factors: Uint32Array
  starts: Uint32Array
  middles: Uint32Array
  ends: Uint32Array
  count: number
  readonly ofMarket: number[][]
  /** Where a path of factors leads on, by node and step; the number of nodes; and the shape of each, plus one. */
  readonly steps: Map<number, number>
  nodeCount: number
  shapeOfNode: Uint32Array
}

export const createShapes = (): Shapes => ({
  factors: new Uint32Array(0),
  starts: new Uint32Array(0),
  middles: new Uint32Array(0),
  ends: new Uint32Array(0),
  count: 0,
  ofMarket: [],
  steps: new Map(),
  nodeCount: 1,
  shapeOfNode: new Uint32Array(0),
})

const stepFrom = (shapes: Shapes, node: number, step: number): number => {
  const key = node * STEPS + step
  const known = shapes.steps.get(key)
  if (known !== undefined) return known
  const next = shapes.nodeCount++
  shapes.steps.set(key, next)
  return next
}

const add = (shapes: Shapes, market: number, collateral: Uint32Array, debt: Uint32Array): number => {
  const shape = shapes.count++
  const start = shape === 0 ? 0 : (shapes.ends[shape - 1] as number)
  const middle = start + collateral.length
  const end = middle + debt.length
  shapes.starts = grown(shapes.starts, shapes.count)
  shapes.middles = grown(shapes.middles, shapes.count)
  shapes.ends = grown(shapes.ends, shapes.count)
  shapes.factors = grown(shapes.factors, end)
  shapes.starts[shape] = start
  shapes.middles[shape] = middle
  shapes.ends[shape] = end
  shapes.factors.set(collateral, start)
  shapes.factors.set(debt, middle)
  shapes.ofMarket[market]?.push(shape)
  return shape
}

const NONE = new Uint32Array(0)

/** The number of the shape of a row, made where there is none yet. */
export const shapeOf = (
  shapes: Shapes,
  market: number,
  collateral: Uint32Array,
  debt: Uint32Array,
): number => {
  while (shapes.ofMarket.length <= market) {
    shapes.ofMarket.push([])
    add(shapes, shapes.ofMarket.length - 1, NONE, NONE)
  }
  const ofMarket = shapes.ofMarket[market] as number[]
  if (ofMarket.length > SHAPES_MAX) return ofMarket[0] as number
  let node = stepFrom(shapes, 0, market)
  for (let at = 0; at < collateral.length; at++) node = stepFrom(shapes, node, 2 * (collateral[at] as number))
  for (let at = 0; at < debt.length; at++) node = stepFrom(shapes, node, 2 * (debt[at] as number) + 1)
  shapes.shapeOfNode = grown(shapes.shapeOfNode, node + 1)
  const known = shapes.shapeOfNode[node] as number
  if (known > 0) return known - 1
  const shape = add(shapes, market, collateral, debt)
  shapes.shapeOfNode[node] = shape + 1
  return shape
}
