// Where the code of threads lies: beside this file in a checkout, `dist/src/api/threads` in a package.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BaseError } from '../../model/errors.ts'

/** The file of a thread by its name, as the build has it or the checkout. */
export const workerFile = (name: string): string => {
  const here = fileURLToPath(import.meta.url)
  const beside = join(dirname(here), `${name}.ts`)
  if (existsSync(beside)) return beside
  for (let folder = dirname(here); folder !== dirname(folder); folder = dirname(folder)) {
    const built = join(folder, 'src', 'api', 'threads', `${name}.js`)
    if (existsSync(built)) return built
  }
  throw new BaseError('a part of Plimsoll is missing', { remedy: 'Install Plimsoll again.' })
}
