// Rows of positions as of when their own state last changed: what a market does meanwhile has to be in its factors.
import type { Assessment } from '../../src/model/assessment.ts'
import type { BlockRef } from '../../src/model/block.ts'
import { formatPositionId } from '../../src/model/ids.ts'
import { encodeState } from '../../src/model/state-text.ts'
import { assessAll, envOf } from '../../src/monitor/assessing.ts'
import type { ScreenRow } from '../../src/protocols/screening.ts'
import type { Tracked } from '../../src/store/book.ts'
import { boundsOfRow, expectWithin } from './screen-bounds.ts'

export type Rows = Map<string, { readonly state: string; readonly row: ScreenRow | 'always-exact' }>

/** Holds the bounds of every position against its health at a head; answers how many had any. */
export const compareScreen = (rows: Rows, { adapter, mirror }: Tracked, head: BlockRef): number => {
  const { chainId, number, hash, timestamp } = head
  const block = { chainId, number, hash, timestamp }
  const assessed = assessAll([{ adapter, mirror }], block)
  const assessments = new Map<string, Assessment>(assessed.map((one) => [one.id, one]))
  const env = envOf(mirror, block, () => null)
  let screened = 0
  for (const position of mirror.positions.values()) {
    const id = formatPositionId(position.id)
    const market = mirror.markets.get(position.id.market)
    const assessment = assessments.get(id)
    if (!market || !assessment) throw new Error(`${id} has no market`)
    const state = encodeState({ ...position, asOf: 0n })
    const known = rows.get(id)
    const row = known?.state === state ? known.row : adapter.screen.row(market, position)
    rows.set(id, { state, row })
    const factorOf = (name: string) => adapter.screen.factor(market, name, env)
    const both = [false, true].flatMap((isNarrow) => boundsOfRow(row, factorOf, isNarrow) ?? [])
    for (const bounds of both) expectWithin(bounds, assessment, `block ${number}, ${id}`)
    if (both.length > 0) screened += 1
  }
  return screened
}
