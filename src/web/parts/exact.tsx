// A number as it reads, with what it exactly is on hover.
import { amountText, exactDecimal, healthText, ppmText, usdShort, usdText } from '../format/numbers.ts'

type ExactProps = { readonly text: string; readonly exact: string; readonly class?: string }

const Exact = ({ text, exact, class: className }: ExactProps) => (
  <data value={exact} title={exact} class={className}>
    {text}
  </data>
)

type AmountProps = { readonly amount: string; readonly decimals: number; readonly symbol?: string }

/** An amount of an asset; the symbol is a stranger's text. */
export const Amount = ({ amount, decimals, symbol }: AmountProps) => {
  const unit = symbol === undefined ? '' : ` ${symbol}`
  return (
    <Exact
      text={`${amountText(amount, decimals)}${unit}`}
      exact={`${exactDecimal(amount, decimals)}${unit}`}
    />
  )
}

/** A value in the quote of its market. */
export const Value = ({
  value,
  quote,
}: {
  readonly value: string
  readonly quote: { readonly symbol: string; readonly decimals: number }
}) =>
  quote.symbol === 'USD' ? (
    <Exact
      text={usdText(exactDecimal(value, quote.decimals))}
      exact={`${exactDecimal(value, quote.decimals)} USD`}
    />
  ) : (
    <Amount amount={value} decimals={quote.decimals} symbol={quote.symbol} />
  )

/** US dollars, or a dash with a reason where they are not known. */
export const Usd = ({ usd }: { readonly usd: string | null | undefined }) =>
  usd === null || usd === undefined ? (
    <span title="no US dollar price is known for it">–</span>
  ) : (
    <Exact text={usdText(usd)} exact={`${usd} USD`} />
  )

/** A sum of US dollars, in few letters. */
export const UsdSum = ({ usd }: { readonly usd: number }) => (
  <Exact text={usdShort(usd)} exact={`${usd.toFixed(2)} USD`} />
)

/** Parts per million as a percentage; a change has its sign. */
export const Share = ({ ppm, isChange = false }: { readonly ppm: string; readonly isChange?: boolean }) => (
  <Exact text={ppmText(ppm, isChange)} exact={`${exactDecimal(ppm, 4)} %`} />
)

/** A health factor. */
export const Health = ({
  health,
  class: className,
}: {
  readonly health: string
  readonly class?: string
}) => (
  <Exact
    text={healthText(health)}
    exact={healthText(health) === '∞' ? 'no debt' : exactDecimal(health, 18)}
    {...(className === undefined ? {} : { class: className })}
  />
)
