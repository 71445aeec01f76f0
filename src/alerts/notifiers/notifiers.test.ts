// Each kind of receiver against a real web server: what exactly is sent, and what is made of every way to fail.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  digest,
  groupOf,
  nearAlert,
  resolvedAlert,
  testMessage,
} from '../../../test/support/notifications.ts'
import { startTlsServer } from '../../../test/support/tls-server.ts'
import { type Receiver as Hook, startReceiver } from '../../../test/support/webhook.ts'
import type { Notification } from '../../model/alert.ts'
import { kindOf, notifierOf, type Receiver, receiverSchema, receiverSecrets } from './index.ts'
import type { Delivery } from './notifier.ts'

const NOW_MS = Date.parse('2026-01-01T00:00:00Z')
const TOKEN = '123456:AAbbCCddEEff_secret-token'
const ROUTING_KEY = '0123456789abcdef0123456789abcdef'

let hook: Hook
beforeEach(async () => {
  hook = await startReceiver()
})
afterEach(() => hook.stop())

const root = (): string => hook.url.replace('/hook', '')

const receiverOf = (settings: object): Receiver => receiverSchema.parse({ name: 'r', ...settings })

const send = (settings: object, notification: Notification = nearAlert()): Promise<Delivery> =>
  notifierOf(receiverOf(settings), {
    nowMs: () => NOW_MS,
    writeLine: () => undefined,
    timeoutMs: 500,
  }).send(notification)

const sent = async (settings: object, notification?: Notification) => {
  expect(await send(settings, notification)).toEqual({ ok: true })
  return hook.received.map(({ path, body, headers }) => ({ path, headers, body: body as unknown as object }))
}

const kinds = () => ({
  webhook: { webhook: { url: `${hook.url}?key=hook-secret-key`, secret: 'signing-secret' } },
  telegram: { telegram: { botToken: TOKEN, chatId: -100, threadId: 7, apiUrl: root() } },
  discord: { discord: { url: `${root()}/api/webhooks/1/discord-secret-token`, threadId: '9' } },
  slack: { slack: { url: `${root()}/services/T0/B0/slack-secret-token` } },
  ntfy: { ntfy: { topic: 'plimsoll-of-somebody', url: root(), token: 'ntfy-secret-token' } },
  pagerduty: { pagerduty: { routingKey: ROUTING_KEY, apiUrl: root() } },
})
const secretWords = [
  ...['hook-secret-key', 'signing-secret', TOKEN, 'AAbbCCddEEff_secret-token', 'discord-secret-token'],
  ...['slack-secret-token', 'plimsoll-of-somebody', 'ntfy-secret-token', ROUTING_KEY],
]

const ACCOUNT_URL = 'https://etherscan.io/address/0x00000000000000000000000000000000000000Aa'
const hostile = (): Notification =>
  nearAlert({
    labels: { ...nearAlert().labels, label: '<!here> <b>*_`[x](y)' },
    annotations: { description: '@everyone https://evil.example & "co"' },
  })

