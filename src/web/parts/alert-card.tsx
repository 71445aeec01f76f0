// An alert with everything that is known of telling it.
import { useState } from 'preact/hooks'
import { api } from '../data/api.ts'
import type { Alert } from '../data/types.ts'
import { spanText } from '../format/times.ts'
import { Fault } from './notes.tsx'
import { SilenceButton } from './silence-button.tsx'
import { Moment } from './time.tsx'

const toldText = (count: number): string => (count === 1 ? '1 message' : `${count} messages`)

/** What built-in rules say beside their summary, in words. */
const NAMES: Readonly<Record<string, string>> = {
  repair: 'What mends it:',
  nearest: 'Nearest fall:',
  byInterestAlone: 'By interest alone in',
}

const Decisions = ({ alert }: { readonly alert: Alert }) => {
  const decisions = alert.decisions ?? []
  if (decisions.length === 0) return <p class="soft small">Nobody was to be told.</p>
  return (
    <details>
      <summary class="soft small">
        {toldText(decisions.filter(({ isSent }) => isSent).length)},{' '}
        {decisions.filter(({ isSent }) => !isSent).length} left out: why
      </summary>
      <div class="scroll-x">
        <table class="plain-table small">
          <tbody>
            {decisions.map(({ atMs, receiver, isSent, reason, detail }) => (
              <tr key={`${atMs}${receiver}${reason}`}>
                <td>
                  <Moment at={Math.floor(atMs / 1_000)} />
                </td>
                <td>{receiver}</td>
                <td>{isSent ? 'told' : 'not told'}</td>
                <td title={detail}>{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}

const Head = ({ alert: { rule, severity, state, activeAt, startsAt, endsAt } }: Pick<Props, 'alert'>) => {
  const began = startsAt ?? activeAt
  return (
    <div class="alert-head">
      <span class="pill" data-tone={state}>
        {state}
      </span>
      <span class="pill" data-tone={severity}>
        {severity}
      </span>
      <h2>{rule}</h2>
      <span class="soft small">
        <Moment at={began} />
        {endsAt === undefined ? '' : ` · for ${spanText(endsAt - began)}`}
      </span>
    </div>
  )
}

type Props = { readonly alert: Alert; onChange(): void }

/** One alert. Its texts come from configuration and chains. */
export const AlertCard = ({ alert, onChange }: Props) => {
  const { fingerprint, rule, severity, state, labels, annotations, acknowledgement } = alert
  const [error, setError] = useState<Error>()
  const account = /^0x[0-9a-fA-F]{40}$/.test(labels['account'] ?? '') ? labels['account'] : undefined
  const { summary, ...others } = annotations
  const acknowledge = async (): Promise<void> => {
    try {
      await api.value.acknowledge(fingerprint, { comment: '' })
      setError(undefined)
      onChange()
    } catch (fault) {
      setError(fault as Error)
    }
  }
  const match = { alertname: rule, ...(account ? { account } : {}) }
  return (
    <article class="card alert" data-severity={state === 'firing' ? severity : undefined}>
      <Head alert={alert} />
      <p class="alert-summary">{summary ?? rule}</p>
      {Object.entries(others).map(([name, text]) => (
        <p key={name} class="small">
          <span class="soft">{NAMES[name] ?? `${name}:`}</span> {text}
        </p>
      ))}
      <div class="alert-foot">
        <Decisions alert={alert} />
        <span class="grow" />
        {account ? (
          <a class="button" href={`/accounts/${account}`}>
            Show the loan
          </a>
        ) : null}
        {state === 'firing' ? (
          <>
            {acknowledgement ? (
              <span class="soft small">taken on by {acknowledgement.by}</span>
            ) : (
              <button class="button" type="button" onClick={() => void acknowledge()}>
                Acknowledge
              </button>
            )}
            <SilenceButton match={match} onChange={onChange} />
          </>
        ) : null}
      </div>
      {error ? <Fault error={error} /> : null}
    </article>
  )
}
