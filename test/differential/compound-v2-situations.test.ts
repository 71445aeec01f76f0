// Rare situations of Compound v2 on the real contracts: afterwards the mirror equals them, or says why it cannot.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Address, concat, type Hex, toHex } from 'viem'
import { afterEach, beforeAll, expect, test } from 'vitest'
import type { Assessment } from '../../src/model/assessment.ts'
import { assessAll } from '../../src/monitor/assessing.ts'
import { type Follower, runCycle } from '../../src/monitor/cycle.ts'
import { syncTo } from '../../src/monitor/follow.ts'
import type { CompoundPosition } from '../../src/protocols/compound-v2/state.ts'
import { type CompoundV2, compoundOn, deployCompoundV2, enrich } from '../devnet/compound-v2/compound.ts'
import { createCompoundActivity } from '../devnet/compound-v2/random-activity.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { createRandom } from '../devnet/random.ts'
import { compoundDataAt } from '../support/compound-data.ts'
import { closeFollower, followDevnet } from '../support/follower.ts'

const ACCOUNTS = 12
/** A rate that no parameters explain, per block. */
const STRANGE_RATE = 123_456_789_012n

/** Answers any call with one word. */
const answering = (word: bigint): Hex => concat(['0x7f', toHex(word, { size: 32 }), '0x60005260206000f3'])
const REVERTING: Hex = '0x60006000fd'

let devnet: Devnet
let compound: CompoundV2
let accounts: readonly Address[]
let follower: Follower
beforeAll(async () => {
  devnet = await startDevnet()
  compound = await deployCompoundV2(devnet)
  const { addresses } = compound
  accounts = Array.from({ length: ACCOUNTS }, (_, index) => devnet.account(index))
  await enrich(devnet, addresses, accounts)
  const activity = createCompoundActivity({ random: createRandom(5), addresses, accounts })
  await devnet.send(accounts.flatMap((account) => activity.open(account)))
  return () => devnet.stop()
})
/** Follows from the head on, into a new book. */
const follow = async (): Promise<void> => {
  const file = join(mkdtempSync(join(tmpdir(), 'plimsoll-compound-')), 's.db')
  follower = await followDevnet(devnet, file, { wanted: [compoundOn(devnet, compound)] })
  await syncTo(follower, await follower.chain.head(), () => undefined, new AbortController().signal)
}
afterEach(() => closeFollower(follower))

const next = async (): Promise<readonly Assessment[]> => {
  await devnet.mine({ blocks: 40 })
  const outcome = await runCycle(follower, await follower.chain.head())
  expect(outcome).toMatchObject({ kind: 'committed', mismatches: [] })
  const { cursor, tracked } = follower.book
  if (!cursor) throw new Error('nothing was followed')
  const assessments = assessAll(tracked, cursor)
  const truth = await compoundDataAt(devnet, compound.addresses, cursor.hash, accounts)
  for (const one of assessments) {
    const expected = truth.get(one.owner)
    if (one.kind === 'assessed' && expected)
      expect((one.liquidationValue ?? 0n) - one.debtValue).toBe(expected.accrued)
  }
  return assessments
}

/** Replaces a contract's code while something runs. */
const withCode = async (address: Address, code: Hex, run: () => Promise<void>): Promise<void> => {
  const former = await devnet.rpc.request<Hex>('eth_getCode', [address, 'latest'])
  await devnet.rpc.request('anvil_setCode', [address, code])
  await run()
  await devnet.rpc.request('anvil_setCode', [address, former])
}

/** A log of every market, so that all of them are read again. */
const pokeAll = (): Promise<unknown> =>
  devnet.send(
    Object.values(compound.addresses.markets).map(({ cToken }) => ({
      from: compound.addresses.admin,
      to: cToken,
      data: '0xa6afed95' as const,
    })),
  )

test('a rate model of another make is observed, and exact at the block', async () => {
  await follow()
  await withCode(compound.addresses.models.volatile, answering(STRANGE_RATE), async () => {
    await pokeAll()
    const first = await next()
    const second = await next()
    for (const one of [...first, ...second]) expect(one.kind).toBe('assessed')
    const fidelities = new Set(second.map((one) => one.kind === 'assessed' && one.fidelity))
    expect(fidelities).toContain('observed')
  })
})

test('a rate model that reverts is contained: who did not enter its markets is assessed', () =>
  withCode(compound.addresses.models.linear, REVERTING, async () => {
    await follow()
    const { cursor, tracked } = follower.book
    const [only] = tracked
    if (!cursor || !only) throw new Error('nothing was followed')
    const ofLinear = ['DAI', 'YAM'].map((symbol) => compound.addresses.markets[symbol]?.cToken)
    const assessments = assessAll(tracked, cursor)
    for (const one of assessments) {
      const position = only.mirror.positions.get(`comptroller:${one.owner}`) as CompoundPosition
      const depends = position.entered.some((address) => ofLinear.includes(address))
      expect([one.owner, one.kind]).toEqual([one.owner, depends ? 'unassessable' : 'assessed'])
    }
    expect(new Set(assessments.map(({ kind }) => kind)).size).toBe(2)
  }))

test('an oracle that reverts leaves nobody healthy, and recovers', async () => {
  await follow()
  await withCode(compound.addresses.oracle, REVERTING, async () => {
    const assessments = await next()
    expect(assessments.length).toBeGreaterThan(0)
    for (const one of assessments) expect(one).toMatchObject({ kind: 'unassessable', reason: 'price-failed' })
  })
  for (const one of await next()) expect(one.kind).toBe('assessed')
})
