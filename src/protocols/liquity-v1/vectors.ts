// Golden vectors of Liquity v1 (format: README beside the vectors) against this adapter.
import {
  checkRecord,
  type VectorChecks,
  type VectorFile,
  type VectorResult,
  type Worlds,
} from '../vectors.ts'
import { checkLiquidation } from './vectors/liquidations.ts'
import { envOf, marketOf, troveOf } from './vectors/recorded.ts'
import { checkRedemption } from './vectors/redemptions.ts'
import { checkScene, checkState } from './vectors/scenes.ts'

type Check = (record: VectorFile, file: VectorFile) => readonly string[]

const kinds: Readonly<Record<string, Check>> = {
  states: checkState,
  scenes: checkScene,
  liquidations: checkLiquidation,
  redemptions: checkRedemption,
}

/** Runs one recorded file. */
export const checks: VectorChecks = function* (file): Generator<VectorResult> {
  for (const [name, records] of Object.entries(file)) {
    if (!Array.isArray(records)) continue
    const check = kinds[name]
    if (!check) throw new Error(`lists of ${name} are not known`)
    for (const [index, record] of records.entries())
      yield checkRecord(name, `${index} ${record.kind ?? record.label ?? record.trove ?? ''}`, () =>
        check(record, file),
      )
  }
}

/** Every recorded trove, and every one that was to be liquidated. */
export const worlds: Worlds = (file) => [
  ...(file['scenes'] ?? []).map((scene: VectorFile) => {
    const state = file['states'][scene['state']]
    return {
      market: marketOf(state, file['version']),
      position: troveOf(scene),
      env: envOf(state.price, state.timestamp),
    }
  }),
  ...(file['liquidations'] ?? [])
    .filter(({ call, troves }: VectorFile) => call === 'liquidate' && troves.length > 0)
    .map((record: VectorFile) => ({
      market: marketOf(record['system'], file['version']),
      position: troveOf(record['troves'][0]),
      env: envOf(record['system'].price, record['txTimestamp']),
    })),
]
