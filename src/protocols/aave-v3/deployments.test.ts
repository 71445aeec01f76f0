import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { getAddress } from 'viem'
import * as viemChains from 'viem/chains'
import { describe, expect, test } from 'vitest'
import { deployments, type KnownDeployment } from './deployments.ts'

const known: readonly KnownDeployment[] = deployments
const root = join(import.meta.dirname, '..', '..', '..')

/** Chains of known deployments that viem's list lacks. */
const NOT_IN_VIEM: readonly number[] = []

const repeated = (texts: readonly string[]): readonly string[] =>
  texts.filter((text, index) => texts.indexOf(text) !== index)

test('deployments.ts is what its sources say', () => {
  const run = spawnSync(
    process.execPath,
    ['--import', 'tsx', join('scripts', 'generate-deployments.ts'), '--check'],
    { cwd: root, encoding: 'utf8' },
  )
  expect(run.stderr).toBe('')
  expect(run.status).toBe(0)
})

describe('names', () => {
  test('are unique on a chain', () => {
    expect(repeated(known.map(({ chainId, deployment }) => `${chainId}:${deployment}`))).toEqual([])
  })

  test('can stand in a URL', () => {
    expect(known.filter(({ deployment }) => !/^[A-Za-z0-9._~-]+$/.test(deployment))).toEqual([])
  })

  test('every chain has a core market, and those on Ethereum are called as people call them', () => {
    const withCore = new Set(
      known.filter(({ deployment }) => deployment === 'core').map((one) => one.chainId),
    )
    expect(known.filter(({ chainId }) => !withCore.has(chainId))).toEqual([])
    expect(known.filter(({ chainId }) => chainId === 1).map(({ deployment }) => deployment)).toEqual([
      'core',
      'etherfi',
      'horizon',
      'lido',
      'spark',
    ])
  })

  test('are sorted by chain, then by name', () => {
    const sorted = [...known].sort((a, b) => a.chainId - b.chainId || (a.deployment < b.deployment ? -1 : 1))
    expect(known).toEqual(sorted)
  })
})

describe('addresses', () => {
  test('have a right checksum', () => {
    expect(
      known.filter((one) => one.poolAddressesProvider !== getAddress(one.poolAddressesProvider)),
    ).toEqual([])
  })

  test('are unique on a chain', () => {
    expect(repeated(known.map((one) => `${one.chainId}:${one.poolAddressesProvider}`))).toEqual([])
  })

  test('of SparkLend are those of its registry', () => {
    const spark = known.filter(({ deployment }) => deployment === 'spark')
    expect(spark.map(({ chainId, poolAddressesProvider }) => [chainId, poolAddressesProvider])).toEqual([
      [1, '0x02C3eA4e34C0cBd694D2adFa2c690EECbC1793eE'],
      [100, '0xA98DaCB3fC964A6A0d2ce3B77294241585EAbA6d'],
    ])
  })
})

describe('chains', () => {
  const chainOf = (id: number) => Object.values(viemChains).find((chain) => chain.id === id)

  test('are in viem’s list, or known not to be', () => {
    const missing = new Set(known.map(({ chainId }) => chainId).filter((id) => !chainOf(id)))
    expect([...missing]).toEqual(NOT_IN_VIEM)
  })

  test('are no testnets', () => {
    const isTestnet = (id: number): boolean => {
      const chain = chainOf(id)
      return chain !== undefined && 'testnet' in chain && chain.testnet === true
    }
    expect(known.filter(({ chainId }) => isTestnet(chainId))).toEqual([])
  })
})

describe('start blocks', () => {
  test('have a source pinned to a commit, and no source stands alone', () => {
    const wrong = known.filter(({ fromBlock, fromBlockSource }) =>
      fromBlock === undefined
        ? fromBlockSource !== undefined
        : !/^[\w-]+\/[\w-]+@[0-9a-f]{40} \S+$/.test(fromBlockSource ?? ''),
    )
    expect(wrong).toEqual([])
  })

  test('are never the first block of a chain', () => {
    expect(known.filter(({ fromBlock }) => fromBlock !== undefined && fromBlock <= 1n)).toEqual([])
  })
})
