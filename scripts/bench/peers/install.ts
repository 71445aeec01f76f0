// Peers are installed by the bench itself, from their own lock file.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where their package.json is. */
export const PEERS_FOLDER = dirname(dirname(fileURLToPath(import.meta.url)))

/** Makes sure that they are there, and says so where that takes a while. Throws where npm fails. */
export const installPeers = (): void => {
  if (existsSync(join(PEERS_FOLDER, 'node_modules'))) return
  process.stderr.write('the peers are not installed yet: npm ci --prefix scripts/bench\n')
  const { status, error } = spawnSync('npm', ['ci', '--prefix', PEERS_FOLDER, '--no-audit', '--no-fund'], {
    stdio: ['ignore', 2, 2],
  })
  if (error) throw error
  if (status !== 0) throw new Error(`npm ci of the peers ended with ${status}`)
}
