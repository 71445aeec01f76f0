// Golden vectors of Morpho Blue (format: README beside the vectors) against this adapter.
//
// Not in the records: why an oracle reverts, where a liquidation meets one. Only MorphoChainlinkOracleV2 does so in the
// recorded worlds, and only for a negative answer of a feed. SCALE_FACTOR is read from the contract by the product too.
import { type Address, getAddress, type Hex, pad, toHex, zeroAddress } from 'viem'
import { toJson } from '../../model/json.ts'
import type { Blocked } from '../../model/liquidation.ts'
import type { PriceReading } from '../../model/price.ts'
import { UINT256_MAX } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { unlessRefused } from '../refusing.ts'
import {
  checkRecord,
  compareRecorded,
  type VectorChecks,
  type VectorFile,
  type World as WorldOf,
  type Worlds,
} from '../vectors.ts'
import { accrue, readMarket } from './accrual.ts'
import { act, executeAction, type MorphoAction } from './action.ts'
import { adaptiveCurveRate } from './adaptive-curve.ts'
import { assess } from './assess.ts'
import {
  type Execution,
  executeLiquidation,
  LIQUIDATE,
  type MorphoRequest,
  PRE_LIQUIDATE,
} from './execution.ts'
import { liquidate } from './liquidation.ts'
import { oraclePriceDown } from './oracle.ts'
import {
  type MorphoMarket,
  type MorphoPosition,
  type PreLiquidation,
  priceKeyOf,
  type RateModel,
  type Totals,
} from './state.ts'

const addressOf = (seed: number): Address => getAddress(pad(toHex(seed), { size: 20 }))
const LOAN = addressOf(0x10a)
const COLLATERAL = addressOf(0xc0)
const ORACLE = addressOf(0x0c)
const OWN_ORACLE = addressOf(0x0d)
const IRM = addressOf(0x17)
const OWNER = addressOf(0xacc0)
const PRE_LIQUIDATION = addressOf(0x9e)
const NEGATIVE_ANSWER = 'negative answer'

const ID: Hex = pad('0x1d', { size: 32 })
const id = { chainId: 1, protocol: 'morpho-blue', deployment: 'vectors', market: ID }

const rateOf = ({ rateAtTarget }: VectorFile, { irm }: VectorFile): RateModel =>
  irm === 'none' ? { kind: 'none' } : { kind: 'adaptive-curve', rateAtTarget: BigInt(rateAtTarget) }

const totalsOf = (state: VectorFile): Totals => ({
  totalSupplyAssets: BigInt(state['totalSupplyAssets']),
  totalSupplyShares: BigInt(state['totalSupplyShares']),
  totalBorrowAssets: BigInt(state['totalBorrowAssets']),
  totalBorrowShares: BigInt(state['totalBorrowShares']),
  lastUpdate: Number(state['lastUpdate']),
  fee: BigInt(state['fee']),
})

const preLiquidationOf = (one: VectorFile): PreLiquidation => ({
  preLltv: BigInt(one['preLltv']),
  preLCF1: BigInt(one['preLCF1']),
  preLCF2: BigInt(one['preLCF2']),
  preLIF1: BigInt(one['preLIF1']),
  preLIF2: BigInt(one['preLIF2']),
  oracle: one['oracle'] === 'market oracle' ? ORACLE : OWN_ORACLE,
})

const marketOf = (scene: VectorFile, file: VectorFile): MorphoMarket => {
  const recorded = file['markets'][scene['market']]
  const preLiquidation = file['preLiquidations']?.[scene['preLiquidation']]
  return {
    id,
    label: scene['market'],
    quote: { symbol: 'LOAN', decimals: recorded.loanDecimals },
    revision: 'blue',
    revisionRaw: '1',
    fidelity: 'exact',
    morpho: zeroAddress,
    params: {
      loanToken: LOAN,
      collateralToken: COLLATERAL,
      oracle: ORACLE,
      irm: recorded.irm === 'none' ? zeroAddress : IRM,
      lltv: BigInt(recorded.lltv),
    },
    reading: {
      totals: totalsOf(scene['state']),
      rate: rateOf(scene['state'], recorded),
      feeRecipient: zeroAddress,
      loan: { symbol: 'LOAN', decimals: recorded.loanDecimals },
      collateral: { symbol: 'COLL', decimals: recorded.collateralDecimals },
    },
    preLiquidations: preLiquidation ? { [PRE_LIQUIDATION]: preLiquidationOf(preLiquidation) } : {},
  }
}

const positionOf = ({ position, authorized }: VectorFile): MorphoPosition => ({
  id: { ...id, account: OWNER },
  owner: OWNER,
  asOf: 0n,
  supplyShares: BigInt(position.supplyShares),
  borrowShares: BigInt(position.borrowShares),
  collateral: BigInt(position.collateral),
  authorized: authorized ? [PRE_LIQUIDATION] : [],
})

