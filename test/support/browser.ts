// A real browser without a screen: the one that CHROMIUM names, else the one that a package ships, unpacked once.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const root = join(import.meta.dirname, '..', '..')

const UNPACK = `process.stdout.write(await (await import('@sparticuz/chromium')).default.executablePath())`

const versionOf = (): string => {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const file = join(entry.slice(0, entry.indexOf('@sparticuz')), '@sparticuz', 'chromium', 'package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

/** The folder with the browser of the package, its libraries and its fonts: a machine needs none of its own. */
const unpacked = (): string => {
  const folder = join(root, '.cache', `chromium-${versionOf()}`)
  if (existsSync(folder)) return folder
  mkdirSync(dirname(folder), { recursive: true })
  const made = mkdtempSync(`${folder}-`)
  const run = spawnSync(process.execPath, ['--input-type=module', '--eval', UNPACK], {
    cwd: root,
    encoding: 'utf8',
    // The package unpacks to the folder for temporary files, and its libraries where it thinks that it has to.
    env: { ...process.env, TMPDIR: made, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
  })
  if (run.status !== 0) throw new Error(`the browser could not be unpacked:\n${run.stderr}`)
  // Another worker may have been faster: then its folder is as good.
  try {
    renameSync(made, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  }
  return folder
}

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--font-render-hinting=none']

/** Starts it; whoever does closes it. */
export const startBrowser = (): Promise<Browser> => {
  const own = process.env['CHROMIUM']
  if (own) return chromium.launch({ executablePath: own, args: FLAGS })
  const folder = unpacked()
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: FLAGS,
    env: {
      ...(process.env as Record<string, string>),
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_PATH: join(folder, 'fonts'),
    },
  })
}
