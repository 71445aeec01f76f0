import colors from 'picocolors'
import { formatMarketId } from '../../model/ids.ts'
import { type AuctionCandidate, type AuctionFailure, auctionName } from '../../monitor/auctions.ts'
import { formatAmount } from '../../units/format.ts'
import { amountText } from './amount.ts'
import { plain } from './output.ts'
import { table } from './table.ts'

const statusText = ({ auction }: AuctionCandidate): string =>
  auction.status === 'running'
    ? colors.green('running')
    : auction.status === 'restartable'
      ? colors.yellow('to be restarted')
      : colors.red('stopped')

/** Auctions as one table, a line each. */
export const auctionTable = (auctions: readonly AuctionCandidate[]): string =>
  table(
    [
      { head: 'auction' },
      { head: 'lot', align: 'right' },
      { head: 'to raise', align: 'right' },
      { head: 'price', align: 'right' },
      { head: 'incentive', align: 'right' },
      { head: '' },
    ],
    auctions.map((one) => {
      const { lot, debt, price, priceScale } = one.auction
      return [
        auctionName(one),
        amountText(lot),
        amountText(debt),
        formatAmount(price, priceScale.toString().length - 1),
        one.incentiveUsd ? `${one.incentiveUsd} USD` : '–',
        statusText(one),
      ]
    }),
  )

/** What could not be found out, a line each. */
export const auctionFailureLine = (failure: AuctionFailure): string => {
  const which = failure.auction === null ? 'auctions' : `auction ${failure.auction}`
  return colors.magenta(`could not find out ${which} of ${formatMarketId(failure)}: ${plain(failure.detail)}`)
}
