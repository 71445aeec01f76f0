type Growing = Float64Array | Uint32Array | Int32Array | Uint16Array | Uint8Array

const LENGTH_MIN = 64

/** The same values in an array of at least so many, and of at least twice as many as before; new ones are `filler`. */
export const grown = <A extends Growing>(array: A, length: number, filler = 0): A => {
  if (length <= array.length) return array
  const Kind = array.constructor as new (length: number) => A
  const next = new Kind(Math.max(length, array.length * 2, LENGTH_MIN))
  if (filler !== 0) next.fill(filler, array.length)
  next.set(array)
  return next
}
