// A loan as a borrower understands it: how it floats, what sinks it, what mends it.

import { useState } from 'preact/hooks'
import { status } from '../data/live.ts'
import type { AssessedPosition, Position, UnassessablePosition } from '../data/types.ts'
import { FLOAT_WORDS, fallPpm, floatOf, marketText, UNKNOWN_WORDS } from '../format/loans.ts'
import { countText, roomText } from '../format/numbers.ts'
import { Health } from './exact.tsx'
import { Hull } from './hull.tsx'
import { LoanFacts } from './loan-facts.tsx'
import { LoanHistory } from './loan-history.tsx'
import { Killers, Legs } from './loan-tables.tsx'
import { Fault, Note, Waiting } from './notes.tsx'
import { Repairs } from './repairs.tsx'

const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

/** Assets that a sentence names. */
const NAMED_MAX = 4

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
  const names = [...new Set(volatile)]
  const what =
    names.length === 0
      ? 'Its collateral'
      : names.length <= NAMED_MAX
        ? listed(names)
        : `${names.slice(0, NAMED_MAX).join(', ')} and ${countText(names.length - NAMED_MAX)} others`
  const doubt = loan.shock?.unproven ? ' A smaller fall may do it too.' : ''
  return `${what} may fall ${roomText(ppm)}${names.length > 1 ? ' together' : ''} before it can be liquidated.${doubt}`
}

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

/** A market that is followed has a view of its own; of one that was read for this, nothing else is known. */
const Title = ({ loan, isFollowed }: HeadProps) => {
  const { chainId, protocol, deployment, market } = loan
  const text = marketText(loan)
  return (
    <h2>
      {isFollowed ? (
        <a href={`/markets/${[chainId, protocol, deployment, market].join(':')}`}>{text}</a>
      ) : (
        text
      )}
    </h2>
  )
}

type HeadProps = { readonly loan: Position; readonly isFollowed: boolean }

const Head = ({ loan, isFollowed }: HeadProps) => {
  const float = floatOf(loan)
  const chain = status.value?.chains.find(({ chainId }) => chainId === loan.chainId)
  return (
    <div class="loan-head">
      <div>
        <Title loan={loan} isFollowed={isFollowed} />
        <p class="soft small">
          {chain?.label ?? `chain ${loan.chainId}`} · block {countText(loan.block.number)}
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

const Unknown = ({ loan, isFollowed }: CardProps & { readonly loan: UnassessablePosition }) => (
  <article class="card loan" id={loan.id} aria-label={marketText(loan)}>
    <figure class="loan-hull">
      <Hull loan={loan} />
    </figure>
    <div class="loan-body">
      <div>
        <Head loan={loan} isFollowed={isFollowed} />
        <p class="loan-lead">
          Its health is not known: {UNKNOWN_WORDS[loan.reason]}. That is no good news; look at it in the
          protocol’s own app.
        </p>
      </div>
      <div class="loan-rest">
        <p class="soft small">
          <code>{loan.reason}</code> {loan.detail}
        </p>
        {isFollowed ? <LoanHistory id={loan.id} /> : null}
      </div>
    </div>
  </article>
)

const NoRisk = () => (
  <Note tone="warn">
    Its health is exact, but what price or time kills it could not be worked out. The log of Plimsoll says
    why.
  </Note>
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

/** `isFollowed`: it is in the book, and so has a history and a market. */
type CardProps = { readonly loan: Position; readonly isFollowed: boolean }

/** Everything about one loan. */
export const LoanCard = ({ loan, isFollowed }: CardProps) => {
  if (loan.kind !== 'assessed') return <Unknown loan={loan} isFollowed={isFollowed} />
  return (
    <article class="card loan" id={loan.id} aria-label={marketText(loan)}>
      <figure class="loan-hull">
        <Hull loan={loan} />
        <Caption loan={loan} />
      </figure>
      <div class="loan-body">
        <div>
          <Head loan={loan} isFollowed={isFollowed} />
          <p class="loan-lead">{lead(loan)}</p>
        </div>
        <div class="loan-rest">
          {loan.liquidationPrices === undefined ? <NoRisk /> : null}
          <LoanFacts loan={loan} />
          <div class="loan-tables">
            <Legs title="Collateral" legs={loan.collateral} quote={loan.quote} />
            <Legs title="Debt" legs={loan.debt} quote={loan.quote} />
            <Killers loan={loan} />
            <Repairs loan={loan} />
          </div>
          {loan.phase === 'no-debt' ? null : <Imagined loan={loan} />}
          {isFollowed ? <LoanHistory id={loan.id} /> : null}
        </div>
      </div>
    </article>
  )
}
