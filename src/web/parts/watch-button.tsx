// Watches an account, or does so no longer.
import { useRef, useState } from 'preact/hooks'
import { api } from '../data/api.ts'
import type { Watch } from '../data/types.ts'
import { useAnswer } from '../data/use-answer.ts'
import { Fault } from './notes.tsx'
import { ReceiverChoice } from './receiver-choice.tsx'

type Props = { readonly account: string; readonly watch: Watch | undefined; onChange(): void }

/** Asks what to call it and who is told: everybody, unless some are chosen. */
export const WatchButton = ({ account, watch, onChange }: Props) => {
  const dialog = useRef<HTMLDialogElement>(null)
  const [error, setError] = useState<Error>()
  const { data } = useAnswer(['receivers'], (client, options) => client.receivers(options))
  const names = (data?.receivers ?? []).flatMap(({ receiver, kind }) => (kind === null ? [] : [receiver]))
  const act = async (run: () => Promise<unknown>): Promise<void> => {
    try {
      await run()
      setError(undefined)
      dialog.current?.close()
      onChange()
    } catch (fault) {
      setError(fault as Error)
    }
  }
  const add = (event: SubmitEvent): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const label = String(form.get('label') ?? '').trim()
    const chosen = form.getAll('receiver').map(String)
    if (names.length > 0 && chosen.length === 0) {
      setError(new Error('Choose who is told: at least one receiver.'))
      return
    }
    // All of them: also those that are configured later.
    const told = chosen.length < names.length ? { receivers: chosen } : {}
    void act(() => api.value.watch({ account, ...told, ...(label === '' ? {} : { label }) }))
  }
  if (watch?.source === 'configuration')
    return (
      <span class="pill" data-tone="safe">
        watched
      </span>
    )
  return (
    <div>
      {watch ? (
        <button class="button" type="button" onClick={() => void act(() => api.value.unwatch(account))}>
          Watch no longer
        </button>
      ) : (
        <button class="button" data-kind="main" type="button" onClick={() => dialog.current?.showModal()}>
          Watch this
        </button>
      )}
      {error && !dialog.current?.open ? <Fault error={error} /> : null}
      <dialog ref={dialog} aria-labelledby="watch-title">
        <form onSubmit={add}>
          <div>
            <h2 id="watch-title">Watch this account</h2>
          </div>
          <label>
            What to call it
            <input class="field" name="label" maxLength={100} placeholder="treasury" />
          </label>
          <ReceiverChoice names={names} />
          {error ? <Fault error={error} /> : null}
          <div class="actions">
            <button class="button" type="button" onClick={() => dialog.current?.close()}>
              Cancel
            </button>
            <button class="button" data-kind="main" type="submit">
              Watch
            </button>
          </div>
        </form>
      </dialog>
    </div>
  )
}