type Prices = Readonly<Record<Address, string | null>>

/** Prices by oracle as recorded; null is an oracle that reverts. */
const envOf = (scene: VectorFile, prices: Prices): Env => {
  const timestamp = Number(scene['timestamp'])
  const readings = Object.entries(prices).map(([oracle, price]): readonly [string, PriceReading] => {
    const key = priceKeyOf(oracle as Address)
    return [
      key,
      price === null
        ? { kind: 'failed', key, error: `reverted: ${NEGATIVE_ANSWER}` }
        : { kind: 'price', key, price: BigInt(price), scale: 1n, source: oracle },
    ]
  })
  return {
    block: { chainId: 1, number: 1n, hash: '0x', timestamp },
    timestamp,
    prices: (key) => new Map(readings).get(key),
    markets: () => undefined,
    debtInFront: () => null,
    quotes: () => null,
  }
}

type World = WorldOf<MorphoMarket, MorphoPosition>

const recordedMarket = (market: MorphoMarket): object => {
  const { totals, rate } = readMarket(market).reading
  return {
    ...totals,
    lastUpdate: String(totals.lastUpdate),
    rateAtTarget: rate.kind === 'adaptive-curve' ? rate.rateAtTarget : null,
  }
}

const requestOf = (input: VectorFile, preLiquidation?: Address): MorphoRequest => ({
  method: preLiquidation ? PRE_LIQUIDATE : LIQUIDATE,
  debtAsset: LOAN,
  collateralAsset: COLLATERAL,
  seizedAssets: BigInt(input['seizedAssets']),
  repaidShares: BigInt(input['repaidShares']),
  ...(preLiquidation ? { preLiquidation } : {}),
})

const actionOf = (kind: MorphoAction['kind'], asset: Address, amount: bigint): MorphoAction => ({
  kind,
  asset,
  amount,
})

const outcomeOf = (result: object | Blocked): string => ('revert' in result ? String(result.revert) : 'ok')

/** What the account's own actions do, each on the same state. */
const actions = ({ market, position, env }: World): object => {
  const repaid = executeAction(market, position, env, actionOf('repay', LOAN, UINT256_MAX))
  const supplied = executeAction(market, position, env, actionOf('withdraw', LOAN, UINT256_MAX))
  return {
    borrowAssets: position.borrowShares === 0n ? 0n : 'kind' in repaid ? repaid.revert : repaid.assets,
    withdrawCollateral1wei:
      position.collateral === 0n
        ? null
        : outcomeOf(act(market, position, env, actionOf('withdraw', COLLATERAL, 1n))),
    withdrawAllSupply:
      position.supplyShares === 0n
        ? null
        : 'kind' in supplied
          ? { revert: supplied.revert }
          : { assets: supplied.assets },
  }
}

/** A recorded liquidation price is ours where `assess` finds health there and none one tick below. */
const liquidationPrice = ({ market, position, env }: World, recorded: string | null): string | null => {
  if (position.borrowShares === 0n || position.collateral === 0n || recorded === null) return null
  const isHealthyAt = (price: bigint): boolean => {
    const prices = (key: string): PriceReading => ({ kind: 'price', key, price, scale: 1n, source: '' })
    const health = assess(market, position, { ...env, prices })
    return health.kind === 'assessed' && !health.isLiquidatable
  }
  const price = BigInt(recorded)
  return isHealthyAt(price) && !isHealthyAt(price - 1n) ? recorded : 'another'
}

/** The oracle's price by its recorded parts, where it has any. */
const checkOracle = ({ oracle, market }: VectorFile, file: VectorFile): readonly string[] => {
  const wiring = file['markets'][market].oracle
  if (wiring.kind !== 'chainlinkV2' || oracle.overridden) return []
  const answers = (...parts: readonly (string | undefined)[]): readonly bigint[] =>
    parts.flatMap((answer) => (answer === undefined ? [] : [BigInt(answer)]))
  const price = unlessRefused(() =>
    oraclePriceDown(BigInt(wiring.SCALE_FACTOR), {
      base: answers(oracle.baseVaultAssets, oracle.baseFeed1, oracle.baseFeed2),
      quote: answers(oracle.quoteVaultAssets, oracle.quoteFeed1, oracle.quoteFeed2),
    }),
  )
  const ours = typeof price === 'bigint' ? { price } : { price: null, priceRevert: price.revert }
  const { price: recorded, priceRevert } = oracle
  return compareRecorded(priceRevert ? { price: recorded, priceRevert } : { price: recorded }, ours)
}

