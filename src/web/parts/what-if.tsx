// What if prices move, something is repaid or added, time passes: health as the contract would compute it, at once.
import { useMemo, useState } from 'preact/hooks'
import { toJson } from '../../model/json.ts'
import type { Loan } from '../../risk/loan.ts'
import { parseDecimal } from '../../units/decimal.ts'
import type { AssessedPosition, Leg } from '../data/types.ts'
import { useAnswer } from '../data/use-answer.ts'
import { actionOf, type Change, loadLoan, type Outcome, whatIf } from '../data/what-if.ts'
import { FLOAT_WORDS, floatOf } from '../format/loans.ts'
import { ppmText } from '../format/numbers.ts'
import { spanText } from '../format/times.ts'
import { Answered } from './answered.tsx'
import { Health, Value } from './exact.tsx'
import { Hull } from './hull.tsx'

const DAY = 86_400
const PRICE_MIN = -90
const PRICE_MAX = 100
const PRICE_STEP = 0.5
const DAYS_MAX = 730
const PPM_PER_PERCENT = 10_000

type SliderProps = {
  readonly name: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly step: number
  readonly shown: string
  set(value: number): void
}

const Slider = ({ name, value, min, max, step, shown, set }: SliderProps) => (
  <label class="slider">
    <span>{name}</span>
    <output>{shown}</output>
    <input
      type="range"
      {...{ min, max, step, value }}
      aria-label={name}
      aria-valuetext={shown}
      onInput={({ currentTarget }) => set(Number(currentTarget.value))}
    />
  </label>
)

const byValue = (a: Leg, b: Leg): number => (BigInt(a.value) < BigInt(b.value) ? 1 : -1)

type Named = { readonly key: string; readonly name: string }

/** Prices that are moved without looking further. */
const PRICES_SHOWN = 5

/** Prices that a loan rests on, each once; what most hangs on them first, where they are many. */
const pricesOf = ({ collateral, debt }: AssessedPosition): readonly Named[] => {
  const names = new Map<string, string>()
  const legs = [...collateral, ...debt]
  for (const { priceKey, symbol } of legs.length > PRICES_SHOWN ? legs.toSorted(byValue) : legs)
    names.set(priceKey, [...new Set([...(names.get(priceKey)?.split(', ') ?? []), symbol])].join(', '))
  return [...names].map(([key, name]) => ({ key, name }))
}

type Deed = { readonly kind: Change['kind']; readonly verb: string; readonly leg: Leg }

const deedsOf = ({ collateral, debt }: AssessedPosition): readonly Deed[] => [
  ...debt.map((leg): Deed => ({ kind: 'repay', verb: 'Repay', leg })),
  ...collateral.map((leg): Deed => ({ kind: 'supply', verb: 'Add', leg })),
  ...collateral.map((leg): Deed => ({ kind: 'withdraw', verb: 'Withdraw', leg })),
  ...debt.map((leg): Deed => ({ kind: 'borrow', verb: 'Borrow', leg })),
]

/** What most want to know: the largest debt repaid, the largest collateral added; all where that is little. */
const DEEDS_SHOWN = 6

const shownOf = (
  loan: AssessedPosition,
): { readonly first: readonly Deed[]; readonly more: readonly Deed[] } => {
  const deeds = deedsOf(loan)
  if (deeds.length <= DEEDS_SHOWN) return { first: deeds, more: [] }
  const [debt] = loan.debt.toSorted(byValue)
  const [collateral] = loan.collateral.toSorted(byValue)
  const isFirst = ({ kind, leg }: Deed): boolean =>
    (kind === 'repay' && leg.asset === debt?.asset) || (kind === 'supply' && leg.asset === collateral?.asset)
  return { first: deeds.filter(isFirst), more: deeds.filter((one) => !isFirst(one)) }
}

const keyOf = ({ kind, leg }: Deed): string => `${kind} ${leg.asset}`

type AmountProps = { readonly deed: Deed; readonly text: string; set(text: string): void }

const AmountField = ({ deed: { verb, leg }, text, set }: AmountProps) => {
  const isWrong = text !== '' && amountOf(text, leg.decimals) === undefined
  return (
    <label class="deed">
      <span>
        {verb} {leg.symbol}
      </span>
      <input
        class="field"
        inputMode="decimal"
        placeholder="0"
        value={text}
        aria-invalid={isWrong ? true : undefined}
        onInput={({ currentTarget }) => set(currentTarget.value)}
      />
    </label>
  )
}

/** A positive amount; undefined for any other text. */
const amountOf = (text: string, decimals: number): bigint | undefined => {
  const amount = parseDecimal(text.trim(), decimals)
  return amount !== undefined && amount > 0n ? amount : undefined
}

