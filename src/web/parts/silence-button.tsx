// Tells nothing of some alerts for a time.
import { useRef, useState } from 'preact/hooks'
import { api } from '../data/api.ts'
import { Fault } from './notes.tsx'

const SPANS = [
  { name: '1 hour', seconds: 3_600 },
  { name: '8 hours', seconds: 28_800 },
  { name: '1 day', seconds: 86_400 },
  { name: '7 days', seconds: 604_800 },
] as const

type Props = {
  readonly match: Readonly<Record<string, string>>
  readonly name?: string
  onChange(): void
}

/** `name=value` lines as labels; undefined where a line is none. */
const matchOf = (text: string): Readonly<Record<string, string>> | undefined => {
  const lines = text.split('\n').filter((one) => one.trim() !== '')
  const pairs = lines.map((one) => /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(one))
  if (pairs.length === 0 || pairs.some((one) => one === null)) return undefined
  return Object.fromEntries(pairs.map((one) => [one?.[1] ?? '', one?.[2] ?? '']))
}

export const SilenceButton = ({ match, name = 'Silence', onChange }: Props) => {
  const dialog = useRef<HTMLDialogElement>(null)
  const [error, setError] = useState<Error>()
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const found = matchOf(String(form.get('match')))
    try {
      if (!found) throw new Error('Write one label a line, such as alertname=NearLiquidation.')
      await api.value.silence({
        match: found,
        seconds: Number(form.get('seconds')),
        comment: String(form.get('comment')),
      })
      setError(undefined)
      dialog.current?.close()
      onChange()
    } catch (fault) {
      setError(fault as Error)
    }
  }
  const lines = Object.entries(match).map(([name, value]) => `${name}=${value}`)
  return (
    <>
      <button class="button" type="button" onClick={() => dialog.current?.showModal()}>
        {name}
      </button>
      <dialog ref={dialog} aria-label="Silence alerts">
        <form onSubmit={(event) => void submit(event)}>
          <div>
            <h2>Silence alerts</h2>
            <p class="soft small">They go on firing; nobody is told for as long.</p>
          </div>
          <label>
            Labels that have to fit, one a line; /a regular expression/ may stand for a value
            <textarea class="field" name="match" rows={Math.max(3, lines.length)}>
              {lines.join('\n')}
            </textarea>
          </label>
          <label>
            For
            <select class="field" name="seconds">
              {SPANS.map(({ name, seconds }) => (
                <option key={seconds} value={seconds}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <label>
            Why
            <input class="field" name="comment" maxLength={500} />
          </label>
          {error ? <Fault error={error} /> : null}
          <div class="actions">
            <button class="button" type="button" onClick={() => dialog.current?.close()}>
              Cancel
            </button>
            <button class="button" data-kind="main" type="submit">
              Silence
            </button>
          </div>
        </form>
      </dialog>
    </>
  )
}
