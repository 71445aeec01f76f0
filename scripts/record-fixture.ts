// npx tsx scripts/record-fixture.ts RIG=DIR…: records real contracts, built elsewhere, for test/replay.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startDevnet } from '../test/devnet/devnet.ts'
import type { DeployLocal, LocalProtocol } from '../test/devnet/local-protocol.ts'
import { createRandom } from '../test/devnet/random.ts'
import { writeFixture } from '../test/replay/fixture.ts'
import { followAndCompare } from '../test/replay/following.ts'
import { createRecorder } from '../test/replay/recorder.ts'
import { chainAt } from '../test/support/follower.ts'

const USAGE = `usage: npx tsx scripts/record-fixture.ts RIG=DIR… --name NAME [--blocks N] [--accounts N] [--seed N] [--dry-run]

RIG is a file of test/recordings, which deploys contracts built elsewhere: DIR/<Contract>.json with abi and bytecode.
RIG alone is a folder of test/devnet, whose contracts come from npm. Several stand on one chain.
What is recorded goes into test/replay/fixtures/NAME.json.gz: blocks, logs and answers, no code and no transactions.
--dry-run follows and compares, and writes nothing.`

const REORG_EVERY = 25
const REORG_DEPTH_MAX = 6
const TEST = join(import.meta.dirname, '..', 'test')

/** What a file of test/recordings exports. */
type Rig = {
  /** Which contracts these are, and where their source is: OWNER/REPOSITORY@COMMIT. */
  contracts(artifacts: string): string
  deployFrom(artifacts: string): DeployLocal
}

const refuse = (problem: string): never => {
  console.error(`${problem}\n\n${USAGE}`)
  process.exit(2)
}

/** How a rig is deployed, and which contracts it holds. */
const rigOf = async (argument: string): Promise<{ contracts: string; deploy: DeployLocal }> => {
  const [name = '', artifacts] = argument.split('=')
  const file = artifacts
    ? join(TEST, 'recordings', `${name}.ts`)
    : join(TEST, 'devnet', name, 'conformance.ts')
  if (!existsSync(file)) return refuse(`${argument}: there is no ${file}`)
  if (!artifacts) {
    const { deploy } = (await import(file)) as { deploy: DeployLocal }
    return { contracts: `${name}, from npm`, deploy }
  }
  if (!existsSync(artifacts)) return refuse(`${argument}: there is no ${artifacts}`)
  const rig = (await import(file)) as Rig
  return { contracts: rig.contracts(artifacts), deploy: rig.deployFrom(artifacts) }
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    name: { type: 'string' },
    blocks: { type: 'string', default: '220' },
    accounts: { type: 'string', default: '12' },
    seed: { type: 'string', default: '1' },
    'dry-run': { type: 'boolean', default: false },
  },
})
if (positionals.length === 0) refuse('which rig?')
if (!values.name && !values['dry-run']) refuse('a recording needs a --name')
const rigs = await Promise.all(positionals.map(rigOf))
const random = createRandom(Number(values.seed))
const devnet = await startDevnet()
const accounts = Array.from({ length: Number(values.accounts) }, (_, index) => devnet.account(index))
const locals: LocalProtocol[] = []
for (const { deploy } of rigs) locals.push(await deploy(devnet, random, accounts))
const wanted = locals.map((local) => local.wanted)
const mintedBesides = locals.flatMap((local) => local.mintedBesides ?? [])
const starts = wanted.map(({ deployment }) => deployment.fromBlock ?? 1n)
const fromBlock = starts.reduce((first, start) => (start < first ? start : first))
const recorder = createRecorder(chainAt(devnet.url, devnet.chainId), devnet.rpc, fromBlock)
const blocks = Number(values.blocks)
const startedAtMs = Date.now()
let block = 0

const stir = async (): Promise<void> => {
  await random.pick(locals).stir()
}
const stirAndReorganize = async (): Promise<void> => {
  await stir()
  if (block % REORG_EVERY === 0 && block > REORG_DEPTH_MAX)
    await devnet.reorg(random.integer(1, REORG_DEPTH_MAX), { replace: stir, extraBlocks: 1 })
}
const tally = await followAndCompare({
  ...{ chain: recorder.chain, wanted, accounts, mintedBesides },
  compareEvery: 1,
  alone: rigs.length > 1 ? accounts : [],
  next: async () => {
    if (block > blocks) return undefined
    if (block > 0) await stirAndReorganize()
    block += 1
    const leftMs = ((Date.now() - startedAtMs) / block) * (blocks + 1 - block)
    if (process.stderr.isTTY || block % REORG_EVERY === 0)
      process.stderr.write(`\rblock ${block - 1} of ${blocks}, ${Math.round(leftMs / 1_000)} s left   `)
    return recorder.chain.head()
  },
  done: (head) => recorder.close(head),
})
process.stderr.write('\n')
await devnet.stop()
console.log(JSON.stringify(tally))
if (!values['dry-run']) {
  const file = join(TEST, 'replay', 'fixtures', `${values.name}.json.gz`)
  const bytes = writeFixture(file, {
    contracts: rigs.map(({ contracts }) => contracts),
    deployments: wanted.map(({ deployment }) => deployment),
    ...{ accounts, mintedBesides, ...recorder.recording() },
  })
  console.log(`${file}: ${Math.round(bytes / 1_024)} KiB`)
}
