// What is wrong with a file of tests of rules, beyond what its form says.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadRuleTests, parseRuleTests } from './rule-test-file.ts'

const RULES = 'rules: [{ name: A, severity: info, when: "healthFactor < 1.1" }]'

test('a test that expects nothing is refused', () => {
  const text = `${RULES}\ntests: [{ name: t, series: { healthFactor: "1.2 1.0" } }]\n`
  expect(() => parseRuleTests('t.yaml', text)).toThrow(
    't.yaml:2:9 tests[0]: expects nothing; write expect or sends',
  )
})

test('what is wrong with the configuration that it names is told with the lines there', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-rule-tests-'))
  const file = join(folder, 't.yaml')
  writeFileSync(join(folder, 'broken.yaml'), 'chains: []\nrules: {}\n')
  writeFileSync(file, 'config: broken.yaml\ntests: [{ name: t, series: { healthFactor: 1 }, sends: [] }]\n')
  expect(() => loadRuleTests(file)).toThrow(
    /t\.yaml:1:1 config: \S+broken\.yaml has 2 faults: line 1 chains: needs at least 1 line 2 rules: is to be a list/,
  )
})
