// The rows of a screen, packed: amounts and factor numbers of all positions in two arenas, found by slot.
import { grown } from '../units/grown.ts'

/** More terms than this on one side and the bound of the sums' own error would not hold. */
export const TERMS_MAX = 128

/** Waste below this is not worth a move, in terms. */
const WASTE_MIN = 4_096

/**
 * Row of slot s: `collateralCounts[s]` terms from `starts[s]` on, then `debtCounts[s]` of debt. `capacities[s]` is how many
 * terms the place holds. The arrays are replaced as they grow; read them anew for every pass.
 */
export type Rows = {
  amounts: Float64Array
  factors: Uint32Array
  starts: Uint32Array
  capacities: Uint16Array
  collateralCounts: Uint8Array
  debtCounts: Uint8Array
  /** Terms that are taken, from the start of the arenas. */
  used: number
  /** Terms that rows make use of. */
  live: number
}

export const createRows = (): Rows => ({
  amounts: new Float64Array(0),
  factors: new Uint32Array(0),
  starts: new Uint32Array(0),
  capacities: new Uint16Array(0),
  collateralCounts: new Uint8Array(0),
  debtCounts: new Uint8Array(0),
  used: 0,
  live: 0,
})

const countOf = ({ collateralCounts, debtCounts }: Rows, slot: number): number =>
  (collateralCounts[slot] ?? 0) + (debtCounts[slot] ?? 0)

/** Packs all rows without gaps, in the order of their slots. */
const compact = (rows: Rows): void => {
  const amounts = new Float64Array(rows.live * 2)
  const factors = new Uint32Array(rows.live * 2)
  let used = 0
  for (let slot = 0; slot < rows.starts.length; slot++) {
    const count = countOf(rows, slot)
    const start = rows.starts[slot] as number
    amounts.set(rows.amounts.subarray(start, start + count), used)
    factors.set(rows.factors.subarray(start, start + count), used)
    rows.starts[slot] = used
    rows.capacities[slot] = count
    used += count
  }
  Object.assign(rows, { amounts, factors, used })
}

const reserve = (rows: Rows, slot: number, count: number): void => {
  const slots = slot + 1
  rows.starts = grown(rows.starts, slots)
  rows.capacities = grown(rows.capacities, slots)
  rows.collateralCounts = grown(rows.collateralCounts, slots)
  rows.debtCounts = grown(rows.debtCounts, slots)
  if (count <= (rows.capacities[slot] as number)) return
  rows.starts[slot] = rows.used
  rows.capacities[slot] = count
  rows.used += count
  rows.amounts = grown(rows.amounts, rows.used)
  rows.factors = grown(rows.factors, rows.used)
}

/** Forgets the row of a slot. */
export const removeRow = (rows: Rows, slot: number): void => {
  if (slot >= rows.starts.length) return
  rows.live -= countOf(rows, slot)
  rows.collateralCounts[slot] = 0
  rows.debtCounts[slot] = 0
}

/**
 * Makes room for the row of a slot: in its place where it fits, else behind all others. Answers where its terms begin, which
 * the caller writes. Each side has at most `TERMS_MAX` terms.
 */
export const placeRow = (rows: Rows, slot: number, collateralCount: number, debtCount: number): number => {
  removeRow(rows, slot)
  if (rows.used - rows.live > Math.max(rows.live, WASTE_MIN)) compact(rows)
  const count = collateralCount + debtCount
  reserve(rows, slot, count)
  rows.collateralCounts[slot] = collateralCount
  rows.debtCounts[slot] = debtCount
  rows.live += count
  return rows.starts[slot] as number
}
