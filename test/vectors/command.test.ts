// `npm run vectors` as its users meet it: good files, bad files, and what they may mistype.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readVectors } from '../../scripts/vector-files.ts'
import type { VectorFile } from '../../src/protocols/vectors.ts'

const root = join(import.meta.dirname, '..', '..')

type Run = { readonly status: number | null; readonly lines: readonly string[]; readonly stderr: string }

const vectors = (...args: readonly string[]): Run => {
  const run = spawnSync('npm', ['run', '--silent', 'vectors', '--', ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  })
  return { status: run.status, lines: run.stdout.trimEnd().split('\n'), stderr: run.stderr }
}

/** A row of the table, its columns apart by one blank. */
const rowsOf = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => /^ {2}\S+ {2,}.* \d+$/.test(line)).map((line) => line.trim().replace(/ +/g, ' '))

const folder = (): string => mkdtempSync(join(tmpdir(), 'plimsoll-vectors-'))

const put = (dir: string, protocol: string, files: Readonly<Record<string, string | Buffer>>): void => {
  mkdirSync(join(dir, protocol), { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, protocol, name), text)
}

const FILE = 'w101-accounts.json.gz'
const recorded = readVectors(join(import.meta.dirname, 'morpho-blue', FILE))
const few = { ...recorded, scenes: recorded['scenes'].slice(0, 3) }

const withoutInterest = (file: VectorFile): VectorFile => {
  const copy = structuredClone(file)
  copy['scenes'][1].expected.afterAccrual.totalBorrowAssets = '1'
  return copy
}

describe('a folder of vectors', () => {
  test('that all agree ends with their count and exits 0, compressed or plain, in a linked folder too', () => {
    const dir = folder()
    const elsewhere = folder()
    put(elsewhere, 'morpho-blue', { 'a.json': JSON.stringify(few), 'README.md': '# not a vector' })
    put(elsewhere, 'morpho-blue', { 'b.json.gz': gzipSync(JSON.stringify(few)) })
    symlinkSync(join(elsewhere, 'morpho-blue'), join(dir, 'morpho-blue'))
    const { status, lines } = vectors(dir)
    expect(rowsOf(lines)).toEqual(['morpho-blue a.json accounts 3 0', 'morpho-blue b.json.gz accounts 3 0'])
    expect(lines.at(-1)).toBe('6 passed, 0 failed')
    expect(status).toBe(0)
  })

  test('in which something differs shows what, and exits 1', () => {
    const dir = folder()
    put(dir, 'morpho-blue', { 'a.json': JSON.stringify(withoutInterest(few)) })
    const { status, lines } = vectors(dir)
    const { id, tag, expected } = few.scenes[1]
    expect(lines).toContain(`morpho-blue/a.json accounts ${id} (${tag}):`)
    expect(lines).toContain(
      `    afterAccrual.totalBorrowAssets: recorded "1", ours "${expected.afterAccrual.totalBorrowAssets}"`,
    )
    expect(lines.at(-1)).toBe('2 passed, 1 failed')
    expect(status).toBe(1)
  })

  test('with files that cannot be run counts each as failed and runs the others', () => {
    const dir = folder()
    const text = JSON.stringify(few)
    put(dir, 'morpho-blue', {
      'good.json': text,
      'list.json': '[]',
      'no-records.json': JSON.stringify({ ...few, scenes: [] }),
      'text.json': 'not JSON',
      'truncated.json.gz': gzipSync(text).subarray(0, 500),
      'unknown-kind.json': JSON.stringify({ ...few, kind: 'auctions', scenes: few.scenes.slice(0, 1) }),
    })
    put(dir, 'aave-v3', { 'newer.json': JSON.stringify({ kind: 'accounts', revision: '9.9', scenes: [] }) })
    put(dir, 'compound-v3', {})
    put(dir, 'nobody', { 'x.json': text })
    const { status, lines } = vectors(dir)
    expect(rowsOf(lines)).toEqual([
      'aave-v3 newer.json 0 1',
      'compound-v3 * 0 1',
      'morpho-blue good.json accounts 3 0',
      'morpho-blue list.json 0 1',
      'morpho-blue no-records.json 0 1',
      'morpho-blue text.json 0 1',
      'morpho-blue truncated.json.gz 0 1',
      'morpho-blue unknown-kind.json auctions 0 1',
      'nobody x.json 0 1',
    ])
    const problems = [
      'aave-v3/newer.json: revision 9.9 is not known',
      'compound-v3/*: holds no vectors',
      'morpho-blue/list.json: holds no JSON object',
      'morpho-blue/no-records.json: has no records',
      'morpho-blue/truncated.json.gz: unexpected end of file',
      'nobody/x.json: no adapter knows this protocol',
    ]
    for (const problem of problems) expect(lines).toContain(problem)
    expect(lines.join('\n')).toMatch(/^morpho-blue\/text\.json: .*JSON/m)
    expect(lines.join('\n')).toMatch(/records of kind auctions are not known/)
    expect(lines.at(-1)).toBe('3 passed, 8 failed')
    expect(status).toBe(1)
  })

  test('runs only the protocols that are named', () => {
    const dir = folder()
    put(dir, 'morpho-blue', { 'a.json': JSON.stringify(few) })
    put(dir, 'nobody', { 'x.json': '{}' })
    const { status, lines } = vectors(dir, 'morpho-blue')
    expect([lines.at(-1), status]).toEqual(['3 passed, 0 failed', 0])
  })
})

test('what a user may mistype exits 2 and says what is wrong', () => {
  const dir = folder()
  put(dir, 'morpho-blue', { 'a.json': '{}' })
  const file = join(dir, 'morpho-blue', 'a.json')
  const empty = folder()
  const mistyped: readonly (readonly [readonly string[], string])[] = [
    [[], 'which folder?'],
    [[join(dir, 'none')], `${join(dir, 'none')} does not exist`],
    [[file], `${file} is no folder`],
    [[empty], `${empty} holds no protocol's folder`],
    [[dir, 'morpho'], `${dir} has no folder morpho; it has morpho-blue`],
  ]
  for (const [args, problem] of mistyped) {
    const { status, stderr } = vectors(...args)
    expect([stderr.split('\n')[0], status]).toEqual([problem, 2])
    expect(stderr).toContain('usage: npm run vectors -- DIR')
  }
})
