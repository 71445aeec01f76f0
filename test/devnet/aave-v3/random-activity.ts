import { type Address, maxUint256 } from 'viem'
import type { Random } from '../random.ts'
import type { AccountSpec } from './accounts.ts'
import type { Action } from './actions.ts'
import { amountWorth } from './random-account.ts'
import { E_MODES, RESERVES, type ReserveSpec } from './reserves.ts'

/** A block of activity: send it with `act(actions, { seconds, tolerateReverts: true })`. */
export type RandomBlock = { readonly actions: readonly Action[]; readonly seconds: number }

export type ActivityOptions = {
  readonly actionsPerBlockMax?: number
  /** Whether prices sometimes leave all bounds, from a millionth of a dollar to a million dollars. */
  readonly extremePrices?: boolean
  /** Whether the admin changes the configuration. */
  readonly configuration?: boolean
  /** Whether feeds fail now and then, and are mended later. */
  readonly feedFaults?: boolean
}

export type Activity = { next(): RandomBlock }

const DOLLAR = 10 ** 8
const YEAR_SECONDS = 31_536_000

type World = {
  readonly random: Random
  readonly specs: readonly AccountSpec[]
  /** The prices as they were moved so far. */
  readonly prices: Map<string, bigint>
  readonly options: ActivityOptions
  /** What must be undone in a later block. */
  readonly undo: Action[]
}

const reserveOf = (world: World, symbol: string): ReserveSpec => {
  const spec = RESERVES.find((reserve) => reserve.symbol === symbol) ?? world.random.pick(RESERVES)
  return { ...spec, price: world.prices.get(spec.symbol) ?? spec.price }
}

const anyReserve = (world: World): ReserveSpec => reserveOf(world, world.random.pick(RESERVES).symbol)

const debtsOf = (spec: AccountSpec): string[] => Object.keys({ ...spec.borrows, ...spec.stableBorrows })

const someAmount = (world: World, reserve: ReserveSpec): bigint =>
  amountWorth(world.random, reserve, world.random.magnitude(1, 50_000))

const amountOrAll = (world: World, reserve: ReserveSpec): bigint =>
  world.random.chance(0.25) ? maxUint256 : someAmount(world, reserve)

const pickFrom = (world: World, symbols: readonly string[]): ReserveSpec =>
  symbols.length === 0 ? anyReserve(world) : reserveOf(world, world.random.pick(symbols))

const move = (world: World): Action => {
  const { random } = world
  const spec = random.pick([...RESERVES, { symbol: 'PEG', price: 10n ** 8n }])
  const dollars =
    world.options.extremePrices && random.chance(0.08)
      ? random.magnitude(1e-6, 1e6)
      : (Number(spec.price) / DOLLAR) * random.magnitude(0.6, 1.6)
  const price = BigInt(Math.max(1, Math.round(dollars * DOLLAR)))
  world.prices.set(spec.symbol, price)
  return { kind: 'setPrice', asset: spec.symbol, price }
}

const liquidate = (world: World, spec: AccountSpec): Action => {
  const { random } = world
  const debt = pickFrom(world, debtsOf(spec))
  const collateral = pickFrom(world, Object.keys(spec.supplies))
  return {
    kind: 'liquidate',
    liquidator: random.pick(world.specs).account,
    borrower: spec.account,
    debt: debt.symbol,
    collateral: collateral.symbol,
    amount: random.chance(0.6) ? maxUint256 : someAmount(world, debt),
    receiveAToken: random.chance(0.4),
  }
}

/** One action of an account; each of the entries is equally likely. */
const ACCOUNT_ACTIONS: readonly ((world: World, account: Address, spec: AccountSpec) => Action)[] = [
  (world, account) => {
    const reserve = anyReserve(world)
    return { kind: 'supply', account, asset: reserve.symbol, amount: someAmount(world, reserve) }
  },
  (world, account) => {
    const reserve = anyReserve(world)
    const rate = reserve.stableRate && world.random.chance(0.5) ? 'stable' : 'variable'
    return { kind: 'borrow', account, asset: reserve.symbol, amount: someAmount(world, reserve), rate }
  },
  (world, account, spec) => {
    const reserve = pickFrom(world, debtsOf(spec))
    const rate = spec.stableBorrows?.[reserve.symbol] === undefined ? 'variable' : 'stable'
    return { kind: 'repay', account, asset: reserve.symbol, amount: amountOrAll(world, reserve), rate }
  },
  (world, account, spec) => {
    const reserve = pickFrom(world, Object.keys(spec.supplies))
    return { kind: 'withdraw', account, asset: reserve.symbol, amount: amountOrAll(world, reserve) }
  },
  (world, account, spec) => {
    const reserve = pickFrom(world, Object.keys(spec.supplies))
    const to = world.random.pick(world.specs).account
    return { kind: 'transferAToken', account, to, asset: reserve.symbol, amount: someAmount(world, reserve) }
  },
  (world, account, spec) => {
    const asset = pickFrom(world, Object.keys(spec.supplies)).symbol
    return { kind: 'setCollateral', account, asset, enabled: world.random.chance(0.6) }
  },
  (world, account) => {
    const category = world.random.pick([0, ...E_MODES.map((mode) => mode.category)])
    return { kind: 'setEMode', account, category }
  },
  (world, account, spec) => {
    const asset = pickFrom(world, debtsOf(spec)).symbol
    return { kind: 'swapRate', account, asset, from: world.random.pick(['stable', 'variable'] as const) }
  },
  (world, account, spec) => {
    const reserve = pickFrom(world, debtsOf(spec))
    return { kind: 'repayWithATokens', account, asset: reserve.symbol, amount: amountOrAll(world, reserve) }
  },
  (world, _, spec) => liquidate(world, spec),
  (world, _, spec) => liquidate(world, spec),
  (world, _, spec) => liquidate(world, spec),
]

