// zod's issues as faults in a user's words.
import type { z } from 'zod'

export type PathFault = { readonly path: readonly PropertyKey[]; readonly message: string }

type Issue = z.core.$ZodIssue

/** Of a union's branches, the one whose faults lie deepest: what the writer most likely meant. */
const likeliest = (branches: readonly (readonly Issue[])[]): readonly Issue[] => {
  const depth = (issues: readonly Issue[]): number => Math.max(0, ...issues.map(({ path }) => path.length))
  const score = (issues: readonly Issue[]): number => depth(issues) * 100 - issues.length
  return [...branches].sort((a, b) => score(b) - score(a))[0] ?? []
}

/** Flattens issues into one fault each; unknown keys are faults of their own. */
export const issueFaults = (
  issues: readonly Issue[],
  base: readonly PropertyKey[] = [],
): readonly PathFault[] =>
  issues.flatMap((issue): readonly PathFault[] => {
    const path = [...base, ...issue.path]
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.map((key) => ({
          path: [...path, key],
          message: 'is no key that Plimsoll knows; correct or remove it',
        }))
      case 'invalid_union': {
        if (issue.errors.length === 0) return [{ path, message: issue.message }]
        return issueFaults(likeliest(issue.errors), path)
      }
      case 'invalid_type':
        return [{ path, message: issue.message.replace(/^Invalid input: /, '') }]
      default:
        return [{ path, message: issue.message }]
    }
  })
