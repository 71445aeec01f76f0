// How commands reach a running daemon: HTTP on a socket beside the database that only its owner may use.
import { createHash } from 'node:crypto'
import { chmodSync, lstatSync, realpathSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { BaseError, messageOf } from '../model/errors.ts'
import type { Json } from '../model/json.ts'
import { type Action, type ActionTools, perform, RefusedError } from './control.ts'

/** The system takes no longer paths: 107 on Linux, 103 on macOS. */
const SOCKET_PATH_BYTES_MAX = 103
const BODY_BYTES_MAX = 65_536
const ANSWER_MS_MAX = 30_000
const OWNER_ONLY = 0o600
const HASH_DIGITS = 24

const canonical = (file: string): string => {
  const path = resolve(file)
  try {
    return join(realpathSync(dirname(path)), basename(path))
  } catch {
    return path
  }
}

/** Where the daemon of a database listens: beside it, or in the temporary folder where that path is too long. */
export const controlPath = (storeFile: string): string => {
  const file = canonical(storeFile)
  const beside = `${file}.control`
  if (Buffer.byteLength(beside) <= SOCKET_PATH_BYTES_MAX) return beside
  const hash = createHash('sha256').update(file).digest('hex').slice(0, HASH_DIGITS)
  return join(tmpdir(), `plimsoll-${hash}.control`)
}

const refusalSchema = z.object({ message: z.string(), remedy: z.string().optional() })
const answerSchema = z.union([
  z.object({ answer: z.json() }),
  z.object({ refused: refusalSchema }),
  z.object({ failed: refusalSchema }),
])

type Answer = z.infer<typeof answerSchema>

const bodyOf = async (message: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > BODY_BYTES_MAX) throw new RefusedError(`more than ${BODY_BYTES_MAX} bytes were sent`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

const inputOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new RefusedError(`what was sent is no JSON: ${messageOf(error)}`)
  }
}

const refusalOf = (error: unknown): Answer => {
  const remedy = error instanceof BaseError && error.remedy !== undefined ? { remedy: error.remedy } : {}
  const told = { message: messageOf(error), ...remedy }
  return error instanceof RefusedError ? { refused: told } : { failed: told }
}

export type ControlService = {
  readonly actions: readonly Action[]
  tools(): ActionTools
  /** An action was performed: the daemon takes up what it changed. */
  onPerformed(name: string): void
}

const answerTo = async (message: IncomingMessage, service: ControlService): Promise<Answer> => {
  try {
    const name = (message.url ?? '').replace(/^\//, '')
    if (message.method !== 'POST') throw new RefusedError('only POST is answered')
    const input = inputOf(await bodyOf(message))
    const answer = perform(service.actions, name, input, service.tools())
    service.onPerformed(name)
    return { answer: answer as z.infer<ReturnType<typeof z.json>> }
  } catch (error) {
    return refusalOf(error)
  }
}

const listening = (server: Server, path: string): Promise<void> =>
  new Promise((done, fail) => {
    server.once('error', fail)
    server.listen(path, done)
    chmodSync(path, OWNER_ONLY)
  })

/**
 * Answers commands until it is closed. Only who holds the lock of the database may serve: what lies at the path then is
 * left from a process that is gone. Throws what the system does where no socket can be made there.
 */
export const serveControl = async (
  storeFile: string,
  service: ControlService,
): Promise<{ close(): Promise<void> }> => {
  const path = controlPath(storeFile)
  rmSync(path, { force: true })
  const server = createServer((message, response) => {
    void answerTo(message, service).then((answer) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })
  })
  await listening(server, path)
  return {
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

/** The daemon that should answer does not. */
export class NoDaemonError extends BaseError {
  override readonly name = 'NoDaemonError'
  /** It may be about to listen, or what holds the database about to be done. */
  readonly isWorthWaiting: boolean
  constructor(storeFile: string, cause: unknown) {
    super(`another plimsoll process writes to ${storeFile} and takes no commands: ${messageOf(cause)}`, {
      remedy:
        'Where it is a "plimsoll sync", wait until it is done; a "plimsoll watch" of another user takes commands from that user only.',
      cause,
    })
    this.isWorthWaiting = ['ENOENT', 'ECONNREFUSED'].includes((cause as { code?: string }).code ?? '')
  }
}

/** The daemon could not do what was asked for, though nothing is wrong with that. */
export class DaemonFailedError extends BaseError {
  override readonly name = 'DaemonFailedError'
}

const isOurs = (path: string): boolean => {
  const uid = process.getuid?.()
  return uid === undefined || uid === 0 || lstatSync(path).uid === uid
}

const post = (path: string, name: string, body: string): Promise<string> =>
  new Promise((done, fail) => {
    if (!isOurs(path)) throw new Error(`${path} belongs to another user`)
    const asking = request(
      { socketPath: path, path: `/${name}`, method: 'POST', timeout: ANSWER_MS_MAX },
      (response) => {
        bodyOf(response).then(done, fail)
      },
    )
    asking.on('timeout', () => asking.destroy(new Error(`no answer within ${ANSWER_MS_MAX / 1_000} s`)))
    asking.on('error', fail)
    asking.end(body)
  })

/** Has the running daemon perform an action. Throws `NoDaemonError`, `DaemonFailedError` or, from the action, `RefusedError`. */
export const askDaemon = async (storeFile: string, name: string, input: unknown): Promise<Json> => {
  let text: string
  try {
    text = await post(controlPath(storeFile), name, JSON.stringify(input))
  } catch (error) {
    throw new NoDaemonError(storeFile, error)
  }
  const answer = answerSchema.parse(JSON.parse(text))
  if ('answer' in answer) return answer.answer
  const { message, remedy } = 'refused' in answer ? answer.refused : answer.failed
  const options = remedy === undefined ? {} : { remedy }
  throw 'refused' in answer ? new RefusedError(message, options) : new DaemonFailedError(message, options)
}
