// How loans are spread over health.
import type { Band } from '../../client/client.ts'
import { countText, exactDecimal, usdShort } from '../format/numbers.ts'

/** Loans with a health from one number to another, and what they owe in US dollars. */
export type Loans = {
  readonly from: number
  readonly to: number
  readonly count: number
  readonly debt: number
}

/** Above this, a band has no upper end that says anything. */
const OPEN_FROM = 1_000

/** Bands as numbers to show. */
export const loansIn = (bands: readonly Band[]): readonly Loans[] =>
  bands.map(({ from, to, count, debtUsd }) => ({
    ...{ from: Number(exactDecimal(from, 18)), to: Number(exactDecimal(to, 18)) },
    ...{ count, debt: Number(debtUsd) },
  }))

const toneOf = ({ to }: Loans): string =>
  to <= 1 ? 'under' : to <= 1.1 ? 'close' : to <= 1.25 ? 'near' : 'safe'

const rangeText = ({ from, to }: Loans): string => {
  if (from === 0) return 'under 1'
  const text = (value: number): string =>
    value.toLocaleString(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  return to > OPEN_FROM ? `${text(from)} and more` : `${text(from)} – ${text(to)}`
}

/** Debt in each band of health, as bars. */
export const Bands = ({ bands }: { readonly bands: readonly Band[] }) => {
  const rows = loansIn(bands)
  const most = Math.max(1, ...rows.map(({ debt }) => debt))
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
        {rows.map((band) => (
          <tr key={band.from} data-line={band.to === 1 ? true : undefined}>
            <th scope="row">{rangeText(band)}</th>
            <td class="bands-bar">
              <i data-float={toneOf(band)} style={{ width: `${(band.debt / most) * 100}%` }} />
            </td>
            <td class="right">{usdShort(band.debt)}</td>
            <td class="right soft small">
              {countText(band.count)} {band.count === 1 ? 'loan' : 'loans'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