describe('what is sent', () => {
  test('to Telegram: HTML of a bot, without previews', async () => {
    const [message] = await sent(kinds().telegram)
    expect(message?.path).toBe(`/bot${TOKEN}/sendMessage`)
    expect(message?.body).toEqual({
      chat_id: -100,
      message_thread_id: 7,
      text: `<b>🔴 treasury's Aave v3 loan on Ethereum: health 1.04, ETH −3.8 % to liquidation</b>
To health 1.1: repay 173 USDC or add 0.1154 WETH
Collateral: 2 WETH (4,000.00 USD)
Debt: 3,173 USDC (3,173.00 USD)
CloseToLiquidation · critical · since 2023-11-14T22:13:20Z
<a href="https://app.aave.com">Manage the loan</a> · <a href="${ACCOUNT_URL}">Account</a> · <a href="https://etherscan.io/block/18600000">Block</a>`,
      parse_mode: 'HTML',
      link_preview_options: { is_disabled: true },
    })
  })

  test('to Telegram: nothing of a loan is read as HTML', async () => {
    const [message] = await sent(kinds().telegram, hostile())
    const { text = '' } = (message?.body ?? {}) as { text?: string }
    expect(text.split('\n')[0]).toContain('<b>🔴 &lt;!here&gt; &lt;b&gt;*_`[x](y)')
    expect(text).toContain('@everyone https://evil.example &amp; &quot;co&quot;')
  })

  test('to Discord: an embed that mentions nobody, marks of others escaped', async () => {
    const [message] = await sent(kinds().discord, hostile())
    expect(message?.path).toBe('/api/webhooks/1/discord-secret-token?wait=true&thread_id=9')
    expect(message?.body).toEqual({
      embeds: [
        {
          title:
            "🔴 \\<!here\\> \\<b\\>\\*\\_\\`\\[x\\]\\(y\\)'s Aave v3 loan on Ethereum: health 1.04, ETH −3.8 % to liquidation",
          description: `To health 1.1: repay 173 USDC or add 0.1154 WETH
Collateral: 2 WETH \\(4,000.00 USD\\)
Debt: 3,173 USDC \\(3,173.00 USD\\)
\\@everyone https\\://evil.example & "co"
CloseToLiquidation · critical · since 2023-11-14T22:13:20Z
[Manage the loan](https://app.aave.com) · [Account](${ACCOUNT_URL}) · [Block](https://etherscan.io/block/18600000)`,
          color: 0xd92d20,
        },
      ],
      allowed_mentions: { parse: [] },
    })
  })

  test('to Slack: blocks, in which nothing becomes a mention or a link by itself', async () => {
    const [message] = await sent(kinds().slack, hostile())
    const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } })
    const headline =
      "🔴 &lt;!here&gt; &lt;b&gt;*_`[x](y)'s Aave v3 loan on Ethereum: health 1.04, ETH −3.8 % to liquidation"
    expect(message?.body).toEqual({
      text: headline,
      blocks: [
        section(`*${headline.replace('*', '∗')}*`),
        section(`To health 1.1: repay 173 USDC or add 0.1154 WETH
Collateral: 2 WETH (4,000.00 USD)
Debt: 3,173 USDC (3,173.00 USD)
@everyone https://evil.example &amp; "co"
CloseToLiquidation · critical · since 2023-11-14T22:13:20Z
<https://app.aave.com|Manage the loan> · <${ACCOUNT_URL}|Account> · <https://etherscan.io/block/18600000|Block>`),
      ],
      unfurl_links: false,
      unfurl_media: false,
    })
  })

  test('to ntfy: priority, tag, a tap and buttons', async () => {
    const [message] = await sent(kinds().ntfy)
    expect(message?.headers['authorization']).toBe('Bearer ntfy-secret-token')
    expect(message?.body).toEqual({
      topic: 'plimsoll-of-somebody',
      title: "treasury's Aave v3 loan on Ethereum: health 1.04, ETH −3.8 % to liquidation",
      message: `To health 1.1: repay 173 USDC or add 0.1154 WETH
Collateral: 2 WETH (4,000.00 USD)
Debt: 3,173 USDC (3,173.00 USD)
CloseToLiquidation · critical · since 2023-11-14T22:13:20Z`,
      priority: 5,
      tags: ['rotating_light'],
      click: 'https://app.aave.com',
      actions: [
        { action: 'view', label: 'Manage the loan', url: 'https://app.aave.com' },
        { action: 'view', label: 'Account', url: ACCOUNT_URL },
        { action: 'view', label: 'Block', url: 'https://etherscan.io/block/18600000' },
      ],
    })
  })

  test('to PagerDuty: an incident by fingerprint, resolved also by a retraction', async () => {
    const [trigger] = await sent(kinds().pagerduty)
    expect(trigger?.path).toBe('/v2/enqueue')
    expect(trigger?.body).toMatchObject({
      ...{ routing_key: ROUTING_KEY, event_action: 'trigger', dedup_key: 'f1' },
      payload: {
        summary: "treasury's Aave v3 loan on Ethereum: health 1.04, ETH −3.8 % to liquidation",
        ...{ severity: 'critical', timestamp: '2023-11-14T22:13:20Z', class: 'CloseToLiquidation' },
      },
    })
    await sent(kinds().pagerduty, groupOf([nearAlert({ status: 'retracted' }), resolvedAlert()]))
    expect(hook.received.slice(1).map(({ body }) => body)).toEqual(
      Array(2).fill({ routing_key: ROUTING_KEY, event_action: 'resolve', dedup_key: 'f1' }),
    )
    expect(await send(kinds().pagerduty, digest())).toMatchObject({ ok: false, isPermanent: true })
  })

  test('to a webhook with a user in its address, and headers: as they stand for', async () => {
    const url = hook.url.replace('http://', 'http://ann:p%40ss@')
    const [message] = await sent({ webhook: { url, headers: { 'X-Team': 'risk' } } })
    expect(message?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from('ann:p@ss').toString('base64')}`,
      'x-team': 'risk',
      'idempotency-key': 'a1',
    })
  })

  test('of every kind of notification, no more than the media take', async () => {
    const label = '<&*`'.repeat(80)
    const long = { ...nearAlert().labels, label }
    const alerts = Array.from({ length: 60 }, (_, index) =>
      nearAlert({ labels: long, fingerprint: `f${index}`, annotations: { description: '&'.repeat(900) } }),
    )
    const loans = Array.from({ length: 90 }, () => ({ ...digest().loans[0], label }))
    const { telegram, discord, slack, ntfy } = kinds()
    for (const notification of [groupOf(alerts), { ...digest(), loans } as Notification, testMessage()])
      for (const settings of [telegram, discord, slack, ntfy]) await sent(settings, notification)
    for (const { body } of hook.received) {
      const { text, embeds, blocks, message, title } = body as unknown as {
        text?: string
        embeds?: readonly { title: string; description: string }[]
        blocks?: readonly { text: { text: string } }[]
        message?: string
        title?: string
      }
      if (blocks) for (const block of blocks) expect(block.text.text.length).toBeLessThanOrEqual(3_000)
      else if (text) {
        expect(text.length).toBeLessThanOrEqual(4_096)
        expect(text).not.toMatch(/&(?!(amp|lt|gt|quot);)/)
      }
      for (const embed of embeds ?? []) {
        expect(embed.title.length).toBeLessThanOrEqual(256)
        expect(embed.description.length).toBeLessThanOrEqual(4_096)
      }
      if (message && title) expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4_096)
    }
  })
})

