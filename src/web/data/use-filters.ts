// What a list is narrowed by, kept in the address: a link shows the same list.
import { useLocation } from 'preact-iso'

export type Filters = {
  readonly values: Readonly<Record<string, string>>
  set(name: string, value: string): void
  /** Several at once. */
  put(values: Readonly<Record<string, string>>): void
}

/** Filters of a view by name; an empty one is left out of the address. */
export const useFilters = (): Filters => {
  const { path, query, route } = useLocation()
  const put = (values: Readonly<Record<string, string>>): void => {
    const next = Object.entries({ ...query, ...values }).filter(([, value]) => value !== '')
    const text = new URLSearchParams(next).toString()
    route(text === '' ? path : `${path}?${text}`, true)
  }
  return { values: query, put, set: (name, value) => put({ [name]: value }) }
}
