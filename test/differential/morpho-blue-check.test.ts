// Loans read on demand, and watched without a book, against Morpho's own word.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Address, Hash } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Assessment } from '../../src/model/assessment.ts'
import { assessAll } from '../../src/monitor/assessing.ts'
import type { Catalogue, CatalogueOptions } from '../../src/monitor/catalogue.ts'
import { runCycle } from '../../src/monitor/cycle.ts'
import { syncTo } from '../../src/monitor/follow.ts'
import { readAccounts } from '../../src/monitor/on-demand.ts'
import type { Wanted } from '../../src/monitor/track.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { deployMorpho, type Morpho } from '../devnet/morpho-blue/morpho.ts'
import { createMorphoActivity } from '../devnet/morpho-blue/random-activity.ts'
import { createRandom } from '../devnet/random.ts'
import { chainAt, followDevnet } from '../support/follower.ts'
import { compareLoan, morphoOn, newTally, positionAt } from '../support/morpho-loans.ts'
import { sized } from '../support/size.ts'

const ACCOUNTS = sized(10, 20)
const ROUNDS = sized(4, 7)
const BLOCKS_PER_ROUND = 5
const READ_ROUNDS_MAX = 12

let devnet: Devnet
let morpho: Morpho
beforeAll(async () => {
  devnet = await startDevnet()
  morpho = await deployMorpho(devnet)
})
afterAll(() => devnet.stop())

/** Remembers markets in memory. */
const catalogueOptions = (): CatalogueOptions => {
  let known: Catalogue | undefined
  return {
    store: {
      load: () => known,
      save: (_wanted, catalogue) => {
        known = catalogue
      },
    },
    reorgDepthMax: 5,
    onProgress: () => undefined,
  }
}

/** `market:account` of every loan that Morpho has. */
const loansAt = async (hash: Hash, accounts: readonly Address[]): Promise<readonly string[]> => {
  const loans: string[] = []
  for (const market of Object.values(morpho.addresses.markets))
    for (const account of accounts) {
      const { borrowShares, collateral } = await positionAt(devnet, morpho, hash, { market, account })
      if (borrowShares > 0n || collateral > 0n) loans.push(`${market.id}:${account}`)
    }
  return loans.sort()
}

const namesOf = (assessments: readonly Assessment[]): readonly string[] =>
  assessments.map(({ market, owner }) => `${market}:${owner}`).sort()

test(`${ACCOUNTS} accounts in ${ROUNDS} random states, their loans found and equal to Morpho's`, async () => {
  const random = createRandom(7)
  const accounts = Array.from({ length: ACCOUNTS }, (_, index) => devnet.account(index))
  await morpho.fundAccounts(accounts)
  const activity = createMorphoActivity(devnet, morpho, random, accounts)
  for (const account of accounts)
    await morpho.act(await activity.open(random.pick(activity.markets), account), { tolerateReverts: true })
  const announced = morphoOn(devnet, morpho)
  const named = morphoOn(devnet, morpho, {
    markets: Object.values(morpho.addresses.markets).map(({ id }) => id),
  })
  const chain = chainAt(devnet.url, devnet.chainId)
  const catalogue = catalogueOptions()
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-morpho-'))
  const watcher = await followDevnet(devnet, join(folder, 'w.db'), { wanted: [announced], watched: accounts })
  await syncTo(watcher, await watcher.chain.head(), () => undefined, new AbortController().signal)
  const tally = newTally()
  for (let round = 0; round < ROUNDS; round++) {
    for (let block = 0; block < BLOCKS_PER_ROUND; block++) {
      const { actions, seconds } = await activity.next()
      await morpho.act(actions, { tolerateReverts: true, seconds })
    }
    const head = await chain.head()
    const loans = await loansAt(head.hash, accounts)
    for (const wanted of [announced, named] satisfies Wanted[]) {
      const read = await readAccounts(chain, head, [wanted], accounts, READ_ROUNDS_MAX, catalogue)
      expect(read.failures).toEqual([])
      expect(namesOf(read.assessments)).toEqual(loans)
      await Promise.all(read.assessments.map((one) => compareLoan(devnet, morpho, one, tally)))
    }
    await syncTo(watcher, head, () => undefined, new AbortController().signal)
    expect(watcher.book.cursor?.hash).toBe(head.hash)
    const watched = assessAll(watcher.book.tracked, head)
    expect(namesOf(watched)).toEqual(loans)
    await Promise.all(watched.map((one) => compareLoan(devnet, morpho, one, tally)))
  }
  await devnet.mine()
  const quiet = await runCycle(watcher, await watcher.chain.head())
  expect(quiet).toMatchObject({ mismatches: [], roundCount: 1 })
  console.log(
    `morpho check: ${tally.positions} states compared, ${tally.liquidatable} liquidatable, 0 mismatches`,
  )
  expect(tally.positions).toBeGreaterThan(ACCOUNTS * ROUNDS)
  chain.close()
  watcher.chain.close()
  watcher.database.$client.close()
})