describe('a refusal', () => {
  test.each([
    ['in seconds', { 'retry-after': '7' }, '', 7_000],
    ['as a date', { 'retry-after': 'Thu, 01 Jan 2026 00:01:30 GMT' }, '', 90_000],
    [
      'by Telegram',
      {},
      '{"ok":false,"description":"Too Many Requests","parameters":{"retry_after":35}}',
      35_000,
    ],
  ])('says %s how long to wait', async (_how, headers, text, retryAfterMs) => {
    hook.answer(429, headers, text)
    expect(await send(kinds().telegram)).toMatchObject({
      ...{ ok: false, retryAfterMs, isRateLimited: true, isReceiverWide: true, isPermanent: false },
    })
  })

  test('by Discord holds its wait in fractions of a second', async () => {
    hook.answer(429, {}, '{"message":"You are being rate limited.","retry_after":0.65,"global":false}')
    expect(await send(kinds().discord)).toMatchObject({
      error: 'the receiver answered 429: You are being rate limited.',
      retryAfterMs: 650,
    })
  })

  test('for good is told in the receiver’s own words', async () => {
    hook.answer(400, {}, '{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}')
    expect(await send(kinds().telegram)).toMatchObject({
      error: 'the receiver answered 400: Bad Request: chat not found',
      isPermanent: true,
    })
  })

  test('for want of a right key, or by a server in trouble, concerns the receiver', async () => {
    for (const status of [401, 403, 500, 503]) {
      hook.answer(status)
      expect(await send(kinds().slack)).toMatchObject({ isPermanent: false, isReceiverWide: true })
    }
  })

  test('by a redirect is not followed', async () => {
    hook.answer(307, { location: `${root()}/elsewhere` })
    expect(await send(kinds().webhook)).toMatchObject({ ok: false, error: /307, a redirect/ })
    expect(hook.received).toHaveLength(1)
  })

  test('by silence ends in time', async () => {
    hook.hang()
    expect(await send(kinds().webhook)).toMatchObject({
      error: 'no answer within 500 ms',
      isReceiverWide: true,
    })
  })

  test('of a certificate that nobody vouches for is told as such', async () => {
    const server = await startTlsServer()
    expect(await send({ webhook: { url: `${server.url}/secret-of-mine` } })).toMatchObject({
      error: 'its TLS certificate is refused (DEPTH_ZERO_SELF_SIGNED_CERT)',
      isReceiverWide: true,
    })
    expect(server.requestCount()).toBe(0)
    await server.stop()
  })
})

