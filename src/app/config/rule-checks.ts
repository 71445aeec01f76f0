// Rules as a schema alone cannot see them: names, expressions, texts, and loans that there are not.
import { ruleFaults } from '../../alerts/rules.ts'
import type { AlertRule } from '../../model/alert.ts'
import type { Adapter } from '../../protocols/adapter.ts'
import { wantedOf } from './config.ts'
import type { PathFault } from './issues.ts'
import { repeated } from './named.ts'
import type { ConfigInput } from './schema.ts'

/** What is wrong with rules in themselves: names that are there twice, expressions and texts that do not compile. */
export const ruleListFaults = (rules: NonNullable<ConfigInput['rules']>): readonly PathFault[] => [
  ...repeated(rules, ({ name }) => name, ['rules'], 'the rule'),
  ...rules.flatMap((rule, index) =>
    ruleFaults(rule as AlertRule).map(({ part, message, remedy }) => ({
      path: ['rules', index, ...part.split('.')],
      message: remedy === undefined ? message : `${message}. ${remedy}`,
    })),
  ),
]

/** Protocols to be matched that there are not. */
const protocolFaults = ({ rules = [] }: ConfigInput, adapters: readonly Adapter[]): readonly PathFault[] => {
  const known = adapters.map(({ protocol }) => protocol)
  return rules.flatMap(({ match: { protocol } }, index) => {
    if (protocol === undefined || known.includes(protocol)) return []
    const message = `there is no protocol ${protocol}; there is ${known.join(', ')}`
    return [{ path: ['rules', index, 'match', 'protocol'], message }]
  })
}

/** What a rule is to match and nothing that is followed has: it may be meant for what is followed elsewhere. */
export const rulesWithoutMatch = (
  { rules = [], chains }: ConfigInput,
  adapters: readonly Adapter[],
): readonly PathFault[] => {
  const followed = chains.flatMap((chain) =>
    wantedOf(adapters, chain).map(({ deployment }) => ({ ...deployment, chainId: String(chain.id) })),
  )
  return rules.flatMap(({ match }, index) =>
    (['protocol', 'deployment', 'chainId'] as const).flatMap((key) => {
      const known = [...new Set(followed.map((deployment) => deployment[key]))]
      const wanted = match[key]
      if (wanted === undefined || known.length === 0 || known.includes(wanted)) return []
      const message = `the rule says nothing: what is followed has no ${key} ${wanted}; it has ${known.join(', ')}`
      return [{ path: ['rules', index, 'match', key], message }]
    }),
  )
}

/** What is wrong with rules, in themselves and beside what is followed. */
export const faultsOfRules = (input: ConfigInput, adapters: readonly Adapter[]): readonly PathFault[] => {
  const { rules = [], chains } = input
  return [
    ...ruleListFaults(rules),
    ...protocolFaults(input, adapters),
    ...rules.flatMap(({ scope }, index) =>
      scope === 'book' && !chains.some(({ follow }) => follow === 'book')
        ? [{ path: ['rules', index, 'scope'], message: 'scope book needs a chain with follow: book' }]
        : [],
    ),
  ]
}
