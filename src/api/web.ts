// The page and its parts, as the build left them: read once, known by their content, allowed nothing that is not its own.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Nothing from elsewhere, nothing inline, no frame around it. */
const POLICY = [
  "default-src 'none'",
  ...[
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
  ],
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join('; ')

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Views of the page: each is answered by the same document, which shows what the address says. */
const VIEWS = [
  '/',
  '/accounts',
  '/accounts/:address',
  '/candidates',
  '/markets',
  '/markets/:id',
  '/alerts',
  '/analyst',
  '/analyst/:part',
] as const

export type WebFile = {
  /** As the framework writes it. */
  readonly path: string
  readonly body: string
  readonly etag: string
  readonly headers: Readonly<Record<string, string>>
}

/** Where the build put the page: `dist/web` beside the sources, or beside what is built. */
const webFolder = (): string | undefined => {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const found = [join(folder, 'dist', 'web'), join(folder, 'web')].find((one) =>
      existsSync(join(one, 'index.html')),
    )
    if (found && existsSync(join(found, 'assets'))) return found
    if (folder === dirname(folder)) return undefined
  }
}

const fileOf = (path: string, file: string, headers: Readonly<Record<string, string>>): WebFile => {
  const body = readFileSync(file, 'utf8')
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`
  const type = TYPES[extname(file)] ?? 'application/octet-stream'
  return { path, body, etag, headers: { 'content-type': type, ...headers } }
}

/** Everything that makes the page; empty where it was not built. */
export const webFiles = (): readonly WebFile[] => {
  const folder = webFolder()
  if (folder === undefined) return []
  const assets = readdirSync(join(folder, 'assets')).map((name) =>
    fileOf(`/assets/${name}`, join(folder, 'assets', name), {
      'cache-control': 'public, max-age=31536000, immutable',
    }),
  )
  const views = VIEWS.map((path) =>
    fileOf(path, join(folder, 'index.html'), {
      'content-security-policy': POLICY,
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=()',
      'x-frame-options': 'DENY',
    }),
  )
  return [...views, ...assets]
}
