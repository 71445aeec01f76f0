// A local chain with the real Aave contracts, 100 loans, a crash: what Plimsoll sees and says, in under a minute.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import colors from 'picocolors'
import { serve } from '../src/api/server.ts'
import { loadConfig } from '../src/app/config/load.ts'
import { createLog } from '../src/app/log.ts'
import { watch } from '../src/app/watch.ts'
import { VERSION } from '../src/cli/run.ts'
import { registry } from '../src/protocols/registry.ts'
import { startDevnet } from '../test/devnet/devnet.ts'
import { startReceiver } from '../test/support/webhook.ts'
import { openLoans } from './demo/loans.ts'
import { playScenes } from './demo/scenes.ts'
import { createScreen } from './demo/screen.ts'
import { freePort } from './free-port.ts'

const FOLDER = resolve('demo')
const keep = process.argv.includes('--keep')
const started = Date.now()

const show = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

show(colors.bold('Plimsoll demo'))
show(colors.dim('starting a local chain and deploying the real Aave v3 contracts …'))
const devnet = await startDevnet({ liquidity: 700_000n })
const hook = await startReceiver()
const stop = new AbortController()
process.once('SIGINT', () => stop.abort())

try {
  const loans = await openLoans(devnet)
  show(
    `${colors.green('✓')} ${loans.length} loans opened on chain ${devnet.chainId}, ${loans.filter(({ label }) => label).length} of them watched (${Math.round((Date.now() - started) / 1_000)} s)`,
  )
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER, { recursive: true })
  const configFile = join(FOLDER, 'plimsoll.yaml')
  const port = await freePort()
  writeFileSync(
    configFile,
    `store: { file: ${join(FOLDER, 'plimsoll.db')} }
server: { port: ${port} }
chains:
  - id: ${devnet.chainId}
    rpc: ["${devnet.url}"]
    pollIntervalMs: 200
    follow: book
    markets:
      - { protocol: aave-v3, deployment: main, poolAddressesProvider: "${devnet.addresses.poolAddressesProvider}", fromBlock: ${devnet.fromBlock} }
watch:
${loans.flatMap(({ account, label }) => (label ? [`  - { account: "${account}", label: "${label}" }`] : [])).join('\n')}
receivers:
  - { name: hook, webhook: { url: "${hook.url}", secret: "demo" } }
`,
  )
  const { config } = loadConfig(configFile, process.env, registry)
  const { server } = config
  if (!server) throw new Error('the demo serves nothing')
  const screen = createScreen(hook, loans, show, config.storeFile)
  const log = createLog({
    level: 'error',
    secrets: [],
    isPretty: true,
    write: (text) => process.stderr.write(text),
  })
  const watching = watch({
    config,
    log,
    signal: stop.signal,
    writeLine: show,
    onEvent: (_chainId, event) => screen.onEvent(event),
    serve: (daemon) => serve(daemon, { server, version: VERSION, redact: (text) => text }),
  })
  await playScenes(devnet, loans, screen, show)
  if (keep) {
    show(
      `\n${colors.bold('Everything keeps running')}: chain at ${devnet.url}, its page at http://127.0.0.1:${port}, the API at /docs there, until you press Ctrl-C.`,
    )
    await new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve()))
  }
  stop.abort()
  await watching
  const [first] = loans
  const file = relative(process.cwd(), configFile)
  show(`\n${colors.bold('The database stays. Try next:')}`)
  show(`  npm run -s plimsoll -- history ${first?.account} --config ${file}`)
  show(`  npm run -s plimsoll -- candidates --max-health 1.05 --config ${file}`)
  show(`  npm run -s plimsoll -- alerts --config ${file}`)
  show(`  npm run -s plimsoll -- alerts --explain --config ${file}`)
  show(`  npm run -s plimsoll -- replay --config ${file}`)
  show(`  npm run -s plimsoll -- liquidations --config ${file}`)
  show(colors.dim(`${Math.round((Date.now() - started) / 1_000)} s in all`))
} finally {
  stop.abort()
  await hook.stop()
  await devnet.stop()
}
