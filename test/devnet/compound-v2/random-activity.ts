// Random life on the local Compound v2: whatever accounts and the admin may do, much of which the contracts refuse.
import { type Address, encodeFunctionData, maxUint256 } from 'viem'
import { tokenAbi } from '../aave-v3/abis.ts'
import type { Transaction } from '../plan.ts'
import type { Random } from '../random.ts'
import { cEtherAbi, comptrollerAbi, cTokenAbi, oracleAbi } from './abis.ts'
import { type CompoundAddresses, type CompoundMarket, mantissa, priceMantissa } from './deploy.ts'
import { MARKETS } from './markets.ts'

const ETH = 10n ** 18n

export type CompoundActivity = {
  /** What happens in one block. */
  next(): readonly Transaction[]
  /** Every price moves, collateral mostly down. */
  crash(): readonly Transaction[]
  /** Supplies, entries and debts of an account at first. */
  open(account: Address): readonly Transaction[]
}

export type ActivityOptions = {
  readonly random: Random
  readonly addresses: CompoundAddresses
  readonly accounts: readonly Address[]
  /** Whether prices are 0 now and then, which makes every account that entered unassessable. */
  readonly zeroPrices?: boolean
}

const cToken = (from: Address, { cToken: to }: CompoundMarket) => ({
  mint: (amount: bigint): Transaction => ({
    from,
    to,
    data: encodeFunctionData({ abi: cTokenAbi, functionName: 'mint', args: [amount] }),
  }),
  call: (
    functionName: 'redeem' | 'redeemUnderlying' | 'borrow' | 'repayBorrow',
    amount: bigint,
  ): Transaction => ({
    from,
    to,
    data: encodeFunctionData({ abi: cTokenAbi, functionName, args: [amount] }),
  }),
  native: (functionName: 'mint' | 'repayBorrow', value: bigint): Transaction => ({
    from,
    to,
    data: encodeFunctionData({ abi: cEtherAbi, functionName }),
    value,
  }),
})

const isNative = ({ underlying }: CompoundMarket): boolean => underlying === undefined

