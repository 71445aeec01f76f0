// Golden vectors of Liquity v2 (format: README beside the vectors) against this adapter.
import {
  checkRecord,
  type VectorChecks,
  type VectorFile,
  type VectorResult,
  type World,
  type Worlds,
} from '../vectors.ts'
import { checkLiquidation } from './vectors/liquidations.ts'
import { branchOf, envOf, isOpen, positionOf } from './vectors/recorded.ts'
import { checkRedemption, checkUrgent } from './vectors/redemptions.ts'
import { checkScene, checkShutdown, checkState } from './vectors/scenes.ts'

type Check = (record: VectorFile, file: VectorFile) => readonly string[]

const lists: Readonly<Record<string, Check>> = {
  states: checkState,
  scenes: checkScene,
  shutdowns: checkShutdown,
  liquidations: checkLiquidation,
  redemptions: checkRedemption,
  urgentRedemptions: checkUrgent,
}

/** Runs one recorded file. */
export const checks: VectorChecks = function* (file): Generator<VectorResult> {
  for (const [name, records] of Object.entries(file)) {
    if (!Array.isArray(records)) continue
    const check = lists[name]
    if (!check) throw new Error(`lists of ${name} are not known`)
    for (const [index, record] of records.entries())
      yield checkRecord(name, `${index} ${record.kind ?? record.label ?? record.trove ?? ''}`, () =>
        check(record, file),
      )
  }
}

const worldOf = (trove: VectorFile, recorded: VectorFile, timestamp: string): World => {
  const branch = branchOf(recorded)
  const env = envOf(timestamp, [{ branch, price: BigInt(recorded['price']) }])
  return { market: branch, position: positionOf(trove, branch), env }
}

/** Every recorded trove that is open, in its branch. */
export const worlds: Worlds = (file) => [
  ...(file['scenes'] ?? []).filter(isOpen).map((scene: VectorFile) => {
    const state = file['states'][scene['state']]
    return worldOf(scene, state, state.timestamp)
  }),
  ...[...(file['liquidations'] ?? []), ...(file['urgentRedemptions'] ?? [])].flatMap((record: VectorFile) =>
    (record['troves'] as VectorFile[])
      .filter(isOpen)
      .map((trove) => worldOf(trove, record['branch'], record['txTimestamp'])),
  ),
]
