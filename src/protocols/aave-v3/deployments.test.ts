import { expect, test } from 'vitest'
import { deployments, type KnownDeployment } from './deployments.ts'

const known: readonly KnownDeployment[] = deployments

test('every chain has a core market, and those on Ethereum are called as people call them', () => {
  const withCore = new Set(known.filter(({ deployment }) => deployment === 'core').map((one) => one.chainId))
  expect(known.filter(({ chainId }) => !withCore.has(chainId))).toEqual([])
  expect(known.filter(({ chainId }) => chainId === 1).map(({ deployment }) => deployment)).toEqual([
    'core',
    'etherfi',
    'horizon',
    'lido',
    'spark',
  ])
})

test('SparkLend is where its registry says', () => {
  const spark = known.filter(({ deployment }) => deployment === 'spark')
  expect(spark.map(({ chainId, poolAddressesProvider }) => [chainId, poolAddressesProvider])).toEqual([
    [1, '0x02C3eA4e34C0cBd694D2adFa2c690EECbC1793eE'],
    [100, '0xA98DaCB3fC964A6A0d2ce3B77294241585EAbA6d'],
  ])
})
