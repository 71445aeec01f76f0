import type { AssetAmount } from '../../model/liquidation.ts'
import { formatAmount } from '../../units/format.ts'
import { plain } from './output.ts'

/** An amount in whole units with its asset's symbol. */
export const amountText = ({ amount, decimals, symbol }: AssetAmount): string =>
  `${formatAmount(amount, decimals)} ${plain(symbol)}`
