// Messages to a receiver that were given up.
import { useState } from 'preact/hooks'
import { api } from '../data/api.ts'
import { useAnswer } from '../data/use-answer.ts'
import { countText } from '../format/numbers.ts'
import { Answered } from './answered.tsx'
import { Fault } from './notes.tsx'
import { Moment } from './time.tsx'

const LETTERS_SHOWN = 20

/** The newest of them, each to be sent again. */
export const DeadLetters = ({ name, onChange }: { readonly name: string; onChange(): void }) => {
  const [error, setError] = useState<Error>()
  const answer = useAnswer(['receivers', name, 'dead'], (client, options) =>
    client.deadLetters(name, { limit: LETTERS_SHOWN }, options),
  )
  const resend = async (id: string): Promise<void> => {
    try {
      await api.value.resend(name, { id })
      setError(undefined)
    } catch (fault) {
      setError(fault as Error)
    }
    answer.again()
    onChange()
  }
  return (
    <>
      {error ? <Fault error={error} /> : null}
      <Answered answer={answer}>
        {({ dead }) => (
          <ul class="rows">
            {dead.map(({ id, headline, deadAt, attemptCount, lastError }) => (
              <li key={id}>
                <div class="grow small">
                  <p>{headline}</p>
                  <p class="soft">
                    given up <Moment at={deadAt} /> after {countText(attemptCount)}{' '}
                    {attemptCount === 1 ? 'failure' : 'failures'}
                    {lastError === null ? '' : `: ${lastError}`}
                  </p>
                </div>
                <button class="button" type="button" onClick={() => void resend(id)}>
                  Resend
                </button>
              </li>
            ))}
          </ul>
        )}
      </Answered>
    </>
  )
}
