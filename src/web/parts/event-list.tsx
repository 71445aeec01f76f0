// What happened in a span, in words: what the marks of a plot show.
import type { Range } from '../data/explore.ts'
import type { LoanEvent } from '../data/use-events.ts'
import { momentText } from '../format/times.ts'
import { KIND_WORDS } from './mark-key.tsx'

const ROWS_MAX = 50

type Props = {
  readonly events: readonly LoanEvent[]
  readonly range: Range
  /** What a subject is called. */
  nameOf(subject: string): string
  onAt(seconds: number): void
}

/** The last of them first; each leads to its moment. */
export const EventList = ({ events, range, nameOf, onAt }: Props) => {
  const within = events.filter(({ at }) => at >= range.since && at <= range.until).toReversed()
  if (within.length === 0)
    return <p class="soft small">No alert, no liquidation and no change of a parameter in this range.</p>
  return (
    <details class="events" open={within.length <= 8}>
      <summary>
        <strong>In this range</strong>{' '}
        <span class="soft small">
          {within.length > ROWS_MAX ? `the last ${ROWS_MAX} of ${within.length}` : within.length}
        </span>
      </summary>
      <ul class="rows">
        {within.slice(0, ROWS_MAX).map(({ key, at, kind, text, subject }) => (
          <li key={key}>
            <button class="button" data-kind="plain" type="button" onClick={() => onAt(at)}>
              {momentText(at)}
            </button>
            <div class="grow">
              <span class="small soft">
                {nameOf(subject)}: {KIND_WORDS[kind]}
              </span>
              <p class="clamped" title={text}>
                {text}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </details>
  )
}
