// What the marks of a plot mean.
import type { LoanEvent } from '../data/use-events.ts'

export const KIND_WORDS: Readonly<Record<LoanEvent['kind'], string>> = {
  alert: 'an alert began',
  parameter: 'a parameter changed',
  liquidation: 'it was liquidated',
}

/** Only of kinds that are there. */
export const MarkKey = ({ events }: { readonly events: readonly LoanEvent[] }) => {
  const kinds = (Object.keys(KIND_WORDS) as LoanEvent['kind'][]).filter((kind) =>
    events.some((one) => one.kind === kind),
  )
  if (kinds.length === 0) return null
  return (
    <ul class="mark-key small soft">
      {kinds.map((kind) => (
        <li key={kind}>
          <i data-kind={kind} aria-hidden="true" />
          {KIND_WORDS[kind]}
        </li>
      ))}
    </ul>
  )
}