/** Builds the activity of one seed. */
export const createCompoundActivity = ({
  random,
  addresses,
  accounts,
  zeroPrices = true,
}: ActivityOptions): CompoundActivity => {
  const { admin, comptroller, oracle } = addresses
  const markets = Object.values(addresses.markets)
  const prices = new Map(MARKETS.map(({ symbol, price }) => [symbol, price]))

  /** What `wei` buys of a market's underlying. */
  const worth = ({ symbol, decimals }: CompoundMarket, wei: bigint): bigint =>
    (wei * 10n ** BigInt(decimals)) / (prices.get(symbol) ?? ETH) + 1n

  const someWei = (min: number, max: number): bigint =>
    BigInt(Math.floor(random.magnitude(min, max) * 1e6)) * 10n ** 12n

  const supply = (from: Address, market: CompoundMarket, amount: bigint): Transaction =>
    isNative(market) ? cToken(from, market).native('mint', amount) : cToken(from, market).mint(amount)

  const repay = (from: Address, market: CompoundMarket, amount: bigint): Transaction => {
    if (isNative(market)) return cToken(from, market).native('repayBorrow', amount)
    return cToken(from, market).call('repayBorrow', random.chance(0.3) ? maxUint256 : amount)
  }

  const enter = (from: Address, list: readonly CompoundMarket[]): Transaction => ({
    from,
    to: comptroller,
    data: encodeFunctionData({
      abi: comptrollerAbi,
      functionName: 'enterMarkets',
      args: [list.map((market) => market.cToken)],
    }),
  })

  const exit = (from: Address, market: CompoundMarket): Transaction => ({
    from,
    to: comptroller,
    data: encodeFunctionData({
      abi: comptrollerAbi,
      functionName: 'exitMarket',
      args: [market.cToken],
    }),
  })

  const ofAccount = (): Transaction => {
    const from = random.pick(accounts)
    const market = random.pick(markets)
    const amount = worth(market, someWei(0.001, 40))
    switch (random.integer(0, 9)) {
      case 0:
      case 1:
        return supply(from, market, amount)
      case 2:
        return cToken(from, market).call('redeemUnderlying', amount)
      case 3:
        return cToken(from, market).call('redeem', random.bigint(10n ** 12n))
      case 4:
      case 5:
        return cToken(from, market).call('borrow', random.chance(0.05) ? 0n : amount)
      case 6:
        return repay(from, market, amount)
      case 7:
        return enter(from, random.sample(markets, 2))
      case 8:
        return exit(from, market)
      default: {
        const args = [random.pick(accounts), random.bigint(10n ** 11n)] as const
        return {
          from,
          to: market.cToken,
          data: encodeFunctionData({ abi: cTokenAbi, functionName: 'transfer', args }),
        }
      }
    }
  }

  const priced = markets.filter((market) => !isNative(market))

  const movePrice = (market: CompoundMarket, zeroProbability: number): Transaction => {
    const initial = MARKETS.find(({ symbol }) => symbol === market.symbol)?.price ?? ETH
    const price = random.chance(zeroProbability) ? 0n : (initial * BigInt(random.integer(40, 190))) / 100n
    if (price > 0n) prices.set(market.symbol, price)
    const args = [market.cToken, priceMantissa(price, market.decimals)] as const
    return {
      from: admin,
      to: oracle,
      data: encodeFunctionData({ abi: oracleAbi, functionName: 'setUnderlyingPrice', args }),
    }
  }

  /** Sends underlying to a market, which moves its exchange rate without a log of its own. */
  const donate = (): Transaction => {
    const market = random.pick(priced)
    const args = [market.cToken, worth(market, someWei(0.001, 1))] as const
    return {
      from: random.pick(accounts),
      to: market.underlying ?? market.cToken,
      data: encodeFunctionData({ abi: tokenAbi, functionName: 'transfer', args }),
    }
  }

  const configure = (): Transaction => {
    const { cToken: market } = random.pick(markets)
    const abi = comptrollerAbi
    const ofComptroller = [
      () =>
        encodeFunctionData({
          abi,
          functionName: '_setCollateralFactor',
          args: [market, mantissa(random.integer(0, 8_900))],
        }),
      () =>
        encodeFunctionData({
          abi,
          functionName: '_setCloseFactor',
          args: [mantissa(random.integer(600, 8_900))],
        }),
      () =>
        encodeFunctionData({
          abi,
          functionName: '_setLiquidationIncentive',
          args: [mantissa(random.integer(10_000, 14_000))],
        }),
      () => encodeFunctionData({ abi, functionName: '_setBorrowPaused', args: [market, random.chance(0.3)] }),
      () => encodeFunctionData({ abi, functionName: '_setMintPaused', args: [market, random.chance(0.3)] }),
      () => encodeFunctionData({ abi, functionName: '_setSeizePaused', args: [random.chance(0.3)] }),
    ]
    const ofToken = [
      () =>
        encodeFunctionData({
          abi: cTokenAbi,
          functionName: '_setReserveFactor',
          args: [random.chance(0.2) ? mantissa(10_000) : mantissa(random.integer(0, 5_000))],
        }),
      () =>
        encodeFunctionData({
          abi: cTokenAbi,
          functionName: '_setInterestRateModel',
          args: [random.pick(Object.values(addresses.models))],
        }),
      () => encodeFunctionData({ abi: cTokenAbi, functionName: 'accrueInterest' }),
    ]
    return random.chance(0.6)
      ? { from: admin, to: comptroller, data: random.pick(ofComptroller)() }
      : { from: admin, to: market, data: random.pick(ofToken)() }
  }

  const one = (): Transaction => {
    const dice = random.next()
    if (dice < 0.6) return ofAccount()
    if (dice < 0.8) return movePrice(random.pick(priced), zeroPrices ? 0.04 : 0)
    return dice < 0.87 ? donate() : configure()
  }

  return {
    crash: () => priced.map((market) => movePrice(market, 0)),
    next: () => Array.from({ length: random.integer(0, 6) }, one),
    open: (account) => {
      const held = random.sample(markets, random.integer(1, 3))
      const owed = random.sample(markets, random.integer(1, 2))
      const power = someWei(1, 60)
      // As many of these as the contract lends bring most accounts near their limit.
      const slices = [30, 20, 10, 10, 5, 5, 3, 2].slice(0, random.integer(1, 8))
      return [
        ...held.map((market) => supply(account, market, worth(market, power))),
        enter(account, random.chance(0.8) ? held : held.slice(1)),
        ...slices.map((percent) => {
          const market = random.pick(owed)
          const wei = (power * BigInt(held.length * percent)) / 100n
          return cToken(account, market).call('borrow', worth(market, wei))
        }),
      ]
    },
  }
}
