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

const NOUNS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'keys with values',
  record: 'keys with values',
  null: 'empty',
}

const nounOf = (type: string): string => NOUNS[type] ?? type

const typeText = (expected: string, received: string): string => {
  if (received === 'undefined') return `is missing: it is to be ${nounOf(expected)}`
  if (expected === 'int') return 'is to be a whole number'
  const mend = expected === 'string' && received !== 'null' ? '; put it in quotes' : ''
  return `is to be ${nounOf(expected)}, and is ${nounOf(received)}${['array', 'object'].includes(received) ? '' : mend}`
}

/** An issue in words that follow the place; what a schema says of its own accord stays as it is. */
const inWords = (issue: Issue): string => {
  const { message } = issue
  if (!/^(Invalid (input|option)|Too (small|big)): /.test(message)) return message
  if (issue.code === 'invalid_type') {
    const [, expected, received] = /expected (\w+), received (\w+)/.exec(message) ?? []
    return expected && received ? typeText(expected, received) : message.replace(/^Invalid input: /, '')
  }
  if (issue.code === 'invalid_value')
    return `is to be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`
  if (issue.code === 'too_small') {
    if (issue.origin === 'array') return `needs at least ${issue.minimum}`
    return issue.origin === 'string'
      ? 'is empty'
      : `is to be ${issue.inclusive ? `${issue.minimum} or more` : `more than ${issue.minimum}`}`
  }
  if (issue.code === 'too_big')
    return `is to be ${issue.inclusive ? `${issue.maximum}${issue.origin === 'string' ? ' characters' : ''} at most` : `less than ${issue.maximum}`}`
  return message
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
        if (issue.errors.length === 0) return [{ path, message: inWords(issue) }]
        return issueFaults(likeliest(issue.errors), path)
      }
      case 'invalid_key':
        return issueFaults(issue.issues, path)
      default:
        return [{ path, message: inWords(issue) }]
    }
  })
