import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { selfSigned } from './tls-server.ts'

export type Mail = {
  readonly raw: string
  readonly from: string
  readonly to: readonly string[]
  readonly isEncrypted: boolean
}

/** A real mail server with a certificate that only its own file vouches for. */
export const startMailServer = async (
  options: { readonly secure?: boolean; readonly password?: string } = {},
) => {
  const mails: Mail[] = []
  let refusal: { readonly at: 'rcpt' | 'data'; readonly code: number } | undefined
  const { key, cert, certFile } = selfSigned()
  const refused = (at: 'rcpt' | 'data'): Error | undefined =>
    refusal?.at === at ? Object.assign(new Error('not now'), { responseCode: refusal.code }) : undefined
  const server = new SMTPServer({
    ...{ key, cert, secure: options.secure ?? false, logger: false, disableReverseLookup: true },
    authOptional: options.password === undefined,
    onAuth: ({ password }, _session, done) =>
      password === options.password ? done(null, { user: 'me' }) : done(new Error('bad credentials')),
    onRcptTo: (_address, _session, done) => done(refused('rcpt')),
    onData: (stream, session, done) => {
      let raw = ''
      stream.on('data', (chunk: Buffer) => {
        raw += chunk.toString()
      })
      stream.on('end', () => {
        const fault = refused('data')
        if (fault) return done(fault)
        const { mailFrom, rcptTo } = session.envelope
        const from = mailFrom === false ? '' : mailFrom.address
        mails.push({ raw, from, to: rcptTo.map(({ address }) => address), isEncrypted: session.secure })
        done()
      })
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return {
    port: (server.server.address() as AddressInfo).port,
    certFile,
    mails,
    /** Answers so from now on, until it is told nothing. */
    refuse: (next: typeof refusal) => {
      refusal = next
    },
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
