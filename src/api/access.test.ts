import { describe, expect, test } from 'vitest'
import { type ServerConfig, serverSchema } from '../app/config/server.ts'
import { checkScope, createAccess } from './access.ts'

const serverOf = (some: object): ServerConfig => serverSchema.parse(some)
const asked = (authorization?: string, host = '127.0.0.1:4160') => ({
  authorization,
  host,
  address: '127.0.0.1',
})

describe('without a token', () => {
  const access = createAccess(serverOf({}))

  test.each(['127.0.0.1:4160', 'localhost:4160', 'localhost', '[::1]:4160', '127.8.8.8'])(
    '%s may read',
    (host) => {
      const client = access(asked(undefined, host))
      expect(client).toEqual({ name: '127.0.0.1', scope: 'read' })
      expect(() => checkScope(client, 'write')).toThrow('without a token nothing can be changed')
    },
  )

  test.each(['example.org', '127.0.0.1.example.org', 'localhost.example.org:80', '', '10.0.0.1'])(
    'a page that names %s may not',
    (host) => expect(() => access(asked(undefined, host))).toThrow('only requests to a loopback address'),
  )
})

describe('with tokens', () => {
  const access = createAccess(
    serverOf({
      token: 'all-of-it',
      tokens: [
        { name: 'bot', token: 'only-reads' },
        { name: 'ops', token: 'also-writes', scope: 'write' },
      ],
    }),
  )

  test.each([
    ['Bearer all-of-it', { name: 'token', scope: 'write' }],
    ['bearer  only-reads ', { name: 'bot', scope: 'read' }],
    ['Bearer also-writes', { name: 'ops', scope: 'write' }],
  ])('%s is known, under whatever name it came', (header, client) =>
    expect(access(asked(header, 'example.org'))).toEqual(client),
  )

  test.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Bearer all-of-i',
    'Bearer all-of-it2',
    'Basic all-of-it',
    'all-of-it',
  ])('%s is not', (header) => expect(() => access(asked(header))).toThrow(/token|bearer/))
})
