// The API that this page is served beside, by the client that other programs use too.
import { computed } from '@preact/signals'
import { createClient } from '../../client/client.ts'
import { token } from './session.ts'

/** Asks with the token of this tab. */
export const api = computed(() =>
  createClient({ url: '', reuse: true, ...(token.value === '' ? {} : { token: token.value }) }),
)
