// Where a reader says who they are.
import { signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { setToken, token } from '../data/session.ts'

/** Whether a token is being asked for. */
export const isAsking = signal(false)

/** Asks for a token; it is kept for as long as the tab is open. */
export const TokenDialog = () => {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (isAsking.value && !dialog.current?.open) dialog.current?.showModal()
    if (!isAsking.value) dialog.current?.close()
  }, [isAsking.value])
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    setToken(String(new FormData(form).get('token') ?? ''))
    isAsking.value = false
  }
  return (
    <dialog
      ref={dialog}
      aria-labelledby="token-title"
      onClose={() => {
        isAsking.value = false
      }}
    >
      <form onSubmit={submit}>
        <div>
          <h2 id="token-title">Token</h2>
          <p class="soft small">
            One of the section server in plimsoll.yaml. One that reads shows everything; one that writes also
            watches, silences and acknowledges. It is forgotten when this tab is closed.
          </p>
        </div>
        <label>
          Token
          <input class="field" name="token" type="password" autocomplete="off" value={token.value} />
        </label>
        <div class="actions">
          <button
            class="button"
            type="button"
            onClick={() => {
              isAsking.value = false
            }}
          >
            Cancel
          </button>
          <button class="button" data-kind="main" type="submit">
            Use it
          </button>
        </div>
      </form>
    </dialog>
  )
}
