// What every adapter promises of liquidations and of an account's own actions, held against states of real contracts.
import fc from 'fast-check'
import { isAddress, isHex } from 'viem'
import { describe, expect, test } from 'vitest'
import type {
  Action,
  After,
  LiquidationOutcome,
  LiquidationRequest,
  LiquidationTerms,
} from '../../src/model/liquidation.ts'
import { partOf } from '../../src/risk/liquidation-offer.ts'
import { offersOf } from '../../src/risk/liquidation-options.ts'
import { twoOffersOf } from '../../src/risk/two-step.ts'
import { PPM, UINT256_MAX } from '../../src/units/brands.ts'
import { sized } from '../support/size.ts'
import { marketStored, positionStored } from '../support/stored.ts'
import { always, assessIn, type Recorded, recordedSubjects, roundingOf, type Subject } from './recorded.ts'

const subjects = await recordedSubjects()
const nothing = fc.constant(undefined)
const share = fc.bigInt({ min: 1n, max: PPM })

const termsIn = ({ adapter }: Subject, { market, position, env }: Recorded): readonly LiquidationTerms[] =>
  adapter.terms(market, position, env)

/** Where the protocol itself pays, it pays all or nothing. */
const byLiquidator = (terms: readonly LiquidationTerms[]): readonly LiquidationTerms[] =>
  terms.filter(({ payer }) => payer === 'liquidator')

const liquidateIn = (
  { adapter }: Subject,
  { market, position, env }: Recorded,
  request: LiquidationRequest,
) => adapter.liquidate(market, position, env, request)

/** The block as an action leaves it: other markets that changed count too. */
const behind = (env: Recorded['env'], { markets }: After): Recorded['env'] =>
  markets ? { ...env, markets: (name) => markets.get(name) ?? env.markets(name) } : env

/** What an action leaves behind is a state like any other: it can be stored and assessed. */
const expectState = (subject: Subject, { env, name }: Recorded, after: After): void => {
  const { market, position, markets } = after
  for (const one of [market, ...(markets?.values() ?? [])]) expect(marketStored(one), name).toEqual(one)
  if (position) {
    expect(positionStored(position), name).toEqual(position)
    expect(() => assessIn(subject, { market, position, env: behind(env, after) }), name).not.toThrow()
  }
}

const expectNoMoreSeized = (
  { seized: whole }: LiquidationOutcome,
  { seized }: LiquidationOutcome,
  { name }: Recorded,
): void => {
  for (const [index, { amount }] of seized.entries())
    expect(amount <= (whole[index]?.amount ?? 0n), `${name}: ${amount}`).toBe(true)
}

for (const subject of subjects)
  describe(`${subject.protocol}: liquidation`, () => {
    test('what is listed is never refused, and repays what it says', () =>
      always(subject, nothing, (world) => {
        for (const { request, repayMax } of termsIn(subject, world)) {
          const outcome = liquidateIn(subject, world, request)
          expect(outcome, world.name).toMatchObject({ kind: 'liquidated' })
          if (outcome.kind === 'blocked') continue
          expect(outcome.repaid.asset, world.name).toBe(request.debtAsset)
          expect(outcome.repaid.amount, world.name).toBe(repayMax)
          const moved = [outcome.repaid, ...outcome.seized, ...outcome.badDebt].filter(
            ({ amount }) => amount > 0n,
          )
          expect(moved.length, world.name).toBeGreaterThan(0)
          expectState(subject, world, outcome.after)
        }
      }))

    test('paying more than the maximum is refused, cut to it, or seizes nothing more', () =>
      always(subject, share, (world, ppm) => {
        for (const { request, repayMax } of byLiquidator(termsIn(subject, world))) {
          const repay = repayMax + (repayMax * ppm) / PPM + 1n
          const more = liquidateIn(subject, world, { ...request, repay })
          const most = liquidateIn(subject, world, request)
          if (more.kind === 'blocked' || most.kind === 'blocked' || more.repaid.amount <= repayMax) continue
          expectNoMoreSeized(most, more, world)
        }
      }))

    test('a part repays no more than that part, and seizes no more than the whole', () =>
      always(subject, share, (world, ppm) => {
        for (const { request, repayMax } of byLiquidator(termsIn(subject, world))) {
          const whole = liquidateIn(subject, world, request)
          const repay = (repayMax * ppm) / PPM
          const part = liquidateIn(subject, world, { ...request, repay })
          if (part.kind === 'blocked' || whole.kind === 'blocked') continue
          expect(part.repaid.amount <= repay, `${world.name}: ${part.repaid.amount} of ${repay}`).toBe(true)
          for (const [index, { amount }] of part.seized.entries())
            expect(amount <= (whole.seized[index]?.amount ?? 0n), world.name).toBe(true)
          expectState(subject, world, part.after)
        }
      }))

    test('every listed way is a transaction', () =>
      always(subject, nothing, (world) => {
        for (const { request } of termsIn(subject, world)) {
          const call = subject.adapter.call(world.market, world.position, request)
          expect(
            [isAddress(call.to, { strict: false }), isHex(call.data), call.data.length >= 10],
            world.name,
          ).toEqual([true, true, true])
        }
      }))
  })

