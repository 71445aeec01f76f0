// The followed mirror of Compound v2 against the comptroller's own liquidity, and against a fresh read, after random blocks and reorgs.
import { afterAll, beforeAll, test } from 'vitest'
import {
  COMPOUND_FUNDER,
  type CompoundV2,
  compoundOn,
  deployCompoundV2,
  enrich,
} from '../devnet/compound-v2/compound.ts'
import { createCompoundActivity } from '../devnet/compound-v2/random-activity.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { createRandom } from '../devnet/random.ts'
import { compoundDataAt } from '../support/compound-data.ts'
import { compareMirror } from '../support/comptroller-mirror.ts'
import { isLong, sized } from '../support/size.ts'

const SEEDS = isLong ? [1, 2, 3] : [1]
const BLOCKS = sized(60, 320)
const ACCOUNTS = sized(12, 30)

let devnet: Devnet
let compound: CompoundV2
beforeAll(async () => {
  devnet = await startDevnet()
  compound = await deployCompoundV2(devnet)
})
afterAll(() => devnet.stop())

test.each(SEEDS)(
  `seed %i: the mirror equals the contract over ${BLOCKS} random blocks with reorgs`,
  async (seed) => {
    const random = createRandom(seed)
    const snapshot = await devnet.snapshot()
    const { addresses } = compound
    const accounts = Array.from({ length: ACCOUNTS }, (_, index) => devnet.account(index))
    await enrich(devnet, addresses, accounts)
    const activity = createCompoundActivity({ random, addresses, accounts })
    await devnet.send(accounts.flatMap((account) => activity.open(account)))
    const report = await compareMirror({
      name: `Compound v2, seed ${seed}`,
      devnet,
      wanted: compoundOn(devnet, compound),
      random,
      accounts: [...accounts, COMPOUND_FUNDER],
      blocks: BLOCKS,
      next: () => activity.next(),
      truthAt: (hash, of) => compoundDataAt(devnet, addresses, hash, of),
    })
    console.log(report)
    await devnet.revert(snapshot)
  },
)
