// How cost grows with the book: the same cycles over 1,000 to 1,000,000 synthetic positions.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Report } from '../report.ts'
import { readPool } from '../synthetic/pool.ts'
import { type CycleCost, type Filled, type Measured, runJob, type Screened, type Sweep } from './job.ts'

type Point = { readonly positions: number } & Filled & Measured & Screened

const MIB = 2 ** 20

const cyclesRow = (
  positions: number,
  what: string,
  { ms, processorMs, readingMs, besideReadingMs, afterwardsMs, requests, reads, assessed }: CycleCost,
) => [
  ...[positions.toLocaleString('en'), what, ms, processorMs, readingMs, besideReadingMs, afterwardsMs],
  ...[assessed, reads, requests],
]

const sweepRow = (positions: number, what: string, { ms, processorMs, visited }: Sweep) => [
  positions.toLocaleString('en'),
  ...[what, ms, processorMs, visited],
]

/** One table of cycles, one of what a book of that size needs. Each size in a folder that is gone afterwards. */
export const benchCurve = async (sizes: readonly number[]): Promise<readonly Report[]> => {
  const { adapter: _adapter, ...pool } = await readPool()
  const points: Point[] = []
  for (const positions of sizes) {
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-curve-'))
    try {
      const job = { file: join(folder, 'book.db'), positions, pool }
      const filled = await runJob<Filled>({ ...job, task: 'fill' })
      const measured = await runJob<Measured>({ ...job, task: 'measure' })
      const screened = await runJob<Screened>({ ...job, task: 'screen' })
      points.push({ positions, ...filled, ...measured, ...screened })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  return [
    {
      name: 'curve-cycles',
      title:
        'one cycle by size of the book: durable commit included, no alert rules, no audits; what the synthetic chain took to answer is not counted; medians of 9',
      columns: [
        'positions',
        'new head',
        'ms',
        'processor ms',
        'of it reading',
        'ms beside reading',
        'log moved afterwards ms',
        'assessed exactly',
        'keys read',
        'requests',
      ],
      rows: points.flatMap(({ positions, idle, prices, touched }) => [
        cyclesRow(positions, 'time alone', idle),
        cyclesRow(positions, 'volatile prices moved by 2 %', prices),
        cyclesRow(positions, '1 % of accounts touched', touched),
      ]),
    },
    {
      name: 'curve-screen',
      title: 'the screen alone: prices moved by 2 %, factors and one sweep over all positions',
      columns: ['positions', 'prices', 'ms', 'processor ms', 'left to be looked at'],
      rows: points.flatMap(({ positions, together, apart }) => [
        sweepRow(positions, 'all up or down', together),
        sweepRow(positions, 'each in its own way', apart),
      ]),
    },
    {
      name: 'curve-book',
      title: 'a book by its size',
      columns: [
        'positions',
        'opened from disk s',
        'by the processor s',
        'first cycle s',
        'resident MiB at most',
        'file MiB',
        'filled s',
      ],
      rows: points.map((point) => [
        point.positions.toLocaleString('en'),
        point.startMs / 1_000,
        point.startProcessorMs / 1_000,
        point.firstCycleMs / 1_000,
        point.residentBytesMax / MIB,
        point.fileBytes / MIB,
        point.fillMs / 1_000,
      ]),
    },
  ]
}
