import { expect, test } from 'vitest'
import { parsePath } from './scenario-path.ts'

const faultsOf = (text: string) => {
  const parsed = parsePath('p.csv', text)
  return 'faults' in parsed ? parsed.faults.map(({ line, message }) => `${line}: ${message}`) : []
}
const stepsOf = (text: string) => {
  const parsed = parsePath('p.csv', text)
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return parsed.scenario.steps
}

test('candles are walked from their first open: the low, then the close, of every time', () => {
  const steps = stepsOf(
    `time,symbol,open,high,low,close
2022-06-13T00:00:00Z,ETH,1000,1010,900,950
2022-06-13T01:00:00Z,ETH,950,960,800,990
2022-06-13T00:00:00Z,BTC,20000,20000,20000,20000
2022-06-13T01:00:00Z,BTC,20000,20000,10000,30000
`,
  )
  expect(
    steps.map(({ name, seconds, shocks }) => [name, seconds, ...shocks.map(({ changePpm }) => changePpm)]),
  ).toEqual([
    ['2022-06-13T00:00:00Z low', 0, -100_000n, 0n],
    ['2022-06-13T00:00:00Z close', 0, -50_000n, 0n],
    ['2022-06-13T01:00:00Z low', 3_600, -200_000n, -500_000n],
    ['2022-06-13T01:00:00Z close', 3_600, -10_000n, 500_000n],
  ])
})

test('a column an asset is a step a line; times may be dates, seconds or milliseconds', () => {
  expect(stepsOf('Time,WETH,USDC\r\n1655078400,2000,1\r\n1655082000000,1000,0.99\r\n')).toMatchObject([
    {
      seconds: 3_600,
      frozen: [],
      shocks: [
        { subject: 'WETH', changePpm: -500_000n },
        { subject: 'USDC', changePpm: -10_000n },
      ],
    },
  ])
  expect(stepsOf('date,ETH\n2022-06-13,2\n2022-06-14 12:00,1\n')).toMatchObject([{ seconds: 129_600 }])
})

test.each([
  ['', ['1: has no column "time"; the first line names the columns']],
  [
    'time\n1655078400',
    ['1: has no prices; write time,symbol,open,high,low,close, or time and a column for each asset'],
  ],
  ['time,symbol,price\n', ['1: has no column "open", "low", "close"; write time,symbol,open,high,low,close']],
  ['time,ETH\n1655078400,10\n', ['1: has no two prices to move between']],
  [
    'time,ETH\nyesterday,10\n1655078400,0\n1655078401,-3\n1655078402,x\n',
    [
      '2: "yesterday" is no time; write unix seconds or 2022-06-13T00:00:00Z',
      '3: "0" is no price of ETH',
      '4: "-3" is no price of ETH',
      '5: "x" is no price of ETH',
    ],
  ],
  ['time,ETH\n1655078401,10\n1655078400,9\n', ['3: 1655078400 is before the line above']],
  ['time,ETH\n1655078400,10\n1655078400,9\n', ['3: ETH has a price at 1655078400 already']],
  [
    'time,symbol,open,low,close\n2022-06-13,ETH,1,1,1\n2022-06-14,ETH,1,1,1\n2022-06-14,BTC,1,1,1\n',
    [
      '4: BTC has no price at the first time',
      '4: BTC has no price at the first time',
      '4: BTC has no price at the first time',
    ],
  ],
])('what is wrong is told with its line: %j', (text, faults) => expect(faultsOf(text)).toEqual(faults))

test('an asset that is missing at some time is told of', () =>
  expect(
    faultsOf(
      'time,symbol,open,low,close\n2022-06-13,ETH,1,1,1\n2022-06-13,BTC,1,1,1\n2022-06-14,ETH,1,1,1\n',
    )[0],
  ).toBe('4: BTC has no price at 2022-06-14 open'))
