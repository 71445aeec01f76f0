// How long a scenario takes over a stored book: from the file to the figures.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stressStored } from '../../src/app/stress.ts'
import { aaveV3 } from '../../src/protocols/aave-v3/index.ts'
import type { Depth } from '../../src/risk/scenario.ts'
import { crashDays } from '../../src/risk/scenario-days.ts'
import { openDatabaseReadonly } from '../../src/store/database.ts'
import { simulateBook } from '../../test/simulation/screen-world.ts'
import { storeMirror } from '../../test/support/store-mirror.ts'
import { timed } from './measure.ts'
import type { Report } from './report.ts'

const SEED = 3
const HEAD = { chainId: 31_337, number: 1n, hash: `0x${'1'.repeat(64)}`, timestamp: 1_000_012 } as const

const DEPTHS: readonly Depth[] = [
  { subject: 'WETH', depthUsd: 100e6 },
  { subject: 'WBTC', depthUsd: 100e6 },
]

const fallOf = (changePpm: bigint) => ({
  name: 'fall',
  steps: [
    {
      ...{ name: 'fall', frozen: [], seconds: 0 },
      shocks: ['WETH', 'WBTC'].map((subject) => ({ subject, changePpm })),
    },
  ],
})

/** A fall, a crash day, the curve and a cascade over so many drawn accounts of a simulated pool in a database. */
export const benchStress = async (positions: number): Promise<Report> => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-stress-'))
  try {
    const file = join(folder, 'book.db')
    storeMirror(file, aaveV3, simulateBook(SEED, positions), HEAD)
    const database = openDatabaseReadonly(file)
    const [day] = crashDays.filter(({ name }) => name === '2022-06-13')
    if (!day) throw new Error('no such day')
    const fall = fallOf(-300_000n)
    const asks = [
      ['every volatile price −30 %', { scenario: fall }],
      ['the crash day of 2022-06-13', { scenario: day }],
      ['−30 %, and the curve −1 … −90 % by group', { scenario: fall, isCurve: true }],
      ['−30 %, and the cascade at five depths and without', { scenario: fall, depths: DEPTHS }],
    ] as const
    const rows: (readonly (string | number)[])[] = []
    for (const [what, ask] of asks) {
      const { ms, processorMs, value } = await timed(() =>
        stressStored(database, [], {
          ...{ isBuiltIn: true, isCurve: false, depths: undefined, limit: 10, onProgress: () => undefined },
          ...ask,
        }),
      )
      if ('strangers' in value) throw new Error(`unknown: ${value.strangers.join()}`)
      const { cascade, everNewly } = value
      rows.push([
        what,
        ms,
        processorMs,
        everNewly,
        cascade ? cascade.sensitivity.reduce((sum, { liquidations }) => sum + liquidations, 0) : '–',
      ])
    }
    database.$client.close()
    return {
      name: 'stress',
      title: `${positions.toLocaleString('en')} stored positions of a pool of four assets, many close to the line, from the file on`,
      columns: ['what', 'ms', 'processor ms', 'newly liquidatable', 'liquidations simulated'],
      rows,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
