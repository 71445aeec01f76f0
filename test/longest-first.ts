import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take longest, the longest first: begun late, one of them would keep a single worker busy at the end. */
const LONGEST = [
  'test/new-protocol.test.ts',
  'test/replay/replay.test.ts',
  'test/web/page.test.ts',
  'test/simulation/pace.test.ts',
  'test/acceptance/backfill.test.ts',
  'test/acceptance/watching.test.ts',
  'test/acceptance/unknown.test.ts',
  'test/acceptance/api-answers.test.ts',
  'test/acceptance/stress.test.ts',
  'test/acceptance/every-protocol.test.ts',
  'test/web/analyst.test.ts',
  'test/replay/aave-v3.test.ts',
  'test/acceptance/store.test.ts',
  'test/simulation/kill.test.ts',
  'test/acceptance/bad-input.test.ts',
]

/** The rest keeps the order of vitest: what took long here before, then what is long. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rankOf = ({ moduleId }: TestSpecification): number => {
      const rank = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}`))
      return rank < 0 ? LONGEST.length : rank
    }
    return (await super.sort(files)).sort((a, b) => rankOf(a) - rankOf(b))
  }
}
