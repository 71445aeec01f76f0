import type { Quote } from '../../model/market.ts'
import { formatFixed } from '../../units/format.ts'
import { plain } from './output.ts'

/** A value in a market's quote, cut to cents, with the quote's symbol. */
export const valueText = (value: bigint, { decimals, symbol }: Quote): string =>
  `${formatFixed(value, decimals, 2)} ${plain(symbol)}`
