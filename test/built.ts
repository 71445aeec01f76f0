// Before any test: the command line is compiled where it is older than its sources, so that tests start it as users do.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const MAIN = join(root, 'dist', 'src', 'cli', 'main.js')
const BUILD = join(root, 'scripts', 'build.ts')

const newestIn = (folder: string): number =>
  Math.max(
    ...readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => statSync(join(parentPath, name)).mtimeMs),
  )

export const setup = (): void => {
  const sourcesMs = Math.max(newestIn('src'), newestIn('abis'), statSync(BUILD).mtimeMs)
  if (existsSync(MAIN) && statSync(MAIN).mtimeMs >= sourcesMs) return
  const run = spawnSync('npm', ['run', '--silent', 'build', '--', '--without-types'], {
    cwd: root,
    encoding: 'utf8',
  })
  if (run.status !== 0) throw new Error(`the build failed:\n${run.stdout}${run.stderr}`)
}