test('no failure of any kind holds a secret, also where the receiver repeats what it was sent', async () => {
  const all = secretWords.join(' ')
  for (const [name, settings] of Object.entries(kinds())) {
    const errors: string[] = []
    const answers = [
      JSON.stringify({ description: all, message: all, error: all, errors: [all] }),
      JSON.stringify({
        description: hook.url,
        message: `${root()}/bot${TOKEN}/sendMessage`,
        error: hook.url,
      }),
    ]
    for (const text of answers) {
      hook.answer(400, {}, text)
      const delivery = await send(settings)
      if (!delivery.ok) errors.push(delivery.error)
    }
    const own = receiverSecrets(receiverOf(settings)).filter(({ length }) => length >= 12)
    expect(own.length, name).toBeGreaterThan(0)
    expect(errors).toHaveLength(2)
    for (const secret of own) expect(errors.join(' '), name).not.toContain(secret)
  }
})

describe('a receiver', () => {
  test('is of exactly one kind', () => {
    const { webhook, slack } = kinds()
    const faults = (settings: object) =>
      receiverSchema.safeParse({ name: 'r', ...settings }).error?.issues.map(({ message }) => message)
    const expected = [expect.stringMatching(/^needs exactly one of webhook, telegram, .*console$/)]
    expect(faults({})).toEqual(expected)
    expect(faults({ ...webhook, ...slack })).toEqual(expected)
    expect(kindOf(receiverOf(slack)).name).toBe('slack')
  })

  test('that people read gets one message at a time, as many in a minute as its kind takes or as is configured', () => {
    const tools = { nowMs: () => 0, writeLine: () => undefined }
    expect(notifierOf(receiverOf(kinds().telegram), tools)).toMatchObject({
      inFlightMax: 1,
      messagesPerMinuteMax: 20,
    })
    const slow = notifierOf(receiverOf({ ...kinds().telegram, messagesPerMinuteMax: 2 }), tools)
    expect(slow).toMatchObject({ messagesPerMinuteMax: 2 })
    expect(notifierOf(receiverOf(kinds().webhook), tools)).not.toHaveProperty('messagesPerMinuteMax')
  })

  test.each(['stdout', 'console'])('on %s gets lines', async (kind) => {
    const lines: string[] = []
    const notifier = notifierOf(receiverOf({ [kind]: true }), {
      nowMs: () => 0,
      writeLine: (line) => lines.push(line),
    })
    await notifier.send(nearAlert())
    if (kind === 'stdout') expect(JSON.parse(lines[0] ?? '')).toMatchObject({ kind: 'alert', id: 'a1' })
    else
      expect(lines.slice(0, 2)).toEqual([
        "CRITICAL treasury's Aave v3 loan on Ethereum: health 1.04, ETH −3.8 % to liquidation",
        '  To health 1.1: repay 173 USDC or add 0.1154 WETH',
      ])
  })
})
