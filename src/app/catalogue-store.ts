// Catalogues of markets, one small file each in the user's cache folder: what `check` found in logs it need not look for again.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { messageOf } from '../model/errors.ts'
import type { CatalogueStore } from '../monitor/catalogue.ts'
import type { Wanted } from '../monitor/track.ts'

const catalogueSchema = z.object({
  nextBlock: z.string().regex(/^\d+$/).transform(BigInt),
  keys: z.array(z.string()),
})

/** `$PLIMSOLL_CACHE`, else `plimsoll` in the user's cache folder. */
const cacheFolder = (): string => {
  const { PLIMSOLL_CACHE, XDG_CACHE_HOME } = process.env
  return PLIMSOLL_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'plimsoll')
}

const fileOf = (folder: string, { adapter, deployment }: Wanted): string => {
  const { chainId, protocol, deployment: name } = deployment
  return join(folder, `${chainId}-${protocol}-${name}-${adapter.rootContract(deployment).toLowerCase()}.json`)
}

/**
 * A store of catalogues. A file that is missing or does not parse means to search anew; one that cannot be written is
 * told to `onUnsaved`, and the search goes on without it.
 */
export const createCatalogueStore = (onUnsaved: (reason: string) => void): CatalogueStore => {
  const folder = cacheFolder()
  return {
    load: (wanted) => {
      try {
        return catalogueSchema.parse(JSON.parse(readFileSync(fileOf(folder, wanted), 'utf8')))
      } catch {
        return undefined
      }
    },
    save: (wanted, { nextBlock, keys }) => {
      const file = fileOf(folder, wanted)
      const unfinished = `${file}.${process.pid}`
      try {
        mkdirSync(folder, { recursive: true })
        writeFileSync(unfinished, JSON.stringify({ nextBlock: String(nextBlock), keys }))
        renameSync(unfinished, file)
      } catch (error) {
        onUnsaved(messageOf(error))
      }
    },
  }
}
