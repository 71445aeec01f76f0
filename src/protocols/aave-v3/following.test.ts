// What later revisions' logs touch, and how their state is read.
import {
  type Abi,
  type Address,
  encodeAbiParameters,
  encodeEventTopics,
  encodeFunctionResult,
  getAddress,
  type Hex,
  pad,
  zeroAddress,
} from 'viem'
import { describe, expect, test } from 'vitest'
import { configuratorAbi, laterPoolAbi, poolAbi } from '../../../abis/aave-v3.ts'
import type { CallResult, Log } from '../../model/evm.ts'
import type { Mirror } from '../adapter.ts'
import { reads } from './reads/index.ts'
import { PROBES } from './revisions/index.ts'
import type { AaveChange, AaveMarket, AaveMirror, Reserve } from './state.ts'
import { headKeys, reduce } from './sync.ts'

const [POOL, CONFIGURATOR, SENTINEL, ASSET, OTHER, USER, PROVIDER] = Array.from({ length: 7 }, (_, index) =>
  getAddress(pad(`0x${index + 1}`, { size: 20 })),
) as [Address, Address, Address, Address, Address, Address, Address]

const marketOf = (revision: string): AaveMarket => ({
  id: { chainId: 1, protocol: 'aave-v3', deployment: 'core', market: 'pool' },
  label: 'test',
  quote: { symbol: 'USD', decimals: 8 },
  revision,
  revisionRaw: '',
  fidelity: 'exact',
  wiring: { pool: POOL, configurator: CONFIGURATOR, oracle: zeroAddress, sentinel: SENTINEL },
  faults: {},
  baseCurrencyUnit: 10n ** 8n,
  reserves: { [ASSET]: { id: 0, asset: ASSET } as Reserve },
  eModes: {},
})

const mirrorOf = (revision: string): AaveMirror => ({
  deployment: {
    chainId: 1,
    protocol: 'aave-v3',
    deployment: 'core',
    poolAddressesProvider: PROVIDER,
  } as Mirror['deployment'],
  markets: new Map([['pool', marketOf(revision)]]),
  positions: new Map(),
  prices: new Map(),
  tallies: new Map(),
})

const logOf = (address: Address, abi: Abi, eventName: string, args: Record<string, unknown>): Log => {
  const event = abi.find((item) => item.type === 'event' && item.name === eventName)
  if (event?.type !== 'event') throw new Error(`no event ${eventName}`)
  const plain = event.inputs.filter(({ indexed }) => !indexed)
  return {
    address,
    topics: encodeEventTopics({ abi: [event], eventName, args } as never) as Hex[],
    data: encodeAbiParameters(
      plain,
      plain.map(({ name }) => args[name ?? '']),
    ),
    blockNumber: 1n,
    blockHash: '0x01',
    logIndex: 0,
    transactionHash: '0x02',
  }
}

const keysOf = (changes: readonly AaveChange[]): readonly string[] =>
  changes.flatMap((change) => (change.kind === 'due' ? [change.key] : []))

describe('logs', () => {
  const asset = ASSET
  test.each([
    ['AssetCollateralInEModeChanged', { asset, categoryId: 3, collateral: true }, ['eMode:3']],
    ['AssetBorrowableInEModeChanged', { asset, categoryId: 3, borrowable: true }, ['eMode:3']],
    ['AssetLtvzeroInEModeChanged', { asset, categoryId: 3, ltvzero: true }, ['eMode:3']],
    ['EModeCategoryIsolationChanged', { categoryId: 3, isolated: true }, ['eMode:3']],
    [
      'LiquidationGracePeriodChanged',
      { asset, gracePeriodUntil: 9 },
      [`reserve:${ASSET}`, `totals:${ASSET}`],
    ],
    ['LiquidationGracePeriodDisabled', { asset }, [`reserve:${ASSET}`, `totals:${ASSET}`]],
    [
      'SupplyCapChanged',
      { asset, oldSupplyCap: 1n, newSupplyCap: 2n },
      [`reserve:${ASSET}`, `totals:${ASSET}`],
    ],
  ])('%s of the configurator', (name, args, keys) => {
    expect(keysOf(reduce(mirrorOf('3.7'), logOf(CONFIGURATOR, configuratorAbi, name, args)))).toEqual(keys)
  })

  test('a liquidation makes the collateral due, whose index may have moved without an event', () => {
    const log = logOf(POOL, poolAbi, 'LiquidationCall', {
      collateralAsset: ASSET,
      debtAsset: OTHER,
      user: USER,
      debtToCover: 1n,
      liquidatedCollateralAmount: 1n,
      liquidator: USER,
      receiveAToken: true,
    })
    expect(keysOf(reduce(mirrorOf('3.5'), log))).toEqual([`reserve:${ASSET}`])
  })

  test('a category is read when somebody enters it, who may borrow next', () => {
    const entered = (categoryId: number) =>
      keysOf(reduce(mirrorOf('3.7'), logOf(POOL, poolAbi, 'UserEModeSet', { user: USER, categoryId })))
    expect([entered(0), entered(2)]).toEqual([[], ['eMode:2']])
  })

  test('the sentinel is asked with every head until 3.6', () => {
    expect(['3.0', '3.6', '3.7'].map((name) => headKeys(mirrorOf(name)).includes('sentinel'))).toEqual([
      true,
      true,
      false,
    ])
  })
})

