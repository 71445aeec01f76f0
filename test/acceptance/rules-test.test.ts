// Tests of rules through the command line: what holds, what does not, and files that are wrong.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cli } from '../support/cli.ts'

const EXAMPLE = join(import.meta.dirname, '..', '..', 'docs', 'rules-test.yaml')
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-rules-'))

/** A file in a folder of its own; tests name it without a path. */
const fileOf = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return name
}

const rules = async (...args: readonly string[]) => cli(['rules', ...args], { cwd: folder })

test('the example holds', async () => {
  expect(await rules('test', EXAMPLE)).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^pass {2}a wobble[\s\S]*\n3 passed, 0 failed\n$/),
  })
})

test('what does not come as expected is told with its line and what came around it', async () => {
  const text = readFileSync(EXAMPLE, 'utf8')
    .replace(
      'at: 48s, alert: NearLiquidation, state: firing',
      'at: 48s, alert: NearLiquidation, state: resolved',
    )
    .replace('at: 84s, alert: NearLiquidation, status', 'at: 72s, alert: NearLiquidation, status')
  const lineOf = (part: string): number => text.split('\n').findIndex((line) => line.includes(part)) + 1
  const file = fileOf('wrong.yaml', text)
  const [stateLine, sendsLine] = [lineOf('at: 48s, alert: Near'), lineOf('at: 72s, alert: Near')]
  const { exitCode, stdout } = await rules('test', file)
  expect(exitCode).toBe(1)
  for (const part of [
    'FAIL  a wobble around the threshold is one alert',
    `wrong.yaml:${stateLine}  at 48s NearLiquidation: expected resolved, was firing`,
    `wrong.yaml:${sendsLine}  at 72s NearLiquidation: expected a message: resolved, was no message`,
    'at 84s NearLiquidation: expected no message, was a message: resolved',
    '24s  healthFactor 1.09  NearLiquidation firing  sent NearLiquidation firing',
    '\n2 passed, 1 failed\n',
  ])
    expect(stdout).toContain(part)
  const { passed, failed, tests } = JSON.parse((await rules('test', file, '--json')).stdout)
  expect([passed, failed]).toEqual([2, 1])
  expect(tests[0].failures).toMatchObject([
    { line: stateLine, atSeconds: 48, expected: 'resolved', actual: 'firing' },
    { line: sendsLine, atSeconds: 72 },
    { atSeconds: 84, expected: 'no message' },
  ])
  expect(tests[2].timeline).toMatchObject([
    { atSeconds: 36, alert: 'NearLiquidation', became: 'firing' },
    { atSeconds: 48, alert: 'LargeAndLow', became: 'pending' },
    { atSeconds: 72, alert: 'LargeAndLow', became: 'firing' },
  ])
})

test('every fault of a file is told at once, with its line', async () => {
  const file = fileOf(
    'faulty.yaml',
    `rules:
  - { name: A, severity: warning, when: "healthFactr < 1" }
  - { name: A, severity: warning, when: "healthFactor < 1.1" }
tests:
  - name: x
    series: { healthFactor: "1.1 foo", shok: "1" }
  - name: y
    interval: 12s
    series: { healthFactor: "1.1 1.0 1.2", debtUsd: "1 2" }
  - name: z
    series: { healthFactor: "1.1 1.0" }
    expect:
      - { at: 13s, alert: B, state: firing }
`,
  )
  const { exitCode, stdout, stderr } = await rules('test', file)
  expect([exitCode, stdout]).toEqual([2, ''])
  for (const part of [
    'faulty.yaml has 7 faults',
    'faulty.yaml:2:35 rules[0].when: rule A, when: "healthFactr < 1" at character 1: expected one of',
    'faulty.yaml:3:5 rules[1]: the rule A is there twice',
    'faulty.yaml:6:15 tests[0].series.healthFactor: "foo" is not a number',
    'faulty.yaml:6:40 tests[0].series.shok: is no field',
    'faulty.yaml:9:44 tests[1].series.debtUsd: has 2 values, the longest series 3',
    'faulty.yaml:13:11 tests[2].expect[0].at: is no step: they are 12s apart, from 0s to 12s',
    'faulty.yaml:13:20 tests[2].expect[0].alert: is no rule; there are A, A',
  ])
    expect(stderr).toContain(part)
  expect(await rules('test', 'nowhere.yaml')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('cannot be read'),
  })
})

test('the rules are those of a configuration where a file names one, else the built-in ones', async () => {
  fileOf(
    'plimsoll.yaml',
    'chains: [{ id: 1 }]\nrules: [{ name: Mine, severity: info, when: "healthFactor < 1.5", match: { label: mine } }]\n',
  )
  const testing = (head: string, alert: string) => `${head}
tests:
  - { name: one, loan: { label: mine }, series: { healthFactor: "2 1.09" }, expect: [{ at: 12s, alert: ${alert}, state: firing }] }
`
  expect((await rules('test', fileOf('c.yaml', testing('config: ./plimsoll.yaml', 'Mine')))).exitCode).toBe(0)
  expect((await rules('test', fileOf('b.yaml', testing('', 'NearLiquidation')))).exitCode).toBe(0)
  expect(await rules('list')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/Mine +info +watched, label mine +healthFactor < 1\.5/),
  })
})
