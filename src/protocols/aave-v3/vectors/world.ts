// A recorded state as the adapter's own: market, account and prices, and what the adapter makes of them.
import { getAddress, pad, toHex, zeroAddress } from 'viem'
import type { BlockRef } from '../../../model/block.ts'
import { toJson } from '../../../model/json.ts'
import type { Env } from '../../adapter.ts'
import { standIns, type VectorFile, type World as WorldOf } from '../../vectors.ts'
import { accountOf } from '../account.ts'
import { assess } from '../assess.ts'
import { keys } from '../keys.ts'
import type { AaveMarket, AavePosition, EModeCategory, Leg, Reserve } from '../state.ts'

export const assetOf = standIns((id: number) => getAddress(pad(toHex(id + 1), { size: 20 })))
const OWNER = getAddress(pad('0xacc0', { size: 20 }))
const id = { chainId: 1, protocol: 'aave-v3', deployment: 'vectors', market: 'pool' }

const bitmapOf = (reserve: VectorFile): bigint =>
  BigInt(reserve['ltv']) |
  (BigInt(reserve['liquidationThreshold']) << 16n) |
  (BigInt(reserve['liquidationBonus']) << 32n) |
  (BigInt(reserve['decimals']) << 48n) |
  (BigInt(reserve['isActive']) << 56n) |
  (BigInt(reserve['isFrozen']) << 57n) |
  (BigInt(reserve['borrowingEnabled']) << 58n) |
  (BigInt(reserve['isPaused']) << 60n) |
  (BigInt(reserve['liquidationProtocolFee']) << 152n)

const reserveOf = (reserve: VectorFile): Reserve => ({
  id: reserve['id'],
  asset: assetOf(reserve['id']),
  symbol: `R${reserve['id']}`,
  configuration: bitmapOf(reserve),
  liquidityIndex: BigInt(reserve['liquidityIndex']),
  liquidityRate: BigInt(reserve['currentLiquidityRate']),
  variableBorrowIndex: BigInt(reserve['variableBorrowIndex']),
  variableBorrowRate: BigInt(reserve['currentVariableBorrowRate']),
  lastUpdateTimestamp: Number(reserve['lastUpdateTimestamp']),
  aToken: zeroAddress,
  stableDebtToken: zeroAddress,
  variableDebtToken: zeroAddress,
  accruedToTreasury: 0n,
  isolationModeTotalDebt: 0n,
  underlyingBalance: BigInt(reserve['availableLiquidity']),
  virtualBalance: BigInt(reserve['virtualUnderlyingBalance']),
  deficit: BigInt(reserve['deficit']),
  liquidationGracePeriodUntil: Number(reserve['liquidationGracePeriodUntil']),
})

const eModeOf = (category: VectorFile): EModeCategory => ({
  ltv: BigInt(category['ltv']),
  liquidationThreshold: BigInt(category['liquidationThreshold']),
  liquidationBonus: BigInt(category['liquidationBonus']),
  priceSource: zeroAddress,
  label: '',
  collateralBitmap: BigInt(category['collateralBitmap']),
  borrowableBitmap: BigInt(category['borrowableBitmap']),
  ltvzeroBitmap: BigInt(category['ltvzeroBitmap'] ?? 0),
  isIsolated: category['isolated'] ?? false,
})

export const marketOf = (snapshot: VectorFile, revision: string): AaveMarket => ({
  id,
  label: 'vectors',
  quote: { symbol: 'USD', decimals: 8 },
  revision,
  revisionRaw: revision,
  fidelity: 'exact',
  wiring: { pool: zeroAddress, configurator: zeroAddress, oracle: zeroAddress, sentinel: zeroAddress },
  faults: {},
  baseCurrencyUnit: 10n ** 8n,
  reserves: Object.fromEntries(
    snapshot['reserves'].map((one: VectorFile) => [assetOf(one['id']), reserveOf(one)]),
  ),
  eModes: Object.fromEntries(snapshot['eModes'].map((one: VectorFile) => [one['id'], eModeOf(one)])),
})

