// Builds the command line as users start it: a few files, not the two thousand modules that it is made of, most of whose cost is finding them;
// the library and the client that programs import, with their types; and the page. `--without-types` leaves the types out. Types are checked by `npm run check`.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type BuildOptions, build, type Plugin } from 'esbuild'
import type { Chain } from 'viem'
import * as viemChains from 'viem/chains'
import { build as buildPage } from 'vite'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const types = join(dist, 'types')

/** Packages that look for files of their own beside themselves: they stay where npm puts them. */
const external = ['better-sqlite3', 'node-cron', 'pino', 'pino-pretty']

const shared = {
  outbase: root,
  outdir: dist,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
} as const satisfies BuildOptions

/** viem's list of chains is hundreds of modules of code, most of it for sending transactions: only what is looked up is taken, as data. */
const chainsAsData: Plugin = {
  name: 'chains-as-data',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^viem\/chains$/ }, ({ path }) => ({ path, namespace: 'data' }))
    onLoad({ filter: /^viem\/chains$/, namespace: 'data' }, () => {
      const chains = Object.entries<Chain>(viemChains).map(([key, chain]) => {
        const { id, name, nativeCurrency, rpcUrls, blockExplorers, blockTime, contracts } = chain
        const { default: explorer } = blockExplorers ?? {}
        return [
          key,
          {
            ...{ id, name, nativeCurrency, blockTime },
            rpcUrls: { default: rpcUrls?.default },
            ...(explorer ? { blockExplorers: { default: explorer } } : {}),
            contracts: { multicall3: contracts?.multicall3 },
          },
        ] as const
      })
      return { contents: JSON.stringify(Object.fromEntries(chains)), loader: 'json' }
    })
  },
}

const buildCommandLine = () =>
  build({
    ...shared,
    plugins: [chainsAsData],
    entryPoints: [
      'cli/main.ts',
      'api/threads/stress-worker.ts',
      'api/threads/export-worker.ts',
      'api/threads/risk-worker.ts',
      'api/threads/survey-worker.ts',
    ].map((file) => join(root, 'src', file)),
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    // What is put in of the older kind of modules asks for Node's own modules this way.
    banner: {
      js: "import { createRequire as requiring } from 'node:module'; const require = requiring(import.meta.url);",
    },
    external,
  })

/** One file; viem and zod are the importing program's own. */
const buildLibrary = () =>
  build({ ...shared, entryPoints: [join(root, 'src/index.ts')], packages: 'external' })

/** One file that browsers and Node take as it is. */
const buildClient = () =>
  build({
    ...shared,
    ...{ entryPoints: [join(root, 'src/client/client.ts')], platform: 'neutral', target: 'es2022' },
  })

/** Declarations that another one imports, by path. */
const importsOf = (file: string): readonly string[] =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from |import\()["'](\.[^"']+)["']/g)].map(([, target = '']) =>
    join(dirname(file), target.replace(/\.ts$/, '.d.ts')),
  )

/** Declarations of everything that those of the library and of the client speak of, and of nothing else. */
const buildTypes = (): void => {
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const run = spawnSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.library.json')], {
    cwd: root,
    stdio: 'inherit',
  })
  if (run.status !== 0) throw new Error('declarations of the library could not be written')
  const wanted = new Set([join(types, 'src/index.d.ts'), join(types, 'src/client/client.d.ts')])
  for (const file of wanted) for (const target of importsOf(file)) wanted.add(target)
  for (const entry of readdirSync(types, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name)
    if (entry.isFile() && !wanted.has(file)) rmSync(file)
  }
  const missing = [...wanted].filter((file) => !existsSync(file))
  if (missing.length > 0) throw new Error(`declarations are missing: ${missing.join(', ')}`)
}

rmSync(dist, { recursive: true, force: true })
await Promise.all([buildCommandLine(), buildLibrary(), buildClient()])
await buildPage({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' })
if (!process.argv.includes('--without-types')) buildTypes()
