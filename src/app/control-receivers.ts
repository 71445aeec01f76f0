// Messages that were given up, sent again.
import { z } from 'zod'
import { deadLetters, resendAll, resendOne } from '../store/receivers.ts'
import { defineAction, RefusedError } from './control.ts'
import { byPrefix } from './prefix.ts'

const LETTERS_MAX = 10_000

const oneSchema = z.strictObject({ id: z.string().min(1), receiver: z.string().min(1).optional() })

/** Makes one message, to all or to one of its receivers, or all of a receiver, wait again; answers how many do, and how many are out of date and stay. */
export const resend = defineAction({
  name: 'receivers.resend',
  schema: z.union([oneSchema, z.strictObject({ all: z.string().min(1) })]),
  run: (input, { database, config }) => {
    if ('id' in input) {
      const ids = [...new Set(deadLetters(database, input.receiver, LETTERS_MAX).map(({ id }) => id))]
      const id = byPrefix(ids, (one) => one, input.id, {
        what: 'message that was given up',
        remedy: 'See "plimsoll receivers dead".',
      })
      return { resentCount: resendOne(database, id, input.receiver), outdatedCount: 0 }
    }
    if (!config.receivers.some(({ name }) => name === input.all))
      throw new RefusedError(`there is no receiver ${input.all}`, {
        remedy: 'Name one of those that "plimsoll receivers" lists.',
      })
    return resendAll(database, input.all)
  },
})
