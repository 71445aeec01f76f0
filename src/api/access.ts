// Who asks, and what they may do.
import { createHash, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import { isLoopback, type ServerConfig } from '../app/config/server.ts'
import { ProblemError } from './problem.ts'

export type Scope = 'read' | 'write'

/** Who asks: the name of a token, or, where none is asked for, an address. */
export type Client = { readonly name: string; readonly scope: Scope }

type Asked = {
  readonly authorization: string | undefined
  readonly host: string | undefined
  readonly address: string
}

type Grant = { readonly name: string; readonly scope: Scope; readonly hash: Buffer }

/** Of one length, so that comparing takes as long whatever was given. */
const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()

const grantsOf = ({ token, tokens }: ServerConfig): readonly Grant[] => [
  ...(token === undefined ? [] : [{ name: 'token', scope: 'write' as const, hash: hashOf(token) }]),
  ...tokens.map((one) => ({ name: one.name, scope: one.scope, hash: hashOf(one.token) })),
]

/** The host that a request names, without its port. */
const hostName = (host: string): string => {
  const name = host.startsWith('[') ? host.slice(1, host.indexOf(']')) : host.replace(/:\d*$/, '')
  return name.toLowerCase()
}

const unauthorized = (detail: string, error?: string): ProblemError =>
  new ProblemError('unauthorized', detail, {
    remedy: 'Send "Authorization: Bearer TOKEN" with a token of the section server of plimsoll.yaml.',
    headers: { 'www-authenticate': `Bearer realm="plimsoll"${error ? `, error="${error}"` : ''}` },
  })

/**
 * Tells who asks. Throws `ProblemError` where a token is missing or unknown. Without tokens everybody on this machine may
 * read, but only by a loopback name: a page of another site that has its name point here may not.
 */
export const createAccess = (server: ServerConfig): ((asked: Asked) => Client) => {
  const grants = grantsOf(server)
  return ({ authorization, host, address }) => {
    if (grants.length === 0) {
      const name = host === undefined ? '' : hostName(host)
      if (!isLoopback(name))
        throw new ProblemError(
          'forbidden',
          `without a token only requests to a loopback address are answered`,
          {
            remedy: 'Ask 127.0.0.1 or localhost, or set server.token in plimsoll.yaml.',
          },
        )
      return { name: address, scope: 'read' }
    }
    if (authorization === undefined) throw unauthorized('the request has no token')
    const [, given] = /^Bearer +(\S+) *$/i.exec(authorization) ?? []
    if (given === undefined)
      throw unauthorized('the Authorization header is no bearer token', 'invalid_request')
    const hash = hashOf(given)
    // All are compared: how long it takes says nothing of which one is like it.
    const granted = grants.filter((grant) => timingSafeEqual(grant.hash, hash))
    const [grant] = granted
    if (!grant) throw unauthorized('the token is not known', 'invalid_token')
    return { name: grant.name, scope: grant.scope }
  }
}

/** Throws `ProblemError` where a client may not do something. */
export const checkScope = (client: Client, scope: Scope): void => {
  if (scope === 'read' || client.scope === 'write') return
  const isAddress = isIP(client.name) !== 0
  throw new ProblemError(
    'forbidden',
    isAddress ? 'without a token nothing can be changed' : `the token ${client.name} may only read`,
    { remedy: 'Use server.token, or a token of server.tokens with scope: write.' },
  )
}
