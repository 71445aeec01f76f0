// Liquidations that the real pool executes, against what `terms` and `liquidate` said of them before, to the unit.
import { type Address, decodeEventLog, type Hex, maxUint256, parseAbi } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AaveRequest } from '../../src/protocols/aave-v3/execution.ts'
import { aaveV3 } from '../../src/protocols/aave-v3/index.ts'
import { offersOf } from '../../src/risk/liquidation-options.ts'
import { twoOffersOf } from '../../src/risk/two-step.ts'
import type { Action, ActionOutcome } from '../devnet/aave-v3/actions.ts'
import { randomAccount } from '../devnet/aave-v3/random-account.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { createRandom, type Random } from '../devnet/random.ts'
import { sized } from '../support/size.ts'
import { createReader, type Loan, type Reader, revertOf, settledState } from './aave-v3-support.ts'

const ROUNDS = sized(1, 30)
/** Of prices, in each round. */
const MOVES = 4
const TIMEOUT_MS = sized(120_000, 1_800_000)
const ACCOUNTS = 12
const LIQUIDATOR_INDEX = 900

const events = parseAbi([
  'event LiquidationCall(address indexed collateralAsset, address indexed debtAsset, address indexed user, uint256 debtToCover, uint256 liquidatedCollateralAmount, address liquidator, bool receiveAToken)',
  'event Transfer(address indexed from, address indexed to, uint256 value)',
])

let devnet: Devnet
let reader: Reader
beforeAll(async () => {
  devnet = await startDevnet()
  reader = createReader(devnet)
})
afterAll(async () => {
  reader.close()
  await devnet.stop()
})

const symbolOf = (asset: Address): string =>
  Object.values(devnet.addresses.reserves).find((reserve) => reserve.asset === asset)?.symbol ?? ''

/** From the head to the liquidation. */
const seconds = 12

const actionOf = (borrower: Address, request: AaveRequest): Action => ({
  kind: 'liquidate',
  liquidator: devnet.account(LIQUIDATOR_INDEX),
  borrower,
  debt: symbolOf(request.debtAsset),
  collateral: symbolOf(request.collateralAsset),
  amount: request.repay ?? maxUint256,
  receiveAToken: request.receiveAToken ?? false,
})

/** All of them in the next block, one after the other. */
const execute = async (
  borrower: Address,
  ...requests: readonly AaveRequest[]
): Promise<readonly ActionOutcome[]> => {
  const actions = requests.map((request) => actionOf(borrower, request))
  return (await devnet.act(actions, { seconds, tolerateReverts: true })).outcomes
}

/** What the logs say was moved: the pool's own event, and the aTokens that the borrower gave to others than the liquidator. */
const movedIn = ({ logs }: ActionOutcome, borrower: Address) => {
  const decoded = logs.flatMap(({ address, topics, data }) => {
    try {
      return [{ address, ...decodeEventLog({ abi: events, topics: topics as [Hex, ...Hex[]], data }) }]
    } catch {
      return []
    }
  })
  const call = decoded.find(({ eventName }) => eventName === 'LiquidationCall')
  if (call?.eventName !== 'LiquidationCall') throw new Error('no liquidation in the logs')
  const { debtToCover, liquidatedCollateralAmount } = call.args
  const aToken = devnet.addresses.reserves[symbolOf(call.args.collateralAsset)]?.aToken
  const fee = decoded.reduce((sum, one) => {
    if (one.eventName !== 'Transfer' || one.address.toLowerCase() !== aToken?.toLowerCase()) return sum
    const { from, to, value } = one.args
    const isFee = from === borrower && to !== devnet.account(LIQUIDATOR_INDEX) && BigInt(to) !== 0n
    return isFee ? sum + value : sum
  }, 0n)
  return { repaid: debtToCover, seized: liquidatedCollateralAmount, protocolFee: fee }
}

type Tally = {
  liquidated: number
  refused: Map<string, number>
  beaten: number
  states: number
  twoSteps: number
}

/** Predicts one request, executes it, compares, and goes back. */
const compare = async (loan: Awaited<ReturnType<Reader['loan']>>, request: AaveRequest, tally: Tally) => {
  const { market, position, env } = loan
  const before = await devnet.snapshot()
  const predicted = aaveV3.liquidate(market, position, env, request)
  const [outcome] = (await execute(position.owner, request)) as readonly [ActionOutcome]
  const label = [position.owner, symbolOf(request.debtAsset), symbolOf(request.collateralAsset), request]
  if (predicted.kind === 'blocked') {
    expect([...label, outcome.status, revertOf(outcome)]).toEqual([...label, 'reverted', predicted.revert])
    tally.refused.set(predicted.revert, (tally.refused.get(predicted.revert) ?? 0) + 1)
    await devnet.revert(before)
    return undefined
  }
  expect([...label, outcome.status, outcome.reason]).toEqual([...label, 'success', undefined])
  const moved = movedIn(outcome, position.owner)
  const sum = (amounts: readonly { readonly amount: bigint }[]) =>
    amounts.reduce((a, { amount }) => a + amount, 0n)
  expect([
    ...label,
    {
      repaid: predicted.repaid.amount,
      seized: sum(predicted.seized),
      protocolFee: sum(predicted.protocolFee),
    },
    predicted.badDebt,
  ]).toEqual([...label, moved, []])
  const assets = [...new Set([request.debtAsset, request.collateralAsset])]
  const after = predicted.after as unknown as Loan
  expect([...label, settledState(after, assets)]).toEqual([
    ...label,
    settledState(await reader.loan(position.owner, { assets }), assets),
  ])
  tally.liquidated += 1
  await devnet.revert(before)
  return moved
}

