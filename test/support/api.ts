// The API of a running daemon, and whether its answers are as its document says.
import Ajv2020 from 'ajv/dist/2020.js'
import type { Daemon } from './daemon.ts'
import { until } from './until.ts'

type Schema = Readonly<Record<string, unknown>>

type Operation = {
  readonly responses: Readonly<Record<string, { readonly content?: Record<string, { schema: Schema }> }>>
}

export type OpenApi = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

export type Reply = {
  readonly status: number
  readonly headers: Headers
  readonly body: ReturnType<typeof JSON.parse>
  readonly text: string
}

export type AskOptions = {
  readonly method?: string
  readonly token?: string | null
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** Where a daemon serves, once it does. */
export const servedAt = async (daemon: Daemon): Promise<string> => {
  const line = () => daemon.lines().find(({ event }) => event === 'serving')
  await until('it serves', () => line() !== undefined)
  return String(line()?.['url'])
}

/** The text of an answer; of one that goes on, what there is with the first event. */
const textOf = async (response: Response): Promise<string> => {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream')
  if (!isStream || !response.body) return response.text()
  const reader = response.body.getReader()
  let text = ''
  while (firstEventIn(text) === undefined) {
    const { value, done } = await reader.read()
    if (done) break
    text += new TextDecoder().decode(value)
  }
  await reader.cancel()
  return text
}

const firstEventIn = (text: string): Reply['body'] | undefined => {
  const [, data] = /^data: (.*)\n\n/m.exec(text) ?? []
  return data === undefined ? undefined : JSON.parse(data)
}

/** Asks a server; a token of null sends none. */
export const createClient =
  (url: string, usual: string | null) =>
  async (
    path: string,
    { method = 'GET', token = usual, body, headers = {} }: AskOptions = {},
  ): Promise<Reply> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await textOf(response)
    const isJson = /json/.test(response.headers.get('content-type') ?? '')
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson ? JSON.parse(text) : (firstEventIn(text) ?? text),
    }
  }

/** Objects that say nothing of other fields have none: an answer that tells more than its document is a fault here. */
const closed = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(closed)
  if (typeof node !== 'object' || node === null) return node
  const own = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]))
  return own['type'] === 'object' && own['properties'] && own['additionalProperties'] === undefined
    ? { ...own, additionalProperties: false }
    : own
}

/** Checks an answer against what the document says of its path, method and status; answers what is wrong. */
export const createChecker = (document: OpenApi) => {
  const ajv = new Ajv2020.default({ strict: false, allErrors: true })
  ajv.addSchema({ $id: 'api', components: closed(document.components) as Schema })
  const names = Object.keys(document.paths)
  const pathOf = (path: string): string | undefined => {
    const [bare = ''] = path.split('?')
    return names.find((name) => new RegExp(`^${name.replace(/\{\w+\}/g, '[^/]+')}$`).test(bare))
  }
  return (method: string, path: string, { status, headers, body }: Reply): readonly string[] => {
    const operation = document.paths[pathOf(path) ?? '']?.[method.toLowerCase()]
    if (!operation) return [`${method} ${path} is not in the document`]
    const response = operation.responses[String(status)] ?? operation.responses['default']
    const type = (headers.get('content-type') ?? '').split(';')[0] ?? ''
    const content = response?.content?.[type]
    if (!content)
      return status === 304 && response ? [] : [`${method} ${path}: ${status} ${type} is not documented`]
    const text = JSON.stringify(closed(content.schema)).replaceAll('"#/components', '"api#/components')
    const validate = ajv.compile(JSON.parse(text))
    if (validate(body)) return []
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${method} ${path} ${instancePath} ${message} ${JSON.stringify(params)}`,
    )
  }
}

/** A platform's fetch whose answers have to be as the document says. */
export const documentedFetch =
  (check: ReturnType<typeof createChecker>): typeof globalThis.fetch =>
  async (input, init) => {
    const response = await fetch(input, init)
    if (/event-stream/.test(response.headers.get('content-type') ?? '')) return response
    const { pathname, search } = new URL(String(input))
    const text = await response.clone().text()
    const body = text === '' ? text : JSON.parse(text)
    const { status, headers } = response
    const faults = check(init?.method ?? 'GET', `${pathname}${search}`, { status, headers, text, body })
    if (faults.length > 0) throw new Error(faults.join('\n'))
    return response
  }
