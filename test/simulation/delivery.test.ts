// Alerts on a real database, carried by a process that is killed again and again to a receiver that fails a third of the time.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { createRandom } from '../devnet/random.ts'
import { startFlakyHook } from '../support/flaky-hook.ts'
import { nearAlert } from '../support/notifications.ts'
import { outboxOn } from '../support/outbox.ts'
import { sized } from '../support/size.ts'
import { until } from '../support/until.ts'

const MESSAGES = sized(150, 1_200)
const KILLS = sized(3, 20)
const ALERTS = sized(20, 100)
/** Some more than what has to be shown, so that chance does not decide. */
const FAULT_SHARE = 0.38
const FAULT_SHARE_MIN = 0.3

const root = join(import.meta.dirname, '..', '..')

/** The delivering process as one file: it starts in no time. */
const buildProgram = async (): Promise<string> => {
  const outfile = join(root, '.cache', 'delivering.js')
  await build({
    ...{ entryPoints: [join(root, 'test', 'simulation', 'delivering.ts')], outfile },
    ...{ bundle: true, format: 'esm', platform: 'node', target: 'node20.19', logLevel: 'warning' },
    banner: {
      js: "import { createRequire as requiring } from 'node:module'; const require = requiring(import.meta.url);",
    },
    external: ['better-sqlite3'],
  })
  return outfile
}

const start = (program: string, file: string, url: string): ChildProcess =>
  spawn(process.execPath, [program, file, url], { stdio: ['ignore', 'ignore', 'inherit'] })

const kill = async (child: ChildProcess): Promise<void> => {
  const closed = new Promise((resolve) => child.on('close', resolve))
  child.kill('SIGKILL')
  await closed
}

/** The nth message: alerts take turns, each fires and is over again and again. */
const messageAt = (index: number) =>
  nearAlert({
    id: `n${index}`,
    fingerprint: `f${index % ALERTS}`,
    status: Math.floor(index / ALERTS) % 2 === 0 ? 'firing' : 'resolved',
  })

test(`${MESSAGES} messages, ${KILLS} kills, a third of all requests failing: each arrives, in order, under one id`, async () => {
  const program = await buildProgram()
  const random = createRandom(41)
  const hook = await startFlakyHook(random, FAULT_SHARE)
  const file = join(mkdtempSync(join(tmpdir(), 'plimsoll-delivery-')), 'o.db')
  const { database, put } = outboxOn(file)
  const delivered = database.$client
    .prepare('SELECT count(*) FROM outbox WHERE delivered_at_ms IS NOT NULL')
    .pluck()
  const deliveredCount = (): number => delivered.get() as number
  const all = Array.from({ length: MESSAGES }, (_, index) => messageAt(index))
  let putCount = 0
  const putSome = (count: number): void => {
    put(all.slice(putCount, putCount + count))
    putCount += count
  }
  const perRun = Math.ceil(MESSAGES / (KILLS + 1))
  for (let count = 0; count < KILLS; count++) {
    putSome(perRun)
    const child = start(program, file, hook.url)
    const enough = hook.taken.length + random.integer(1, perRun - 1)
    await until('some have arrived', () => hook.taken.length >= enough)
    await kill(child)
  }
  putSome(MESSAGES)
  const last = start(program, file, hook.url)
  while (deliveredCount() < MESSAGES) {
    const before = deliveredCount()
    await until('one more is delivered', () => deliveredCount() > before)
  }
  await kill(last)
  await hook.stop()
  database.$client.close()

  const texts = new Map<string, Set<string>>()
  for (const { id, text } of hook.taken) texts.set(id, (texts.get(id) ?? new Set()).add(text))
  expect([...texts.keys()].sort()).toEqual(all.map(({ id }) => id).sort())
  for (const [id, bodies] of texts) expect(bodies.size, id).toBe(1)
  for (let alert = 0; alert < ALERTS; alert++) {
    const order = hook.taken
      .filter(({ fingerprint }) => fingerprint === `f${alert}`)
      .map(({ id }) => Number(id.slice(1)))
    expect(order).toEqual([...order].sort((a, b) => a - b))
  }
  const { requests, faults } = hook.counts
  expect(faults / requests).toBeGreaterThanOrEqual(FAULT_SHARE_MIN)
  console.log(
    `delivery: ${MESSAGES} messages, ${KILLS} kills, ${requests} requests of which ${faults} failed, taken ${hook.taken.length} times`,
  )
})
