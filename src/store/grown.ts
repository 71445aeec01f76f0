type Growable = Float64Array | Uint32Array | Uint16Array | Uint8Array

/** The array, or a larger copy that has an element `index`; new elements are 0. */
export const grown = <A extends Growable>(array: A, index: number): A => {
  if (index < array.length) return array
  const larger = new (array.constructor as new (length: number) => A)(Math.max(index + 1, array.length * 2))
  larger.set(array)
  return larger
}
