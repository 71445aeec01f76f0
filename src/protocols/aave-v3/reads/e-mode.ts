// Reads of one e-mode category, in the shape of the pool's revision.
import { getAddress, zeroAddress } from 'viem'
import { laterPoolAbi, poolAbi } from '../../../../abis/aave-v3.ts'
import type { CallResult } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { type Answer, answerOf, faultAmong } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import { revisionOf } from '../revisions/index.ts'
import type { StateShape } from '../revisions/revision.ts'
import type { AaveChange, AaveMarket, AaveRead, EModeCategory } from '../state.ts'
import { updateMarket, viewOf } from './calls.ts'

const LEGACY_GAS_MAX = 80_000

const unread: EModeCategory = {
  ltv: 0n,
  liquidationThreshold: 0n,
  liquidationBonus: 0n,
  priceSource: zeroAddress,
  label: '',
  collateralBitmap: 0n,
  borrowableBitmap: 0n,
  ltvzeroBitmap: 0n,
  isIsolated: false,
}

const LIQUID_VIEWS = [
  'getEModeCategoryCollateralConfig',
  'getEModeCategoryLabel',
  'getEModeCategoryCollateralBitmap',
  'getEModeCategoryBorrowableBitmap',
  'getEModeCategoryLtvzeroBitmap',
  'getIsEModeCategoryIsolated',
] as const

/** The views that a pool with bitmaps has, the later ones last. */
const viewsOf = ({ hasLtvzeroBitmap, hasIsolatedEModes }: StateShape) =>
  LIQUID_VIEWS.slice(0, 4 + Number(hasLtvzeroBitmap) + Number(hasIsolatedEModes))

/** Pool.getEModeCategoryData, until 3.1. */
const legacyCategory = (results: readonly CallResult[]): EModeCategory | Fault => {
  const data = answerOf(poolAbi, 'getEModeCategoryData', results[0])
  if (!data.ok) return data.fault
  const { value } = data
  return {
    ...unread,
    ltv: BigInt(value.ltv),
    liquidationThreshold: BigInt(value.liquidationThreshold),
    liquidationBonus: BigInt(value.liquidationBonus),
    priceSource: getAddress(value.priceSource),
    label: value.label,
  }
}

/** A view's answer; `absent` where the revision does not have it. */
const later = <T>(answer: () => Answer<T>, isThere: boolean, absent: T): Answer<T> =>
  isThere ? answer() : { ok: true, value: absent }

/** A category with bitmaps, since 3.2. */
const liquidCategory = (results: readonly CallResult[], state: StateShape): EModeCategory | Fault => {
  const config = answerOf(laterPoolAbi, 'getEModeCategoryCollateralConfig', results[0])
  const label = answerOf(laterPoolAbi, 'getEModeCategoryLabel', results[1])
  const collateral = answerOf(laterPoolAbi, 'getEModeCategoryCollateralBitmap', results[2])
  const borrowable = answerOf(laterPoolAbi, 'getEModeCategoryBorrowableBitmap', results[3])
  const ltvzero = later(
    () => answerOf(laterPoolAbi, 'getEModeCategoryLtvzeroBitmap', results[4]),
    state.hasLtvzeroBitmap,
    0n,
  )
  const isolated = later(
    () => answerOf(laterPoolAbi, 'getIsEModeCategoryIsolated', results[5]),
    state.hasIsolatedEModes,
    false,
  )
  if (!config.ok || !label.ok || !collateral.ok || !borrowable.ok || !ltvzero.ok || !isolated.ok)
    return faultAmong(config, label, collateral, borrowable, ltvzero, isolated) as Fault
  return {
    ltv: BigInt(config.value.ltv),
    liquidationThreshold: BigInt(config.value.liquidationThreshold),
    liquidationBonus: BigInt(config.value.liquidationBonus),
    priceSource: zeroAddress,
    label: label.value,
    collateralBitmap: collateral.value,
    borrowableBitmap: borrowable.value,
    ltvzeroBitmap: ltvzero.value,
    isIsolated: isolated.value,
  }
}

const decodeEMode = (id: number, category: EModeCategory | Fault): readonly AaveChange[] => {
  const isFault = 'reason' in category
  return [
    updateMarket((market) => {
      const read = isFault ? { ...(market.eModes[id] ?? unread), fault: category } : category
      return { ...market, eModes: { ...market.eModes, [id]: read } }
    }),
    ...(isFault ? [retry(keys.eMode(id))] : []),
    ...(isFault || category.priceSource === zeroAddress ? [] : due(keys.price(category.priceSource))),
  ]
}

/** An e-mode category; a price source of its own becomes due. */
export const readEMode = (market: AaveMarket, id: number): AaveRead => {
  const { pool } = market.wiring
  const state = revisionOf(market.revision)?.state
  if (!state?.hasLiquidEModes)
    return {
      key: keys.eMode(id),
      calls: [
        viewOf(pool, { abi: poolAbi, functionName: 'getEModeCategoryData', args: [id] }, LEGACY_GAS_MAX),
      ],
      decode: (results) => decodeEMode(id, legacyCategory(results)),
    }
  return {
    key: keys.eMode(id),
    calls: viewsOf(state).map((functionName) =>
      viewOf(pool, { abi: laterPoolAbi, functionName, args: [id] }),
    ),
    decode: (results) => decodeEMode(id, liquidCategory(results, state)),
  }
}
