// What is said where there is nothing to show: why, and what to do.
import type { ComponentChildren } from 'preact'
import { PlimsollError, type Status } from '../../client/client.ts'
import { WavesIcon } from './icons.tsx'
import { isAsking } from './token.tsx'

type NoteProps = { readonly tone?: 'bad' | 'warn'; readonly children: ComponentChildren }

export const Note = ({ tone, children }: NoteProps) => (
  <div class="note" data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
    <div class="grow">{children}</div>
  </div>
)

/** Why an answer is missing. */
export const Fault = ({ error, again }: { readonly error: Error; again?(): void }) => {
  const known = error instanceof PlimsollError ? error : undefined
  const { status = 0, remedy } = known ?? {}
  const faults = (known?.faults ?? []).map(({ path, message }) => `${path} ${message}`)
  const needsToken = status === 401 || status === 403
  const isWrong = status === 400 || status === 404
  return (
    <Note tone="bad">
      <strong>
        {needsToken
          ? 'A token is needed'
          : status === 400
            ? 'This cannot be asked so'
            : status === 404
              ? 'There is no such thing'
              : 'This could not be found out'}
      </strong>
      <p>{faults.length > 0 ? faults.join('; ') : (known?.detail ?? error.message)}</p>
      {remedy ? <p class="soft">{remedy}</p> : null}
      <p class="actions">
        {needsToken ? (
          <button
            class="button"
            type="button"
            onClick={() => {
              isAsking.value = true
            }}
          >
            Enter a token
          </button>
        ) : again && !isWrong ? (
          <button class="button" type="button" onClick={again}>
            Try again
          </button>
        ) : null}
      </p>
    </Note>
  )
}

/** Nothing, and why that is so. */
export const Empty = ({
  title,
  children,
}: {
  readonly title: string
  readonly children?: ComponentChildren
}) => (
  <div class="empty">
    <WavesIcon />
    <strong>{title}</strong>
    {children ? <p>{children}</p> : null}
  </div>
)

/** That nothing is shown says nothing where chains are not read. */
export const Unread = ({ unread }: { readonly unread: Status['unread'] }) => (
  <Empty title="Not known yet">
    {unread.map(({ chainId, reason }) => `Chain ${chainId}: ${reason}`).join('; ')}
  </Empty>
)

/** What comes, in its place. */
export const Waiting = ({ height = 96 }: { readonly height?: number }) => (
  <div class="ghost" style={{ height: `${height}px` }} role="status" aria-label="loading" />
)
