// `rules`: what the rules are, and tests of them.
import colors from 'picocolors'
import { builtInRules } from '../../alerts/built-in.ts'
import { type Failure, type RuleTestResult, runRuleTest } from '../../alerts/rule-tests.ts'
import { loadRuleTests, type RuleTestFile } from '../../app/rule-test-file.ts'
import { loadContextOrPublic } from '../context.ts'
import { EXIT } from '../exit.ts'
import { print, printJson } from '../print/output.ts'
import { ruleTestLines } from '../print/rule-tests.ts'
import { ruleTable } from '../print/rules.ts'
import type { Run } from '../run.ts'

/** `rules list`: the rules that a watcher with this configuration steps. */
export const rulesList: Run = (_args, options) => {
  const { config } = loadContextOrPublic(options)
  const rules = config.rules ?? builtInRules
  const isBuiltIn = config.rules === undefined
  if (options.json) printJson({ isBuiltIn, rules })
  else
    print(
      ruleTable(rules),
      colors.dim(isBuiltIn ? `${rules.length} built-in rules` : `${rules.length} rules of the configuration`),
    )
  return EXIT.fine
}

const jsonOf = (
  file: string,
  { tests, lineOf }: RuleTestFile,
  results: readonly RuleTestResult[],
  failedCount: number,
) => ({
  file,
  passed: tests.length - failedCount,
  failed: failedCount,
  tests: results.map(({ failures, ...result }, index) => ({
    ...result,
    line: lineOf(index),
    isPassed: failures.length === 0,
    failures: failures.map(({ of, index: _index, ...failure }: Failure, at) => ({
      ...{ line: lineOf(index, failures[at]), of },
      ...failure,
    })),
  })),
})

/** `rules test`: rules on literal series; exit 1 where something does not come as expected. */
export const rulesTest: Run = ([file = ''], options) => {
  const read = loadRuleTests(file)
  const results = read.tests.map((test) => runRuleTest(read.rules, read.settings, test))
  const failedCount = results.filter(({ failures }) => failures.length > 0).length
  if (options.json) printJson(jsonOf(file, read, results, failedCount))
  else
    print(
      ...results.flatMap((result, index) => ruleTestLines(file, read, index, result)),
      `${results.length - failedCount} passed, ${failedCount} failed`,
    )
  return failedCount > 0 ? EXIT.finding : EXIT.fine
}
