// Routes as data: what they take, what they answer, and how; the server and its OpenAPI document are made of them.
import type { z } from 'zod'
import type { Client, Scope } from './access.ts'
import type { ProblemKind } from './problem.ts'
import type { Upgrade } from './stream/web-socket.ts'
import type { Tools } from './tools.ts'

type Fields = Readonly<Record<string, z.ZodType>>
type Parsed<F extends Fields> = { readonly [K in keyof F]: z.output<F[K]> }

/** What a route is asked with, parsed. `signal` aborts where the client goes away or the daemon stops. */
export type Ask<Q, P, B> = {
  readonly query: Q
  readonly path: P
  readonly body: B
  readonly client: Client
  readonly signal: AbortSignal
  readonly connection: Connection
}

/** The connection that a request came by, for answers that go on. */
export type Connection = {
  header(name: string): string | undefined
  /** There where the client asks for a WebSocket. */
  readonly upgrade: Upgrade | undefined
  /** Cuts it. */
  destroy(): void
}

/** `status` left out: 200. A response is sent as it is. */
export type Reply = { readonly status?: number; readonly body: unknown } | Response

type Described = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** With `{name}` for what `pathFields` parses. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly description?: string
  readonly scope: Scope
  readonly answer: z.ZodType
  /** Media types of files that are answered, where it is no JSON of `answer`. */
  readonly files?: readonly string[]
  /** Other statuses with the same answer. */
  readonly otherStatuses?: Readonly<Record<number, string>>
  readonly status?: number
  /** JSON unless told. */
  readonly answerType?: 'text/event-stream'
  /** How it is asked, for people. */
  readonly example?: string
  readonly problems?: readonly ProblemKind[]
  /** What the answer rests on: an unchanged one is told by its ETag. Left out where it is never the same. */
  readonly restsOn?: 'chains' | 'store'
}

/** A route, its types behind it. */
export type Route = Described & {
  readonly queryFields: Fields
  readonly pathFields: Fields
  readonly bodySchema: z.ZodType | undefined
  run(ask: Ask<never, never, never>, tools: Tools): Promise<Reply>
}

/** Makes a route. */
export const defineRoute = <
  Q extends Fields = Record<never, never>,
  P extends Fields = Record<never, never>,
  B extends z.ZodType = z.ZodUndefined,
>({
  query,
  pathFields,
  body,
  run,
  ...described
}: Described & {
  readonly query?: Q
  readonly pathFields?: P
  readonly body?: B
  run(ask: Ask<Parsed<Q>, Parsed<P>, z.output<B>>, tools: Tools): Reply | Promise<Reply>
}): Route => ({
  ...described,
  queryFields: query ?? {},
  pathFields: pathFields ?? {},
  bodySchema: body,
  run: async (ask, tools) => run(ask, tools),
})
