import { RefusedError } from './control.ts'

/** The one whose name begins so; throws `RefusedError` where there is none or more than one. */
export const byPrefix = <T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  prefix: string,
  { what, remedy }: { readonly what: string; readonly remedy: string },
): T => {
  const found = items.filter((item) => nameOf(item).startsWith(prefix))
  const exact = found.find((item) => nameOf(item) === prefix) ?? (found.length === 1 ? found[0] : undefined)
  if (exact !== undefined) return exact
  throw found.length === 0
    ? new RefusedError(`there is no ${what} whose name begins with ${prefix}`, { remedy })
    : new RefusedError(
        `${found.length} ${what}s begin with ${prefix}: ${found.slice(0, 5).map(nameOf).join(', ')}`,
        {
          remedy: 'Give more of the name.',
        },
      )
}
