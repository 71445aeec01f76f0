// scripts/new-protocol.ts in a copy of this repository: what it makes passes every check, and what it cannot make it refuses.
// Types take longest, so one run checks those of this repository and of what is made.
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { transformSync } from 'esbuild'
import { beforeAll, describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const COPIED = [
  '.gitignore',
  'README.md',
  'abis',
  'biome.json',
  'migrations',
  'package.json',
  'scripts',
  'src',
  'test',
]
const CONFIGS = ['drizzle.config.ts', 'tsconfig.json', 'vitest.config.ts']
const CHECK_TIMEOUT_MS = 300_000
/** What names protocols one by one, and so sees the new one; the rest sees a list of adapters, whose type stays. */
const NAMING = ['src/protocols/registry.ts', 'scripts/check-vectors.ts', 'scripts/generate-deployments.ts']
/** The tidy tests read sources only: nothing has to be built for them. */
const TIDY_CONFIG = "export default { test: { include: ['test/tidy.test.ts'] } }\n"

let copy: string
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'plimsoll-new-protocol-'))
  for (const name of [...COPIED, ...CONFIGS])
    cpSync(join(root, name), join(copy, name), {
      recursive: true,
      filter: (path) => !path.endsWith('.json.gz'),
    })
  writeFileSync(join(copy, 'tidy.config.ts'), TIDY_CONFIG)
  symlinkSync(realpathSync(join(root, 'node_modules')), join(copy, 'node_modules'))
})

const run = (command: string, ...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: copy, encoding: 'utf8' })
  return { status, output: `${stdout}${stderr}` }
}

const script = (...args: readonly string[]) =>
  run(process.execPath, '--import', 'tsx', 'scripts/new-protocol.ts', ...args)

/**
 * A folder with what is made and what names it, and the settings of this repository's type check: what is imported from beside such a file
 * and is not in the folder is this repository's.
 */
const typesFolder = (): string => {
  const folder = join(copy, 'types')
  const made = [`abis/${PROTOCOL}.ts`, `src/protocols/${PROTOCOL}`, 'package.json']
  for (const name of [...made, ...NAMING]) cpSync(join(copy, name), join(folder, name), { recursive: true })
  const { include, exclude } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'))
  const here = (names: readonly string[]) => names.map((name) => join(root, name))
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { rootDirs: [folder, root] },
    include: [...here(include), 'abis', 'src', 'scripts'],
    exclude: here(exclude),
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  return folder
}

const bin = (name: string, ...args: readonly string[]) => run(join('node_modules', '.bin', name), ...args)

const PROTOCOL = 'isolated-lend-2'

