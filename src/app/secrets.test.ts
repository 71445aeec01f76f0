import { expect, test } from 'vitest'
import { registry } from '../protocols/registry.ts'
import { parseConfig } from './config/load.ts'
import { createLog } from './log.ts'
import { secretsOf } from './secrets.ts'

const KEYS = [
  ...[
    'rpc-key-0123456789',
    'hook-path-0123456',
    'hook"signing',
    'header-value-01',
    '7654321:AAtelegram_token-0',
  ],
  ...[
    'AAtelegram_token-0',
    'discord-token-0123',
    'slack-token-012345',
    'mail p@ssword',
    'ntfy-token',
    'my-secret-topic',
  ],
  ...['0123456789abcdef0123456789abcdef', 'server-token', 'from-environment'],
]

const config = {
  chains: [{ id: 1, rpc: ['https://rpc.example/v3/rpc-key-0123456789'] }],
  server: { token: 'server-token' },
  receivers: [
    {
      name: 'a',
      webhook: {
        url: 'https://user:from-environment@hook.example/hook-path-0123456?x=1',
        secret: 'hook"signing',
        headers: { 'X-Key': 'header-value-01' },
      },
    },
    { name: 'b', telegram: { botToken: '7654321:AAtelegram_token-0', chatId: 1 } },
    { name: 'c', discord: { url: 'https://discord.example/api/webhooks/1/discord-token-0123' } },
    { name: 'd', slack: { url: 'https://slack.example/services/T/B/slack-token-012345' } },
    {
      name: 'e',
      email: { host: 'mail.example', user: 'me', password: 'mail p@ssword', from: 'a@b.cd', to: 'e@f.gh' },
    },
    { name: 'f', ntfy: { topic: 'my-secret-topic', token: 'ntfy-token' } },
    { name: 'g', pagerduty: { routingKey: '0123456789abcdef0123456789abcdef' } },
  ],
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1)

test('no secret of any receiver is ever logged, however it is written', () => {
  const { config: parsed } = parseConfig('plimsoll.yaml', JSON.stringify(config), {}, registry)
  const lines: string[] = []
  const log = createLog({
    level: 'info',
    secrets: secretsOf(parsed, []),
    isPretty: false,
    write: (text) => lines.push(text),
  })
  for (const key of KEYS) {
    log.info({ event: key, url: `https://x.example/${encodeURIComponent(key)}` }, `failed with ${key}`)
    log.error({ error: JSON.stringify({ key }) }, 'in JSON')
  }
  const text = lines.join('')
  for (const key of KEYS)
    for (const written of [key, encodeURIComponent(key), inJson(key), inJson(inJson(key))])
      expect(text).not.toContain(written)
  expect(text).toContain('[redacted]')
})
