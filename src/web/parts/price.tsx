import { amountText, exactDecimal } from '../format/numbers.ts'

/** Decimals of a scale that is a power of ten; undefined for any other. */
const decimalsOf = (scale: string): number | undefined => (/^10*$/.test(scale) ? scale.length - 1 : undefined)

type Props = { readonly price: string; readonly scale: string }

/** An oracle's own integer as a price. */
export const Price = ({ price, scale }: Props) => {
  const decimals = decimalsOf(scale)
  if (decimals === undefined)
    return <span title={`${price} / ${scale}`}>{(Number(price) / Number(scale)).toLocaleString()}</span>
  return (
    <data value={exactDecimal(price, decimals)} title={exactDecimal(price, decimals)}>
      {amountText(price, decimals)}
    </data>
  )
}