const legOf = (balance: VectorFile): Leg => ({
  scaledCollateral: BigInt(balance['scaledATokenBalance']),
  scaledVariableDebt: BigInt(balance['scaledVariableDebt']),
})

/** An account as recorded; a set bit without a balance is a leg of zeros. */
const positionOf = (account: VectorFile, market: AaveMarket): AavePosition => {
  const userConfiguration = BigInt(account['userConfiguration'])
  const inUse = Object.values(market.reserves).filter((one) => (userConfiguration >> BigInt(one.id * 2)) & 3n)
  const empty: Leg = { scaledCollateral: 0n, scaledVariableDebt: 0n }
  return {
    id: { ...id, account: OWNER },
    owner: OWNER,
    asOf: 0n,
    eMode: account['eMode'],
    userConfiguration,
    legs: {
      ...Object.fromEntries(inUse.map(({ asset }) => [asset, empty])),
      ...Object.fromEntries(
        account['balances'].map((one: VectorFile) => [assetOf(one['reserveId']), legOf(one)]),
      ),
    },
  }
}

const envOf = (record: VectorFile): Env => {
  const timestamp = Number(record['timestamp'])
  const block: BlockRef = { chainId: 1, number: 1n, hash: '0x', timestamp }
  const prices = new Map<string, bigint>(
    record['prices'].map((price: string, index: number) => [keys.price(assetOf(index)), BigInt(price)]),
  )
  return {
    block,
    timestamp,
    prices: (key) => {
      const price = prices.get(key)
      return price === undefined
        ? undefined
        : { kind: 'price', key, price, scale: 10n ** 8n, source: 'recorded' }
    },
    markets: () => undefined,
    debtInFront: () => null,
    quotes: () => null,
  }
}

export type World = WorldOf<AaveMarket, AavePosition>

/** Pool.getUserAccountData, by `assess` where it says so and by the account that it rests on. */
export const userAccountData = ({ market, position, env }: World): object => {
  const account = accountOf(market, position, env)
  const health = assess(market, position, env)
  if ('reason' in account || health.kind === 'unassessable') return { fault: toJson(account) }
  const { totals } = account
  return {
    totalCollateralBase: health.collateralValue,
    totalDebtBase: health.debtValue,
    availableBorrowsBase: totals.availableBorrows,
    currentLiquidationThreshold: totals.averageThreshold,
    ltv: totals.averageLtv,
    healthFactor: health.healthFactor,
  }
}

/** Balances as recorded: in the order of reserve ids, reserves without any balance left out. */
export const balances = ({ market, position, env }: World): readonly object[] => {
  const account = accountOf(market, position, env)
  if ('reason' in account) return []
  return account.legs
    .filter(({ reserve }) => {
      const leg = position.legs[reserve.asset]
      return leg && (leg.scaledCollateral > 0n || leg.scaledVariableDebt > 0n)
    })
    .sort((a, b) => a.reserve.id - b.reserve.id)
    .map(({ reserve, supplied, variableDebt }) => ({
      reserveId: reserve.id,
      aTokenBalance: supplied,
      variableDebt,
    }))
}

export const scaledBalances = (market: AaveMarket, { legs }: AavePosition): readonly object[] =>
  Object.values(market.reserves).flatMap(({ id: reserveId, asset }) => {
    const leg = legs[asset]
    if (!leg || (leg.scaledCollateral === 0n && leg.scaledVariableDebt === 0n)) return []
    return [
      { reserveId, scaledATokenBalance: leg.scaledCollateral, scaledVariableDebt: leg.scaledVariableDebt },
    ]
  })

export const worldOf = (record: VectorFile, file: VectorFile): World => {
  const market = marketOf(file['snapshots'][record['snapshot']], file['revision'])
  return { market, position: positionOf(record['account'], market), env: envOf(record) }
}