/** One change by the admin; what would stop all activity is undone in the next block. */
const ADMIN_ACTIONS: readonly ((world: World, reserve: ReserveSpec) => Action)[] = [
  ({ random }, reserve) => {
    const liquidationThreshold = reserve.liquidationThreshold - random.integer(-300, 1_500)
    const ltv = random.chance(0.3) ? 0 : Math.min(reserve.ltv, liquidationThreshold)
    const liquidationBonus = 10_000 + random.integer(100, 1_200)
    return { kind: 'configureCollateral', asset: reserve.symbol, ltv, liquidationThreshold, liquidationBonus }
  },
  ({ random }, { symbol }) => ({
    kind: 'setLiquidationProtocolFee',
    asset: symbol,
    fee: random.integer(0, 3_000),
  }),
  ({ random }, { symbol }) => ({ kind: 'setReserveFactor', asset: symbol, factor: random.integer(0, 5_000) }),
  ({ undo }, { symbol }) => {
    undo.push({ kind: 'freeze', asset: symbol, frozen: false })
    return { kind: 'freeze', asset: symbol, frozen: true }
  },
  ({ undo }, { symbol }) => {
    undo.push({ kind: 'pause', asset: symbol, paused: false })
    return { kind: 'pause', asset: symbol, paused: true }
  },
  ({ random }) => {
    const mode = random.pick(E_MODES)
    const liquidationThreshold = Math.min(9_800, mode.liquidationThreshold + random.integer(-200, 200))
    const { priceSource, ...rest } = mode
    const source = priceSource !== undefined && random.chance(0.7) ? { priceSource } : {}
    return { kind: 'setEModeCategory', ...rest, ...source, liquidationThreshold }
  },
  ({ random }, { symbol }) => ({ kind: 'setAssetEMode', asset: symbol, category: random.integer(0, 2) }),
  (_, { symbol }) => ({ kind: 'replaceAggregator', asset: symbol }),
]

const breakFeed = (world: World): Action => {
  const asset = world.random.pick(RESERVES).symbol
  world.undo.push({ kind: 'mendFeed', asset })
  return {
    kind: 'breakFeed',
    asset,
    how: world.random.pick(['zero', 'negative', 'revert', 'burn-gas'] as const),
  }
}

const anyAction = (world: World): Action => {
  const { random, options } = world
  const roll = random.next()
  if (roll < 0.25) return move(world)
  if (roll < 0.32 && (options.configuration ?? true))
    return random.pick(ADMIN_ACTIONS)(world, anyReserve(world))
  if (roll < 0.34 && options.feedFaults) return breakFeed(world)
  const spec = random.pick(world.specs)
  return random.pick(ACCOUNT_ACTIONS)(world, spec.account, spec)
}

const anySeconds = (random: Random): number => {
  const roll = random.next()
  if (roll < 0.6) return 12
  return roll < 0.97
    ? Math.ceil(random.magnitude(1, 30 * 86_400))
    : Math.ceil(random.magnitude(1, 3) * YEAR_SECONDS)
}

/** Random blocks around these positions. Many of their actions revert: that is part of it. */
export const createActivity = (
  random: Random,
  specs: readonly AccountSpec[],
  options: ActivityOptions = {},
): Activity => {
  const world: World = { random, specs, options, prices: new Map(), undo: [] }
  return {
    next: () => {
      const undone = world.undo.splice(0)
      const count = random.integer(0, options.actionsPerBlockMax ?? 8)
      const actions = Array.from({ length: count }, () => anyAction(world))
      return { actions: [...undone, ...actions], seconds: anySeconds(random) }
    },
  }
}
