// What logs touch, in which order keys are read, and how another kind of spoke is told.
import {
  type Abi,
  type Address,
  encodeAbiParameters,
  encodeErrorResult,
  encodeEventTopics,
  encodeFunctionResult,
  getAddress,
  type Hex,
  pad,
} from 'viem'
import { describe, expect, test } from 'vitest'
import { hubAbi, spokeAbi } from '../../../abis/aave-v4.ts'
import type { BlockRef } from '../../model/block.ts'
import type { CallResult, Log } from '../../model/evm.ts'
import { type Draft, draftOf, emptyMirror } from '../../store/draft.ts'
import { keys } from './keys.ts'
import { reads } from './reads/index.ts'
import {
  type AaveV4Mirror,
  type AaveV4Position,
  type HubMarket,
  type SpokeMarket,
  spokeNamed,
} from './state.ts'
import { reduce } from './sync.ts'
import { hubOf, spokeOf } from './vectors/recorded.ts'

const [SPOKE, USER, LIQUIDATOR, STRANGER, ORACLE] = Array.from({ length: 5 }, (_, index) =>
  getAddress(pad(`0x${index + 1}`, { size: 20 })),
) as [Address, Address, Address, Address, Address]
const deployment = { chainId: 1, protocol: 'aave-v4', deployment: 'test', spokes: { main: SPOKE } }
const block: BlockRef = { chainId: 1, number: 7n, hash: pad('0x01'), timestamp: 1_000 }

const zeros = {
  ...{
    liquidity: '0',
    swept: '0',
    realizedFees: '0',
    addedShares: '0',
    drawnShares: '0',
    premiumShares: '0',
  },
  ...{ premiumOffsetRay: '0', deficitRay: '0', drawnIndex: '1', drawnRate: '0', liquidityFee: '0' },
  ...{ lastUpdateTimestamp: '0', decimals: '6', addCap: '0', drawCap: '0', riskPremiumThreshold: '0' },
}
const file = {
  assets: [{ assetId: 0, name: 'A0', interestRateData: {} }],
  hubStates: [[{ ...zeros, spokes: { main: { ...zeros, active: true, halted: false } } }]],
  spokeConfigs: [
    {
      liquidationConfig: {
        targetHealthFactor: '1',
        healthFactorForMaxBonus: '1',
        liquidationBonusFactor: '1',
      },
      reserves: [{ assetId: 0, decimals: '6', collateralRisk: '0', dynamicConfigKey: '0' }],
      dynamicReserveConfigs: [[{ collateralFactor: '1', maxLiquidationBonus: '1', liquidationFee: '0' }]],
    },
  ],
}

const market = (): SpokeMarket => ({
  ...spokeOf({ ...file, assets: [] } as never, { spoke: 'main', hubState: 0, spokeConfig: 0 }),
  spoke: SPOKE,
  oracle: ORACLE,
})

/** One spoke with one reserve of one hub, and one user in the book. */
const knownDraft = (): Draft => {
  const rates = { optimalUsageRatio: '1', baseDrawnRate: '0', rateGrowthBeforeOptimal: '0' }
  const assets = [{ assetId: 0, name: 'A0', interestRateData: { ...rates, rateGrowthAfterOptimal: '0' } }]
  const hub: HubMarket = hubOf({ ...file, assets } as never, 0)
  const position = {
    id: { ...market().id, account: USER },
    owner: USER,
    asOf: 1n,
    riskPremium: 0n,
    reserves: {},
  }
  const draft = draftOf(emptyMirror(deployment))
  draft.apply([
    { kind: 'market', key: 'main', next: market },
    { kind: 'market', key: hub.hub, next: () => hub },
    { kind: 'position', key: `main:${USER}`, next: () => position as AaveV4Position },
  ])
  return draft
}

const logOf = (address: Address, abi: Abi, eventName: string, args: Record<string, unknown>): Log => {
  const event = abi.find((item) => item.type === 'event' && item.name === eventName)
  if (event?.type !== 'event') throw new Error(`no event ${eventName}`)
  const plain = event.inputs.filter(({ indexed }) => !indexed)
  return {
    address,
    topics: encodeEventTopics({ abi: [event], eventName, args } as never) as Hex[],
    data: encodeAbiParameters(
      plain,
      plain.map(({ name = '' }) => args[name]),
    ),
    ...{ blockNumber: 7n, blockHash: pad('0x01'), logIndex: 3, transactionHash: pad('0x02') },
  }
}

const delta = { sharesDelta: 0n, offsetRayDelta: 0n, restoredPremiumRay: 0n }