const answer = (functionName: string, result: unknown): CallResult => ({
  ok: true,
  data: encodeFunctionResult({ abi: laterPoolAbi as Abi, functionName, result }),
})
const noFunction: CallResult = { ok: false, data: '0x', error: 'reverted without a reason' }

const addressAnswer = (address: Address): CallResult => ({ ok: true, data: pad(address, { size: 32 }) })

const block = { chainId: 1, number: 1n, hash: '0x01', timestamp: 1 } as const

const applied = (before: AaveMarket, changes: readonly AaveChange[]): AaveMarket | undefined =>
  changes.reduce(
    (market: AaveMarket | undefined, change) => (change.kind === 'market' ? change.next(market) : market),
    before,
  )

/** The market after one key was read with these answers. */
const readWith = (revision: string, key: string, results: readonly CallResult[]): AaveMarket | undefined => {
  const mirror = mirrorOf(revision)
  const [read] = reads(mirror, [key], 'one')
  expect(read?.calls).toHaveLength(results.length)
  return applied(marketOf(revision), read?.decode(results, block, mirror) ?? [])
}

describe('reads', () => {
  const liquid = [
    answer('getEModeCategoryCollateralConfig', {
      ltv: 9_000,
      liquidationThreshold: 9_300,
      liquidationBonus: 10_100,
    }),
    answer('getEModeCategoryLabel', 'ETH'),
    answer('getEModeCategoryCollateralBitmap', 5n),
    answer('getEModeCategoryBorrowableBitmap', 6n),
    answer('getEModeCategoryLtvzeroBitmap', 4n),
    answer('getIsEModeCategoryIsolated', true),
  ]
  const bitmaps = { collateralBitmap: 5n, borrowableBitmap: 6n }

  test.each([
    ['3.2', 4, { ...bitmaps, ltvzeroBitmap: 0n, isIsolated: false }],
    ['3.6', 5, { ...bitmaps, ltvzeroBitmap: 4n, isIsolated: false }],
    ['3.7', 6, { ...bitmaps, ltvzeroBitmap: 4n, isIsolated: true }],
  ])('an e-mode of %s takes %d views', (revision, count, expected) => {
    expect(readWith(revision, 'eMode:1', liquid.slice(0, count))?.eModes[1]).toMatchObject(expected)
  })

  test('an e-mode of which one view fails is a fault, not an empty category', () => {
    const answers = [...liquid.slice(0, 5), noFunction]
    expect(readWith('3.7', 'eMode:1', answers)?.eModes[1]?.fault?.detail).toMatch(
      /getIsEModeCategoryIsolated/,
    )
  })

  const probed = (number: bigint, count: number): readonly CallResult[] => [
    { ok: true, data: encodeAbiParameters([{ type: 'uint256' }], [number]) },
    ...PROBES.map((_, index) =>
      index < count ? { ok: true as const, data: pad('0x', { size: 32 }) } : noFunction,
    ),
  ]

  test('a revision is what number and functions agree on', () => {
    expect(readWith('unknown', 'revision', probed(11n, 6))).toMatchObject({
      revision: '3.7',
      revisionRaw: '11',
    })
    const disputed = readWith('3.0', 'revision', probed(11n, 5))
    expect(disputed?.revision).toBe('unknown')
    expect(disputed?.fault).toMatchObject({
      reason: 'unknown-revision',
      detail: expect.stringMatching(/POOL_REVISION 11.*lacks \(getIsEModeCategoryIsolated\)/),
    })
  })

  test('the word of a sentinel that the same round takes away counts no more, and none is asked for', () => {
    const mirror = mirrorOf('3.6')
    const wired = [POOL, CONFIGURATOR, zeroAddress, zeroAddress]
    const [wiring, sentinel] = reads(mirror, ['wiring', 'sentinel'], 'one')
    const changes = [
      ...(wiring?.decode(wired.map(addressAnswer), block, mirror) ?? []),
      ...(sentinel?.decode([noFunction, noFunction], block, mirror) ?? []),
    ]
    const market = applied(marketOf('3.6'), changes)
    expect(market?.wiring.sentinel).toBe(zeroAddress)
    expect(market).not.toHaveProperty('sentinel')
    expect(keysOf(changes)).not.toContain('sentinel')
    expect(
      reads({ ...mirror, markets: new Map([['pool', market as AaveMarket]]) }, ['sentinel'], 'one'),
    ).toEqual([])
  })

  test('a price is read behind its reserve, whose feed the same block may have changed', () => {
    const due = [`price:${ASSET}`, `reserve:${ASSET}`]
    expect(reads(mirrorOf('3.6'), due, 'one').map(({ key }) => key)).toEqual(due.toReversed())
  })
})
