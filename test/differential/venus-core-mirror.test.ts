// The followed mirror of the Venus core pool against the comptroller's own liquidity, and against a fresh read, after random blocks and reorgs.
import { afterAll, beforeAll, test } from 'vitest'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { createRandom } from '../devnet/random.ts'
import { createVenusActivity } from '../devnet/venus-core/random-activity.ts'
import { deployVenus, enrich, type Venus, venusOn } from '../devnet/venus-core/venus.ts'
import { compareMirror } from '../support/comptroller-mirror.ts'
import { isLong, sized } from '../support/size.ts'
import { venusDataAt } from '../support/venus-data.ts'

const SEEDS = isLong ? [1, 2, 3] : [1]
const BLOCKS = sized(45, 150)
const ACCOUNTS = sized(10, 16)

let devnet: Devnet
let venus: Venus
beforeAll(async () => {
  devnet = await startDevnet()
  venus = await deployVenus(devnet)
})
afterAll(() => devnet.stop())

test.each(SEEDS)(
  `seed %i: the mirror equals the contract over ${BLOCKS} random blocks with reorgs`,
  async (seed) => {
    const random = createRandom(seed)
    const snapshot = await devnet.snapshot()
    const { addresses } = venus
    const accounts = Array.from({ length: ACCOUNTS }, (_, index) => devnet.account(index))
    await enrich(devnet, addresses, accounts)
    const activity = createVenusActivity({ random, addresses, accounts })
    await devnet.send(accounts.flatMap((account) => activity.open(account)))
    const report = await compareMirror({
      name: `Venus core, seed ${seed}`,
      devnet,
      wanted: venusOn(devnet, venus),
      random,
      accounts,
      blocks: BLOCKS,
      next: () => activity.next(),
      truthAt: (hash, of) => venusDataAt(devnet, addresses, hash, of),
    })
    console.log(report)
    await devnet.revert(snapshot)
  },
)
