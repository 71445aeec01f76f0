import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/longest-first.ts'
import { plainReporter } from './test/plain-reporter.ts'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['test/long/**', 'node_modules/**'],
    globalSetup: ['./test/built.ts', './test/temporary.ts'],
    setupFiles: ['./test/seeds.ts'],
    // What is printed is compared without colours, also where a CI asks for them.
    env: { NO_COLOR: '1' },
    testTimeout: process.env['PLIMSOLL_LONG'] ? 3_600_000 : 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // What many files import is loaded once a worker, not once a file: no file changes what another sees.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    reporters: ['default', plainReporter],
  },
})
