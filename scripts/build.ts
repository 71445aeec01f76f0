// Builds the command line as users start it: a few files, not the two thousand modules that it is made of, most of whose cost is finding them.
// Types are checked by `npm run check`.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..')

/** Packages that look for files of their own beside themselves: they stay where npm puts them. */
const external = ['better-sqlite3', 'node-cron', 'pino', 'pino-pretty']

rmSync(join(root, 'dist'), { recursive: true, force: true })
await build({
  entryPoints: [join(root, 'src/cli/main.ts'), join(root, 'src/api/stress-worker.ts')],
  outbase: root,
  outdir: join(root, 'dist'),
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
  // What is put in of the older kind of modules asks for Node's own modules this way.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
  external,
})
