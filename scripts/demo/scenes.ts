import colors from 'picocolors'
import type { Devnet } from '../../test/devnet/devnet.ts'
import type { Loan } from './loans.ts'
import type { Screen } from './screen.ts'

const DAY_SECONDS = 86_400
const LINE_PAUSE_MS = 900

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const HOUR_SECONDS = 3_600

/** ETH's fall of 2024-08-05 from its open of 2,688.91 USD to its low of 2,111, then back to 2,419.59 (exchange candles); steps and hours between are ours. */
const OPEN = 2_688.91
const FALLS = [2_500, 2_330, 2_210, 2_111] as const
const CLOSE = 2_419.59
const START = 3_000
/** At the open the treasury is just above the threshold of its warning, here just below. */
const WOBBLE = 2_650
const WOBBLES = 10

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
  const fallTo = async (dollars: number): Promise<void> => {
    await devnet.increaseTime(HOUR_SECONDS)
    await price(dollars)
    const fall = Math.round((1 - dollars / START) * 100)
    await look(`An hour later: ETH falls to ${dollars.toLocaleString('en')} USD (−${fall} %).`)
  }
  await fallTo(OPEN)
  for (let count = 0; count < WOBBLES; count++) {
    await price(WOBBLE)
    await price(OPEN)
  }
  await look(`ETH wobbles around the treasury's threshold, ${WOBBLES} times: that is one alert.`)
  for (const dollars of FALLS) await fallTo(dollars)
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
  show(`\n  ${colors.cyan(screen.tally())}`)
}
