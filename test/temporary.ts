// Whatever a run leaves in folders for temporary files goes with the run: it has one of its own, in memory where there is plenty,
// because every block that a test commits waits for its disk otherwise.
import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const IN_MEMORY = '/dev/shm'
/** Several times what a run leaves. */
const FREE_BYTES_MIN = 4 * 2 ** 30

const isRoomy = (): boolean => {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY)
    return Math.min(bavail * bsize, process.availableMemory() / 2) >= FREE_BYTES_MIN
  } catch {
    return false
  }
}

export const setup = (): (() => void) => {
  const folder = mkdtempSync(join(isRoomy() ? IN_MEMORY : tmpdir(), 'plimsoll-tests-'))
  process.env['TMPDIR'] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
