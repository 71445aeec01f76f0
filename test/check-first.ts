import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The check of types takes longest of all files and so starts first: nothing waits for it alone at the end. */
export class CheckFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isCheck = ({ moduleId }: TestSpecification): boolean => moduleId.endsWith('/test/check.test.ts')
    const sorted = await super.sort(files)
    return [...sorted.filter(isCheck), ...sorted.filter((file) => !isCheck(file))]
  }
}
