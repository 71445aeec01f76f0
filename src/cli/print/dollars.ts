const MAGNITUDES = [
  { from: 1e9, sign: 'b' },
  { from: 1e6, sign: 'm' },
  { from: 1e3, sign: 'k' },
] as const

/** Where rounding to two decimals would write a thousand of the magnitude below. */
const NEXT = 0.999995

/** Rounded US dollars for people: 1.23m, 45.60k, 789.00. */
export const dollarText = (dollars: number): string => {
  const magnitude = MAGNITUDES.find(({ from }) => Math.abs(dollars) >= from * NEXT)
  return magnitude ? `${(dollars / magnitude.from).toFixed(2)}${magnitude.sign}` : dollars.toFixed(2)
}
