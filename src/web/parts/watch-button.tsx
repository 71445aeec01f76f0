// Watches an account, or does so no longer.
import { useRef, useState } from 'preact/hooks'
import { api } from '../data/api.ts'
import type { Watch } from '../data/types.ts'
import { Fault } from './notes.tsx'

type Props = { readonly account: string; readonly watch: Watch | undefined; onChange(): void }

/** A watch tells all receivers, unless configuration says otherwise. */
export const WatchButton = ({ account, watch, onChange }: Props) => {
  const dialog = useRef<HTMLDialogElement>(null)
  const [error, setError] = useState<Error>()
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
    const label = String(new FormData(event.currentTarget as HTMLFormElement).get('label') ?? '').trim()
    void act(() => api.value.watch({ account, ...(label === '' ? {} : { label }) }))
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
            <p class="soft small">
              All receivers of plimsoll.yaml are told when a loan of it comes near its line.
            </p>
          </div>
          <label>
            What to call it
            <input class="field" name="label" maxLength={100} placeholder="treasury" />
          </label>
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