/** The loan as it would be, for drawing: what is known of the present one's risk is not of that one. */
const imagined = (loan: AssessedPosition, outcome: Outcome): AssessedPosition | undefined => {
  if (outcome.kind !== 'assessed' || outcome.assessment.kind !== 'assessed') return undefined
  const { healthFactor, isLiquidatable, isExecutable, phase, collateralValue, debtValue } = outcome.assessment
  const { shock: _shock, ...rest } = loan
  return {
    ...rest,
    ...(toJson({ healthFactor, isLiquidatable, isExecutable, phase, collateralValue, debtValue }) as object),
    id: `${loan.id}:what-if`,
  } as AssessedPosition
}

const Result = ({ loan, outcome }: { readonly loan: AssessedPosition; readonly outcome: Outcome }) => {
  const after = imagined(loan, outcome)
  if (!after) {
    const detail =
      outcome.kind === 'assessed' && outcome.assessment.kind === 'unassessable'
        ? outcome.assessment.detail
        : ''
    return (
      <div class="what-if-result" role="status">
        <strong>
          {outcome.kind === 'gone'
            ? 'Nothing is left of the loan'
            : outcome.kind === 'blocked'
              ? 'The contract refuses it'
              : 'Its health would not be known'}
        </strong>
        <p class="soft">
          {outcome.kind === 'blocked' ? `${outcome.action.kind}: ${outcome.revert}` : detail}
        </p>
      </div>
    )
  }
  const float = floatOf(after)
  return (
    <div class="what-if-result" role="status">
      <div class="what-if-hull">
        <Hull loan={after} />
      </div>
      <div class="loan-health">
        <span class="soft small">
          from <Health health={loan.healthFactor} /> to
        </span>
        <strong data-tone={float}>
          <Health health={after.healthFactor} />
        </strong>
        <span class="pill" data-tone={float}>
          {FLOAT_WORDS[float]}
        </span>
        <p class="soft small">
          <Value value={after.collateralValue} quote={loan.quote} /> against{' '}
          <Value value={after.debtValue} quote={loan.quote} />
        </p>
      </div>
    </div>
  )
}

const Controls = ({ loan, exact }: { readonly loan: AssessedPosition; readonly exact: Loan }) => {
  const [prices, setPrices] = useState<ReadonlyMap<string, number>>(new Map())
  const [amounts, setAmounts] = useState<ReadonlyMap<string, string>>(new Map())
  const [days, setDays] = useState(0)
  const outcome = useMemo(() => {
    const actions = deedsOf(loan).flatMap((deed) => {
      const amount = amountOf(amounts.get(keyOf(deed)) ?? '', deed.leg.decimals)
      return amount === undefined ? [] : [actionOf(deed.kind, deed.leg.asset, amount)]
    })
    const ppm = new Map([...prices].map(([key, percent]) => [key, Math.round(percent * PPM_PER_PERCENT)]))
    return whatIf(exact, { actions, prices: ppm, seconds: days * DAY })
  }, [exact, prices, amounts, days])
  const { first, more } = shownOf(loan)
  const named = pricesOf(loan)
  const slider = ({ key, name }: Named) => (
    <Slider
      key={key}
      {...{ name, min: PRICE_MIN, max: PRICE_MAX, step: PRICE_STEP, value: prices.get(key) ?? 0 }}
      shown={ppmText(String(Math.round((prices.get(key) ?? 0) * PPM_PER_PERCENT)), true)}
      set={(value) => setPrices(new Map([...prices, [key, value]]))}
    />
  )
  const field = (deed: Deed) => (
    <AmountField
      key={keyOf(deed)}
      deed={deed}
      text={amounts.get(keyOf(deed)) ?? ''}
      set={(text) => setAmounts(new Map([...amounts, [keyOf(deed), text]]))}
    />
  )
  const reset = (): void => {
    setPrices(new Map())
    setAmounts(new Map())
    setDays(0)
  }
  return (
    <div class="what-if">
      <div class="what-if-controls">
        {named.slice(0, PRICES_SHOWN).map(slider)}
        {named.length > PRICES_SHOWN ? (
          <details class="more-fields">
            <summary>More prices</summary>
            {named.slice(PRICES_SHOWN).map(slider)}
          </details>
        ) : null}
        <Slider
          {...{ name: 'Time', min: 0, max: DAYS_MAX, step: 1, value: days }}
          shown={days === 0 ? 'now' : `in ${spanText(days * DAY)}`}
          set={setDays}
        />
        <div class="deeds">{first.map(field)}</div>
        {more.length > 0 ? (
          <details class="more-fields">
            <summary>More ways: other assets, withdraw, borrow</summary>
            <div class="deeds">{more.map(field)}</div>
          </details>
        ) : null}
        <button class="button" type="button" onClick={reset}>
          As it is now
        </button>
      </div>
      <Result loan={loan} outcome={outcome} />
    </div>
  )
}

/** The loan of a card, to play with. */
export const WhatIf = ({ loan }: { readonly loan: AssessedPosition }) => {
  const answer = useAnswer(['what-if', loan.id], (client, options) => loadLoan(client, loan, options))
  return (
    <Answered answer={answer} height={220}>
      {(exact) => <Controls loan={loan} exact={exact} />}
    </Answered>
  )
}
