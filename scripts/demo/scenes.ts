import colors from 'picocolors'
import type { Devnet } from '../../test/devnet/devnet.ts'
import type { Loan } from './loans.ts'
import type { Screen } from './screen.ts'

const DAY_SECONDS = 86_400
const LINE_PAUSE_MS = 900

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** ETH's fall of 2024-08-05 from its open of 2,688.91 USD to its low of 2,111, then back to 2,419.59 (hourly exchange candles). */
const FALLS = [2_688.91, 2_500, 2_330, 2_210, 2_111] as const
const CLOSE = 2_419.59
const START = 3_000

/** Interest, a crash in steps, a repayment, a liquidation, a recovery: each shown as the watcher sees it. */
export const playScenes = async (
  devnet: Devnet,
  loans: readonly Loan[],
  screen: Screen,
  show: (text: string) => void,
): Promise<void> => {
  const look = async (title: string): Promise<void> => {
    await screen.reached((await devnet.head()).number)
    screen.draw(title)
    await screen.alerts()
    await pause(LINE_PAUSE_MS)
  }
  const price = async (dollars: number): Promise<void> => {
    await devnet.setPrice('WETH', BigInt(Math.round(dollars * 1e8)))
  }
  const [treasury, whale] = loans
  if (!treasury || !whale) throw new Error('the demo has no loans')

  await look('A calm sea: ETH at 3,000 USD.')
  await devnet.increaseTime(90 * DAY_SECONDS)
  await look('Ninety days later: interest alone has moved every loan a little.')
  for (const dollars of FALLS) {
    await price(dollars)
    const fall = Math.round((1 - dollars / START) * 100)
    await look(`ETH falls to ${dollars.toLocaleString('en')} USD (−${fall} %).`)
  }
  show(`\n${colors.cyan('The whale repays half of its debt.')}`)
  const debt = (asset: string, amount: bigint) =>
    ({ kind: 'repay', account: whale.account, asset, amount }) as const
  await devnet.act([debt('USDC', 4_000_000_000n), debt('DAI', 4_000n * 10n ** 18n)], {
    tolerateReverts: true,
  })
  await look('After the repayment.')
  show(`\n${colors.cyan('Somebody liquidates the treasury.')}`)
  await devnet.act(
    ['USDC', 'DAI'].map((asset) => ({
      kind: 'liquidate',
      liquidator: devnet.account(9_999),
      borrower: treasury.account,
      debt: asset,
      collateral: 'WETH',
      amount: 10n ** 30n,
    })),
    { tolerateReverts: true },
  )
  await look('After the liquidation.')
  show(
    `  ${colors.cyan(`${screen.liquidationCount()} liquidation${screen.liquidationCount() === 1 ? '' : 's'} noticed on chain`)}`,
  )
  await price(CLOSE)
  await look(`ETH recovers to ${CLOSE.toLocaleString('en')} USD.`)
}