describe('logs', () => {
  test('of users touch who is in the book; a Borrow brings anybody in', () => {
    const mirror = knownDraft().mirror as AaveV4Mirror
    const supplied = (user: Address) =>
      logOf(SPOKE, spokeAbi, 'Supply', {
        ...{ reserveId: 0n, caller: USER, user, suppliedShares: 1n, suppliedAmount: 1n },
      })
    expect(reduce(mirror, supplied(USER))).toEqual([{ kind: 'due', key: keys.account('main', USER) }])
    expect(reduce(mirror, supplied(STRANGER))).toEqual([])
    const borrowed = logOf(SPOKE, spokeAbi, 'Borrow', {
      ...{ reserveId: 0n, caller: USER, user: STRANGER, drawnShares: 1n, drawnAmount: 1n },
    })
    expect(reduce(mirror, borrowed)).toEqual([{ kind: 'due', key: keys.account('main', STRANGER) }])
  })

  test('of a liquidation tell what the liquidator got, without the fee', () => {
    const mirror = knownDraft().mirror as AaveV4Mirror
    const log = logOf(SPOKE, spokeAbi, 'LiquidationCall', {
      ...{
        collateralReserveId: 0n,
        debtReserveId: 0n,
        user: USER,
        liquidator: LIQUIDATOR,
        receiveShares: false,
      },
      ...{ debtAmountRestored: 90n, drawnSharesLiquidated: 80n, premiumDelta: delta },
      ...{
        collateralAmountRemoved: 100n,
        collateralSharesLiquidated: 50n,
        collateralSharesToLiquidator: 49n,
      },
    })
    expect(reduce(mirror, log)).toContainEqual({
      kind: 'liquidation',
      liquidation: expect.objectContaining({ owner: USER, liquidator: LIQUIDATOR, repaid: 90n, seized: 98n }),
    })
  })

  test('of a hub touch its asset, and the account there of a spoke that is followed', () => {
    const { mirror } = knownDraft() as { mirror: AaveV4Mirror }
    const hub = spokeNamed(mirror, 'main')?.reserves[0]?.hub as Address
    const update = { assetId: 0n, drawnIndex: 1n, drawnRate: 1n, accruedFees: 0n }
    expect(reduce(mirror, logOf(hub, hubAbi, 'UpdateAsset', update))).toEqual([
      { kind: 'due', key: keys.asset(hub, 0) },
    ])
    const add = (spoke: Address) => logOf(hub, hubAbi, 'Add', { assetId: 0n, spoke, shares: 1n, amount: 1n })
    expect(reduce(mirror, add(SPOKE))).toEqual([{ kind: 'due', key: keys.spokeData('main', 0) }])
    expect(reduce(mirror, add(STRANGER))).toEqual([])
  })

  test('of a new reserve count at once, so that an account is read with it in the same round', () => {
    const draft = knownDraft()
    const added = logOf(SPOKE, spokeAbi, 'AddReserve', { reserveId: 1n, assetId: 4n, hub: STRANGER })
    const due = draft.apply(reduce(draft.mirror as AaveV4Mirror, added))
    expect(due).toContain(keys.asset(STRANGER, 4))
    const [read] = reads(draft.mirror as AaveV4Mirror, [keys.account('main', USER)], 'one')
    expect(read?.calls.length).toBe(1 + 2 * 2)
  })
})

test('what a reserve rests on is read before it', () => {
  const mirror = knownDraft().mirror as AaveV4Mirror
  const due = [
    keys.account('main', USER),
    keys.reserve('main', 0),
    keys.config('main', 0, 1),
    keys.hub(STRANGER),
  ]
  expect(reads(mirror, due, 'one').map(({ key }) => key)).toEqual([due[3], due[2], due[1], due[0]])
})

describe('a spoke', () => {
  const answer = (
    functionName: 'getReserveCount' | 'ORACLE' | 'MAX_USER_RESERVES_LIMIT' | 'SPOKE_REVISION',
    result: unknown,
  ): CallResult => ({
    ok: true,
    data: encodeFunctionResult({ abi: spokeAbi, functionName, result } as never),
  })
  const config = encodeFunctionResult({
    abi: spokeAbi,
    functionName: 'getLiquidationConfig',
    result: { targetHealthFactor: 1n, healthFactorForMaxBonus: 1n, liquidationBonusFactor: 1 },
  })
  const readWith = (revision: bigint, errorName: 'ReserveNotListed' | 'UnsupportedLiquidationCall') => {
    const draft = draftOf(emptyMirror(deployment))
    const [read] = reads(draft.mirror as AaveV4Mirror, [keys.spoke('main')], 'many')
    const results: CallResult[] = [
      answer('getReserveCount', 1n),
      { ok: true, data: config },
      answer('ORACLE', ORACLE),
      answer('MAX_USER_RESERVES_LIMIT', 128),
      answer('SPOKE_REVISION', revision),
      { ok: false, data: encodeErrorResult({ abi: spokeAbi, errorName }), error: 'reverted' },
    ]
    draft.apply(read?.decode(results, block, draft.mirror as AaveV4Mirror) ?? [])
    return spokeNamed(draft.mirror as AaveV4Mirror, 'main')
  }

  test('is known by its revision, and by how it refuses to liquidate what is not there', () => {
    expect(readWith(1n, 'ReserveNotListed')).toMatchObject({ revision: '1' })
    expect(readWith(1n, 'ReserveNotListed')?.fault).toBeUndefined()
    expect(readWith(2n, 'ReserveNotListed')?.fault).toMatchObject({ reason: 'unknown-revision' })
    expect(readWith(1n, 'UnsupportedLiquidationCall')?.fault).toMatchObject({
      reason: 'unknown-revision',
      detail: expect.stringContaining('UnsupportedLiquidationCall'),
    })
  })
})
