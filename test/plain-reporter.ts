import type { Reporter } from 'vitest/node'

/** Closes a run with one plain line: `N passed, N failed`. A file that does not load counts as failed. */
export const plainReporter: Reporter = {
  onTestRunEnd: (modules) => {
    const states = modules.flatMap((module) => {
      const tests = [...module.children.allTests()].map((test) => test.result().state)
      return module.errors().length > 0 ? [...tests, 'failed'] : tests
    })
    const count = (state: string): number => states.filter((one) => one === state).length
    const skipped = count('skipped') === 0 ? '' : `, ${count('skipped')} skipped`
    process.stdout.write(`\n${count('passed')} passed, ${count('failed')} failed${skipped}\n`)
  },
}
