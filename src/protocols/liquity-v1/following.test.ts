// The sorted list as it is followed: whatever moved between two heads, one round of reads knows every trove's place again.
import fc from 'fast-check'
import {
  type Address,
  decodeFunctionData,
  encodeAbiParameters,
  encodeEventTopics,
  encodeFunctionResult,
  getAddress,
  pad,
  toHex,
  zeroAddress,
} from 'viem'
import { describe, expect, test } from 'vitest'
import { sortedTrovesAbi, troveManagerAbi } from '../../../abis/liquity-v1.ts'
import type { BlockRef } from '../../model/block.ts'
import type { CallResult, ContractCall, Log } from '../../model/evm.ts'
import { draftOf, emptyMirror } from '../../store/draft.ts'
import { liquityV1 } from './index.ts'
import { keys } from './keys.ts'
import { queueOf } from './queue.ts'
import { type LiquityMarket, MARKET, type Trove } from './state.ts'
import { marketOf } from './vectors/recorded.ts'

const block: BlockRef = { chainId: 1, number: 1n, hash: pad('0x01'), timestamp: 1 }
const OWNERS = Array.from({ length: 8 }, (_, index) => getAddress(pad(toHex(index + 1), { size: 20 })))

const empty = { ETH: '0', LUSDDebt: '0' }
const market: LiquityMarket = marketOf(
  {
    ...{
      L_ETH: '0',
      L_LUSDDebt: '0',
      lastETHError_Redistribution: '0',
      lastLUSDDebtError_Redistribution: '0',
    },
    ...{ totalStakes: '0', totalStakesSnapshot: '0', totalCollateralSnapshot: '0', baseRate: '0' },
    ...{ lastFeeOperationTime: '0', troveOwnersCount: '0', activePool: empty, defaultPool: empty },
    stabilityPool: { totalLUSDDeposits: '0', lastLUSDLossError_Offset: '0' },
  },
  'head',
)

/** A move within the list: `to` counts from its first; undefined takes the trove out. */
type Move = { readonly owner: Address; readonly to: number | undefined }

const moved = (list: readonly Address[], { owner, to }: Move): readonly Address[] => {
  const rest = list.filter((one) => one !== owner)
  return to === undefined ? rest : [...rest.slice(0, to), owner, ...rest.slice(to)]
}

const logsOf = (list: readonly Address[], { owner, to }: Move): readonly Log[] => {
  const logOf = (eventName: 'NodeAdded' | 'NodeRemoved'): Log => ({
    address: market.wiring.sortedTroves,
    topics: encodeEventTopics({ abi: sortedTrovesAbi, eventName }) as [`0x${string}`],
    data: encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [owner, 1n]),
    ...{ blockNumber: 1n, blockHash: block.hash, logIndex: 0, transactionHash: pad('0x02') },
  })
  return [
    ...(list.includes(owner) ? [logOf('NodeRemoved')] : []),
    ...(to === undefined ? [] : [logOf('NodeAdded')]),
  ]
}

const ok = (data: `0x${string}`): CallResult => ({ ok: true, data })

/** What the contracts answer about troves while the list is this. */
const answer = (list: readonly Address[], { to, data }: ContractCall): CallResult => {
  if (to === market.wiring.sortedTroves) {
    const { functionName, args } = decodeFunctionData({ abi: sortedTrovesAbi, data })
    const at = list.indexOf(args[0])
    const beside = functionName === 'getPrev' ? list[at - 1] : list[at + 1]
    const result = at < 0 ? zeroAddress : (beside ?? zeroAddress)
    return ok(encodeFunctionResult({ abi: sortedTrovesAbi, functionName, result }))
  }
  const { functionName, args } = decodeFunctionData({ abi: troveManagerAbi, data })
  if (functionName === 'rewardSnapshots')
    return ok(encodeFunctionResult({ abi: troveManagerAbi, functionName, result: [0n, 0n] }))
  const status = list.includes(args?.[0] as Address) ? 1 : 2
  const result = [1n, 1n, 1n, status, 0n] as const
  return ok(encodeFunctionResult({ abi: troveManagerAbi, functionName: 'Troves', result }))
}

const startMirror = () => {
  const { chainId, protocol, deployment } = market.id
  const { troveManager } = market.wiring
  const described = { chainId, protocol, deployment, troveManager }
  const draft = draftOf(emptyMirror(described))
  draft.apply([{ kind: 'market', key: MARKET, next: () => market }])
  return draft
}

type Draft = ReturnType<typeof startMirror>

/** One round of reads; answers the keys that it leaves due. */
const readRound = (draft: Draft, due: readonly string[], list: readonly Address[]): readonly string[] =>
  liquityV1.reads(draft.mirror, due, 'one').flatMap((read) =>
    draft.apply(
      read.decode(
        read.calls.map((call) => answer(list, call as ContractCall)),
        block,
        draft.mirror,
      ),
    ),
  )

const queueIn = ({ mirror }: Draft): readonly Address[] =>
  queueOf(mirror.positions.values() as Iterable<Trove>).map(({ owner }) => owner)

const move: fc.Arbitrary<Move> = fc.record({
  owner: fc.constantFrom(...OWNERS),
  to: fc.option(fc.nat(OWNERS.length), { nil: undefined }),
})
const span = fc.array(move, { maxLength: 5 })

describe('the sorted list', () => {
  test('is known after one round, whatever moved in a span of blocks', () => {
    const property = fc.property(fc.array(span, { maxLength: 6 }), (spans) => {
      const draft = startMirror()
      let list: readonly Address[] = []
      for (const moves of spans) {
        const due = new Set<string>()
        for (const one of moves) {
          for (const log of logsOf(list, one))
            for (const key of draft.apply(liquityV1.reduce(draft.mirror, log))) due.add(key)
          list = moved(list, one)
        }
        expect(readRound(draft, [...due], list)).toEqual([])
        expect(queueIn(draft)).toEqual([...list].reverse())
      }
    })
    fc.assert(property, { numRuns: 100 })
  })

  test('is repaired after a reorg by the troves that the orphaned blocks touched', () => {
    const property = fc.property(span, span, span, (before, orphaned, instead) => {
      const draft = startMirror()
      const base = before.reduce(moved, [])
      readRound(
        draft,
        OWNERS.map((owner) => keys.trove(owner)),
        base,
      )
      const follow = (moves: readonly Move[], also: readonly string[]): readonly string[] => {
        let list = base
        const due = new Set<string>(also)
        for (const one of moves) {
          for (const log of logsOf(list, one))
            for (const key of draft.apply(liquityV1.reduce(draft.mirror, log))) due.add(key)
          list = moved(list, one)
        }
        for (let left: readonly string[] = [...due]; left.length > 0; ) left = readRound(draft, left, list)
        return [...due]
      }
      const touched = follow(orphaned, [])
      follow(instead, touched)
      expect(queueIn(draft)).toEqual([...instead.reduce(moved, base)].reverse())
    })
    fc.assert(property, { numRuns: 100 })
  })
})
