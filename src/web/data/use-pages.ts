// A list that comes in pages, as many of them as a reader asked for.
import { useState } from 'preact/hooks'
import { ask } from './api.ts'
import { type Answer, useAnswer } from './use-answer.ts'

type Page = { readonly next: string | null }

export type Pages<T> = Answer<readonly T[]> & {
  readonly hasMore: boolean
  more(): void
}

/** Asks for the first pages of a list; `path` has a query already. */
export const usePages = <T extends Page>(path: string): Pages<T> => {
  const [count, setCount] = useState(1)
  const answer = useAnswer<readonly T[]>(path, {
    key: String(count),
    read: async (signal) => {
      const pages: T[] = []
      let cursor = ''
      do {
        const page: T = await ask<T>(`${path}${cursor}`, { signal })
        pages.push(page)
        cursor = page.next === null ? '' : `&cursor=${encodeURIComponent(page.next)}`
      } while (cursor !== '' && pages.length < count)
      return pages
    },
  })
  return {
    ...answer,
    hasMore: (answer.data?.at(-1)?.next ?? null) !== null,
    more: () => setCount((known) => known + 1),
  }
}
