// npx tsx scripts/record-fixture.ts NAME --artifacts DIR: records real contracts, built elsewhere, for test/replay.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startDevnet } from '../test/devnet/devnet.ts'
import type { DeployLocal } from '../test/devnet/local-protocol.ts'
import { createRandom } from '../test/devnet/random.ts'
import { writeFixture } from '../test/replay/fixture.ts'
import { followAndCompare } from '../test/replay/following.ts'
import { createRecorder } from '../test/replay/recorder.ts'
import { chainAt } from '../test/support/follower.ts'

const USAGE = `usage: npx tsx scripts/record-fixture.ts RIG --artifacts DIR [--name NAME] [--blocks N] [--accounts N] [--seed N] [--dry-run]

RIG is a file of test/recordings, which deploys contracts built elsewhere: DIR/<Contract>.json with abi and bytecode.
What is recorded goes into test/replay/fixtures/NAME.json.gz: blocks, logs and answers, no code and no transactions.
--dry-run follows and compares, and writes nothing.`

const REORG_EVERY = 25
const REORG_DEPTH_MAX = 6

/** What a file of test/recordings exports. */
type Rig = {
  /** Which contracts these are, and where their source is: OWNER/REPOSITORY@COMMIT. */
  readonly contracts: string | ((artifacts: string) => string)
  deployFrom(artifacts: string): DeployLocal
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    artifacts: { type: 'string' },
    name: { type: 'string' },
    blocks: { type: 'string', default: '220' },
    accounts: { type: 'string', default: '12' },
    seed: { type: 'string', default: '1' },
    'dry-run': { type: 'boolean', default: false },
  },
})
const [rigName] = positionals
if (!rigName || !values.artifacts) {
  console.error(USAGE)
  process.exit(2)
}
const { artifacts } = values
const rig = (await import(`../test/recordings/${rigName}.ts`)) as Rig
const random = createRandom(Number(values.seed))
const devnet = await startDevnet()
const accounts = Array.from({ length: Number(values.accounts) }, (_, index) => devnet.account(index))
const local = await rig.deployFrom(artifacts)(devnet, random, accounts)
const { wanted, mintedBesides = [], stir } = local
const live = chainAt(devnet.url, devnet.chainId)
const recorder = createRecorder(live, devnet.rpc, wanted.deployment.fromBlock ?? 1n)
const blocks = Number(values.blocks)
const startedAtMs = Date.now()
let block = 0

const stirUntilNext = async (): Promise<void> => {
  await stir()
  if (block % REORG_EVERY === 0 && block > REORG_DEPTH_MAX)
    await devnet.reorg(random.integer(1, REORG_DEPTH_MAX), { replace: stir, extraBlocks: 1 })
}
const tally = await followAndCompare({
  ...{ chain: recorder.chain, wanted, accounts, mintedBesides },
  next: async () => {
    if (block > blocks) return undefined
    if (block > 0) await stirUntilNext()
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
  const file = join(
    import.meta.dirname,
    '..',
    'test',
    'replay',
    'fixtures',
    `${values.name ?? rigName}.json.gz`,
  )
  const contracts = typeof rig.contracts === 'string' ? rig.contracts : rig.contracts(artifacts)
  const fixture = {
    contracts,
    deployment: wanted.deployment,
    accounts,
    mintedBesides,
    ...recorder.recording(),
  }
  console.log(`${file}: ${Math.round(writeFixture(file, fixture) / 1_024)} KiB`)
}
