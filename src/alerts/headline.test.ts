import { expect, test } from 'vitest'
import { assessmentOwner, healthAt, unknownAt } from '../../test/support/assessments.ts'
import { toJson } from '../model/json.ts'
import { headlineOf } from './headline.ts'

const labels = { chainId: '1', protocol: 'aave-v3', account: assessmentOwner, label: 'Treasury' }

const risk = {
  shock: { changePpm: -38_199n },
  shocks: [{ group: 'ETH', symbols: ['WETH', 'wstETH'], isStable: false, shock: { changePpm: -38_199n } }],
  liquidationPrices: [
    { symbol: 'WETH', changePpm: -38_199n },
    { symbol: 'USDC', changePpm: 39_700n },
    { symbol: 'LINK', changePpm: null },
  ],
}

test.each<[string, Parameters<typeof headlineOf>[0], string | undefined]>([
  [
    'who, what, how near',
    { labels, assessment: toJson(healthAt(104)), risk: toJson(risk) },
    "Treasury's Aave v3 loan on Ethereum: health 1.04, ETH −3.8 % to liquidation",
  ],
  [
    "nothing volatile secures it: the debt's price",
    {
      labels,
      assessment: toJson(healthAt(104)),
      risk: toJson({
        shock: null,
        shocks: [{ group: 'USDC', symbols: ['USDC'], isStable: true, shock: { changePpm: -30_000n } }],
        liquidationPrices: [
          { symbol: 'USDC', changePpm: -30_000n },
          { symbol: 'WETH', changePpm: 31_000n },
        ],
      }),
    },
    "Treasury's Aave v3 loan on Ethereum: health 1.04, WETH +3.1 % to liquidation",
  ],
  [
    'no label, no risk',
    {
      labels: { ...labels, label: undefined as never, chainId: '31337' },
      assessment: toJson(healthAt(104)),
      risk: null,
    },
    "0x0000…00AA's Aave v3 loan on a local chain: health 1.04",
  ],
  [
    'just below 1, and in the way of its liquidation',
    {
      labels,
      assessment: toJson(
        healthAt(99, 0, { healthFactor: 10n ** 18n - 1n, blockedBy: ['paused', 'grace-period'] }),
      ),
      risk: toJson(risk),
    },
    "Treasury's Aave v3 loan on Ethereum: health 0.9999, liquidatable, blocked for now: paused, grace-period",
  ],
  [
    'unknown',
    { labels, assessment: toJson(unknownAt()), risk: null },
    "Treasury's Aave v3 loan on Ethereum: health unknown (price of WETH: reverted)",
  ],
  ['gone', { labels, assessment: null, risk: null }, "Treasury's Aave v3 loan on Ethereum"],
  ['the watcher itself', { labels: { chainId: '1' }, assessment: null, risk: null }, undefined],
])('%s', (_what, told, text) => {
  expect(headlineOf(told)).toBe(text)
})