describe('a new protocol', () => {
  test('is one folder, one ABI file, one source of deployments and one registry line', () => {
    const before = readFileSync(join(copy, 'src/protocols/registry.ts'), 'utf8')
    const { status, output } = script(PROTOCOL, 'Isolated Lend II')
    expect([status, output]).toEqual([0, expect.stringContaining(`src/protocols/${PROTOCOL}/index.ts`)])
    const after = readFileSync(join(copy, 'src/protocols/registry.ts'), 'utf8')
    expect(after).toMatch(/registry: readonly Adapter\[\] = \[[^\]]*\bisolatedLend2,?\s*\]/)
    const added = after.split('\n').filter((line) => !before.includes(line) && !line.includes('registry:'))
    expect(added.filter((line) => line.startsWith('import '))).toEqual([
      `import { isolatedLend2 } from './${PROTOCOL}/index.ts'`,
    ])
    const made = [`abis/${PROTOCOL}.ts`, `src/protocols/${PROTOCOL}/source.ts`]
    expect(made.filter((path) => !existsSync(join(copy, path)))).toEqual([])
  })

  test('passes the style check', () => {
    const { status, output } = bin(
      'biome',
      'check',
      '--error-on-warnings',
      'abis',
      'scripts',
      'src/protocols',
    )
    expect(status, output).toBe(0)
  })

  test('passes the type check, as all that is here does', { timeout: CHECK_TIMEOUT_MS }, () => {
    const { status, output } = bin('tsc', '-p', typesFolder(), '--noEmit', '--checkers', '1')
    expect(status, output).toBe(0)
  })

  test('passes the tidy tests', { timeout: CHECK_TIMEOUT_MS }, () => {
    const { status, output } = bin('vitest', 'run', '--config', 'tidy.config.ts')
    expect(status, output).toBe(0)
  })

  test("is in the README's table", () => {
    expect(readFileSync(join(copy, 'README.md'), 'utf8')).toContain(
      `[Isolated Lend II](src/protocols/${PROTOCOL}/README.md)`,
    )
  })

  test('has deployments that are what its sources say: none yet', () => {
    const { status, output } = run(
      process.execPath,
      '--import',
      'tsx',
      'scripts/generate-deployments.ts',
      '--check',
      PROTOCOL,
    )
    expect([status, output]).toEqual([0, ''])
  })

  test('says of every position that its revision is unknown, and never that it is healthy', async () => {
    const { isolatedLend2: adapter } = await import(
      pathToFileURL(join(copy, 'src/protocols', PROTOCOL, 'index.ts')).href
    )
    const account = '0x00000000000000000000000000000000000000AA'
    const block = { chainId: 1, number: 1n, hash: '0x01', timestamp: 1 }
    const deployment = { chainId: 1, protocol: PROTOCOL, deployment: 'main', root: account }
    const mirror = {
      deployment,
      markets: new Map(),
      positions: new Map(),
      prices: new Map(),
      tallies: new Map(),
    }
    const keys = [...adapter.stateKeys(mirror), ...adapter.locate(mirror, account)]
    const results = [{ ok: false, data: '0x', error: 'reverted' }]
    const state: Record<string, unknown> = {}
    for (const read of adapter.reads(mirror, keys))
      for (const change of read.decode(results, block, mirror)) state[change.kind] = change.next(undefined)
    expect(state['market']).toMatchObject({ fault: { reason: 'read-failed', detail: 'version: reverted' } })
    const env = {
      block,
      timestamp: 1,
      prices: () => undefined,
      markets: () => undefined,
      debtInFront: () => null,
      quotes: () => null,
    }
    const { fault: _fault, ...read } = state['market'] as { fault: unknown }
    expect(adapter.assess(state['market'], state['position'], env)).toMatchObject({ kind: 'unassessable' })
    expect(adapter.assess(read, state['position'], env)).toMatchObject({
      kind: 'unassessable',
      id: `1:${PROTOCOL}:main:main:${account}`,
      reason: 'unknown-revision',
    })
    expect(adapter.terms(read, state['position'], env)).toEqual([])
  })
})

test('what cannot be made is refused with a reason, and nothing is written', () => {
  const source = readFileSync(join(copy, 'scripts/new-protocol.ts'), 'utf8')
  writeFileSync(join(copy, 'scripts/new-protocol.js'), transformSync(source, { loader: 'ts' }).code)
  const registry = readFileSync(join(copy, 'src/protocols/registry.ts'), 'utf8')
  const refused: readonly (readonly [readonly string[], string])[] = [
    [[], 'a protocol needs a name and a label'],
    [['some-lend'], 'a protocol needs a name and a label'],
    [['Some Lend', 'Some Lend'], '"Some Lend" is no name of a protocol'],
    [['../lend', 'Some Lend'], '"../lend" is no name of a protocol'],
    [['lend--1', 'Some Lend'], '"lend--1" is no name of a protocol'],
    [['default', 'Default'], '"default" makes "default", which JavaScript keeps for itself'],
    [['some-lend', "Some's Lend"], 'a label has no quotes'],
    [[PROTOCOL, 'Again'], `"${PROTOCOL}" makes "isolatedLend2", which src/protocols/registry.ts has already`],
    [['isolated-lend2', 'Again'], '"isolated-lend2" makes "isolatedLend2", which'],
  ]
  for (const [args, problem] of refused) {
    const { status, output } = run(process.execPath, 'scripts/new-protocol.js', ...args)
    expect([status, output]).toEqual([2, expect.stringContaining(problem)])
  }
  expect(readFileSync(join(copy, 'src/protocols/registry.ts'), 'utf8')).toBe(registry)
  expect(existsSync(join(copy, 'src/protocols/some-lend'))).toBe(false)
})
