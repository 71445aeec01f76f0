// Always in sight: of which block all of this is, and how old.
import { elapsedSeconds, link, status } from '../data/live.ts'
import { countText } from '../format/numbers.ts'
import { spanText } from '../format/times.ts'
import { Note } from './notes.tsx'
import { isAsking } from './token.tsx'

type Freshness = {
  readonly state: 'waiting' | 'live' | 'unwell' | 'stale'
  readonly text: string
  readonly title: string
}

const freshness = (): Freshness => {
  const known = status.value
  const age =
    known?.ageSeconds === null || known === undefined ? undefined : known.ageSeconds + elapsedSeconds.value
  if (link.value === 'denied')
    return { state: 'stale', text: 'a token is needed', title: 'Enter a token to read' }
  if (link.value === 'unreachable')
    return {
      state: 'stale',
      text: age === undefined ? 'no answer' : `no answer · as of ${spanText(age)} ago`,
      title: 'Plimsoll does not answer: nothing here is of now',
    }
  if (!known) return { state: 'waiting', text: 'connecting', title: '' }
  const blocks = known.blocks.map(
    ({ chainId, number, ageSeconds, stale }) =>
      `chain ${chainId}: block ${countText(number)}, ${spanText(ageSeconds + elapsedSeconds.value)} old${stale ? ', stale' : ''}`,
  )
  const title = [...blocks, ...known.unread.map(({ chainId, reason }) => `chain ${chainId}: ${reason}`)].join(
    '\n',
  )
  if (age === undefined) return { state: 'stale', text: 'no block yet', title }
  const at =
    known.blocks.length === 1 && known.block
      ? `block ${countText(known.block.number)}`
      : `${known.blocks.length} chains`
  const text = `${at} · ${spanText(age)}`
  if (known.stale) return { state: 'stale', text: `stale · ${text}`, title }
  return { state: known.status === 'yellow' ? 'unwell' : 'live', text, title }
}

/** Block and age; red where they are out of date. */
export const Fresh = () => {
  const { state, text, title } = freshness()
  return (
    <button
      class="fresh"
      type="button"
      data-state={state}
      title={title}
      aria-label={`${text}. ${title}`}
      onClick={() => {
        if (link.value === 'denied') isAsking.value = true
      }}
    >
      <i />
      {text}
    </button>
  )
}

/** More chains than this are told together. */
const RED_MAX = 2

/** Why what is shown is not of now, above everything. */
export const StaleNote = () => {
  const known = status.value
  if (link.value === 'unreachable')
    return (
      <Note tone="bad">
        <strong>Plimsoll does not answer.</strong> What is shown was true{' '}
        {known ? `${spanText((known.ageSeconds ?? 0) + elapsedSeconds.value)} ago` : 'earlier'}; it is asked
        again by itself. See whether <code>plimsoll watch</code> runs.
      </Note>
    )
  if (!known || link.value === 'denied') return null
  const red = known.chains.filter(({ status: how }) => how === 'red')
  return (
    <>
      {red.length > RED_MAX ? (
        <Note tone="bad">
          <details>
            <summary>
              <strong>
                {countText(red.length)} of {countText(known.chains.length)} chains are out of date.
              </strong>
            </summary>
            <ul>
              {red.map(({ chainId, label, reason }) => (
                <li key={chainId}>
                  {label}: {reason}
                </li>
              ))}
            </ul>
          </details>
        </Note>
      ) : (
        red.map(({ chainId, label, reason }) => (
          <Note tone="bad" key={chainId}>
            <strong>{label} is out of date.</strong> {reason}
          </Note>
        ))
      )}
      {known.problems.length === 0 ? null : (
        <Note tone="warn">
          <details>
            <summary>
              <strong>
                {known.problems.length === 1
                  ? 'The watcher found something of itself that is not well'
                  : `The watcher found ${known.problems.length} things of itself that are not well`}
              </strong>{' '}
              {[...new Set(known.problems.map(({ rule }) => rule))].join(', ')}
            </summary>
            <ul>
              {known.problems.map(({ rule, summary }) => (
                <li key={rule + summary}>{summary}</li>
              ))}
            </ul>
          </details>
        </Note>
      )}
    </>
  )
}
