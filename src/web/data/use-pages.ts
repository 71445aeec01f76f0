// A list that comes in pages, as many of them as a reader asked for.
import { useState } from 'preact/hooks'
import type { CallOptions, Client } from '../../client/client.ts'
import { type Answer, type AnswerOptions, useAnswer } from './use-answer.ts'

type Page = { readonly next: string | null }

export type Pages<T> = Answer<readonly T[]> & {
  readonly hasMore: boolean
  more(): void
}

type Read<T> = (client: Client, cursor: { readonly cursor?: string }, options: CallOptions) => Promise<T>

/** Asks for the first pages of a list. */
export const usePages = <T extends Page>(
  key: readonly unknown[],
  read: Read<T>,
  answerOptions: AnswerOptions = {},
): Pages<T> => {
  const [count, setCount] = useState(1)
  const readPages = async (client: Client, options: CallOptions): Promise<readonly T[]> => {
    const pages: T[] = []
    let cursor: string | null = null
    do {
      const page: T = await read(client, cursor === null ? {} : { cursor }, options)
      pages.push(page)
      cursor = page.next
    } while (cursor !== null && pages.length < count)
    return pages
  }
  const answer = useAnswer<readonly T[]>([...key, count], readPages, answerOptions)
  return {
    ...answer,
    hasMore: (answer.data?.at(-1)?.next ?? null) !== null,
    more: () => setCount((known) => known + 1),
  }
}
