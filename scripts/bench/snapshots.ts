// What history costs on disk when everything moves.
import type { Follower } from '../../src/monitor/cycle.ts'
import type { Report } from './report.ts'
import { cycleOnce, followAll, swayPrices, type World } from './world.ts'

const CYCLES = 40

type Size = { readonly rows: number; readonly bytes: number; readonly fileBytes: number }

/** Pages of the snapshots table and its indexes, slack included; and of the whole file, log folded in. */
const sizeOf = ({ database: { $client: client } }: Follower): Size => {
  client.pragma('wal_checkpoint(TRUNCATE)')
  return client
    .prepare(
      `SELECT (SELECT count(*) FROM snapshots) AS rows,
        (SELECT sum(pgsize) FROM dbstat WHERE name IN (SELECT name FROM sqlite_master WHERE tbl_name = 'snapshots')) AS bytes,
        (SELECT page_count * page_size FROM pragma_page_count, pragma_page_size) AS fileBytes`,
    )
    .get() as Size
}

/** Growth over cycles in which every position moves; the first snapshot of each is not counted. */
export const benchSnapshots = async (world: World): Promise<Report> => {
  const follower = await followAll(world)
  const before = sizeOf(follower)
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    await swayPrices(world, cycle)
    await cycleOnce(follower)
  }
  const after = sizeOf(follower)
  const rows = after.rows - before.rows
  if (rows === 0) throw new Error('no snapshot was taken')
  return {
    name: 'snapshots',
    title: `snapshots of ${CYCLES} cycles in which all volatile prices moved, ${world.borrowers} positions`,
    columns: ['cycles', 'rows', 'rows/cycle', 'bytes/row', 'file bytes/row'],
    rows: [
      [
        String(CYCLES),
        rows,
        rows / CYCLES,
        (after.bytes - before.bytes) / rows,
        (after.fileBytes - before.fileBytes) / rows,
      ],
    ],
  }
}
