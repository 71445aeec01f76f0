// How loans are spread over health, for people and for programs.
import colors from 'picocolors'
import { parsePositionId } from '../../model/ids.ts'
import type { Band, Distribution } from '../../risk/distribution.ts'
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import { formatFixed, formatWad, shortAddress } from '../../units/format.ts'
import { dollarText } from './dollars.ts'
import { bar } from './plot.ts'
import { table } from './table.ts'

const BAR_WIDTH = 24
const PPM_PLACES = 4

const bandText = ({ from, to }: Band): string => {
  if (from === 0n) return `below ${formatWad(to, 2)}`
  return to === UINT256_MAX
    ? `${formatWad(from, 2)} and above`
    : `${formatWad(from, 2)} – ${formatWad(to, 2)}`
}

/** The colours that health has elsewhere. */
const coloured = ({ to }: Band, text: string): string => {
  if (to <= (105n * WAD) / 100n) return colors.red(text)
  return to <= (125n * WAD) / 100n ? colors.yellow(text) : colors.green(text)
}

const shareText = (ppm: bigint): string => `${formatFixed(ppm, PPM_PLACES, 2)} %`

/** Bands as a table with bars: of debt where dollars are known, else of loans. */
export const distributionLines = ({
  bands,
  weightedHealth,
  largest,
  tenLargestPpm,
}: Distribution): readonly string[] => {
  const isValued = bands.some(({ debtUsd }) => debtUsd > 0)
  const sizeOf = (band: Band): number => (isValued ? band.debtUsd : band.count)
  const most = Math.max(...bands.map(sizeOf))
  const shares = [
    ...(weightedHealth === null ? [] : [`health weighed by debt ${formatWad(weightedHealth, 2)}`]),
    ...(largest
      ? [
          `largest loan ${shareText(largest.debtPpm)} of the debt (${shortAddress(parsePositionId(largest.id).account)})`,
        ]
      : []),
    ...(tenLargestPpm === null ? [] : [`ten largest ${shareText(tenLargestPpm)}`]),
  ]
  return [
    table(
      [
        { head: 'health', align: 'right' },
        { head: 'loans', align: 'right' },
        { head: 'debt USD', align: 'right' },
        { head: '' },
      ],
      bands.map((band) => [
        bandText(band),
        String(band.count),
        isValued ? dollarText(band.debtUsd) : '–',
        coloured(band, bar(sizeOf(band) / most, BAR_WIDTH)),
      ]),
    ),
    colors.dim(`  ${shares.join(' · ')}`),
  ]
}
