// Golden vectors of Aave v3 (format: README beside the vectors) against this adapter.
//
// Not in the records, so not compared: rates after an action (the strategy's parameters are not recorded), and the split of
// a token event into amount and interest since the account's last action (that index is not recorded); their sum is.
import { type Address, getAddress, pad, toFunctionSelector, toHex, zeroAddress } from 'viem'
import type { BlockRef } from '../../model/block.ts'
import { toJson } from '../../model/json.ts'
import { BPS, UINT256_MAX, WAD } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import {
  checkRecord,
  compareRecorded,
  type VectorChecks,
  type VectorFile,
  type World as WorldOf,
  type Worlds,
} from '../vectors.ts'
import { accountOf } from './account.ts'
import { indicesOf } from './accrual.ts'
import { assess } from './assess.ts'
import { type AaveRequest, type DebtBurn, type Execution, executeLiquidation } from './execution.ts'
import { keys } from './keys.ts'
import { liquidate } from './liquidation.ts'
import { revisionOf } from './revisions/index.ts'
import type { Revision } from './revisions/revision.ts'
import type { AaveMarket, AavePosition, EModeCategory, Leg, Reserve } from './state.ts'

const assetOf = (id: number): Address => getAddress(pad(toHex(id + 1), { size: 20 }))
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

const marketOf = (snapshot: VectorFile, revision: string): AaveMarket => ({
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
    quotes: () => null,
  }
}

type World = WorldOf<AaveMarket, AavePosition>

