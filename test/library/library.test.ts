// The package as a program that depends on it has it: installed in a folder of its own, imported by its name, compiled against its types.
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { gunzipSync, gzipSync } from 'node:zlib'
import { buildSync, transformSync } from 'esbuild'
import { beforeAll, expect, test } from 'vitest'
import { encodeState } from '../../src/model/state-text.ts'
import { aaveV3 } from '../../src/protocols/aave-v3/index.ts'
import { worlds } from '../../src/protocols/aave-v3/vectors.ts'
import { stateOf } from '../../src/risk/stating.ts'
import { isLong } from '../support/size.ts'

const root = join(import.meta.dirname, '..', '..')
const recorded = JSON.parse(
  gunzipSync(readFileSync(join(root, 'test/vectors/aave-v3/aave-3.5-accounts.json.gz'))).toString(),
)
const programs = ['bot', 'client']
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bot-'))

beforeAll(() => {
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(root, join(folder, 'node_modules', 'plimsoll'))
  for (const name of programs)
    copyFileSync(join(import.meta.dirname, `${name}.ts.txt`), join(folder, `${name}.ts`))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
})

const worldAt = (index: number) => {
  const world = [...worlds(recorded)][index]
  if (!world) throw new Error('there is no such record')
  return world
}

/** The state of a recorded account as a bot would have written it down, the prices that its health rests on with it. */
const writtenState = (index: number): string => {
  const { market, position, env } = worldAt(index)
  const prices = new Map<string, unknown>()
  aaveV3.assess(market, position, {
    ...env,
    prices: (key) => {
      const reading = env.prices(key)
      prices.set(key, reading)
      return reading
    },
  })
  return encodeState({ market, position, prices: [...prices], block: env.block, timestamp: env.timestamp })
}

/** What a program that uses nothing but the package prints, given a state. */
const printed = (program: string, state: string): Record<string, unknown> & { calls: string[] } => {
  const source = readFileSync(join(folder, `${program}.ts`), 'utf8')
  const { code } = transformSync(source, { loader: 'ts', format: 'esm' })
  writeFileSync(join(folder, `${program}.js`), code)
  writeFileSync(join(folder, 'state.json'), state)
  const { stdout, stderr } = spawnSync(process.execPath, [`${program}.js`, 'state.json'], {
    cwd: folder,
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

const recordedHealth = (index: number): string => recorded.scenes[index].expected.userAccountData.healthFactor

test('computes a recorded health, and the calldata of a liquidation after a crash', () => {
  const index = recorded.scenes.findIndex((_: unknown, one: number) => {
    const health = BigInt(recordedHealth(one))
    return health < 2n * 10n ** 18n && health > 10n ** 18n
  })
  const said = printed('bot', writtenState(index))
  expect(said).toMatchObject({ healthFactor: recordedHealth(index), isBelowOne: false })
  // liquidationCall(address,address,address,uint256,bool)
  expect([...new Set(said.calls)]).toEqual(['0x00a718a9'])
})

test('asks a daemon by the client, and computes of a state what was recorded', () => {
  const { market, position, env } = worldAt(0)
  const state = JSON.stringify(stateOf({ adapter: aaveV3, market, position, env }))
  expect(printed('client', state)).toEqual({ healthFactor: recordedHealth(0), kind: 'not-found' })
})

test('computes the same where there is nothing of Node', () => {
  const { market, position, env } = worldAt(0)
  const { outputFiles } = buildSync({
    stdin: {
      contents: `import { assessLoan } from './src/risk/loan.ts'; import { loanOf } from './src/risk/known-loan.ts';
        health = String(assessLoan(loanOf(JSON.parse(state))).healthFactor)`,
      resolveDir: root,
    },
    ...{ bundle: true, format: 'iife', platform: 'browser', write: false },
  })
  const globals = { state: JSON.stringify(stateOf({ adapter: aaveV3, market, position, env })), health: '' }
  runInNewContext(outputFiles[0]?.text ?? '', Object.assign(globals, { TextEncoder, TextDecoder }))
  expect(globals.health).toBe(recordedHealth(0))
})

test('the client is one file that a browser takes as it is', () => {
  const { outputFiles, metafile } = buildSync({
    entryPoints: [join(root, 'dist/src/client/client.js')],
    ...{ bundle: true, format: 'esm', platform: 'browser', minify: true, write: false, metafile: true },
  })
  expect(Object.keys(metafile.inputs)).toHaveLength(1)
  expect(gzipSync(outputFiles[0]?.contents ?? '').length).toBeLessThan(8_000)
})

test.runIf(isLong)('compiles against the types of the package', () => {
  if (!existsSync(join(root, 'dist/types/src/index.d.ts')))
    expect(spawnSync('npm', ['run', '--silent', 'build'], { cwd: root }).status).toBe(0)
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { types: ['node'], typeRoots: [join(root, 'node_modules/@types')] },
    include: [],
    files: programs.map((name) => `${name}.ts`),
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const { stdout } = spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' })
  expect(stdout).toBe('')
})
