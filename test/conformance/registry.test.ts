// What every adapter promises before it has read anything, and when what it reads is nonsense.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { concat, getAddress, type Hex, isAddress, isHex, pad, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import type { BlockRef } from '../../src/model/block.ts'
import type { Call, CallResult, Log } from '../../src/model/evm.ts'
import { assessAll } from '../../src/monitor/assessing.ts'
import { readDue } from '../../src/monitor/reading.ts'
import type { Adapter, Deployment } from '../../src/protocols/adapter.ts'
import { registry } from '../../src/protocols/registry.ts'
import { type Draft, draftOf, emptyMirror } from '../../src/store/draft.ts'
import { sized } from '../support/size.ts'

const ACCOUNT = getAddress(pad('0xacc0', { size: 20 }))
const STRANGER = getAddress(pad('0x57a6', { size: 20 }))
const READ_ROUNDS_MAX = 12
const root = join(import.meta.dirname, '..', '..')

const block: BlockRef = { chainId: 1, number: 20_000_000n, hash: pad('0x01'), timestamp: 1_750_000_000 }

/** 32 bytes that look like chance, the same for the same text. */
const noiseOf = (text: string): Hex => `0x${createHash('sha256').update(text).digest('hex')}`

/** What a node may answer when all goes wrong. */
const nodes: Readonly<Record<string, (call: Call, seed: number) => CallResult>> = {
  'reverts every call': () => ({ ok: false, data: '0x', error: 'reverted without a reason' }),
  'knows no contract': () => ({ ok: true, data: '0x' }),
  'answers zeros': () => ({ ok: true, data: pad('0x', { size: 1_024 }) }),
  'answers noise': (call, seed) => {
    const words = Array.from({ length: 40 }, (_, index) => noiseOf(`${seed}${JSON.stringify(call)}${index}`))
    return { ok: true, data: concat(words) }
  },
  'answers plausible words': (call, seed) => {
    const words = Array.from({ length: 40 }, (_, index): Hex => {
      const noise = noiseOf(`${seed}${JSON.stringify(call)}${index}`)
      return pad(toHex(BigInt(noise) % 10n ** BigInt(index % 24)), { size: 32 })
    })
    return { ok: true, data: concat(words) }
  },
}

/** Reads one account as `check` does, from a node that answers as told. */
const readFrom = async (
  adapter: Adapter,
  deployment: Deployment,
  answer: (call: Call) => CallResult,
): Promise<Draft> => {
  const draft = draftOf(emptyMirror(deployment, adapter))
  const many = new Set([...adapter.stateKeys(draft.mirror), ...adapter.locate(draft.mirror, ACCOUNT)])
  await readDue([{ adapter, draft, one: new Set(), many }], {
    block,
    read: async (calls) => ({ results: calls.map(answer), ancestors: new Map() }),
    ancestors: [],
    extraCalls: [],
    readRoundsMax: READ_ROUNDS_MAX,
    isObsolete: () => false,
  })
  return draft
}

test('protocols have names of their own that can stand in a URL, and labels', () => {
  const names = registry.map(({ protocol }) => protocol)
  expect(new Set(names).size).toBe(names.length)
  expect(names.filter((name) => !/^[a-z][a-z0-9-]*$/.test(name))).toEqual([])
  expect(registry.filter(({ describe: { label } }) => label.trim() === '')).toEqual([])
})

for (const adapter of registry)
  describe(adapter.protocol, () => {
    const { protocol, deployments } = adapter
    const [first] = deployments
    const mirror = () => emptyMirror(first as Deployment, adapter)

    test('is held to real contracts: recorded vectors or a local chain', () => {
      const proofs = [join(root, 'test', 'vectors', protocol), join(root, 'test', 'devnet', protocol)]
      expect(proofs.some((path) => existsSync(path))).toBe(true)
    })

    test('its known deployments are what its own configuration accepts', () => {
      expect(deployments.length).toBeGreaterThan(0)
      for (const { chainId: _, protocol: own, deployment: __, fromBlock: ___, ...fields } of deployments) {
        expect(own).toBe(protocol)
        expect(adapter.describe.deploymentSchema.parse(fields)).toEqual(fields)
      }
      expect(adapter.describe.deploymentSchema.safeParse({ nonsense: true }).success).toBe(false)
    })

    test('every deployment begins with one of its own contracts, and follows it', () => {
      for (const deployment of deployments) {
        const contract = adapter.rootContract(deployment)
        expect(isAddress(contract)).toBe(true)
        expect(Object.values(deployment)).toContain(contract)
        const topics = adapter.subscriptions(emptyMirror(deployment, adapter)).flatMap((one) => one.topics)
        expect(topics.filter((topic) => !isHex(topic) || topic.length !== 66)).toEqual([])
      }
    })

    test('an empty mirror knows what to read, and where to look for an account', () => {
      const { stateKeys, locate, headKeys, reads, subscriptions } = adapter
      const located = locate(mirror(), ACCOUNT)
      expect(located.length).toBeGreaterThan(0)
      const keys = [...new Set([...stateKeys(mirror()), ...headKeys(mirror()), ...located])]
      for (const rounds of ['one', 'many'] as const) {
        const described = reads(mirror(), keys, rounds)
        expect(described.flatMap(({ calls }) => calls).filter(({ to }) => !isAddress(to))).toEqual([])
        expect(described.map(({ key, calls }) => ({ key, calls }))).toEqual(
          reads(mirror(), keys, rounds).map(({ key, calls }) => ({ key, calls })),
        )
      }
      const calls = reads(mirror(), keys, 'many').flatMap((read) => read.calls)
      const isUnlisted = subscriptions(mirror()).some(({ announces }) => announces)
      expect(calls.length > 0 || isUnlisted).toBe(true)
    })

    test('a log of a contract that is not followed touches nothing', () => {
      const topics = [...adapter.subscriptions(mirror()).flatMap((one) => one.topics), pad('0x01')]
      for (const topic of topics) {
        const log: Log = {
          address: STRANGER,
          topics: [topic, pad(ACCOUNT), pad(ACCOUNT), pad(ACCOUNT)],
          data: pad('0x', { size: 320 }),
          ...{ blockNumber: block.number, blockHash: block.hash, logIndex: 0, transactionHash: pad('0x02') },
        }
        expect(adapter.reduce(mirror(), log)).toEqual([])
      }
    })

    for (const [what, answer] of Object.entries(nodes))
      test(`a node that ${what} makes nobody healthy`, async () => {
        const property = fc.asyncProperty(
          fc.nat(),
          fc.constantFrom(...deployments),
          async (seed, deployment) => {
            const draft = await readFrom(adapter, deployment, (call) => answer(call, seed))
            const assessments = assessAll([{ adapter, mirror: draft.mirror }], block)
            const healthy = assessments.filter((one) => one.kind === 'assessed' && one.debtValue > 0n)
            expect(healthy).toEqual([])
            expect(adapter.coverage(draft.mirror, block)).toBeInstanceOf(Array)
            expect(adapter.usdPrices(draft.mirror)).toBeInstanceOf(Map)
          },
        )
        await fc.assert(property, { numRuns: sized(6, 60) })
      })
  })
