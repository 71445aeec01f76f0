// What is lent and owed in a market.
import type { AssetTotals } from '../../client/client.ts'
import { exactDecimal, shareText } from '../format/numbers.ts'
import { Amount } from './exact.tsx'
import { Empty } from './notes.tsx'

const Sum = ({ amount, decimals }: { readonly amount: string | null; readonly decimals: number }) =>
  amount === null ? (
    <span class="soft" title="the contracts do not add this up">
      –
    </span>
  ) : (
    <Amount amount={amount} decimals={decimals} />
  )

const Used = ({ utilization }: Pick<AssetTotals, 'utilization'>) => {
  if (utilization === null) return <span class="soft">–</span>
  const percent = Math.min(100, Number(BigInt(utilization) / 10n ** 14n) / 100)
  return (
    <span class="used" title={exactDecimal(utilization, 18)}>
      <span class="used-bar" aria-hidden="true">
        <i style={{ width: `${percent}%` }} />
      </span>
      {shareText(utilization)}
    </span>
  )
}

/** Amounts by asset, and how much of what can be borrowed is. */
export const Totals = ({ totals }: { readonly totals: readonly AssetTotals[] | null }) =>
  totals === null || totals.length === 0 ? (
    <Empty title="No totals are known">The market is not read yet, or tells none.</Empty>
  ) : (
    <div class="scroll-x">
      <table class="plain-table">
        <thead>
          <tr>
            <th>Asset</th>
            <th class="right">Supplied</th>
            <th class="right">Borrowed</th>
            <th class="right">In use</th>
          </tr>
        </thead>
        <tbody>
          {totals.map(({ asset, symbol, decimals, supplied, borrowed, utilization }, index) => (
            // An asset may be lent in two ways.
            <tr key={`${index}${asset}`}>
              <td title={asset}>{symbol}</td>
              <td class="right">
                <Sum amount={supplied} decimals={decimals} />
              </td>
              <td class="right">
                <Sum amount={borrowed} decimals={decimals} />
              </td>
              <td class="right">
                <Used utilization={utilization} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
