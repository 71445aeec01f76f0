// Whatever a run leaves in folders for temporary files goes with the run: it has one of its own.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const setup = (): (() => void) => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-tests-'))
  process.env['TMPDIR'] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