/** Pool.getUserAccountData, by `assess` where it says so and by the account that it rests on. */
const userAccountData = ({ market, position, env }: World): object => {
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
const balances = ({ market, position, env }: World): readonly object[] => {
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

const scaledBalances = (market: AaveMarket, { legs }: AavePosition): readonly object[] =>
  Object.values(market.reserves).flatMap(({ id: reserveId, asset }) => {
    const leg = legs[asset]
    if (!leg || (leg.scaledCollateral === 0n && leg.scaledVariableDebt === 0n)) return []
    return [
      { reserveId, scaledATokenBalance: leg.scaledCollateral, scaledVariableDebt: leg.scaledVariableDebt },
    ]
  })

const worldOf = (record: VectorFile, file: VectorFile): World => {
  const market = marketOf(file['snapshots'][record['snapshot']], file['revision'])
  return { market, position: positionOf(record['account'], market), env: envOf(record) }
}

const checkScene = (scene: VectorFile, file: VectorFile): readonly string[] => {
  const world = worldOf(scene, file)
  return compareRecorded(scene['expected'], {
    balances: balances(world),
    userAccountData: userAccountData(world),
  })
}

const checkIndices = (row: VectorFile, file: VectorFile, { account }: Revision): readonly string[] => {
  const market = marketOf(file['snapshots'][row['snapshot']], file['revision'])
  const indices = Object.values(market.reserves).map((one) =>
    indicesOf(one, account, Number(row['timestamp'])),
  )
  const { normalizedIncome, normalizedVariableDebt } = row
  return compareRecorded(
    { normalizedIncome, normalizedVariableDebt },
    {
      normalizedIncome: indices.map(({ income }) => income),
      normalizedVariableDebt: indices.map(({ debt }) => debt),
    },
  )
}

/** Until 3.3 refusals are codes; the record names the constant. A panic is recorded in decimal. */
const revertOf = (revert: string, revision: Revision): object => {
  const panic = /^Panic\((0x[0-9a-f]+)\)$/.exec(revert)?.[1]
  if (panic) return { error: `Panic(${Number(panic)})`, selector: toFunctionSelector('Panic(uint256)') }
  const isTyped = !/^[A-Z_]+$/.test(revert)
  return {
    error: revert,
    selector: toFunctionSelector(isTyped ? `${revert}()` : 'Error(string)'),
    reason: isTyped ? undefined : codes[revert as keyof typeof codes],
    revision: revision.name,
  }
}

/** Errors.sol, v3.3.0: the numbers that the pool reverts with. */
const codes = {
  INVALID_BURN_AMOUNT: '25',
  RESERVE_INACTIVE: '27',
  RESERVE_PAUSED: '29',
  HEALTH_FACTOR_NOT_BELOW_THRESHOLD: '45',
  COLLATERAL_CANNOT_BE_LIQUIDATED: '46',
  SPECIFIED_CURRENCY_NOT_BORROWED_BY_USER: '47',
  LIQUIDATION_GRACE_SENTINEL_CHECK_FAILED: '97',
  MUST_NOT_LEAVE_DUST: '103',
}

type TokenEvent = { readonly token: string; readonly reserveId: number; readonly index: string }

/** What the borrower's debt tokens and aTokens lost, by token: amounts with interest, and the scaled transfers. */
const recordedMoves = (events: readonly VectorFile[]): object => {
  const sums: Record<string, { amount: bigint; index: string }> = {}
  const transfers: string[] = []
  for (const event of events) {
    const { token, reserveId, index } = event as unknown as TokenEvent
    const name = `${token} ${reserveId}`
    if (event['event'] === 'BalanceTransfer') {
      transfers.push(event['value'])
      continue
    }
    const change =
      event['event'] === 'Mint'
        ? BigInt(event['value']) - BigInt(event['balanceIncrease'])
        : -(BigInt(event['value']) + BigInt(event['balanceIncrease']))
    if (change !== 0n) sums[name] = { amount: (sums[name]?.amount ?? 0n) + change, index }
  }
  return toJson({ sums, transfers }) as object
}

/** Since 3.5 token events carry the difference of rounded balances, before the asked amount itself. */
const burnedAmount = (burn: DebtBurn, before: bigint, { account, name }: Revision): bigint =>
  Number(name.slice(2)) < 5
    ? burn.amount
    : account.variableDebtBalance(before, burn.index) -
      account.variableDebtBalance(before - burn.scaled, burn.index)

const ourMoves = (
  { position }: World,
  execution: Execution,
  receivesAToken: boolean,
  revision: Revision,
): object => {
  const { asset, id: collateralId } = execution.pair.collateral.reserve
  const held = position.legs[asset]?.scaledCollateral ?? 0n
  const { account, name } = revision
  const burnedCollateral =
    Number(name.slice(2)) < 5
      ? execution.toLiquidator
      : account.collateralBalance(held, execution.collateralIndex) -
        account.collateralBalance(held - execution.scaledToLiquidator, execution.collateralIndex)
  const sums = Object.fromEntries([
    ...execution.burns.map((burn) => [
      `variableDebtToken ${burn.reserve.id}`,
      {
        amount: -burnedAmount(burn, position.legs[burn.reserve.asset]?.scaledVariableDebt ?? 0n, revision),
        index: burn.index,
      },
    ]),
    ...(receivesAToken
      ? []
      : [[`aToken ${collateralId}`, { amount: -burnedCollateral, index: execution.collateralIndex }]]),
  ])
  const transfers = [
    ...(receivesAToken ? [execution.scaledToLiquidator] : []),
    ...(execution.protocolFee > 0n || execution.scaledProtocolFee > 0n ? [execution.scaledProtocolFee] : []),
  ]
  return { sums, transfers }
}

const ourOutcome = (world: World, execution: Execution, request: AaveRequest, revision: Revision): object => {
  const receivesAToken = request.receiveAToken === true
  const isSameAsset = request.collateralAsset === request.debtAsset
  const { market, position } = execution.pool
  const after: World = { market, position, env: world.env }
  const reserves = [
    request.collateralAsset,
    request.debtAsset,
    ...execution.burns.map((one) => one.reserve.asset),
  ]
  return {
    ok: true,
    debtToCover: execution.repaid,
    liquidatedCollateralAmount: execution.toLiquidator,
    protocolFeeAmount: execution.protocolFee,
    protocolFeeScaled: execution.scaledProtocolFee,
    deficitCreated: execution.burns
      .filter(({ deficit }) => deficit > 0n)
      .map(({ reserve, deficit }) => ({ reserveId: reserve.id, amount: deficit })),
    treasuryScaledDelta: execution.scaledProtocolFee,
    liquidatorATokenScaledDelta: receivesAToken ? execution.scaledToLiquidator : 0n,
    liquidatorCollateralUnderlyingDelta: isSameAsset ? null : receivesAToken ? 0n : execution.toLiquidator,
    liquidatorDebtUnderlyingDelta: isSameAsset ? null : -execution.repaid,
    accountAfter: {
      eMode: position.eMode,
      userConfiguration: position.userConfiguration,
      balances: scaledBalances(market, position),
    },
    balancesAfter: balances(after),
    userAccountDataAfter: userAccountData(after),
    reservesAfter: [...new Set(reserves)].map((asset) => {
      const reserve = market.reserves[asset] as Reserve
      return {
        ...reserve,
        lastUpdateTimestamp: String(reserve.lastUpdateTimestamp),
        virtualUnderlyingBalance: reserve.virtualBalance,
      }
    }),
    moves: ourMoves(world, execution, receivesAToken, revision),
  }
}

/** The recorded outcome without what the records do not determine, its token events summed up. */
const recordedOutcome = (outcome: VectorFile): object => {
  const { borrowerTokenEvents, reservesAfter, ...rest } = outcome
  return {
    ...rest,
    reservesAfter: reservesAfter.map((reserve: VectorFile) => {
      const { currentLiquidityRate: _, currentVariableBorrowRate: __, ...known } = reserve
      return known
    }),
    moves: recordedMoves(borrowerTokenEvents),
  }
}

const checkLiquidation = (record: VectorFile, file: VectorFile, revision: Revision): readonly string[] => {
  const world = worldOf(record, file)
  const { input, outcome, before } = record
  const request: AaveRequest = {
    method: 'liquidationCall',
    debtAsset: assetOf(input.debtReserveId),
    collateralAsset: assetOf(input.collateralReserveId),
    repay: BigInt(input.debtToCover) > UINT256_MAX ? UINT256_MAX : BigInt(input.debtToCover),
    receiveAToken: input.receiveAToken,
  }
  const beforehand = compareRecorded(before, {
    balances: balances(world),
    userAccountData: userAccountData(world),
  })
  const executed = executeLiquidation(world.market, world.position, world.env, request)
  const public_ = liquidate(world.market, world.position, world.env, request)
  if (executed.kind === 'blocked' || public_.kind === 'blocked') {
    const revert = executed.kind === 'blocked' ? revertOf(executed.revert, revision) : {}
    return [...beforehand, ...compareRecorded(outcome, { ok: false, revert })]
  }
  if (!outcome.ok) return [...beforehand, ...compareRecorded(outcome, { ok: true })]
  const { repaid, seized, protocolFee } = public_
  return [
    ...beforehand,
    ...compareRecorded(recordedOutcome(outcome), ourOutcome(world, executed.execution, request, revision)),
    ...compareRecorded(
      { repaid: outcome.debtToCover, seized: [outcome.liquidatedCollateralAmount] },
      { repaid: repaid.amount, seized: seized.map(({ amount }) => amount) },
    ),
    ...compareRecorded(
      outcome.protocolFeeAmount,
      protocolFee.reduce((sum, { amount }) => sum + amount, 0n),
    ),
  ]
}

/** Runs one recorded file of any revision that this adapter knows. */
export const checks: VectorChecks = function* (file) {
  const revision = revisionOf(file['revision'])
  if (!revision) throw new Error(`revision ${file['revision']} is not known`)
  if (file['kind'] === 'accounts') {
    for (const scene of file['scenes']) yield checkRecord('scenes', scene.id, () => checkScene(scene, file))
    for (const row of file['indices'])
      yield checkRecord('indices', row.id, () => checkIndices(row, file, revision))
  } else if (file['kind'] === 'liquidations')
    for (const record of file['liquidations'])
      yield checkRecord('liquidations', `${record.id} (${record.label})`, () =>
        checkLiquidation(record, file, revision),
      )
  else throw new Error(`records of kind ${file['kind']} are not known`)
}

/** Until 3.4 health is of the average threshold cut to a whole basis point, which may round up when a price falls. */
const basisPointOfThreshold: WorldOf['healthRounding'] = ({ revision, collateralValue, debtValue }) =>
  Number(revision.slice(2)) < 5 ? (collateralValue * WAD) / (debtValue * BPS) + 1n : 0n

/** Every recorded account. */
export const worlds: Worlds = (file) =>
  (file['scenes'] ?? file['liquidations']).map((record: VectorFile) => ({
    ...worldOf(record, file),
    healthRounding: basisPointOfThreshold,
  }))
