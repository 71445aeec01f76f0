// Many small byte strings in few large buffers, so that a million of them are no million objects.
import type { Span } from './span.ts'

const SLAB_BITS = 24
const SLAB_BYTES = 2 ** SLAB_BITS
const GRAIN_BYTES = 16
const GRAIN_BITS = 4

/** Where a byte string lies: counted in grains over all slabs. */
export type Place = number

export type Arena = {
  /** Stores bytes and answers where. */
  put(span: Span): Place
  /** The buffer that holds a place, and where in it that begins: valid until it is freed. */
  slabOf(place: Place): Buffer
  offsetOf(place: Place): number
  /** Gives a place back, with the length that was stored there. */
  free(place: Place, length: number): void
}

const grainsOf = (length: number): number => Math.max(1, Math.ceil(length / GRAIN_BYTES))

/** An empty arena. A byte string takes whole grains of 16 bytes; freed places are used again for the same number of grains. */
export const createArena = (): Arena => {
  const slabs: Buffer[] = []
  const freed: Place[][] = []
  let next = 0
  const slabOf = (place: Place): Buffer => slabs[Math.floor(place / (SLAB_BYTES / GRAIN_BYTES))] as Buffer
  const offsetOf = (place: Place): number => (place % (SLAB_BYTES / GRAIN_BYTES)) << GRAIN_BITS

  const placeFor = (grains: number): Place => {
    const again = freed[grains]?.pop()
    if (again !== undefined) return again
    if (grains * GRAIN_BYTES > SLAB_BYTES)
      throw new RangeError(`${grains * GRAIN_BYTES} bytes do not fit into a slab`)
    const left = slabs.length * (SLAB_BYTES / GRAIN_BYTES) - next
    if (left < grains) {
      next += left
      slabs.push(Buffer.allocUnsafeSlow(SLAB_BYTES))
    }
    next += grains
    return next - grains
  }

  return {
    put: ({ bytes, start, end }) => {
      const place = placeFor(grainsOf(end - start))
      const slab = slabOf(place)
      const shift = offsetOf(place) - start
      for (let at = start; at < end; at++) slab[at + shift] = bytes[at] as number
      return place
    },
    slabOf,
    offsetOf,
    free: (place, length) => {
      const grains = grainsOf(length)
      const list = freed[grains] ?? []
      list.push(place)
      freed[grains] = list
    },
  }
}
