const UNITS = [
  { name: 'd', seconds: 86_400 },
  { name: 'h', seconds: 3_600 },
  { name: 'min', seconds: 60 },
  { name: 's', seconds: 1 },
] as const

/** A duration in its two largest units, cut: `3 h 12 min`, `45 s`. */
export const durationText = (seconds: number): string => {
  const whole = Math.max(0, Math.floor(seconds))
  const first = UNITS.findIndex((unit) => whole >= unit.seconds)
  if (first === -1) return '0 s'
  let rest = whole
  const texts = UNITS.slice(first, first + 2).map((unit) => {
    const count = Math.floor(rest / unit.seconds)
    rest -= count * unit.seconds
    return { count, text: `${count} ${unit.name}` }
  })
  return texts
    .filter(({ count }) => count > 0)
    .map(({ text }) => text)
    .join(' ')
}
