// Random life on the local Venus core pool: whatever accounts and the admin may do, much of which the contracts refuse.
import { type Address, encodeFunctionData, type Hex, maxUint256, zeroAddress } from 'viem'
import { tokenAbi } from '../aave-v3/abis.ts'
import type { Transaction } from '../plan.ts'
import type { Random } from '../random.ts'
import { comptrollerAbi, oracleAbi, vaiControllerAbi, vBnbAbi, vTokenAbi } from './abis.ts'
import { mantissa, priceMantissa, VAI, type VenusAddresses, type VenusMarket } from './deploy.ts'
import { MARKETS } from './markets.ts'

const USD = 10n ** 8n
const VAI_UNIT = 10n ** 18n

export type VenusActivity = {
  /** What happens in one block. */
  next(): readonly Transaction[]
  /** Prices fall, mostly, and so does what collateral counts for; nothing is paused as a whole. */
  crash(): readonly Transaction[]
  /** Supplies, entries and debts of an account at first. */
  open(account: Address): readonly Transaction[]
}

export type ActivityOptions = {
  readonly random: Random
  readonly addresses: VenusAddresses
  readonly accounts: readonly Address[]
  /** No price of 0, which is none, and no other contracts in place of those that are there. */
  readonly isCalm?: boolean
}

/** What an account does in a market. */
const inMarket = (from: Address, { vToken: to, underlying }: VenusMarket) => {
  const native = (functionName: 'mint' | 'repayBorrow', value: bigint): Transaction => ({
    ...{ from, to, value },
    data: encodeFunctionData({ abi: vBnbAbi, functionName }),
  })
  const call = (
    functionName: 'mint' | 'redeem' | 'redeemUnderlying' | 'borrow' | 'repayBorrow',
    amount: bigint,
  ): Transaction => ({
    ...{ from, to },
    data: encodeFunctionData({ abi: vTokenAbi, functionName, args: [amount] }),
  })
  const isNative = underlying === undefined
  return {
    call,
    supply: (amount: bigint) => (isNative ? native('mint', amount) : call('mint', amount)),
    repay: (amount: bigint, isAll: boolean) =>
      isNative ? native('repayBorrow', amount) : call('repayBorrow', isAll ? maxUint256 : amount),
  }
}

