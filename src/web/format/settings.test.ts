import { expect, test } from 'vitest'
import type { Parameter } from '../../client/client.ts'
import { nameText, settingExact, settingsOf, settingText } from './settings.ts'

test.each([
  ['8250', 'bps', undefined, '82.5%', '8250 basis points'],
  ['945000000000000000', 'wad', undefined, '94.5%', '0.945'],
  ['1450000000000000000000000000', 'ray', undefined, '145%', '1.45'],
  ['158', 'wad', undefined, '0.0000000000000158%', '0.000000000000000158'],
  ['1234567890', 'amount', 6, '1,234.56', '1234.56789'],
  ['0', 'seconds', undefined, 'none', '0 s'],
  ['3600', 'seconds', undefined, '1 h', '3600 s'],
  [true, 'flag', undefined, 'yes', 'yes'],
  [null, 'address', undefined, 'none', 'none'],
  ['0x1111111111111111111111111111111111111111', 'address', undefined, '0x1111…1111', undefined],
  ['', 'text', undefined, 'none', ''],
  ['<b>', 'text', undefined, '<b>', '<b>'],
] as const)('%s %s', (value, unit, decimals, text, exact) => {
  const told = { unit, ...(decimals === undefined ? {} : { decimals }) }
  expect([settingText(value, told), settingExact(value, told)]).toEqual([text, exact ?? value])
})

test('names are words, parts and assets are groups in their order', () => {
  expect([nameText('eMode[1].liquidationThreshold'), nameText('maxLtv')]).toEqual([
    'Liquidation threshold',
    'Max LTV',
  ])
  const weth = `0x${'1'.repeat(40)}` as const
  const of = (parameter: string, asset: Parameter['asset'], symbol?: string): Parameter => ({
    ...{ parameter, asset, unit: 'bps', value: '1' },
    ...(symbol === undefined ? {} : { symbol }),
  })
  const groups = settingsOf([
    of('oracle', null),
    of('maxLtv', weth, 'WETH'),
    of('isPaused', null),
    of('eMode[1].maxLtv', null),
    of('reserveFactor', weth, 'WETH'),
  ])
  expect(groups.map(({ name, parameters }) => [name, parameters.length])).toEqual([
    ['The whole market', 2],
    ['WETH', 2],
    ['E-mode 1', 1],
  ])
})
