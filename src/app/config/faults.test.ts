// What is wrong with what a configuration says of alerts: each with its place, and how to mend it.
import { expect, test } from 'vitest'
import { registry } from '../../protocols/registry.ts'
import { type ConfigError, parseConfig } from './load.ts'

const ACCOUNT = '0x00000000000000000000000000000000000000aa'

const loaded = (line: string) =>
  parseConfig('x.yaml', `chains: [{ id: 1, markets: ["aave-v3:core"] }]\n${line}\n`, {}, registry)

const parsed = (line: string) => loaded(line).config

const faultsOf = (line: string): readonly string[] => {
  try {
    parsed(line)
    return []
  } catch (error) {
    return (error as ConfigError).faults.map((one) => `${one.line} ${one.path}: ${one.message}`)
  }
}

const rule = (rest: string): string => `rules: [{ name: A, severity: info, ${rest} }]`
const receiver = (rest: string): string => `receivers: [{ name: a, ${rest} }]`
const WHEN = 'when: "healthFactor < 1"'

test.each([
  [rule('when: 1.1'), '2 rules[0].when: is to be text, and is a number; put it in quotes'],
  [
    'rules: [{ name: A, when: "healthFactor < 1" }]',
    '2 rules[0].severity: is to be one of info, warning, critical',
  ],
  ['rules: { A: 1 }', '2 rules: is to be a list, and is keys with values'],
  [rule('when: "isLiquidatable"'), 'expected == or != or in, as in "isLiquidatable == true"'],
  [rule('when: "isLiquidatable = true"'), 'or one of <= >= == != < >'],
  [rule('when: "shock < 5%"'), 'expected a fall, below 0, such as -5%'],
  [rule(`${WHEN}, forSeconds: 5m`), '2 rules[0].forSeconds: is to be a number, and is text'],
  [
    rule(`${WHEN}, match: { account: ${ACCOUNT} }`),
    'match.account: is to be text, and is a number; put it in quotes',
  ],
  [rule(`${WHEN}, match: { account: "0x12" }`), 'match.account: is no address'],
  [rule(`${WHEN}, match: { protocol: aave }`), 'there is no protocol aave; there is aave-v3'],
  [rule(`${WHEN}, labels: { severity: high }`), 'labels.severity: is a label that every alert has'],
  [
    rule(`${WHEN}, annotations: { summary: "{{ nobody }}" }`),
    'names "nobody", which is not known. Use one of headline,',
  ],
  [rule(`${WHEN}, annotations: { summary: "{{ $labels.x }}" }`), 'has a {{ or }} that is no place of a name'],
  [rule('scope: book, when: "leverage > 2"'), 'or scope: watched.'],
  [receiver('webhook: { secret: x }'), '2 receivers[0].webhook.url: is missing: it is to be text'],
  [receiver('console: false'), 'receivers[0].console: is to be true'],
  [receiver('webhook: { url: "https://x", headers: { "a b": c } }'), 'is no name of a header'],
  [
    receiver('email: { host: h, from: a@b.org, to: a@b.org, password: x }'),
    'email: needs user and password together',
  ],
  ['receivers: [{ name: "a,b", console: true }]', 'receivers[0].name: is empty, or has a comma'],
  [
    'notify: { inhibit: [{ source: { severty: info }, target: { severity: info } }] }',
    'inhibit[0].source.severty: no alert has the label severty',
  ],
  [
    'notify: { inhibit: [{ source: { severity: high }, target: { severity: info } }] }',
    'there is no severity high',
  ],
  ['notify: { groupBy: [owner] }', '2 notify.groupBy[0]: no alert has the label owner'],
  ['notify: { escalate: [{ afterSeconds: 0, receivers: [] }] }', 'afterSeconds: is to be more than 0'],
])('%s: refused', (line, fault) => {
  expect(faultsOf(line)).toEqual(expect.arrayContaining([expect.stringContaining(fault)]))
})

test.each([
  [
    'protocol: maker',
    'protocol: the rule says nothing: what is followed has no protocol maker; it has aave-v3',
  ],
  ['deployment: spark', 'what is followed has no deployment spark; it has core'],
  ['chainId: 8453', 'what is followed has no chainId 8453; it has 1'],
])('a rule that matches %s elsewhere is warned of', (match, warning) => {
  expect(loaded(rule(`${WHEN}, match: { ${match} }`)).warnings).toEqual([expect.stringContaining(warning)])
  expect(loaded(rule(WHEN)).warnings).toEqual([])
})

test('accounts to be matched are taken in any case, values also where YAML takes them for numbers', () => {
  const { rules, notify } = parsed(
    [
      rule(`${WHEN}, match: { account: "${ACCOUNT}", chainId: 1, label: 7 }, labels: { team: 5 }`),
      `notify: { inhibit: [{ source: { account: "${ACCOUNT}", team: 5 }, target: { severity: info } }] }`,
    ].join('\n'),
  )
  const account = '0x00000000000000000000000000000000000000AA'
  expect(rules?.[0]).toMatchObject({ match: { account, chainId: '1', label: '7' }, labels: { team: '5' } })
  expect(notify.inhibit[0]?.source).toEqual({ account, team: '5' })
})
