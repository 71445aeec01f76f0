import { expect, test } from 'vitest'
import { registry } from '../../protocols/registry.ts'
import { ConfigError, parseConfig } from './load.ts'

const configOf = (server: string) =>
  parseConfig(
    'plimsoll.yaml',
    `chains: [{ id: 1, rpc: ["http://127.0.0.1:1"] }]\nserver: ${server}`,
    {},
    registry,
  ).config

const faultsOf = (server: string): readonly string[] => {
  try {
    configOf(server)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ path, message }) => `${path}: ${message}`)
    throw error
  }
}

test('without a word it serves this machine alone', () => {
  expect(configOf('{}').server).toMatchObject({ host: '127.0.0.1', port: 4160, tokens: [], cors: [] })
  expect(configOf('{ host: 0.0.0.0, tokens: [{ name: bot, token: long-enough }] }').server?.tokens).toEqual([
    { name: 'bot', token: 'long-enough', scope: 'read' },
  ])
})

test.each([
  [
    '{ host: 0.0.0.0 }',
    'server.host: 0.0.0.0 can be reached from elsewhere: set server.token, or use 127.0.0.1',
  ],
  ['{ token: short }', 'server.token: is too short: a token has at least 8 characters'],
  ['{ token: "with a space" }', 'server.token: may hold visible ASCII characters only'],
  [
    '{ token: long-enough, tokens: [{ name: bot, token: long-enough }] }',
    'server.tokens[0]: the token bot is the same as another',
  ],
  [
    '{ tokens: [{ name: bot, token: long-enough }, { name: bot, token: another-one }] }',
    'server.tokens[1]: the token bot is there twice',
  ],
  ['{ cors: ["https://example.org/"] }', 'server.cors[0]: is no origin such as https://app.example.org'],
  ['{ port: 70000 }', 'server.port: is to be 65535 at most'],
])('%s: refused', (server, fault) => expect(faultsOf(server)).toEqual([fault]))
