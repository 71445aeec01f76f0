/** What exit codes mean: fine; a finding; wrong usage or configuration; could not find out. */
export const EXIT = { fine: 0, finding: 1, usage: 2, unknown: 3 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
