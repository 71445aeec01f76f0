// Names of ENS, where a followed chain has them.
import { computed } from '@preact/signals'
import type { Name } from '../../client/client.ts'
import { status } from './live.ts'
import { type Answer, useAnswer } from './use-answer.ts'

/** Whether names can be looked up. */
export const hasNames = computed(
  () => status.value?.chains.some(({ ensRegistry }) => ensRegistry !== null) ?? false,
)

const ADDRESS = /^0x[0-9a-fA-F]{40}$/

export const isAddress = (text: string): boolean => ADDRESS.test(text)

/** Whether a text is meant as a name: no address has a dot. */
export const isName = (text: string): boolean => text.includes('.')

/** What a name stands for: looked up once, not with every block. */
export const useName = (name: string): Answer<Name> =>
  useAnswer(['name', name], (client, options) => client.resolveName(name, {}, options), {
    everyMs: Number.POSITIVE_INFINITY,
  })
