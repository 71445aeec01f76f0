// What a route is asked with, parsed: every fault at once, with its place.
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { z } from 'zod'
import type { Client } from './access.ts'
import { ProblemError, type RequestFault } from './problem.ts'
import type { Connection, Route } from './route.ts'
import type { Upgrade } from './stream/web-socket.ts'

/** What a request carries along: who asks, and which route answers. */
export type Env = {
  Bindings: HttpBindings & { readonly upgrade?: Upgrade }
  Variables: { client: Client; route: string }
}
export type Ctx = Context<Env>

const faultsOf = (where: RequestFault['in'], { issues }: z.ZodError): readonly RequestFault[] =>
  issues.flatMap((issue): readonly RequestFault[] => {
    const path = issue.path.map(String).join('.')
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ in: where, path: key, message: 'is not known here' }))
    if (issue.code === 'invalid_value') {
      const known = issue.values.map(String).join(', ')
      return [{ in: where, path, message: `is to be ${issue.values.length > 1 ? 'one of ' : ''}${known}` }]
    }
    return [{ in: where, path, message: issue.message.replace(/^Invalid input: /, '') }]
  })

const parse = (
  where: RequestFault['in'],
  fields: Route['queryFields'],
  given: Readonly<Record<string, string>>,
): { readonly values: Readonly<Record<string, unknown>>; readonly faults: readonly RequestFault[] } => {
  const values: Record<string, unknown> = {}
  const faults: RequestFault[] = Object.keys(given)
    .filter((key) => !Object.hasOwn(fields, key))
    .map((key) => ({ in: where, path: key, message: 'is not known here' }))
  for (const [key, schema] of Object.entries(fields)) {
    const result = schema.safeParse(Object.hasOwn(given, key) ? given[key] : undefined)
    if (result.success) values[key] = result.data
    else faults.push(...faultsOf(where, result.error).map((fault) => ({ ...fault, path: key })))
  }
  return { values, faults }
}

/** Each parameter once. */
const queryOf = (
  c: Ctx,
): { readonly query: Readonly<Record<string, string>>; readonly faults: readonly RequestFault[] } => {
  const query: Record<string, string> = {}
  const faults: RequestFault[] = []
  for (const [key, value] of new URL(c.req.url).searchParams)
    if (Object.hasOwn(query, key)) faults.push({ in: 'query', path: key, message: 'is given more than once' })
    else Object.defineProperty(query, key, { value, enumerable: true })
  return { query, faults }
}

const bodyOf = async (c: Ctx): Promise<unknown> => {
  const text = await c.req.text()
  if (text !== '' && !/^application\/json\b/i.test(c.req.header('content-type') ?? ''))
    throw new ProblemError('unsupported-media-type', 'the body is not application/json')
  try {
    return text === '' ? {} : JSON.parse(text)
  } catch {
    throw new ProblemError('invalid-request', 'the body is no JSON')
  }
}

const connectionOf = (c: Ctx): Connection => ({
  header: (name) => c.req.header(name),
  upgrade: c.env?.upgrade,
  destroy: () => c.env.incoming.socket.destroy(),
})

/** Everything that a route is asked with, parsed. Throws `ProblemError` with every fault at once. */
export const askOf = async (c: Ctx, route: Route, signal: AbortSignal) => {
  const { query: given, faults: repeated } = queryOf(c)
  const query = parse('query', route.queryFields, given)
  const path = parse('path', route.pathFields, c.req.param() as Record<string, string>)
  const body = route.bodySchema?.safeParse(await bodyOf(c))
  const faults = [
    ...path.faults,
    ...repeated,
    ...query.faults,
    ...(body && !body.success ? faultsOf('body', body.error) : []),
  ]
  if (faults.length > 0) {
    const said = faults.map((fault) => `${fault.path || fault.in} ${fault.message}`)
    throw new ProblemError('invalid-request', said.join('; '), { faults })
  }
  return {
    ...{ query: query.values, path: path.values, body: body?.data, signal },
    ...{ client: c.get('client'), connection: connectionOf(c) },
  }
}
