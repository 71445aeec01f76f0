// npm run client [-- --check]: writes the types of `plimsoll/client` from the routes of the API. `--check` only says whether they are current.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openApiDocument } from '../src/api/openapi.ts'
import { routesOf } from '../src/api/routes.ts'
import { serverSchema } from '../src/app/config/server.ts'
import { clientTypes, type Document } from './client-types.ts'

const root = join(import.meta.dirname, '..')
const file = join(root, 'src/client/generated.ts')

/** As the style check wants it. */
const formatted = (source: string): string => {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome')
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [biome, 'check', '--write', `--stdin-file-path=${file}`],
    { cwd: root, input: source, encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`the types could not be formatted: ${stderr}`)
  return stdout
}

const document = openApiDocument(routesOf(serverSchema.parse({})), '') as unknown as Document
const source = formatted(clientTypes(document))
if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== source) {
    console.error('src/client/generated.ts is not what the API says: run "npm run client"')
    process.exit(1)
  }
} else writeFileSync(file, source)
