// Golden vectors of Aave v3 (format: README beside the vectors) against this adapter.
//
// Not in the records, so not compared: rates after an action (the strategy's parameters are not recorded), and the split of
// a token event into amount and interest since the account's last action (that index is not recorded); their sum is.
import { BPS, WAD } from '../../units/brands.ts'
import {
  checkRecord,
  compareRecorded,
  type VectorChecks,
  type VectorFile,
  type World as WorldOf,
  type Worlds,
} from '../vectors.ts'
import { indicesOf } from './accrual.ts'
import { revisionOf } from './revisions/index.ts'
import type { Revision } from './revisions/revision.ts'
import { checkLiquidation } from './vectors/liquidations.ts'
import { balances, marketOf, userAccountData, worldOf } from './vectors/world.ts'

const checkScene = (scene: VectorFile, file: VectorFile): readonly string[] => {
  const world = worldOf(scene, file)
  return compareRecorded(scene['expected'], {
    balances: balances(world),
    userAccountData: userAccountData(world),
  })
}

const checkIndices = (row: VectorFile, file: VectorFile, { account }: Revision): readonly string[] => {
  const market = marketOf(file['snapshots'][row['snapshot']], file['revision'])
  const indices = Object.values(market.reserves).map((one) =>
    indicesOf(one, account, Number(row['timestamp'])),
  )
  const { normalizedIncome, normalizedVariableDebt } = row
  return compareRecorded(
    { normalizedIncome, normalizedVariableDebt },
    {
      normalizedIncome: indices.map(({ income }) => income),
      normalizedVariableDebt: indices.map(({ debt }) => debt),
    },
  )
}

/** Runs one recorded file of any revision that this adapter knows. */
export const checks: VectorChecks = function* (file) {
  const revision = revisionOf(file['revision'])
  if (!revision) throw new Error(`revision ${file['revision']} is not known`)
  if (file['kind'] === 'accounts') {
    for (const scene of file['scenes']) yield checkRecord('scenes', scene.id, () => checkScene(scene, file))
    for (const row of file['indices'])
      yield checkRecord('indices', row.id, () => checkIndices(row, file, revision))
  } else if (file['kind'] === 'liquidations')
    for (const record of file['liquidations'])
      yield checkRecord('liquidations', `${record.id} (${record.label})`, () =>
        checkLiquidation(record, file, revision),
      )
  else throw new Error(`records of kind ${file['kind']} are not known`)
}

/** Until 3.4 health is of the average threshold cut to a whole basis point, which may round up when a price falls. */
const basisPointOfThreshold: WorldOf['healthRounding'] = ({ revision, collateralValue, debtValue }) =>
  Number(revision.slice(2)) < 5 ? (collateralValue * WAD) / (debtValue * BPS) + 1n : 0n

/** Every recorded account. */
export const worlds: Worlds = (file) =>
  (file['scenes'] ?? file['liquidations']).map((record: VectorFile) => ({
    ...worldOf(record, file),
    healthRounding: basisPointOfThreshold,
  }))
