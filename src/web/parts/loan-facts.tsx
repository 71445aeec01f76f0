// A loan in a few numbers. What is not known says so; what its protocol does not have is not there.
import type { ComponentChildren } from 'preact'
import type { AssessedPosition } from '../data/types.ts'
import { fixedText, shareText } from '../format/numbers.ts'
import { spanText } from '../format/times.ts'
import { Amount, Health, Value } from './exact.tsx'
import { Moment } from './time.tsx'

type FactProps = {
  readonly name: string
  readonly note?: ComponentChildren
  readonly children: ComponentChildren
}

const Fact = ({ name, note, children }: FactProps) => (
  <div>
    <dt>{name}</dt>
    <dd>
      {children}
      {note ? <small>{note}</small> : null}
    </dd>
  </div>
)

/** Where rates are taken from the contract's word, that no time was found does not say that there is none. */
const timeText = ({ secondsToLiquidation: seconds, fidelity, isLiquidatable }: AssessedPosition): string => {
  if (isLiquidatable) return 'it can be now'
  if (seconds === undefined) return 'not worked out'
  if (seconds === null) return fidelity === 'observed' ? 'not known' : 'for ever'
  return spanText(seconds)
}

const Interest = ({ loan: { borrowCostPerYear: cost, leverage, quote } }: Props) => {
  const note = leverage ? `at ${fixedText(Number(BigInt(leverage) / 10n ** 16n) / 100, 2)}× leverage` : ''
  if (cost === undefined || cost === null)
    return (
      <Fact name="Interest a year" note={note}>
        {cost === undefined ? 'not worked out' : 'not known'}
      </Fact>
    )
  const isEarned = cost.startsWith('-')
  return (
    <Fact name={isEarned ? 'Earns in a year' : 'Interest a year'} note={note}>
      <Value value={cost.replace('-', '')} quote={quote} />
    </Fact>
  )
}

/** Healths beside that of now: a price that is announced, what a refresh brings, what the contract's own view says. */
const OtherHealths = ({ loan: { next, refreshed, stored, healthFactor } }: Props) => (
  <>
    {next ? (
      <Fact
        name="With the next price"
        note={
          <>
            {next.isLiquidatable ? 'can be liquidated ' : ''}from <Moment at={next.at} />
          </>
        }
      >
        <Health health={next.healthFactor} />
      </Fact>
    ) : null}
    {refreshed && refreshed.healthFactor !== healthFactor ? (
      <Fact
        name="Once it is refreshed"
        note={refreshed.isLiquidatable ? 'can be liquidated then' : 'anybody may do that'}
      >
        <Health health={refreshed.healthFactor} />
      </Fact>
    ) : null}
    {stored && stored.healthFactor !== healthFactor ? (
      <Fact name="The contract’s view says" note="without the interest since">
        <Health health={stored.healthFactor} />
      </Fact>
    ) : null}
  </>
)

const Redemption = ({ loan: { debtInFront, debt } }: Props) => {
  const [leg] = debt
  if (debtInFront === undefined || !leg) return null
  return (
    <Fact name="Redeemed before it" note="debt that stands in front of it">
      {debtInFront === null ? (
        'not known'
      ) : (
        <Amount amount={debtInFront} decimals={leg.decimals} symbol={leg.symbol} />
      )}
    </Fact>
  )
}

type Props = { readonly loan: AssessedPosition }

/** What it is worth, owes, costs, and how long it lasts. */
export const LoanFacts = ({ loan }: Props) => {
  const { quote, margin, phase } = loan
  const loss = margin?.['liquidationLoss'] as
    | { readonly penalty?: string; readonly share?: string }
    | null
    | undefined
  return (
    <dl class="facts">
      <Fact name="Collateral">
        <Value value={loan.collateralValue} quote={quote} />
      </Fact>
      <Fact name="Debt">
        <Value value={loan.debtValue} quote={quote} />
      </Fact>
      {phase === 'no-debt' ? null : (
        <>
          <Fact name="At frozen prices" note="until interest sinks it">
            <span title={loan.secondsToLiquidation ? `${loan.secondsToLiquidation} s` : undefined}>
              {timeText(loan)}
            </span>
          </Fact>
          <Interest loan={loan} />
          {loss?.penalty ? (
            <Fact
              name="A liquidation costs"
              note={loss.share ? `${shareText(loss.share)} of what it repays` : ''}
            >
              <Value value={loss.penalty} quote={quote} />
            </Fact>
          ) : null}
          <OtherHealths loan={loan} />
          <Redemption loan={loan} />
        </>
      )}
    </dl>
  )
}
