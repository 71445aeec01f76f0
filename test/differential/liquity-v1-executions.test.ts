// Liquidations and redemptions predicted and then executed: what moves, what is refused, and the books behind it.
import { parseEventLogs } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Chain } from '../../src/chain/chain.ts'
import {
  BATCH,
  call,
  LIQUIDATE,
  type LiquityRequest,
  liquidate,
  SEQUENCE,
} from '../../src/protocols/liquity-v1/liquidation.ts'
import { redemptionHints } from '../../src/protocols/liquity-v1/redeeming.ts'
import { redemptions } from '../../src/protocols/liquity-v1/redemption.ts'
import { NATIVE, PRICE_KEY, type ReadMarket } from '../../src/protocols/liquity-v1/state.ts'
import { WAD } from '../../src/units/brands.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { managerAbi } from '../devnet/liquity-v1/abis.ts'
import { FUNDER } from '../devnet/liquity-v1/random-activity.ts'
import { actorOf, type LiquitySystem } from '../devnet/liquity-v1/system.ts'
import { deployZero } from '../devnet/liquity-v1/zero.ts'
import type { Random } from '../devnet/random.ts'
import { chainAt } from '../support/follower.ts'
import { expectBooks, type LiquityState, liquityAt, throughStates, tryOut } from '../support/liquity-state.ts'

const SECONDS_MAX = 50_000

let devnet: Devnet
let chain: Chain
let system: LiquitySystem
beforeAll(async () => {
  devnet = await startDevnet()
  chain = chainAt(devnet.url, devnet.chainId)
  system = await deployZero(devnet)
})
afterAll(async () => {
  chain.close()
  await devnet.stop()
})

type Tally = {
  succeeded: number
  refused: Map<string, number>
  surpluses: number
  offsets: number
  troves: number
}

const newTally = (): Tally => ({ succeeded: 0, refused: new Map(), surpluses: 0, offsets: 0, troves: 0 })

const count = ({ refused }: Tally, revert: string): unknown =>
  refused.set(revert, (refused.get(revert) ?? 0) + 1)

const requestIn = (random: Random, { queue }: LiquityState, market: ReadMarket): LiquityRequest => {
  const request = { debtAsset: market.wiring.debtToken, collateralAsset: NATIVE }
  switch (random.integer(0, 2)) {
    case 0:
      return { ...request, method: LIQUIDATE }
    case 1:
      return { ...request, method: BATCH, troves: random.sample(queue, random.integer(0, queue.length)) }
    default:
      return { ...request, method: SEQUENCE, troves: queue, count: BigInt(random.integer(0, queue.length)) }
  }
}

test('liquidations of one, of a batch and of a sequence move what was predicted', async () => {
  const tally = newTally()
  await throughStates(devnet, chain, system, 11, async (random, state) => {
    const { market } = state
    const request = requestIn(random, state, market)
    const lowest = state.queue[random.integer(0, 2)] ?? state.queue[0]
    if (!lowest) throw new Error('there is no trove')
    const seconds = random.integer(1, 60)
    const predicted = liquidate(market, lowest, state.envAfter(seconds), request)
    const { to, data } = call(market, lowest, request)
    await tryOut(devnet, { from: FUNDER, to, data }, seconds, async ({ status, reason, logs }) => {
      if (predicted.kind === 'blocked') {
        expect([request.method, status, reason]).toEqual([request.method, 'reverted', predicted.revert])
        count(tally, predicted.revert)
        return
      }
      expect([request.method, status, reason]).toEqual([request.method, 'success', undefined])
      const [event] = parseEventLogs({ abi: managerAbi, eventName: 'Liquidation', logs: logs as never })
      const { repaid, seized, reward = [], surplus = [], after } = predicted
      expect(event?.args).toEqual({
        debt: repaid.amount,
        coll: seized[0]?.amount,
        debtGasCompensation: reward[0]?.amount,
        collGasCompensation: reward[1]?.amount,
      })
      const behind = await expectBooks(devnet, chain, system, after.market.system)
      tally.succeeded += 1
      tally.surpluses += Number(surplus.length > 0)
      tally.offsets += Number(behind.market.system.deposits < market.system.deposits)
      tally.troves += Number(market.system.troveCount - behind.market.system.troveCount)
    })
  })
  console.log(tally)
  expect(tally.succeeded).toBeGreaterThan(0)
  expect(tally.offsets).toBeGreaterThan(0)
  expect(tally.refused.size).toBeGreaterThan(0)
})

/** A redemption of Zero runs in a contract of its own, whose refusal the TroveManager wraps. */
const expectRefusal = (reason: string | undefined, revert: string): void => expect(reason).toContain(revert)

test('redemptions take what was predicted, with the hints of the book', async () => {
  const tally = newTally()
  await throughStates(devnet, chain, system, 12, async (random, state) => {
    const { market, mirror, queue } = state
    const amount = BigInt(Math.floor(random.magnitude(20, 20_000))) * WAD
    const seconds = random.integer(1, SECONDS_MAX)
    const env = state.envAfter(seconds)
    const price = env.prices(PRICE_KEY)
    if (price?.kind !== 'price') throw new Error('there is no price')
    const predicted = redemptions.redeem(mirror, env, amount)
    const hints = redemptionHints(market, queue, price.price, amount, 0n)
    const asked = hints.truncatedAmount > 0n ? hints.truncatedAmount : amount
    const first = hints.first?.owner ?? FUNDER
    const transaction = actorOf(system, FUNDER).redeem(asked, first, hints.partialNominalRatio)
    await tryOut(devnet, transaction, seconds, async ({ status, reason, logs }) => {
      if (predicted.kind === 'blocked') {
        expectRefusal(reason, predicted.revert)
        count(tally, predicted.revert)
        return
      }
      expect([status, reason]).toEqual(['success', undefined])
      const [event] = parseEventLogs({ abi: managerAbi, eventName: 'Redemption', logs: logs as never })
      const { redeemed, received, positions } = predicted
      const { actual, sent = 0n, fee = 0n } = event?.args ?? {}
      expect([redeemed.amount, received[0]?.amount]).toEqual([actual, sent - fee])
      const drawn = positions.reduce((sum, { collateral }) => sum + collateral.amount, 0n)
      expect([drawn, (drawn * predicted.feeRate) / WAD]).toEqual([sent, fee])
      const behind = await liquityAt(devnet, chain, system)
      const open = new Set<string>(behind.queue.map(({ owner }) => owner))
      for (const { owner, isClosed } of positions)
        expect([owner, open.has(owner)]).toEqual([owner, !isClosed])
      tally.succeeded += 1
      tally.troves += positions.length
    })
  })
  console.log(tally)
  expect(tally.succeeded).toBeGreaterThan(0)
})