/** Values are cut to a unit of the quote: what differs by less earns the same. */
const CUT_OF_VALUES = 2n

const loanIn = ({ adapter }: Subject, { market, position, env }: Recorded) => ({
  adapter,
  market,
  position,
  env,
})

const expectTwoSteps = (subject: Subject, world: Recorded): void => {
  const loan = loanIn(subject, world)
  for (const whole of offersOf(loan)) {
    const two = twoOffersOf(loan, whole)
    if (!two) continue
    const { first, second, left, healthLeft } = two
    expect(first.incentive + second.incentive > whole.incentive, world.name).toBe(true)
    const health = subject.adapter.assess(left.market, left.position, left.env)
    expect(health, world.name).toMatchObject({ isExecutable: true, healthFactor: healthLeft })
    expectState(subject, world, first.outcome.after)
    expectState(subject, { ...world, env: left.env }, second.outcome.after)
  }
}

for (const subject of subjects)
  describe(`${subject.protocol}: options`, () => {
    test('the best comes first, and earns no less than with a unit or a hundredth less or more', () =>
      always(
        subject,
        nothing,
        (world) => {
          const loan = loanIn(subject, world)
          const offers = offersOf(loan)
          expect(offers.length, world.name).toBe(termsIn(subject, world).length)
          offers.forEach((offer, index) => {
            const before = offers[index - 1]
            if (before) expect(before.incentive >= offer.incentive, world.name).toBe(true)
            const { amount } = offer.outcome.repaid
            if (offer.payer !== 'liquidator' || amount === 0n) return
            for (const repay of [amount - 1n, amount + 1n, amount - amount / 100n, amount + amount / 100n]) {
              const near = repay > 0n ? partOf(loan, offer, repay) : undefined
              if (!near || near.incentive <= 0n) continue
              const isNoMore = near.incentive <= offer.incentive + CUT_OF_VALUES
              expect(isNoMore, `${world.name}: ${repay} earns ${near.incentive} > ${offer.incentive}`).toBe(
                true,
              )
            }
          })
        },
        sized(30, 400),
      ))

    test('two steps, where there are two, can be taken one after the other and earn more than one', () =>
      always(subject, nothing, (world) => expectTwoSteps(subject, world), sized(8, 80)))
  })

for (const subject of subjects)
  describe(`${subject.protocol}: actions`, () => {
    const actIn = ({ market, position, env }: Recorded, action: Action) =>
      subject.adapter.act(market, position, env, action)

    const kinds = fc.constantFrom<Action['kind'][]>('supply', 'withdraw', 'borrow', 'repay')

    test('leave a state behind, or are refused in the contract’s words', () =>
      always(subject, fc.tuple(kinds, share), (world, [kind, ppm]) => {
        const health = assessIn(subject, world)
        if (health.kind === 'unassessable') return
        for (const { asset, amount } of [...health.collateral, ...health.debt]) {
          const acted = actIn(world, { kind, asset, amount: (amount * ppm) / PPM })
          if (acted.kind === 'blocked') expect(acted.revert.length, world.name).toBeGreaterThan(0)
          else expectState(subject, world, acted.after)
        }
      }))

    test('supplying collateral never lowers health', () =>
      always(subject, share, (world, ppm) => {
        const before = assessIn(subject, world)
        if (before.kind === 'unassessable') return
        const apart = before.collateral.filter(({ asset }) => !before.debt.some((one) => one.asset === asset))
        for (const { asset, amount } of apart.filter((leg) => leg.amount > 0n)) {
          const acted = actIn(world, { kind: 'supply', asset, amount: (amount * ppm) / PPM + 1n })
          if (acted.kind === 'blocked' || !acted.after.position) continue
          const { market, position } = acted.after
          const after = assessIn(subject, { market, position, env: behind(world.env, acted.after) })
          if (after.kind === 'unassessable') throw new Error(`${world.name}: ${after.detail}`)
          expect(
            after.healthFactor + roundingOf(world, after) >= before.healthFactor,
            `${world.name} ${asset}`,
          ).toBe(true)
        }
      }))

    test('repaying everything leaves nothing owed in that asset', () =>
      always(subject, nothing, (world) => {
        const before = assessIn(subject, world)
        if (before.kind === 'unassessable') return
        for (const { asset } of before.debt.filter(({ amount }) => amount > 0n)) {
          const acted = actIn(world, { kind: 'repay', asset, amount: UINT256_MAX })
          if (acted.kind === 'blocked' || !acted.after.position) continue
          const { market, position } = acted.after
          const after = assessIn(subject, { market, position, env: behind(world.env, acted.after) })
          const owed = after.kind === 'assessed' ? after.debt.filter((leg) => leg.asset === asset) : []
          expect(
            owed.filter(({ amount }) => amount > 0n),
            world.name,
          ).toEqual([])
        }
      }))
  })
