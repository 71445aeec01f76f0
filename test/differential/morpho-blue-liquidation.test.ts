// Liquidations predicted and then executed: repaid, seized and bad debt equal what moved, refusals what was refused.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEventLogs } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { morphoAbi } from '../../abis/morpho-blue.ts'
import type { Blocked } from '../../src/model/liquidation.ts'
import { envOf } from '../../src/monitor/assessing.ts'
import { type Follower, runCycle } from '../../src/monitor/cycle.ts'
import { syncTo } from '../../src/monitor/follow.ts'
import type { Env } from '../../src/protocols/adapter.ts'
import {
  executeLiquidation,
  LIQUIDATE,
  type MorphoRequest,
} from '../../src/protocols/morpho-blue/execution.ts'
import { morphoBlue } from '../../src/protocols/morpho-blue/index.ts'
import { call, liquidate, terms } from '../../src/protocols/morpho-blue/liquidation.ts'
import type { MorphoMarket, MorphoMirror, MorphoPosition } from '../../src/protocols/morpho-blue/state.ts'
import { offersOf } from '../../src/risk/liquidation-options.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import type { TransactionOutcome } from '../devnet/mining.ts'
import { MORPHO_ADMIN } from '../devnet/morpho-blue/deploy.ts'
import { deployMorpho, type Morpho } from '../devnet/morpho-blue/morpho.ts'
import { createMorphoActivity } from '../devnet/morpho-blue/random-activity.ts'
import { createRandom, type Random } from '../devnet/random.ts'
import { followDevnet } from '../support/follower.ts'
import { marketAt, morphoOn, placeOf, positionAt } from '../support/morpho-loans.ts'
import { sized } from '../support/size.ts'

const ATTEMPTS = sized(60, 320)
const ACCOUNTS = 12
const ATTEMPTS_PER_STATE = 8
const DAY_SECONDS = 86_400

let devnet: Devnet
let morpho: Morpho
beforeAll(async () => {
  devnet = await startDevnet()
  morpho = await deployMorpho(devnet)
})
afterAll(() => devnet.stop())

type Tally = { succeeded: number; badDebts: number; refused: Map<string, number>; maxima: number }

/** One way to try: the option that earns most, the maximum by the terms, an amount of the loan token, shares, or collateral; some of it too much. */
const requestFor = (
  random: Random,
  market: MorphoMarket,
  position: MorphoPosition,
  env: Env,
): MorphoRequest => {
  const { loanToken: debtAsset, collateralToken: collateralAsset } = market.params
  const request: MorphoRequest = { method: LIQUIDATE, debtAsset, collateralAsset }
  const some = (of: bigint): bigint => (random.chance(0.2) ? of : random.bigint(of + of / 50n + 2n))
  const [best] = terms(market, position, env)
  const [option] = offersOf({ adapter: morphoBlue, market, position, env })
  if (option && random.chance(0.3)) return option.request
  if (best && random.chance(0.3)) return best.request
  if (best && random.chance(0.3)) return { ...request, repay: best.repayMax }
  if (random.chance(0.5)) return { ...request, repaidShares: some(position.borrowShares) }
  return { ...request, seizedAssets: some(position.collateral) }
}

const refusal = ({ revert }: Blocked): string =>
  revert === 'Panic(0x11)' ? 'Panic(17)' : revert === 'Panic(0x12)' ? 'Panic(18)' : revert

/** Sends what `call` gives for the request; one that names `repay` is made one of shares first. */
const send = async (
  market: MorphoMarket,
  position: MorphoPosition,
  env: Env,
  { repay, ...request }: MorphoRequest,
): Promise<TransactionOutcome> => {
  const executed =
    repay === undefined ? request : executeLiquidation(market, position, env, { ...request, repay })
  const input = 'input' in executed ? executed.input : { repaidShares: 0n, ...request }
  const { to, data } = call(market, position, { ...request, ...input })
  const { timestamp } = await devnet.head()
  const { outcomes } = await devnet.send([{ from: MORPHO_ADMIN, to, data }], env.timestamp - timestamp)
  if (!outcomes[0]) throw new Error('no outcome')
  return outcomes[0]
}

