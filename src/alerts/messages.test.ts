import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  digest,
  groupOf,
  nearAlert,
  resolvedAlert,
  testMessage,
  unassessable,
} from '../../test/support/notifications.ts'
import type { Notification } from '../model/alert.ts'
import { messageOf } from './messages.ts'
import { characters, fitted, plainMarkup, render } from './messages-render.ts'
import { sparkline } from './messages-sparkline.ts'

const textOf = (notification: Notification): string =>
  fitted(render(messageOf(notification), plainMarkup), characters(4_000))

const LINKS =
  'Manage the loan: https://app.aave.com · Account: https://etherscan.io/address/0x00000000000000000000000000000000000000Aa · Block: https://etherscan.io/block/18600000'

describe('a message says', () => {
  test('who, what, how near; what repairs it; what it holds and owes; where to look', () => {
    expect(
      textOf(nearAlert()),
    ).toBe(`🔴 treasury's Aave v3 loan on Ethereum: health 1.04, ETH −3.8 % to liquidation
To health 1.1: repay 173 USDC or add 0.1154 WETH
Collateral: 2 WETH (4,000.00 USD)
Debt: 3,173 USDC (3,173.00 USD)
CloseToLiquidation · critical · since 2023-11-14T22:13:20Z
${LINKS}`)
  })

  test('how long it fired, once it is over', () => {
    expect(
      textOf(resolvedAlert()),
    ).toBe(`🟢 Resolved after 3 h 12 min: treasury's Aave v3 loan on Ethereum: health 1.04, ETH −3.8 % to liquidation
Collateral: 2 WETH (4,000.00 USD)
Debt: 3,173 USDC (3,173.00 USD)
CloseToLiquidation · critical · from 2023-11-14T22:13:20Z to 2023-11-15T01:25:20Z
${LINKS}`)
  })

  test('that a reorg undid it', () => {
    const text = textOf(nearAlert({ status: 'retracted', endsAt: 1_700_000_012 }))
    expect(text.split('\n').slice(0, 2)).toEqual([
      "↩️ Taken back: treasury's Aave v3 loan on Ethereum: health 1.04, ETH −3.8 % to liquidation",
      'The chain was reorganised: the block in which this was seen is no longer part of it.',
    ])
  })

  test('what is not known, and since when', () => {
    const alert = nearAlert({ assessment: unassessable, risk: null, rule: 'Unassessable' })
    expect(textOf(alert).split('\n').slice(0, 2)).toEqual([
      "🔴 treasury's Aave v3 loan on Ethereum: health unknown (the feed of WETH reverts)",
      'Its health is not known since 2023-11-14T22:13:20Z (price-failed). This does not mean that it is safe.',
    ])
  })

  test('what a rule says in its own words, and where it points', () => {
    const annotations = {
      summary: 'sell now',
      description: 'as agreed',
      runbook_url: 'https://wiki.example/1',
    }
    const text = textOf(nearAlert({ annotations }))
    expect(text.split('\n').slice(0, 3)).toEqual([
      '🔴 sell now',
      "treasury's Aave v3 loan on Ethereum: health 1.04, ETH −3.8 % to liquidation",
      'To health 1.1: repay 173 USDC or add 0.1154 WETH',
    ])
    expect(text).toContain('\nas agreed\n')
    expect(text).toContain(' · runbook: https://wiki.example/1')
  })

  test('what the watcher found out about itself, where there is no loan', () => {
    const annotations = { summary: 'chain 1: no head for 5 minutes' }
    const labels = { alertname: 'HeadStale', severity: 'critical', chainId: '1' }
    const alert = nearAlert({
      labels,
      annotations,
      rule: 'HeadStale',
      assessment: null,
      risk: null,
      block: null,
    })
    expect(textOf(alert)).toBe(
      '🔴 chain 1: no head for 5 minutes\nHeadStale · critical · since 2023-11-14T22:13:20Z',
    )
  })

  test('of several alerts the worst first, and all of them', () => {
    const text = textOf(groupOf([resolvedAlert(), nearAlert()]))
    expect(text.split('\n')[0]).toBe(
      "🔴 treasury's Aave v3 loan on Ethereum: health 1.04, ETH −3.8 % to liquidation (2 alerts: 1 firing, 1 resolved)",
    )
    expect(text).toContain("\n\nResolved after 3 h 12 min: treasury's Aave v3 loan on Ethereum")
  })

  test('how the watched loans did', () => {
    expect(
      textOf(digest()),
    ).toBe(`⚓ Summary of 1 d: 2 loans, lowest health now 1.04 (treasury: Aave v3, Ethereum), health of 1 not known, 1 alert firing
critical CloseToLiquidation: treasury is close
2 alerts fired from 2023-11-13T22:13:20Z to 2023-11-14T22:13:20Z
loan                         health  lowest
ops: Morpho Blue, Base            ?       ?  ························
treasury: Aave v3, Ethereum    1.04    1.04  ████▇▇▇▇▅▅▅▅▂▂▂▂▁▁▁▁▃▃▃▃`)
  })

  test('that it is a test', () => {
    expect(textOf(testMessage())).toBe('⚓ It works\n2023-11-14T22:13:20Z')
  })
})

test('a message that is too long loses whole lines from its end, says how many, and keeps its links', () => {
  const annotations = { description: 'y'.repeat(380) }
  const rendered = render(messageOf(nearAlert({ annotations })), plainMarkup)
  const text = fitted(rendered, characters(600))
  expect(text.split('\n').slice(-2)).toEqual(['… 2 more lines', LINKS])
})

test('however little room there is, no more is said than fits, and the headline always', () => {
  const alert = nearAlert({ annotations: { description: 'z'.repeat(2_000) } })
  const rendered = render(messageOf(alert), plainMarkup)
  fc.assert(
    fc.property(fc.integer({ min: rendered.head.length, max: 2_000 }), (room) => {
      const text = fitted(rendered, characters(room))
      expect(text.length).toBeLessThanOrEqual(room)
      expect(text.startsWith(rendered.head)).toBe(true)
    }),
  )
})

test('texts from the chain cannot fake a line or hide one', () => {
  const hostile = 'A\nResolved: all is well\u202e'
  const text = textOf(nearAlert({ labels: { ...nearAlert().labels, label: hostile } }))
  expect(text.split('\n')).toHaveLength(6)
  expect(text).not.toContain('\u202e')
})

test('a sparkline goes from lowest to highest, with dots where nothing is known', () => {
  const at = (timestamp: number, health: bigint | undefined) => ({ timestamp, healthFactor: health })
  const wad = 10n ** 18n
  expect(sparkline([at(0, 2n * wad), at(12, undefined), at(18, wad)], 0, 24)).toBe('████████████······▁▁▁▁▁▁')
  expect(sparkline([at(0, wad)], 0, 24)).toBe('▅'.repeat(24))
  expect(sparkline([], 0, 24)).toBe('·'.repeat(24))
  expect(sparkline([at(0, 2n ** 256n - 1n), at(12, wad)], 0, 24)).toBe('████████████▁▁▁▁▁▁▁▁▁▁▁▁')
})
