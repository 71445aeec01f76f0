// Who is told of alerts: whether messages arrive, one to try, and what was given up again.
import { useState } from 'preact/hooks'
import type { Receiver, ReceiverTest } from '../../client/client.ts'
import { api } from '../data/api.ts'
import { useAnswer } from '../data/use-answer.ts'
import { countText } from '../format/numbers.ts'
import { Answered } from './answered.tsx'
import { DeadLetters } from './dead-letters.tsx'
import { Empty, Fault, Note } from './notes.tsx'
import { Moment } from './time.tsx'

const REFRESH_MS = 15_000

type State = { readonly tone: string; readonly words: string }

const stateOf = ({ kind, waitingCount, failingCount, deadCount, deliveredCount }: Receiver): State => {
  if (kind === null) return { tone: 'unknown', words: 'not configured' }
  if (failingCount > 0) return { tone: 'firing', words: 'failing' }
  if (deadCount > 0) return { tone: 'warning', words: 'gave some up' }
  if (waitingCount > 0) return { tone: 'pending', words: 'waiting' }
  return deliveredCount > 0
    ? { tone: 'safe', words: 'arriving' }
    : { tone: 'none', words: 'nothing sent yet' }
}

const Counts = ({ receiver }: { readonly receiver: Receiver }) => {
  const { waitingCount, failingCount, deliveredCount, deadCount } = receiver
  return (
    <p class="receiver-facts small">
      <span>{countText(deliveredCount)} delivered</span>
      <span>{countText(waitingCount)} waiting</span>
      {failingCount > 0 ? <span class="bad">{countText(failingCount)} failed, tried again</span> : null}
      <span class={deadCount > 0 ? 'bad' : 'soft'}>{countText(deadCount)} given up</span>
    </p>
  )
}

const Pauses = ({ receiver: { restsUntil, quietUntil, nextAttemptAt } }: { readonly receiver: Receiver }) => (
  <>
    {restsUntil === null ? null : (
      <p class="small">
        Left alone until <Moment at={restsUntil} />
      </p>
    )}
    {quietUntil === null ? null : (
      <p class="small">
        Quiet hours until <Moment at={quietUntil} />: only what is critical is told
      </p>
    )}
    {nextAttemptAt === null ? null : (
      <p class="small">
        Tried again <Moment at={nextAttemptAt} />
      </p>
    )}
  </>
)

const TestResult = ({ result: { ok, error, durationMs } }: { readonly result: ReceiverTest }) =>
  ok ? (
    <Note>It arrived, in {countText(durationMs)} ms.</Note>
  ) : (
    <Note tone="bad">
      <strong>It did not arrive.</strong> {error}
    </Note>
  )

type Props = { readonly receiver: Receiver; onChange(): void }

/** What a reader does to a receiver, and what became of it. */
const useDeeds = ({ receiver: { receiver: name }, onChange }: Props) => {
  const [tested, setTested] = useState<ReceiverTest>()
  const [resent, setResent] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<Error>()
  const attempt = async (what: () => Promise<void>): Promise<void> => {
    setBusy(true)
    setError(undefined)
    try {
      await what()
    } catch (fault) {
      setError(fault as Error)
    }
    setBusy(false)
    onChange()
  }
  const test = () => attempt(async () => setTested(await api.value.testReceiver(name)))
  const resend = () =>
    attempt(async () => {
      const { resentCount, outdatedCount } = await api.value.resend(name, {})
      const outdated = outdatedCount > 0 ? `; ${countText(outdatedCount)} are out of date and stay` : ''
      setResent(`${countText(resentCount)} ${resentCount === 1 ? 'waits' : 'wait'} again${outdated}.`)
    })
  return { tested, resent, isBusy, error, test, resend }
}

const Deeds = (props: Props) => {
  const { tested, resent, isBusy, error, test, resend } = useDeeds(props)
  const { receiver: name, deadCount } = props.receiver
  return (
    <>
      <p class="actions">
        <button
          class="button"
          type="button"
          disabled={isBusy}
          aria-label={`Test ${name}`}
          onClick={() => void test()}
        >
          Test
        </button>
        {deadCount > 0 ? (
          <button
            class="button"
            type="button"
            disabled={isBusy}
            aria-label={`Resend all to ${name}`}
            onClick={() => void resend()}
          >
            Resend all
          </button>
        ) : null}
      </p>
      {tested ? <TestResult result={tested} /> : null}
      {resent === '' ? null : <Note>{resent}</Note>}
      {error ? <Fault error={error} /> : null}
    </>
  )
}

const One = (props: Props) => {
  const { receiver, onChange } = props
  const { receiver: name, kind, deadCount, lastError } = receiver
  const { tone, words } = stateOf(receiver)
  return (
    <li class="receiver">
      <div class="grow">
        <p>
          <strong>{name}</strong> <span class="soft small">{kind ?? 'unknown kind'}</span>{' '}
          <span class="pill" data-tone={tone}>
            {words}
          </span>
        </p>
        <Counts receiver={receiver} />
        {lastError === null ? null : <p class="soft small">last error: {lastError}</p>}
        <Pauses receiver={receiver} />
        {kind === null ? null : <Deeds {...props} />}
        {deadCount > 0 ? (
          <details>
            <summary class="small">What was given up</summary>
            <DeadLetters name={name} onChange={onChange} />
          </details>
        ) : null}
      </div>
    </li>
  )
}

/** Everybody who is told, or was. */
export const Receivers = () => {
  const answer = useAnswer(['receivers'], (client, options) => client.receivers(options), {
    everyMs: REFRESH_MS,
  })
  return (
    <section class="card">
      <header>
        <h2>Receivers</h2>
        <span class="soft small">who is told</span>
      </header>
      <Answered answer={answer}>
        {({ receivers }) =>
          receivers.length === 0 ? (
            <Empty title="Nobody is told">List receivers in plimsoll.yaml to be told of alerts.</Empty>
          ) : (
            <ul class="rows">
              {receivers.map((receiver) => (
                <One key={receiver.receiver} receiver={receiver} onChange={answer.again} />
              ))}
            </ul>
          )
        }
      </Answered>
    </section>
  )
}
