// What borrowers do with their own troves, predicted and then sent: the trove and the books behind it, or the refusal.
import { type Address, maxUint256 } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Chain } from '../../src/chain/chain.ts'
import { act, type LiquityAction } from '../../src/protocols/liquity-v1/action.ts'
import { MARKET, NATIVE, type Trove } from '../../src/protocols/liquity-v1/state.ts'
import { WAD } from '../../src/units/brands.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { actorOf, type LiquitySystem } from '../devnet/liquity-v1/system.ts'
import { deployZero } from '../devnet/liquity-v1/zero.ts'
import type { Transaction } from '../devnet/plan.ts'
import type { Random } from '../devnet/random.ts'
import { chainAt } from '../support/follower.ts'
import { expectBooks, type LiquityState, throughStates, tryOut } from '../support/liquity-state.ts'

const SECONDS_MAX = 50_000

/** What an account has in its purse is not asked by the adapter. */
const NO_MONEY = /doesnt have enough|exceeds balance/

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

const nobodys = ({ market }: LiquityState, owner: Address): Trove => ({
  id: { ...market.id, market: MARKET, account: owner },
  ...{ owner, asOf: 0n, coll: 0n, debt: 0n, stake: 0n, status: 0 },
  ...{ snapshot: { coll: 0n, debt: 0n }, links: null },
})

type Tried = { readonly action: LiquityAction; readonly transaction: Transaction }

const somethingOf = (random: Random, { market }: LiquityState, { owner, coll, debt }: Trove): Tried => {
  const actor = actorOf(system, owner)
  const some = (of: bigint): bigint => (random.chance(0.1) ? of : random.bigint(of + of / 4n + WAD))
  const borrowed = { asset: market.wiring.debtToken }
  const [ofColl, ofDebt] = [some(coll), some(debt)]
  switch (random.integer(0, 5)) {
    case 0:
      return { action: { kind: 'supply', asset: NATIVE, amount: ofColl }, transaction: actor.supply(ofColl) }
    case 1:
      return {
        action: { kind: 'withdraw', asset: NATIVE, amount: ofColl },
        transaction: actor.withdraw(ofColl),
      }
    case 2:
      return { action: { kind: 'borrow', ...borrowed, amount: ofDebt }, transaction: actor.borrow(ofDebt) }
    case 3:
      return { action: { kind: 'repay', ...borrowed, amount: ofDebt }, transaction: actor.repay(ofDebt) }
    case 4:
      return { action: { kind: 'repay', ...borrowed, amount: maxUint256 }, transaction: actor.close() }
    default: {
      const [amount, collateral] = [random.bigint(3_000n * WAD), random.bigint(6n * WAD) + 1n]
      const isOpen = debt > 0n
      const transaction = isOpen ? actor.adjust(collateral, amount) : actor.open(collateral, amount)
      return { action: { kind: 'borrow', ...borrowed, amount, collateral }, transaction }
    }
  }
}

/** Where it stands in the list is not predicted. */
const withoutPlace = ({ links: _links, asOf: _asOf, ...trove }: Trove): object => trove

test('an action leaves the predicted trove and books behind, or is refused as predicted', async () => {
  const refused = new Map<string, number>()
  let succeeded = 0
  await throughStates(devnet, chain, system, 13, async (random, state, accounts) => {
    const open = state.queue.filter((one) => accounts.includes(one.owner)).map((one) => one.owner)
    const owner = random.pick(open.length > 0 && random.chance(0.8) ? open : accounts)
    const trove = state.queue.find((one) => one.owner === owner) ?? nobodys(state, owner)
    const { action, transaction } = somethingOf(random, state, trove)
    const seconds = random.integer(1, SECONDS_MAX)
    const predicted = act(state.market, trove, state.envAfter(seconds), action)
    await tryOut(devnet, transaction, seconds, async ({ status, reason }) => {
      if (reason && NO_MONEY.test(reason)) return
      const subject = [action.kind, action.amount]
      if (predicted.kind === 'blocked') {
        expect([...subject, status, reason]).toEqual([...subject, 'reverted', predicted.revert])
        refused.set(predicted.revert, (refused.get(predicted.revert) ?? 0) + 1)
        return
      }
      expect([...subject, status, reason]).toEqual([...subject, 'success', undefined])
      const { market, position } = predicted.after
      const behind = await expectBooks(devnet, chain, system, market.system)
      const found = behind.queue.find((one) => one.owner === owner)
      expect(found && withoutPlace(found)).toEqual(position && withoutPlace(position))
      succeeded += 1
    })
  })
  console.log(`${succeeded} actions went through`, refused)
  expect(succeeded).toBeGreaterThan(0)
  expect(refused.size).toBeGreaterThan(2)
})
