// Watches: begun, ended.
import { z } from 'zod'
import { toJson } from '../model/json.ts'
import { configAddress } from '../protocols/config-address.ts'
import { removeWatch, type StoredWatch, storedWatches, writeWatch } from '../store/watches.ts'
import { type ActionTools, defineAction, RefusedError } from './control.ts'

const LABEL_LENGTH_MAX = 100

const watchInput = z.strictObject({
  account: configAddress,
  label: z.string().min(1).max(LABEL_LENGTH_MAX).nullable(),
  receivers: z.array(z.string()).min(1).nullable(),
})

const refuseConfigured = (of: string, { config }: ActionTools): void => {
  if (config.watches.some((watch) => watch.account === of))
    throw new RefusedError(`${of} is watched by the configuration`, {
      remedy: 'Change it under "watch" in plimsoll.yaml.',
    })
}

/** Watches an account from now on, in place of what was stored of it; answers the watch and whether it replaced one. */
export const addWatch = defineAction({
  name: 'watches.add',
  schema: watchInput,
  run: (input, tools) => {
    const { database, config, nowMs } = tools
    refuseConfigured(input.account, tools)
    const names = config.receivers.map(({ name }) => name)
    const unknown = (input.receivers ?? []).filter((name) => !names.includes(name))
    if (unknown.length > 0)
      throw new RefusedError(`there is no receiver ${unknown.join(', ')}`, {
        remedy:
          names.length > 0
            ? `Configured are ${names.join(', ')}.`
            : 'List it under "receivers" in plimsoll.yaml.',
      })
    const before = storedWatches(database).find((one) => one.account === input.account)
    const written: StoredWatch = { ...input, createdAt: before?.createdAt ?? Math.floor(nowMs / 1_000) }
    writeWatch(database, written)
    return toJson({ ...written, isReplaced: before !== undefined })
  },
})

/** Watches an account no longer; answers the account. */
export const endWatch = defineAction({
  name: 'watches.remove',
  schema: z.strictObject({ account: configAddress }),
  run: (input, tools) => {
    refuseConfigured(input.account, tools)
    if (!removeWatch(tools.database, input.account))
      throw new RefusedError(`${input.account} is not watched`, { remedy: 'See "plimsoll watches list".' })
    return toJson(input)
  },
})
