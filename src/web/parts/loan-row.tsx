import type { Position } from '../data/types.ts'
import { fallPpm, floatOf, marketText, UNKNOWN_WORDS } from '../format/loans.ts'
import { freeboardPpm, roomText } from '../format/numbers.ts'
import { Account } from './address.tsx'
import { Health, Usd } from './exact.tsx'
import { FloatPill } from './pill.tsx'

/** Falls of prices that a meter reaches, parts per million. */
const METER_PPM = 600_000

/** How much room is left, as a bar: none under the line. */
export const Meter = ({ loan }: { readonly loan: Position }) => {
  const ppm = loan.kind === 'assessed' ? (fallPpm(loan) ?? METER_PPM) : 0
  const share =
    loan.kind === 'assessed' && loan.isLiquidatable ? 1 : Math.min(1, Math.max(0, ppm / METER_PPM))
  return (
    <div class="meter" data-float={floatOf(loan)} aria-hidden="true">
      <i style={{ width: `${Math.round(share * 100)}%` }} />
    </div>
  )
}

/** One loan in a line: whose, where, how much room. */
export const LoanRow = ({ loan, label }: { readonly loan: Position; readonly label: string | undefined }) => (
  <li class="loan-row">
    <div class="loan-row-who">
      <Account address={loan.owner} label={label} />
      <span class="soft small cut">{marketText(loan)}</span>
    </div>
    {loan.kind === 'assessed' ? (
      <>
        <div class="grow">
          <Meter loan={loan} />
          <span class="soft small">
            {loan.isLiquidatable
              ? 'can be liquidated now'
              : loan.phase === 'no-debt'
                ? 'owes nothing'
                : `${roomText(freeboardPpm(loan.healthFactor))} of its collateral to spare`}
          </span>
        </div>
        <div class="right loan-row-debt">
          <Usd usd={loan.usd?.debt} />
          <span class="soft small">owed</span>
        </div>
        <div class="right loan-row-health">
          <Health health={loan.healthFactor} />
          <FloatPill loan={loan} />
        </div>
      </>
    ) : (
      <>
        <div class="grow soft clamped" title={loan.detail}>
          {UNKNOWN_WORDS[loan.reason]}
        </div>
        <FloatPill loan={loan} />
      </>
    )}
  </li>
)