/** Builds the activity of one seed. */
export const createVenusActivity = ({
  random,
  addresses,
  accounts,
  isCalm = false,
}: ActivityOptions): VenusActivity => {
  const { admin, comptroller, oracle, vaiController, liquidator } = addresses
  const markets = Object.values(addresses.markets)
  const prices = new Map(MARKETS.map(({ symbol, price }) => [symbol, price]))

  /** What `dollars` (8 decimals) buy of a market's underlying. */
  const worth = ({ symbol, decimals }: VenusMarket, dollars: bigint): bigint =>
    (dollars * 10n ** BigInt(decimals)) / (prices.get(symbol) ?? USD) + 1n

  const someDollars = (min: number, max: number): bigint =>
    BigInt(Math.floor(random.magnitude(min, max) * 1e8))

  const toComptroller = (from: Address, data: Hex): Transaction => ({ from, to: comptroller, data })

  const enter = (from: Address, list: readonly VenusMarket[]): Transaction =>
    toComptroller(
      from,
      encodeFunctionData({
        abi: comptrollerAbi,
        functionName: 'enterMarkets',
        args: [list.map(({ vToken }) => vToken)],
      }),
    )

  const ofVai = (from: Address, functionName: 'mintVAI' | 'repayVAI', dollars: bigint): Transaction => ({
    ...{ from, to: vaiController },
    data: encodeFunctionData({
      abi: vaiControllerAbi,
      functionName,
      args: [(dollars * VAI_UNIT) / USD],
    }),
  })

  const ofAccount = (): Transaction => {
    const from = random.pick(accounts)
    const market = random.pick(markets)
    const amount = worth(market, someDollars(1, 40_000))
    const { call, supply, repay } = inMarket(from, market)
    switch (random.integer(0, 11)) {
      case 0:
      case 1:
        return supply(amount)
      case 2:
        return call('redeemUnderlying', amount)
      case 3:
        return call('redeem', random.bigint(10n ** 12n))
      case 4:
      case 5:
        return call('borrow', random.chance(0.05) ? 0n : amount)
      case 6:
        return repay(amount, random.chance(0.3))
      case 7:
        return enter(from, random.sample(markets, 2))
      case 8: {
        const args = [market.vToken] as const
        return toComptroller(
          from,
          encodeFunctionData({ abi: comptrollerAbi, functionName: 'exitMarket', args }),
        )
      }
      case 9:
        return ofVai(from, 'mintVAI', someDollars(1, 20_000))
      case 10:
        return ofVai(from, 'repayVAI', someDollars(1, 20_000))
      default: {
        const args = [random.pick(accounts), random.bigint(10n ** 11n)] as const
        const data = encodeFunctionData({ abi: vTokenAbi, functionName: 'transfer', args })
        return { from, to: market.vToken, data }
      }
    }
  }

  const post = (asset: Address, price: bigint): Transaction => ({
    ...{ from: admin, to: oracle },
    data: encodeFunctionData({ abi: oracleAbi, functionName: 'setDirectPrice', args: [asset, price] }),
  })

  const movePrice = (
    { symbol, decimals, underlying }: VenusMarket,
    zeroProbability: number,
    percentMax: number,
  ): Transaction => {
    const initial = MARKETS.find((one) => one.symbol === symbol)?.price ?? USD
    const price = random.chance(zeroProbability)
      ? 0n
      : (initial * BigInt(random.integer(40, percentMax))) / 100n
    if (price > 0n) prices.set(symbol, price)
    return post(underlying ?? zeroAddress, priceMantissa(price, decimals))
  }

  const priced = markets.filter(({ underlying }) => underlying !== undefined)

  /** Sends underlying to a market, which moves its exchange rate without a log of its own. */
  const donate = (): Transaction => {
    const market = random.pick(priced)
    const args = [market.vToken, worth(market, someDollars(1, 1_000))] as const
    const data = encodeFunctionData({ abi: tokenAbi, functionName: 'transfer', args })
    return { from: random.pick(accounts), to: market.underlying ?? market.vToken, data }
  }

  const ofComptroller = (market: Address): Hex => {
    const abi = comptrollerAbi
    const bps = (min: number, max: number): bigint => mantissa(random.integer(min, max))
    const isOn = random.chance(0.3)
    const action = random.integer(0, 8)
    const contract = random.chance(0.5) ? liquidator : zeroAddress
    return random.pick([
      () => encodeFunctionData({ abi, functionName: '_setCollateralFactor', args: [market, bps(0, 8_900)] }),
      () => encodeFunctionData({ abi, functionName: '_setCloseFactor', args: [bps(600, 9_000)] }),
      () =>
        encodeFunctionData({ abi, functionName: '_setLiquidationIncentive', args: [bps(10_600, 14_000)] }),
      () => encodeFunctionData({ abi, functionName: '_setActionsPaused', args: [[market], [action], isOn] }),
      () => encodeFunctionData({ abi, functionName: '_setProtocolPaused', args: [random.chance(0.1)] }),
      ...(isCalm
        ? []
        : [() => encodeFunctionData({ abi, functionName: '_setLiquidatorContract', args: [contract] })]),
    ])()
  }

  const ofVToken = (): Hex => {
    const abi = vTokenAbi
    const model = random.pick(Object.values(addresses.models))
    return random.pick([
      () =>
        encodeFunctionData({
          abi,
          functionName: '_setReserveFactor',
          args: [mantissa(random.integer(0, 5_000))],
        }),
      ...(isCalm
        ? []
        : [() => encodeFunctionData({ abi, functionName: '_setInterestRateModel', args: [model] })]),
      () => encodeFunctionData({ abi, functionName: 'accrueInterest' }),
    ])()
  }

  const ofController = (): Transaction => {
    const abi = vaiControllerAbi
    const rate = [mantissa(random.integer(0, 2_000))] as const
    const data = random.pick([
      () => encodeFunctionData({ abi, functionName: 'setBaseRate', args: rate }),
      () => encodeFunctionData({ abi, functionName: 'setFloatRate', args: rate }),
      () => encodeFunctionData({ abi, functionName: 'accrueVAIInterest' }),
    ])()
    return { from: admin, to: vaiController, data }
  }

  const configure = (): Transaction => {
    const { vToken } = random.pick(markets)
    const dice = random.next()
    if (dice < 0.5) return toComptroller(admin, ofComptroller(vToken))
    if (dice < 0.8) return { from: admin, to: vToken, data: ofVToken() }
    if (dice < 0.9) return post(VAI, BigInt(random.integer(90, 102)) * 10n ** 16n)
    return ofController()
  }

  const one = (): Transaction => {
    const dice = random.next()
    if (dice < 0.6) return ofAccount()
    if (dice < 0.8) return movePrice(random.pick(priced), isCalm ? 0 : 0.02, 190)
    return dice < 0.87 ? donate() : configure()
  }

  return {
    crash: () => [
      ...priced.map((market) => movePrice(market, 0, 115)),
      ...markets.map(({ vToken }) => {
        const args = [vToken, mantissa(random.integer(1_000, 6_000))] as const
        const call = { abi: comptrollerAbi, functionName: '_setCollateralFactor' } as const
        return toComptroller(admin, encodeFunctionData({ ...call, args }))
      }),
      toComptroller(
        admin,
        encodeFunctionData({ abi: comptrollerAbi, functionName: '_setProtocolPaused', args: [false] }),
      ),
    ],
    next: () => Array.from({ length: random.integer(0, 6) }, one),
    open: (account) => {
      const held = random.sample(markets, random.integer(1, 3))
      const owed = random.sample(markets, random.integer(1, 2))
      const power = someDollars(100, 60_000)
      const part = (): bigint => (power * BigInt(random.integer(15, 65))) / 100n
      return [
        ...held.map((market) => inMarket(account, market).supply(worth(market, power))),
        enter(account, random.chance(0.8) ? held : held.slice(1)),
        ...owed.map((market) => inMarket(account, market).call('borrow', worth(market, part()))),
        ...(random.chance(0.5) ? [ofVai(account, 'mintVAI', part())] : []),
      ]
    },
  }
}
