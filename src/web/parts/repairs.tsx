// What mends a loan, in amounts.
import { useState } from 'preact/hooks'
import type { AssessedPosition, Repair } from '../data/types.ts'
import { healthText } from '../format/numbers.ts'
import { Amount } from './exact.tsx'
import { useFold } from './fold.tsx'

type Way = {
  readonly key: string
  readonly verb: string
  readonly amounts: readonly Repair['repay'][number][]
  readonly isBest: boolean
}

const waysOf = ({ repay, supply, deleverage, cheapest }: Repair): readonly Way[] => {
  const [best] = cheapest?.length === 1 ? cheapest : []
  const isBest = (kind: string, asset: string): boolean => best?.kind === kind && best.asset === asset
  return [
    ...repay.map((one) => ({
      ...{ key: `repay ${one.asset}`, verb: one.isAll ? 'Repay all,' : 'Repay', amounts: [one] },
      isBest: isBest('repay', one.asset),
    })),
    ...supply.map((one) => ({
      ...{ key: `supply ${one.asset}`, verb: 'Add', amounts: [one] },
      isBest: isBest('supply', one.asset),
    })),
    ...deleverage.map((one) => ({
      ...{
        key: `sell ${one.withdraw.asset} ${one.repay.asset}`,
        verb: 'Sell',
        amounts: [one.withdraw, one.repay],
      },
      isBest: false,
    })),
  ]
}

/** Ways that are seen at once. */
const WAYS_MAX = 6

/** Ways to reach a health, each enough by itself; the one that costs least is marked. */
export const Repairs = ({ loan }: { readonly loan: AssessedPosition }) => {
  const repairs = loan.repairs ?? []
  const [index, setIndex] = useState(0)
  const repair = repairs[Math.min(index, repairs.length - 1)]
  const ways = repair ? waysOf(repair).toSorted((a, b) => Number(b.isBest) - Number(a.isBest)) : []
  const { shown, more } = useFold(ways, WAYS_MAX)
  if (!repair) return null
  return (
    <section>
      <div class="section-head">
        <h3>What brings it to</h3>
        <div class="segments">
          {repairs.map(({ targetHealthFactor }, at) => (
            <button
              key={targetHealthFactor}
              type="button"
              aria-pressed={at === Math.min(index, repairs.length - 1)}
              onClick={() => setIndex(at)}
            >
              {healthText(targetHealthFactor)}
            </button>
          ))}
        </div>
      </div>
      {ways.length === 0 ? (
        <p class="soft">{repair.unfit[0]?.reason ?? 'It is there already.'}</p>
      ) : (
        <ul class="repairs">
          {shown.map(({ key, verb, amounts: [first, second], isBest }) => (
            <li key={key} data-best={isBest ? true : undefined}>
              <span class="grow">
                {verb}{' '}
                {first ? (
                  <Amount {...{ amount: first.amount, decimals: first.decimals, symbol: first.symbol }} />
                ) : null}
                {second ? (
                  <>
                    {' '}
                    to repay{' '}
                    <Amount
                      {...{ amount: second.amount, decimals: second.decimals, symbol: second.symbol }}
                    />
                  </>
                ) : null}
              </span>
              {isBest ? <span class="soft small">costs least</span> : null}
            </li>
          ))}
        </ul>
      )}
      {more}
    </section>
  )
}
