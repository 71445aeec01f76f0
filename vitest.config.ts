import { defineConfig } from 'vitest/config'
import { plainReporter } from './test/plain-reporter.ts'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['test/long/**', 'node_modules/**'],
    globalSetup: ['./test/built.ts'],
    setupFiles: ['./test/seeds.ts'],
    testTimeout: process.env['PLIMSOLL_LONG'] ? 1_800_000 : 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    reporters: ['default', plainReporter],
  },
})
