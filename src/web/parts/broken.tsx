// What is shown in place of a view that cannot be: nothing would look as if there was nothing.
import type { ComponentChildren, ComponentType } from 'preact'
import { useEffect, useErrorBoundary } from 'preact/hooks'
import { lazy, useLocation } from 'preact-iso'
import { Note } from './notes.tsx'

const Again = () => (
  <p class="actions">
    <a class="button" href={location.href} target="_self">
      Load the page again
    </a>
  </p>
)

/** Its code did not come: another version is served by now, or nothing. */
const NotLoaded = () => (
  <Note tone="bad">
    <strong>This view could not be loaded</strong>
    <p>Plimsoll may have been replaced by another version since the page was opened, or is gone.</p>
    <Again />
  </Note>
)

/** A view whose code comes when it is looked at. */
export const view = (load: () => Promise<ComponentType>) => lazy(() => load().catch(() => NotLoaded))

/** Its children, or why they could not be drawn; tried anew with another address. */
export const Drawn = ({ children }: { readonly children: ComponentChildren }) => {
  const { path } = useLocation()
  const [error, reset] = useErrorBoundary()
  useEffect(reset, [path])
  if (error === undefined) return <>{children}</>
  return (
    <Note tone="bad">
      <strong>This view could not be drawn</strong>
      <p>{error instanceof Error ? error.message : String(error)}</p>
      <Again />
    </Note>
  )
}
