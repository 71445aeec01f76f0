import { statfsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { SelfCheck } from '../monitor/judge.ts'
import type { Database } from '../store/database.ts'
import type { Config } from './config/config.ts'

const FILE_SHARE_MAX = 0.9

type Bounds = Pick<Config['watcher'], 'diskFreeBytesMin' | 'diskFreeShareMin' | 'databaseBytesMax'>

const sizeText = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`

const pragma = (database: Database, name: string): number =>
  Number(database.$client.pragma(name, { simple: true }))

/** How large the file is, and how large it may become: its own limit, or the configured one. */
const fileSize = (
  database: Database,
  databaseBytesMax: number | undefined,
): { readonly bytes: number; readonly bytesMax: number } => {
  const page = pragma(database, 'page_size')
  const bytesMax = pragma(database, 'max_page_count') * page
  return {
    bytes: pragma(database, 'page_count') * page,
    bytesMax: Math.min(bytesMax, databaseBytesMax ?? bytesMax),
  }
}

/** Whether the disk of the database, or the file itself, is nearly full. */
export const diskCheck = (database: Database, storeFile: string, bounds: Bounds): SelfCheck => {
  const { bavail, blocks, bsize } = statfsSync(dirname(resolve(storeFile)))
  const free = bavail * bsize
  const share = blocks > 0 ? bavail / blocks : 1
  const { bytes, bytesMax } = fileSize(database, bounds.databaseBytesMax)
  const faults = [
    ...(free < bounds.diskFreeBytesMin || share < bounds.diskFreeShareMin
      ? [`its disk has ${sizeText(free)} left, ${(share * 100).toFixed(1)} % of it`]
      : []),
    ...(bytes > bytesMax * FILE_SHARE_MAX
      ? [`it has ${sizeText(bytes)} of the ${sizeText(bytesMax)} that it may have`]
      : []),
  ]
  return {
    ...{ name: 'DatabaseAlmostFull', isMet: faults.length > 0 },
    detail:
      faults.length > 0
        ? `the database ${storeFile} is almost full: ${faults.join('; ')}. Free space, or keep less history (store.historyDays)`
        : `the database ${storeFile} has room again`,
  }
}
