// What a list is narrowed by, kept in the address: a link shows the same list.
import { useLocation } from 'preact-iso'

export type Filters = {
  readonly values: Readonly<Record<string, string>>
  set(name: string, value: string): void
}

/** Filters of a view by name; an empty one is left out of the address. */
export const useFilters = (): Filters => {
  const { path, query, route } = useLocation()
  return {
    values: query,
    set: (name, value) => {
      const next = new URLSearchParams({ ...query, [name]: value })
      if (value === '') next.delete(name)
      const text = next.toString()
      route(text === '' ? path : `${path}?${text}`, true)
    },
  }
}
