// A loan as a borrower understands it: how it floats, what sinks it, what mends it.

import { useState } from 'preact/hooks'
import type { AssessedPosition, Position, UnassessablePosition } from '../data/types.ts'
import { FLOAT_WORDS, fallPpm, floatOf, marketText } from '../format/loans.ts'
import { countText, roomText, shareText } from '../format/numbers.ts'
import { spanText } from '../format/times.ts'
import { Health, Value } from './exact.tsx'
import { Hull } from './hull.tsx'
import { LoanHistory } from './loan-history.tsx'
import { Killers, Legs } from './loan-tables.tsx'
import { Fault, Waiting } from './notes.tsx'
import { Repairs } from './repairs.tsx'

const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

/** The one sentence that matters. */
const lead = (loan: AssessedPosition): string => {
  const { phase, blockedBy, isLiquidatable, isExecutable } = loan
  if (phase === 'no-debt') return 'It owes nothing: no price can liquidate it.'
  if (phase === 'bad-debt') return 'Its debt is worth more than its collateral. Nothing is left to save here.'
  if (isLiquidatable)
    return isExecutable
      ? 'Anybody may liquidate it now. Repay or add collateral at once.'
      : `It can be liquidated as soon as nothing is in the way (${blockedBy.join(', ')}). Use that time.`
  const ppm = fallPpm(loan)
  if (ppm === undefined)
    return 'No fall of volatile prices alone can liquidate it; a stable coin that rises, or interest, can.'
  const volatile = (loan.shocks ?? []).filter(({ isStable }) => !isStable).flatMap(({ symbols }) => symbols)
  const what = volatile.length > 0 ? listed([...new Set(volatile)]) : 'Its collateral'
  return `${what} may fall ${roomText(ppm)}${volatile.length > 1 ? ' together' : ''} before it can be liquidated.`
}

const Facts = ({ loan }: { readonly loan: AssessedPosition }) => {
  const { quote, secondsToLiquidation: seconds, borrowCostPerYear, leverage, margin } = loan
  const loss = margin?.['liquidationLoss'] as
    | { readonly penalty?: string; readonly share?: string }
    | undefined
  return (
    <dl class="facts">
      <div>
        <dt>Collateral</dt>
        <dd>
          <Value value={loan.collateralValue} quote={quote} />
        </dd>
      </div>
      <div>
        <dt>Debt</dt>
        <dd>
          <Value value={loan.debtValue} quote={quote} />
        </dd>
      </div>
      <div>
        <dt>At frozen prices</dt>
        <dd>
          {seconds === undefined ? '–' : seconds === null ? 'for ever' : spanText(seconds)}
          <small>until interest sinks it</small>
        </dd>
      </div>
      <div>
        <dt>Interest a year</dt>
        <dd>
          {borrowCostPerYear ? <Value value={borrowCostPerYear} quote={quote} /> : '–'}
          {leverage && loan.phase !== 'no-debt' ? (
            <small>at {shownLeverage(leverage)}× leverage</small>
          ) : null}
        </dd>
      </div>
      {loss?.penalty ? (
        <div>
          <dt>A liquidation costs</dt>
          <dd>
            <Value value={loss.penalty} quote={quote} />
            {loss.share ? <small>{shareText(loss.share)} of what it repays</small> : null}
          </dd>
        </div>
      ) : null}
    </dl>
  )
}

const shownLeverage = (leverage: string): string =>
  (Number(BigInt(leverage) / 10n ** 16n) / 100).toLocaleString()

/** What the drawing shows, in its own few words. */
const Caption = ({ loan }: { readonly loan: AssessedPosition }) => {
  const ppm = loan.isLiquidatable ? undefined : fallPpm(loan)
  if (ppm === undefined) return null
  return (
    <figcaption>
      <strong>{roomText(ppm)}</strong>
      <span class="soft small">to the line</span>
    </figcaption>
  )
}

const Head = ({ loan }: { readonly loan: Position }) => {
  const float = floatOf(loan)
  return (
    <div class="loan-head">
      <div>
        <h2>{marketText(loan)}</h2>
        <p class="soft small">
          chain {loan.chainId} · block {countText(loan.block.number)}
          {loan.kind === 'assessed' && loan.fidelity === 'observed' ? ' · as observed, not computed' : ''}
        </p>
      </div>
      <div class="loan-health">
        <strong data-tone={float}>
          {loan.kind === 'assessed' ? <Health health={loan.healthFactor} /> : '?'}
        </strong>
        <span class="pill" data-tone={float}>
          {FLOAT_WORDS[float]}
        </span>
      </div>
    </div>
  )
}

const Unknown = ({ loan }: { readonly loan: UnassessablePosition }) => (
  <article class="card loan" id={loan.id}>
    <Hull loan={loan} />
    <div class="loan-body">
      <Head loan={loan} />
      <p class="loan-lead">Its health is not known ({loan.reason}). That is no good news: look yourself.</p>
      <p class="soft">{loan.detail}</p>
    </div>
  </article>
)

type WhatIfView = typeof import('./what-if.tsx').WhatIf

/** Its own code is loaded when somebody wants to know. */
const Imagined = ({ loan }: { readonly loan: AssessedPosition }) => {
  const [isOpen, setOpen] = useState(false)
  const [view, setView] = useState<{ readonly View: WhatIfView }>()
  const [error, setError] = useState<Error>()
  const load = async (): Promise<void> => {
    try {
      const View = (await import('./what-if.tsx')).WhatIf
      setView({ View })
    } catch {
      setError(new Error('this part of the page could not be loaded'))
    }
  }
  const toggle = (): void => {
    setOpen(!isOpen)
    if (!view) void load()
  }
  return (
    <section class="imagined">
      <button class="button" type="button" aria-expanded={isOpen} onClick={toggle}>
        {isOpen ? 'No more what-ifs' : 'What if…'}
      </button>
      {isOpen && error ? <Fault error={error} /> : null}
      {isOpen && view ? <view.View loan={loan} /> : null}
      {isOpen && !view && !error ? <Waiting /> : null}
    </section>
  )
}

type CardProps = { readonly loan: Position; readonly hasHistory: boolean }

/** Everything about one loan. */
export const LoanCard = ({ loan, hasHistory }: CardProps) => {
  if (loan.kind !== 'assessed') return <Unknown loan={loan} />
  return (
    <article class="card loan" id={loan.id} aria-label={marketText(loan)}>
      <figure class="loan-hull">
        <Hull loan={loan} />
        <Caption loan={loan} />
      </figure>
      <div class="loan-body">
        <div>
          <Head loan={loan} />
          <p class="loan-lead">{lead(loan)}</p>
        </div>
        <div class="loan-rest">
          <Facts loan={loan} />
          <div class="loan-tables">
            <Legs title="Collateral" legs={loan.collateral} quote={loan.quote} />
            <Legs title="Debt" legs={loan.debt} quote={loan.quote} />
            <Killers loan={loan} />
            <Repairs loan={loan} />
          </div>
          {loan.phase === 'no-debt' ? null : <Imagined loan={loan} />}
          {hasHistory ? <LoanHistory id={loan.id} /> : null}
        </div>
      </div>
    </article>
  )
}
