// What a loan is made of, and which prices kill it.
import type { AssessedPosition, Leg } from '../data/types.ts'
import { ppmText, shareText } from '../format/numbers.ts'
import { Amount, Share, Value } from './exact.tsx'
import { useFold } from './fold.tsx'
import { ArrowIcon } from './icons.tsx'
import { Price } from './price.tsx'

type LegsProps = {
  readonly title: string
  readonly legs: readonly Leg[]
  readonly quote: AssessedPosition['quote']
}

/** Rows of a table that are seen at once. */
const ROWS_MAX = 5

const byValue = (a: Leg, b: Leg): number => (BigInt(a.value) < BigInt(b.value) ? 1 : -1)

/** Amounts of collateral or debt, with what each is worth; what is worth most first. */
export const Legs = ({ title, legs, quote }: LegsProps) => {
  const { shown, more } = useFold(legs.toSorted(byValue), ROWS_MAX)
  return (
    <section>
      <h3>{title}</h3>
      {legs.length === 0 ? (
        <p class="soft">none</p>
      ) : (
        <table class="plain-table">
          <tbody>
            {shown.map((leg) => (
              <tr key={leg.asset}>
                <td title={leg.asset}>
                  <Amount amount={leg.amount} decimals={leg.decimals} symbol={leg.symbol} />
                  {'liquidationThreshold' in leg ? (
                    <span class="soft small"> counts {shareText(leg.liquidationThreshold)}</span>
                  ) : null}
                </td>
                <td class="right">
                  <Value value={leg.value} quote={quote} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {more}
    </section>
  )
}

/** Each price that alone can liquidate it, nearest first. */
export const Killers = ({ loan }: { readonly loan: AssessedPosition }) => {
  const prices = (loan.liquidationPrices ?? [])
    .filter(({ liquidationPrice, changePpm }) => liquidationPrice !== null && changePpm !== null)
    .toSorted((a, b) => Math.abs(Number(a.changePpm)) - Math.abs(Number(b.changePpm)))
  const { shown, more } = useFold(prices, ROWS_MAX)
  return (
    <section>
      <h3>What alone liquidates it</h3>
      {prices.length === 0 ? (
        <p class="soft">
          {loan.liquidationPrices === undefined ? 'Not worked out.' : 'No single price does.'}
        </p>
      ) : (
        <table class="plain-table">
          <tbody>
            {shown.map(({ asset, symbol, price, scale, liquidationPrice, changePpm, nonMonotone }) => (
              <tr key={asset}>
                <td title={asset}>{symbol}</td>
                <td class="right">
                  <span class="soft">
                    <Price price={price} scale={scale} /> <ArrowIcon />{' '}
                  </span>
                  <Price price={liquidationPrice ?? '0'} scale={scale} />
                </td>
                <td
                  class="right"
                  title={
                    nonMonotone
                      ? 'By the contract’s rounding it flips more than once: the first price met is told'
                      : undefined
                  }
                >
                  {nonMonotone ? ppmText(changePpm ?? '0', true) : <Share ppm={changePpm ?? '0'} isChange />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {more}
    </section>
  )
}
