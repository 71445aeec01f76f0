// Golden vectors of Aave v4 (format: README beside the vectors) against this adapter.
import {
  checkRecord,
  type VectorChecks,
  type VectorFile,
  type VectorResult,
  type World,
  type Worlds,
} from '../vectors.ts'
import type { AaveV4Market, AaveV4Position } from './state.ts'
import { checkAccrual, checkScene } from './vectors/accounts.ts'
import { checkAttempt } from './vectors/liquidations.ts'
import { worldOf } from './vectors/recorded.ts'

const kinds: Readonly<Record<string, (record: VectorFile, file: VectorFile) => readonly string[]>> = {
  accruals: checkAccrual,
  scenes: checkScene,
  attempts: checkAttempt,
}

/** Runs one recorded file. */
export const checks: VectorChecks = function* (file): Generator<VectorResult> {
  const lists = Object.keys(kinds).filter((name) => Array.isArray(file[name]))
  if (lists.length === 0) throw new Error(`records of kind ${file['kind']} are not known`)
  for (const name of lists)
    for (const record of file[name])
      yield checkRecord(name, `${record['id']} ${record['kind'] ?? record['stage'] ?? ''}`, () =>
        (kinds[name] as (typeof kinds)[string])(record, file),
      )
}

/** Every recorded account, and every one that was to be liquidated. */
export const worlds: Worlds = function* (file): Generator<World<AaveV4Market, AaveV4Position>> {
  for (const scene of file['scenes'] ?? []) yield worldOf(file, scene, scene['account'], scene['timestamp'])
  for (const attempt of file['attempts'] ?? [])
    yield worldOf(file, attempt, attempt['violator'], attempt['txTimestamp'])
}
