// A hull in the water: how far the sea is from the load line is how far prices may fall.

import type { Position } from '../data/types.ts'
import { FLOAT_WORDS, fallPpm, floatOf } from '../format/loans.ts'
import { freeboardPpm, roomText } from '../format/numbers.ts'

const WIDTH = 120
const HEIGHT = 220
const LINE_Y = 70
/** Falls that the scale reaches, parts per million; more is drawn as this. */
const SCALE_PPM = 600_000
const BOTTOM_Y = 205
const TICKS = [100_000, 200_000, 300_000, 400_000, 500_000] as const
/** So far above the line the sea is drawn at most. */
const OVER_MAX = 45

const depthY = (ppm: number): number =>
  ppm >= 0
    ? LINE_Y + (Math.min(ppm, SCALE_PPM) / SCALE_PPM) * (BOTTOM_Y - LINE_Y)
    : LINE_Y - Math.min(1, -ppm / 200_000) * OVER_MAX

/** One swell is 60 wide: moved by that it is itself again. */
const SWELL = `M-60 0 ${Array.from({ length: 5 }, (_, index) => `Q${index * 60 - 45} -5 ${index * 60 - 30} 0 T${index * 60} 0`).join(' ')} V${HEIGHT + 60} H-60 Z`

const waterY = (loan: Position): number => {
  if (loan.kind !== 'assessed' || loan.phase === 'no-debt') return BOTTOM_Y
  if (loan.isLiquidatable) return Math.min(LINE_Y - 6, depthY(freeboardPpm(loan.healthFactor)))
  return depthY(fallPpm(loan) ?? SCALE_PPM)
}

const described = (loan: Position): string => {
  if (loan.kind !== 'assessed') return 'Health is not known'
  const ppm = fallPpm(loan)
  const words = FLOAT_WORDS[floatOf(loan)]
  return ppm === undefined || loan.isLiquidatable ? words : `${words}: ${roomText(ppm)} from the line`
}

/** The drawing of one loan; what it shows is said beside it in words. */
export const Hull = ({ loan }: { readonly loan: Position }) => {
  const float = floatOf(loan)
  const clip = `hull-${loan.id.replace(/[^A-Za-z0-9]/g, '-')}`
  return (
    <svg
      class="hull"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      data-float={float}
      role="img"
      aria-label={described(loan)}
    >
      <defs>
        <clipPath id={clip}>
          <rect width={WIDTH} height={HEIGHT} rx="12" />
        </clipPath>
      </defs>
      <g clip-path={`url(#${clip})`}>
        <rect class="plate" width={WIDTH} height={HEIGHT} />
        {float === 'unknown' ? null : (
          <g class="level" style={{ transform: `translateY(${waterY(loan)}px)` }}>
            <path class="water swell behind" d={SWELL} />
            <path class="water swell" d={SWELL} />
          </g>
        )}
        {TICKS.map((ppm) => (
          <g key={ppm}>
            <path class="tick" d={`M${WIDTH - 16} ${depthY(ppm)}h10`} />
            <text class="scale" x={WIDTH - 20} y={depthY(ppm) + 3} text-anchor="end">
              −{ppm / 10_000}
            </text>
          </g>
        ))}
        <circle class="mark" cx="44" cy={LINE_Y} r="17" />
        <path class="mark" d={`M14 ${LINE_Y}h60`} />
        {float === 'unknown' ? (
          <text class="scale unknown" x="44" y={LINE_Y + 40} text-anchor="middle">
            ?
          </text>
        ) : null}
      </g>
    </svg>
  )
}
