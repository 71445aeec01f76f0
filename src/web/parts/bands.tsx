// How loans are spread over health.
import type { Market } from '../data/types.ts'
import { countText, exactDecimal, fixedText } from '../format/numbers.ts'
import { UsdSum } from './exact.tsx'

export type Band = {
  readonly from: number
  readonly to: number
  readonly count: number
  readonly debt: number
}

/** Above this, a band has no upper end that says anything. */
const OPEN_FROM = 1_000

/** The same bands of all markets together, US dollars; lowest health first. */
export const bandsOf = (markets: readonly Market[]): readonly Band[] => {
  const found = new Map<string, Band>()
  for (const { distribution } of markets)
    for (const { from, to, count, debtUsd } of distribution?.bands ?? []) {
      const known = found.get(from)
      found.set(from, {
        ...{ from: Number(exactDecimal(from, 18)), to: Number(exactDecimal(to, 18)) },
        count: (known?.count ?? 0) + count,
        debt: (known?.debt ?? 0) + Number(debtUsd),
      })
    }
  return [...found.values()].sort((a, b) => a.from - b.from)
}

const toneOf = ({ to }: Band): string =>
  to <= 1 ? 'under' : to <= 1.1 ? 'close' : to <= 1.25 ? 'near' : 'safe'

const rangeText = ({ from, to }: Band): string => {
  if (from === 0) return 'under 1'
  return to > OPEN_FROM ? `${fixedText(from, 2)} and more` : `${fixedText(from, 2)} – ${fixedText(to, 2)}`
}

/** Debt in each band of health, as bars. */
export const Bands = ({ markets }: { readonly markets: readonly Market[] }) => {
  const bands = bandsOf(markets)
  const most = Math.max(1, ...bands.map(({ debt }) => debt))
  return (
    <table class="bands">
      <thead class="visually-hidden">
        <tr>
          <th>Health</th>
          <th>Share</th>
          <th>Debt</th>
          <th>Loans</th>
        </tr>
      </thead>
      <tbody>
        {bands.map((band) => (
          <tr key={band.from} data-line={band.to === 1 ? true : undefined}>
            <th scope="row">{rangeText(band)}</th>
            <td class="bands-bar">
              <i data-float={toneOf(band)} style={{ width: `${(band.debt / most) * 100}%` }} />
            </td>
            <td class="right">
              <UsdSum usd={band.debt} />
            </td>
            <td class="right soft small">
              {countText(band.count)} {band.count === 1 ? 'loan' : 'loans'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
