// What every protocol's known deployments promise, whichever package they come from.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { type Chain, getAddress, isAddress } from 'viem'
import * as viemChains from 'viem/chains'
import { describe, expect, test } from 'vitest'
import type { SourcedDeployment } from '../../scripts/deployment-source.ts'
import { registry } from '../../src/protocols/registry.ts'

const root = join(import.meta.dirname, '..', '..')

type Known = SourcedDeployment<Record<string, unknown>>

const protocols = registry.map(({ protocol }) => protocol)

const knownOf = async (protocol: string): Promise<readonly Known[]> =>
  ((await import(`../../src/protocols/${protocol}/deployments.ts`)) as { deployments: readonly Known[] })
    .deployments

const repeated = (texts: readonly string[]): readonly string[] =>
  texts.filter((text, index) => texts.indexOf(text) !== index)

const chainOf = (id: number) => Object.values<Chain>(viemChains).find((chain) => chain.id === id)

const isTestnet = (id: number): boolean => {
  const chain = chainOf(id)
  return chain !== undefined && 'testnet' in chain && chain.testnet === true
}

const ownFieldsOf = ({
  chainId: _,
  deployment: __,
  fromBlock: ___,
  fromBlockSource: ____,
  source,
  ...own
}: Known) => own

/** `PACKAGE@VERSION WHERE` or `OWNER/REPOSITORY@COMMIT PATH`. */
const PINNED = /^(?:@[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+\S* \S|^[\w.-]+\/[\w.-]+@[0-9a-f]{40} \S/

test('every deployments.ts is what its sources say', () => {
  const run = spawnSync(
    process.execPath,
    ['--import', 'tsx', join('scripts', 'generate-deployments.ts'), '--check'],
    { cwd: root, encoding: 'utf8' },
  )
  expect(run.stderr).toBe('')
  expect(run.status).toBe(0)
})

describe.each(protocols)('%s', (protocol) => {
  test('has deployments, sorted by chain, then by name', async () => {
    const known = await knownOf(protocol)
    const sorted = [...known].sort((a, b) => a.chainId - b.chainId || (a.deployment < b.deployment ? -1 : 1))
    expect(known.length).toBeGreaterThan(0)
    expect(known).toEqual(sorted)
  })

  test('names are unique on a chain and can stand in a URL', async () => {
    const known = await knownOf(protocol)
    expect(repeated(known.map(({ chainId, deployment }) => `${chainId}:${deployment}`))).toEqual([])
    expect(known.filter(({ deployment }) => !/^[A-Za-z0-9._~-]+$/.test(deployment))).toEqual([])
  })

  test('no two deployments are the same contracts', async () => {
    const contracts = (await knownOf(protocol)).map((one) => JSON.stringify([one.chainId, ownFieldsOf(one)]))
    expect(repeated(contracts)).toEqual([])
  })

  test('addresses have a right checksum', async () => {
    const addresses = (await knownOf(protocol))
      .flatMap((one) => Object.values(ownFieldsOf(one)))
      .filter((value) => typeof value === 'string' && value.startsWith('0x'))
    expect(addresses.filter((address) => !isAddress(address as string))).toEqual([])
    expect(addresses).toEqual(addresses.map((address) => getAddress(address as string)))
  })

  test('chains are in viem’s list, and no testnets', async () => {
    const ids = [...new Set((await knownOf(protocol)).map(({ chainId }) => chainId))]
    expect(ids.filter((id) => chainOf(id) === undefined || isTestnet(id))).toEqual([])
  })

  test('sources are pinned, and no source of a start block stands alone', async () => {
    const known = await knownOf(protocol)
    expect(known.filter(({ source }) => !PINNED.test(source))).toEqual([])
    const wrong = known.filter(({ fromBlock, fromBlockSource }) =>
      fromBlock === undefined ? fromBlockSource !== undefined : !PINNED.test(fromBlockSource ?? ''),
    )
    expect(wrong).toEqual([])
  })

  test('start blocks are never the first block of a chain', async () => {
    const known = await knownOf(protocol)
    expect(known.filter(({ fromBlock }) => fromBlock !== undefined && fromBlock <= 1n)).toEqual([])
  })
})
