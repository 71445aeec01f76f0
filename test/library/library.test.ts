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
import { gunzipSync } from 'node:zlib'
import { transformSync } from 'esbuild'
import { beforeAll, expect, test } from 'vitest'
import { aaveV3 } from '../../src/protocols/aave-v3/index.ts'
import { worlds } from '../../src/protocols/aave-v3/vectors.ts'
import { encodeState } from '../../src/model/state-text.ts'
import { isLong } from '../support/size.ts'

const root = join(import.meta.dirname, '..', '..')
const recorded = JSON.parse(
  gunzipSync(readFileSync(join(root, 'test/vectors/aave-v3/aave-3.5-accounts.json.gz'))).toString(),
)
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bot-'))

beforeAll(() => {
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(root, join(folder, 'node_modules', 'plimsoll'))
  copyFileSync(join(import.meta.dirname, 'bot.ts.txt'), join(folder, 'bot.ts'))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
})

/** The state of a recorded account as a bot would have written it down, the prices that its health rests on with it. */
const stateOf = (index: number): string => {
  const world = [...worlds(recorded)][index]
  if (!world) throw new Error('there is no such record')
  const { market, position, env } = world
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

test('computes a recorded health, and the calldata of a liquidation after a crash', () => {
  const { code } = transformSync(readFileSync(join(folder, 'bot.ts'), 'utf8'), {
    loader: 'ts',
    format: 'esm',
  })
  writeFileSync(join(folder, 'bot.js'), code)
  const index = recorded.scenes.findIndex(
    ({ expected }: { expected: { userAccountData: { healthFactor: string } } }) =>
      BigInt(expected.userAccountData.healthFactor) < 2n * 10n ** 18n &&
      BigInt(expected.userAccountData.healthFactor) > 10n ** 18n,
  )
  writeFileSync(join(folder, 'state.json'), stateOf(index))
  const { stdout, stderr } = spawnSync(process.execPath, ['bot.js', 'state.json'], {
    cwd: folder,
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  const said = JSON.parse(stdout)
  expect(said).toMatchObject({
    healthFactor: recorded.scenes[index].expected.userAccountData.healthFactor,
    isBelowOne: false,
  })
  // liquidationCall(address,address,address,uint256,bool)
  expect([...new Set(said.calls)]).toEqual(['0x00a718a9'])
})

test.runIf(isLong)('compiles against the types of the package', () => {
  if (!existsSync(join(root, 'dist/types/src/index.d.ts')))
    expect(spawnSync('npm', ['run', '--silent', 'build'], { cwd: root }).status).toBe(0)
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { types: ['node'], typeRoots: [join(root, 'node_modules/@types')] },
    include: [],
    files: ['bot.ts'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const { stdout } = spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' })
  expect(stdout).toBe('')
})
