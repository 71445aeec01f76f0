// Golden vectors of Compound III (format: README beside the vectors) against this adapter.
//
// Not compared: `market.configured`, what was passed to the constructor. Its quantised form is what the getters tell, and
// the product reads those; it never quantises.
import {
  checkRecord,
  type VectorChecks,
  type VectorFile,
  type VectorResult,
  type Worlds,
} from '../vectors.ts'
import {
  checkAccrual,
  checkOperation,
  checkPath,
  checkRate,
  checkScene,
  checkState,
} from './vectors/accounts.ts'
import { envOf, marketOf, positionOf } from './vectors/recorded.ts'
import { checkAbsorb, checkBuy, checkQuote } from './vectors/sales.ts'

type Check = (record: VectorFile, file: VectorFile) => readonly string[]

const kinds: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  accounts: {
    states: checkState,
    scenes: checkScene,
    accrual: checkAccrual,
    paths: checkPath,
    rates: checkRate,
    operations: checkOperation,
  },
  absorb: { absorbs: checkAbsorb, batches: checkAbsorb },
  quotes: { quotes: checkQuote, buys: checkBuy },
}

/** Runs one recorded file. */
export const checks: VectorChecks = function* (file): Generator<VectorResult> {
  const lists = kinds[file['kind']]
  if (!lists) throw new Error(`records of kind ${file['kind']} are not known`)
  for (const [name, records] of Object.entries(file)) {
    if (!Array.isArray(records) || name === 'assets') continue
    const check = lists[name]
    if (!check) throw new Error(`lists of ${name} are not known`)
    for (const [index, record] of records.entries())
      yield checkRecord(name, `${index} ${record.kind ?? record.label ?? record.name ?? ''}`, () =>
        check(record, file),
      )
  }
}

const worldOf = (
  { account, name }: VectorFile,
  { market, prices }: VectorFile,
  timestamp: string,
  file: VectorFile,
) => {
  const position = positionOf(account, name)
  return {
    market: marketOf(market, file, [position]),
    position,
    env: envOf(timestamp, market.baseTokenPriceUsed, prices),
  }
}

/** Every recorded account, and every one that was to be absorbed. */
export const worlds: Worlds = (file) => [
  ...(file['scenes'] ?? []).map((scene: VectorFile) => {
    const state = file['states'][scene['state']]
    return worldOf(scene, state, state.timestamp, file)
  }),
  ...(file['absorbs'] ?? []).map((record: VectorFile) =>
    worldOf(record, record, record['txTimestamp'], file),
  ),
]