const checkAccount = (scene: VectorFile, file: VectorFile, world: World): readonly string[] => {
  const { market, position } = world
  const { expected, timestamp, state } = scene
  const accrued = accrue(readMarket(market), Number(timestamp))
  const { liquidateProbe: probe } = expected
  const outcome = liquidate(market, position, world.env, requestOf(probe))
  const health = assess(market, position, world.env)
  const ours = {
    afterAccrual: recordedMarket(accrued.market),
    feeRecipientSupplyShares: BigInt(scene['feeRecipientSupplyShares']) + (accrued.interest?.feeShares ?? 0n),
    borrowRateView:
      state.rateAtTarget === null
        ? null
        : adaptiveCurveRate(totalsOf(state), BigInt(state.rateAtTarget), Number(timestamp)).borrowRate,
    isHealthy: health.kind === 'assessed' ? !health.isLiquidatable : null,
    liquidateProbe: { ...probe, outcome: outcomeOf(outcome) },
    liquidationPrice: liquidationPrice(world, expected.liquidationPrice),
    ...actions(world),
  }
  const debt = health.kind === 'assessed' ? health.debtValue : expected.borrowAssets
  return [
    ...checkOracle(scene, file),
    ...compareRecorded(expected, ours),
    ...compareRecorded({ debtValue: expected.borrowAssets }, { debtValue: debt }),
  ]
}

const ourOutcome = (scene: VectorFile, executed: Execution): object => {
  const { pool, interest, badDebtAssets, badDebtShares, repaidAssets, repaidShares, seizedAssets } = executed
  const moved = { repaidAssets, repaidShares, seizedAssets }
  const { supplyShares, borrowShares, collateral } = pool.position
  return {
    ok: true,
    Liquidate: { ...moved, badDebtAssets, badDebtShares },
    PreLiquidate: moved,
    AccrueInterest: interest
      ? { prevBorrowRate: interest.borrowRate, interest: interest.interest, feeShares: interest.feeShares }
      : null,
    after: {
      market: recordedMarket(pool.market),
      position: { supplyShares, borrowShares, collateral },
      feeRecipientSupplyShares: BigInt(scene['feeRecipientSupplyShares']) + (interest?.feeShares ?? 0n),
    },
  }
}

const checkLiquidation = (scene: VectorFile, world: World): readonly string[] => {
  const { market, position, env } = world
  const request = requestOf(scene['input'], scene['preLiquidation'] ? PRE_LIQUIDATION : undefined)
  const executed = executeLiquidation(market, position, env, request)
  const outcome = liquidate(market, position, env, request)
  if ('kind' in executed) {
    const { revert, args } = executed
    return [
      ...compareRecorded(scene['outcome'], { ok: false, revert, args }),
      ...compareRecorded({ kind: 'blocked', revert }, outcome),
    ]
  }
  const { Liquidate, PreLiquidate } = scene['outcome']
  const event = Liquidate ?? PreLiquidate
  return [
    ...compareRecorded(scene['outcome'], ourOutcome(scene, executed)),
    ...compareRecorded(
      event && {
        kind: 'liquidated',
        repaid: { amount: event.repaidAssets },
        seized: [{ amount: event.seizedAssets }],
        badDebt: (event.badDebtAssets ?? '0') === '0' ? [] : [{ amount: event.badDebtAssets }],
      },
      toJson(outcome),
    ),
  ]
}

/** Prices by oracle, as each kind of record gives them. */
const pricesOf: Readonly<Record<string, (scene: VectorFile) => Prices>> = {
  accounts: ({ oracle }) => ({ [ORACLE]: oracle.price }),
  liquidations: ({ price }) => ({ [ORACLE]: price }),
  preliquidations: ({ marketOraclePrice, preLiquidationOraclePrice }) => ({
    [ORACLE]: marketOraclePrice,
    [OWN_ORACLE]: preLiquidationOraclePrice,
  }),
}

const worldOf = (scene: VectorFile, file: VectorFile): World => {
  const prices = pricesOf[file['kind']]
  if (!prices) throw new Error(`records of kind ${file['kind']} are not known`)
  return { market: marketOf(scene, file), position: positionOf(scene), env: envOf(scene, prices(scene)) }
}

/** Every recorded position. */
export const worlds: Worlds = (file) => file['scenes'].map((scene: VectorFile) => worldOf(scene, file))

/** Runs one recorded file. */
export const checks: VectorChecks = function* (file) {
  for (const scene of file['scenes'])
    yield checkRecord(file['kind'], `${scene.id} (${scene.tag ?? scene.preLiquidation})`, () => {
      const world = worldOf(scene, file)
      return file['kind'] === 'accounts' ? checkAccount(scene, file, world) : checkLiquidation(scene, world)
    })
}
