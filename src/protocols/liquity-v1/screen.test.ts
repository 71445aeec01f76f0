// When the ratio is not what decides, no trove is screened.
import { expect, test } from 'vitest'
import { WAD } from '../../units/brands.ts'
import { screen } from './screen.ts'
import { envOf, marketOf, troveOf } from './vectors/recorded.ts'

const MARKET = marketOf(
  {
    ...{ L_ETH: `${WAD / 10n}`, L_LUSDDebt: `${100n * WAD}`, totalStakes: `${100n * WAD}` },
    ...{ lastETHError_Redistribution: '0', lastLUSDDebtError_Redistribution: '0' },
    ...{ totalStakesSnapshot: '0', totalCollateralSnapshot: '0', baseRate: '0', lastFeeOperationTime: '0' },
    ...{ troveOwnersCount: '3', activePool: { ETH: `${100n * WAD}`, LUSDDebt: `${100_000n * WAD}` } },
    defaultPool: { ETH: '0', LUSDDebt: '0' },
    stabilityPool: { totalLUSDDeposits: '0', lastLUSDLossError_Offset: '0' },
  },
  'deployed',
)
const TROVE = troveOf({
  ...{ trove: 'one', debt: `${2_000n * WAD}`, coll: `${4n * WAD}`, stake: `${3n * WAD}`, status: 'active' },
  rewardSnapshot: { ETH: `${WAD / 20n}`, LUSDDebt: `${40n * WAD}` },
})

const factorsAt = (price: bigint) => {
  const row = screen.row(MARKET, TROVE)
  if (row === 'always-exact') throw new Error('the trove is not screened')
  const env = envOf(`${price}`, '1750000000')
  return [...row.collateral, ...row.debt].map(({ factor }) => screen.factor(MARKET, factor, env))
}

test('factors are known down to the critical ratio of the system, and none below', () => {
  expect(factorsAt(1_500n * WAD)).not.toContain(undefined)
  expect(new Set(factorsAt(1_500n * WAD - 1n))).toEqual(new Set([undefined]))
})

test('the part of the snapshot is taken off what the trove has of its own', () => {
  const own = 4n * WAD - (3n * WAD) / 20n
  expect(screen.row(MARKET, TROVE)).toEqual({
    collateral: [
      { factor: 'collateral', amount: own },
      { factor: 'collateral-reward', amount: 3n * WAD },
    ],
    debt: [
      { factor: 'debt', amount: 2_000n * WAD - 120n * WAD },
      { factor: 'debt-reward', amount: 3n * WAD },
    ],
  })
})

test('a trove that is closed is not screened', () => {
  expect(screen.row(MARKET, { ...TROVE, status: 3 })).toBe('always-exact')
})