const attempt = async (
  random: Random,
  market: MorphoMarket,
  position: MorphoPosition,
  env: Env,
  tally: Tally,
): Promise<void> => {
  const seconds = random.integer(1, random.chance(0.2) ? 30 * DAY_SECONDS : 60)
  const then: Env = { ...env, timestamp: env.timestamp + seconds }
  const request = requestFor(random, market, position, then)
  const predicted = liquidate(market, position, then, request)
  const snapshot = await devnet.snapshot()
  const outcome = await send(market, position, then, request)
  const subject = [position.id.market, position.owner, request]
  if (predicted.kind === 'blocked') {
    expect([...subject, outcome.reason]).toEqual([...subject, refusal(predicted)])
    tally.refused.set(predicted.revert, (tally.refused.get(predicted.revert) ?? 0) + 1)
  } else {
    expect([...subject, outcome.status, outcome.reason]).toEqual([...subject, 'success', undefined])
    const [event] = parseEventLogs({ abi: morphoAbi, eventName: 'Liquidate', logs: outcome.logs as never })
    const moved = [predicted.repaid.amount, predicted.seized[0]?.amount, predicted.badDebt[0]?.amount ?? 0n]
    const { repaidAssets, seizedAssets, badDebtAssets } = event?.args ?? {}
    expect([...subject, ...moved]).toEqual([...subject, repaidAssets, seizedAssets, badDebtAssets])
    if (request.repay !== undefined) expect(repaidAssets).toBeLessThanOrEqual(request.repay)
    await compareAfter(position, predicted.after)
    tally.succeeded += 1
    tally.badDebts += Number(predicted.badDebt.length > 0)
    tally.maxima += Number(
      request.repay === undefined && request.seizedAssets !== undefined && request.repaidShares !== undefined,
    )
  }
  await devnet.revert(snapshot)
}

/** The state that a prediction leaves behind is the state of the chain. */
const compareAfter = async (
  { id, owner }: MorphoPosition,
  after: { readonly market: MorphoMarket; readonly position: MorphoPosition | undefined },
): Promise<void> => {
  const place = placeOf(morpho, { market: id.market, owner })
  const { hash } = await devnet.head()
  const { supplyShares, borrowShares, collateral } = await positionAt(devnet, morpho, hash, place)
  if (after.position) expect(after.position).toMatchObject({ supplyShares, borrowShares, collateral })
  else expect([borrowShares, collateral]).toEqual([0n, 0n])
  expect(after.market.reading?.totals).toEqual(await marketAt(devnet, morpho, hash, place.market))
}

const mirrorOf = (follower: Follower): MorphoMirror => {
  const [tracked] = follower.book.tracked
  if (!tracked) throw new Error('nothing is followed')
  return tracked.mirror as unknown as MorphoMirror
}

test(`${ATTEMPTS} liquidations do what was predicted, to the unit`, async () => {
  const random = createRandom(20_261_126)
  const accounts = Array.from({ length: ACCOUNTS }, (_, index) => devnet.account(index))
  await morpho.fundAccounts(accounts)
  const activity = createMorphoActivity(devnet, morpho, random, accounts)
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-morpho-'))
  const wanted = [morphoOn(devnet, morpho)]
  const follower = await followDevnet(devnet, join(folder, 'l.db'), { wanted })
  await syncTo(follower, await follower.chain.head(), () => undefined, new AbortController().signal)
  const tally: Tally = { succeeded: 0, badDebts: 0, refused: new Map(), maxima: 0 }
  let attempts = 0
  while (attempts < ATTEMPTS) {
    const { actions, seconds } = await activity.next()
    await morpho.act(actions, { tolerateReverts: true, seconds })
    await runCycle(follower, await follower.chain.head())
    const { cursor } = follower.book
    if (!cursor) throw new Error('nothing was followed')
    const mirror = mirrorOf(follower)
    const env = envOf(mirror, cursor, () => null)
    const borrowers = [...mirror.positions.values()].filter(({ borrowShares }) => borrowShares > 0n)
    const isBad = (position: MorphoPosition): boolean => {
      const market = mirror.markets.get(position.id.market)
      return market !== undefined && terms(market, position, env).length > 0
    }
    const bad = borrowers.filter(isBad)
    if (bad.length === 0 && random.chance(0.8)) continue
    const chosen = [...random.sample(bad, ATTEMPTS_PER_STATE - 1), ...random.sample(borrowers, 1)]
    for (const position of chosen) {
      const market = mirror.markets.get(position.id.market)
      if (market) await attempt(random, market, position, env, tally)
      attempts += 1
    }
  }
  const refusals = [...tally.refused].map(([reason, count]) => `${reason}: ${count}`).join(', ')
  console.log(
    `morpho liquidations: ${attempts} attempts, ${tally.succeeded} executed as predicted (${tally.maxima} at the maximum, ${tally.badDebts} with bad debt), refused as predicted: ${refusals}`,
  )
  expect(tally.succeeded).toBeGreaterThan(attempts / 3)
  expect(tally.badDebts).toBeGreaterThan(0)
  follower.chain.close()
  follower.database.$client.close()
})
