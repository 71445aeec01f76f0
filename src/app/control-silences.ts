// Silences: asked for, ended.
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { labelFault, labelText, matcherFault } from '../alerts/labels.ts'
import { toJson } from '../model/json.ts'
import type { Silence } from '../model/notice.ts'
import { endSilence, listSilences, writeSilence } from '../store/silences.ts'
import { type ActionTools, defineAction, RefusedError } from './control.ts'
import { byPrefix } from './prefix.ts'

const ID_DIGITS = 12
const SECONDS_MAX = 366 * 86_400
const COMMENT_LENGTH_MAX = 500

const value = z
  .string()
  .max(200)
  .transform(labelText)
  .superRefine((text, context) => {
    const fault = matcherFault(text)
    if (fault) context.addIssue({ code: 'custom', message: fault })
  })

const silenceInput = z.strictObject({
  match: z
    .record(z.string().min(1), value)
    .refine((match) => Object.keys(match).length > 0, 'names no label: it would silence everything'),
  seconds: z.int().positive('are to be more than 0').max(SECONDS_MAX, 'are to be no more than 366 days'),
  by: z.string().max(100),
  comment: z.string().max(COMMENT_LENGTH_MAX),
})

/** Asked for again within the same second, a silence is the same. */
const idOf = (silence: Omit<Silence, 'id'>): string =>
  createHash('sha256').update(JSON.stringify(silence)).digest('hex').slice(0, ID_DIGITS)

/** Adds a silence from now on, for so many seconds; answers it. */
export const addSilence = defineAction({
  name: 'silences.add',
  schema: silenceInput,
  run: ({ match, seconds, by, comment }, { database, config, nowMs }) => {
    for (const [name, value] of Object.entries(match)) {
      const fault = labelFault(config.rules ?? [], name, value)
      if (fault)
        throw new RefusedError(fault, {
          remedy: 'Write --match with labels of alerts, such as severity=warning.',
        })
    }
    const startsAt = Math.floor(nowMs / 1_000)
    const silence = { match, startsAt, endsAt: startsAt + seconds, createdBy: by, comment }
    const written: Silence = { id: idOf(silence), ...silence }
    writeSilence(database, written)
    return toJson(written)
  },
})

const named = ({ database }: ActionTools, prefix: string): Silence =>
  byPrefix(listSilences(database), ({ id }) => id, prefix, {
    what: 'silence',
    remedy: 'See "plimsoll silences list".',
  })

/** Ends a silence now; answers it. */
export const expireSilence = defineAction({
  name: 'silences.expire',
  schema: z.strictObject({ id: z.string().min(1) }),
  run: ({ id: prefix }, tools) => {
    const { database, nowMs } = tools
    const silence = named(tools, prefix)
    const endsAt = Math.floor(nowMs / 1_000)
    if (silence.endsAt <= endsAt)
      throw new RefusedError(
        `the silence ${silence.id} is over since ${new Date(silence.endsAt * 1_000).toISOString()}`,
      )
    endSilence(database, silence.id, endsAt)
    return toJson({ ...silence, endsAt })
  },
})