/** The option that earns most is executed as any other request; where two steps earn more, both, in one block. */
const compareOption = async (loan: Awaited<ReturnType<Reader['loan']>>, tally: Tally) => {
  const asked = { adapter: aaveV3, ...loan }
  const [best] = offersOf(asked)
  if (!best) return
  await compare(loan, best.request, tally)
  const two = twoOffersOf(asked, best)
  if (!two) return
  const { owner } = loan.position
  const offers = [two.first, two.second]
  const before = await devnet.snapshot()
  const outcomes = await execute(owner, ...offers.map(({ request }) => request))
  expect([owner, ...outcomes.map(({ reason }) => reason)]).toEqual([owner, undefined, undefined])
  outcomes.forEach((outcome, index) => {
    const { repaid, seized } = movedIn(outcome, owner)
    const said = offers[index]?.outcome
    expect([owner, repaid, seized]).toEqual([owner, said?.repaid.amount, said?.seized[0]?.amount])
  })
  tally.twoSteps += 1
  await devnet.revert(before)
}

/**
 * Every offered way at its maximum, in both kinds of payment. More than the maximum is refused or seizes no more: where the
 * collateral is the limit, its rounding lets a liquidator pay a little more for the same.
 */
const compareTerms = async (loan: Awaited<ReturnType<Reader['loan']>>, tally: Tally) => {
  const offered = aaveV3.terms(loan.market, loan.position, loan.env)
  const health = aaveV3.assess(loan.market, loan.position, loan.env)
  const isExecutable = health.kind === 'assessed' && health.isExecutable
  expect([loan.position.owner, offered.length > 0]).toEqual([loan.position.owner, isExecutable])
  tally.states += Number(isExecutable)
  for (const { request, repayMax } of offered.slice(0, 2)) {
    const atMost = await compare(loan, request, tally)
    expect(atMost?.repaid).toBe(repayMax)
    const inAToken = { ...request, receiveAToken: true }
    await compare(loan, inAToken, tally)
    const beyond = await compare(loan, { ...request, repay: repayMax + 1n }, tally)
    if (beyond && atMost)
      expect(beyond.seized + beyond.protocolFee).toBeLessThanOrEqual(atMost.seized + atMost.protocolFee)
    tally.beaten += 1
  }
}

/** A request that nobody would send: any pair of assets, any amount. */
const randomRequest = (random: Random): AaveRequest => {
  const reserves = Object.values(devnet.addresses.reserves)
  const repay = random.pick([0n, 1n, random.bigint(10n ** 6n), random.bigint(10n ** 20n), maxUint256])
  return {
    method: 'liquidationCall',
    debtAsset: random.pick(reserves).asset,
    collateralAsset: random.pick(reserves).asset,
    repay,
    receiveAToken: random.chance(0.5),
  }
}

/** Another market: half of the prices fall, the others rise; other fees; sometimes an asset is paused or frozen. */
const disturb = async (random: Random): Promise<void> => {
  const symbols = Object.keys(devnet.addresses.reserves)
  const prices = await Promise.all(
    [...symbols, 'PEG'].map(async (symbol) => {
      const factor = random.chance(0.5) ? random.magnitude(0.15, 0.8) : random.magnitude(0.9, 2.5)
      return [symbol, BigInt(Math.max(1, Math.round(Number(await devnet.price(symbol)) * factor)))] as const
    }),
  )
  await devnet.act(
    [
      { kind: 'pausePool', paused: false },
      ...random
        .sample(symbols, 3)
        .map(
          (asset) => ({ kind: 'setLiquidationProtocolFee', asset, fee: random.integer(0, 10_000) }) as const,
        ),
      ...(random.chance(0.2) ? [{ kind: 'pause', asset: random.pick(symbols), paused: true } as const] : []),
      ...(random.chance(0.3) ? [{ kind: 'freeze', asset: random.pick(symbols), frozen: true } as const] : []),
    ],
    { tolerateReverts: true },
  )
  await devnet.setPrices(Object.fromEntries(prices))
  await devnet.increaseTime(Math.round(random.magnitude(1, 300 * 86_400)))
}

test(
  `liquidations in ${ROUNDS * MOVES} random markets move what was said, to the unit`,
  async () => {
    const random = createRandom(20_261_126)
    const tally: Tally = { liquidated: 0, refused: new Map(), beaten: 0, states: 0, twoSteps: 0 }
    const boot = await devnet.snapshot()
    for (let round = 0; round < ROUNDS; round++) {
      await devnet.revert(boot)
      const accounts = Array.from({ length: ACCOUNTS }, (_, index) => devnet.account(index))
      await devnet.openAccounts(
        accounts.map((account) => randomAccount(random, account)),
        { tolerateReverts: true },
      )
      for (let move = 0; move < MOVES; move++) {
        await disturb(random)
        for (const account of accounts) {
          const loan = await reader.loan(account, { seconds })
          await compareTerms(loan, tally)
          await compareOption(loan, tally)
          if (random.chance(0.3)) await compare(loan, randomRequest(random), tally)
        }
      }
    }
    const refusals = [...tally.refused].map(([name, count]) => `${count} ${name}`).join(', ')
    console.log(
      `liquidations: ${tally.states} executable states, ${tally.liquidated} executed as predicted, ${tally.beaten} maxima not beaten, ${tally.twoSteps} in two steps, refused as predicted: ${refusals}`,
    )
    expect(tally.states).toBeGreaterThanOrEqual(sized(9, 300))
    expect(tally.twoSteps).toBeGreaterThan(0)
  },
  TIMEOUT_MS,
)
