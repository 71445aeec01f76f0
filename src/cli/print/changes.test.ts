import { expect, test } from 'vitest'
import type { ChangeEffect, ParameterChange, Turned } from '../../model/parameter.ts'
import { changesText } from './changes.ts'

const NOBODY: Turned = { count: 0, ids: [], quote: null, debtValue: null, debtUsd: null }
const WAD = 10n ** 18n
const ID = '1:aave-v3:core:pool:0xAb'

const effect: ChangeEffect = {
  ...{ changeCount: 2, positionCount: 40, exactCount: 14, uncertainCount: 0, movedCount: 12 },
  largestFall: { id: ID, before: WAD, after: (WAD * 96n) / 100n },
  largestRise: null,
  newlyLiquidatable: {
    ...{ count: 2, ids: [ID], quote: { symbol: 'USD', decimals: 8 } },
    ...{ debtValue: 120_000_000n, debtUsd: '1234567.89' },
  },
  noLongerLiquidatable: NOBODY,
  newlyExecutable: NOBODY,
  newlyBlocked: NOBODY,
  newlyUnassessable: NOBODY,
  watched: [{ id: ID, before: WAD, after: (WAD * 96n) / 100n, becomes: 'liquidatable' }],
}

const change: ParameterChange = {
  ...{ chainId: 1, blockNumber: 123n, timestamp: 1_700_000_000, market: '1:aave-v3:core:pool' },
  ...{ name: 'liquidationThreshold', asset: '0x0000000000000000000000000000000000000001', symbol: 'WETH' },
  ...{ unit: 'bps', before: 8_300n, after: 8_050n, effect },
}

test('what changes at one block in one market stands together over what it does', () => {
  const ceiling = { ...change, name: 'eMode[1].maxLtv', asset: null, before: null, after: 9_000n } as const
  expect(changesText([change, ceiling])).toBe(
    [
      '1:aave-v3:core:pool · block 123 · 2023-11-14T22:13:20Z',
      '  liquidation threshold of WETH 83 % → 80.5 %',
      '  eMode 1: max LTV none → 90 %',
      '  12 of 40 loans move, by up to −0.0400; 2 liquidatable now (1,234,567.89 USD of debt)',
      `  watched ${ID}: 1.0000 → 0.9600, now liquidatable`,
    ].join('\n'),
  )
})

test('a change too small for its short form is told in full, and what was not looked at is told', () => {
  const untouched = { ...effect, movedCount: 0, largestFall: null, newlyLiquidatable: NOBODY, watched: [] }
  const source: ParameterChange = {
    ...change,
    name: 'priceSource',
    unit: 'address',
    before: '0xabcd000000001234',
    after: '0xabcd111111111234',
    effect: { ...untouched, positionCount: 1, uncertainCount: 7 },
  }
  expect(changesText([source]).split('\n').slice(1)).toEqual([
    '  price source of WETH 0xabcd000000001234 → 0xabcd111111111234',
    '  none of 1 loan moves; 7 more may have moved and were not looked at',
  ])
})
