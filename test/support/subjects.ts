import type { Subject } from '../../src/alerts/subject.ts'
import type { Assessment } from '../../src/model/assessment.ts'
import type { Risk } from '../../src/risk/risk.ts'

/** A loan as rules see it, in a cycle in which nothing happened to it. */
export const subjectAt = ({
  risk,
  ...rest
}: Partial<Subject> & { readonly assessment: Assessment; readonly risk?: Risk }): Subject => ({
  loan: rest.assessment,
  label: undefined,
  liquidations: [],
  changes: [],
  riskOf: () => risk,
  ...rest,
})
