// E-mail to a real mail server: what arrives, in which thread, and what is made of every way to fail.
import { afterEach, expect, test } from 'vitest'
import { startMailServer } from '../../../test/support/mail-server.ts'
import { digest, nearAlert, resolvedAlert } from '../../../test/support/notifications.ts'
import type { Notification } from '../../model/alert.ts'
import { notifierOf, receiverSchema } from './index.ts'

type MailServer = Awaited<ReturnType<typeof startMailServer>>

const servers: MailServer[] = []
const start = async (options: Parameters<typeof startMailServer>[0] = {}): Promise<MailServer> => {
  const server = await startMailServer(options)
  servers.push(server)
  return server
}
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()))
})

const send = (
  { port, certFile }: MailServer,
  settings: object = {},
  notification: Notification = nearAlert(),
) => {
  const email = {
    ...{ host: '127.0.0.1', port, from: 'plimsoll@example.org', to: ['me@example.org', 'you@example.org'] },
    ...{ tls: { caFile: certFile, serverName: 'localhost' }, ...settings },
  }
  const receiver = receiverSchema.parse({ name: 'mail', email })
  return notifierOf(receiver, { nowMs: () => 0, writeLine: () => undefined, timeoutMs: 2_000 }).send(
    notification,
  )
}

const headerOf = (raw: string, name: string): string | undefined =>
  new RegExp(`^${name}: ((?:.*\\r\\n[ \\t])*.*)\\r\\n`, 'im').exec(raw)?.[1]?.replace(/\r\n\s/g, ' ')

/** What a mail reader shows: the text and the HTML, decoded. */
const partsOf = (raw: string): readonly string[] =>
  [...raw.matchAll(/Content-Transfer-Encoding: (\S+)\r\n\r\n([\s\S]*?)\r\n--/g)].map(
    ([, encoding, body = '']) =>
      encoding === 'base64'
        ? Buffer.from(body, 'base64').toString()
        : Buffer.from(
            body
              .replace(/=\r\n/g, '')
              .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
            'latin1',
          )
            .toString()
            .replace(/\r\n/g, '\n'),
  )

test('arrives encrypted, as text and as HTML', async () => {
  const server = await start()
  expect(await send(server)).toEqual({ ok: true })
  const [mail] = server.mails
  expect(mail).toMatchObject({
    ...{ from: 'plimsoll@example.org', to: ['me@example.org', 'you@example.org'], isEncrypted: true },
  })
  const [text, html] = partsOf(mail?.raw ?? '')
  expect(text?.split('\n').slice(0, 3)).toEqual([
    "treasury's Aave v3 loan on Ethereum: health 1.04, ETH −3.8 % to liquidation",
    '',
    'To health 1.1: repay 173 USDC or add 0.1154 WETH',
  ])
  expect(html).toContain('<p style="margin:4px 0">To health 1.1: repay 173 USDC or add 0.1154 WETH</p>')
  expect(html).toContain('<a href="https://app.aave.com">Manage the loan</a>')
})

test('has one id however often it is sent, and one thread with what comes after', async () => {
  const server = await start()
  for (const notification of [nearAlert(), nearAlert(), resolvedAlert(), digest()])
    expect(await send(server, {}, notification)).toEqual({ ok: true })
  const headers = (name: string) => server.mails.map(({ raw }) => headerOf(raw, name))
  expect(headers('Message-ID')).toEqual(['a1', 'a1', 'a2', 'd1'].map((id) => `<${id}@example.org>`))
  const thread = '<thread.f1.1700000000@example.org>'
  expect(headers('References')).toEqual([thread, thread, thread, '<thread.digest@example.org>'])
  expect(headers('In-Reply-To')).toEqual(headers('References'))
  expect(headers('Importance').slice(0, 3)).toEqual(['high', 'high', undefined])
})

test('nothing of a loan is read as HTML or as a header', async () => {
  const server = await start()
  const labels = { ...nearAlert().labels, label: 'x\r\nBcc: all@example.org <b>' }
  expect(await send(server, {}, nearAlert({ labels }))).toEqual({ ok: true })
  const raw = server.mails[0]?.raw ?? ''
  expect(headerOf(raw, 'Bcc')).toBeUndefined()
  expect(server.mails[0]?.to).toHaveLength(2)
  expect(partsOf(raw)[1]).toContain('&lt;b&gt;')
})

test('a certificate that nobody vouches for, or of another name, is refused before anything is said', async () => {
  for (const secure of [false, true]) {
    const server = await start({ secure })
    const security = secure ? 'tls' : 'starttls'
    for (const tls of [
      { serverName: 'localhost' },
      { caFile: server.certFile, serverName: 'elsewhere.example' },
    ])
      expect(await send(server, { security, tls })).toMatchObject({
        ok: false,
        error: expect.stringMatching(/^its TLS certificate is refused/),
        isReceiverWide: true,
      })
    expect(server.mails).toEqual([])
    expect(await send(server, { security })).toEqual({ ok: true })
  }
})

test('a refusal for now is tried again, one for good is not; a wrong password concerns every message', async () => {
  const server = await start({ password: 'the-password' })
  const login = { user: 'me', password: 'the-password' }
  server.refuse({ at: 'data', code: 451 })
  expect(await send(server, login)).toMatchObject({ error: /451/, isPermanent: false })
  server.refuse({ at: 'rcpt', code: 550 })
  expect(await send(server, login)).toMatchObject({ error: /550/, isPermanent: true })
  server.refuse(undefined)
  const wrong = await send(server, { user: 'me', password: 'wrong-password' })
  expect(wrong).toMatchObject({ ok: false, isReceiverWide: true, isPermanent: false })
  expect(JSON.stringify(wrong)).not.toMatch(/wrong-password|d3Jvbmct/)
  expect(await send(server, login)).toEqual({ ok: true })
})

test('nobody listening is told without an address', async () => {
  const server = await start()
  await server.stop()
  servers.splice(0)
  expect(await send(server)).toMatchObject({ error: 'no connection (ECONNREFUSED)', isReceiverWide: true })
})
