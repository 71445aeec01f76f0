// What price sources and the governor do.
import type { Address, Hex } from 'viem'
import type { Transaction } from '../../devnet/plan.ts'
import type { Random } from '../../devnet/random.ts'
import { encode } from './contracts.ts'
import { BORROWABLE, collateralsOf, share } from './units.ts'
import { GOVERNOR, TOKENS, type VaultName, type World } from './world.ts'

const NONE: Address = '0x0000000000000000000000000000000000000000'

const governed = (to: Address, data: Hex): Transaction => ({ from: GOVERNOR, to, data })

/** Prices that move, a feed that fails, and whatever a governor may set. */
export const createGoverning = (world: World, random: Random) => {
  const { vaults } = world

  const movePrices = (): readonly Transaction[] => {
    const ratio = (TOKENS.wstETH.dollars * 10n ** 18n) / TOKENS.WETH.dollars
    const base = {
      USDC: TOKENS.USDC.dollars,
      WETH: TOKENS.WETH.dollars,
      WBTC: TOKENS.WBTC.dollars,
      wstETH: ratio,
    }
    const moves = Object.entries(base).map(([name, price]) => {
      const spread = name === 'USDC' || name === 'wstETH' ? 30_000 : 350_000
      const answer = share(price, 1_000_000 + random.integer(-spread, spread))
      const feed = world.feeds[name as keyof typeof base]
      return { from: GOVERNOR, to: feed, data: encode({ functionName: 'set', args: [answer] }) }
    })
    const spr = share(TOKENS.SPR.dollars * 10n ** 10n, 1_000_000 + random.integer(-300_000, 300_000))
    moves.push({ from: GOVERNOR, to: world.spread, data: encode({ functionName: 'set', args: [spr] }) })
    return moves
  }

  /** One feed goes down, or is up again. */
  const breakFeed = (fails: boolean): Transaction =>
    governed(world.feeds.WBTC, encode({ functionName: 'setFails', args: [fails] }))

  const setLtv = (vault: VaultName): Transaction => {
    const collateral = random.pick(collateralsOf(vault))
    const ramp = random.chance(0.6) ? random.integer(60, 40_000) : 0
    const liquidation = random.integer(0, 9_500)
    const borrow = random.integer(0, liquidation)
    const args = [vaults[collateral], borrow, liquidation, ramp] as const
    return governed(vaults[vault], encode({ functionName: 'setLTV', args }))
  }

  const govern = (): Transaction => {
    const vault = random.pick(BORROWABLE)
    const to = vaults[vault]
    const [usd, usdc] = ['0x0000000000000000000000000000000000000348' as Address, world.tokens.USDC]
    const rewired = random.chance(0.5) ? world.fixed : world.chainlinkUsdc
    const acts: readonly (() => Transaction)[] = [
      () => setLtv(vault),
      () => setLtv(vault),
      () => governed(to, encode({ functionName: 'setInterestFee', args: [random.integer(1_000, 5_000)] })),
      () =>
        governed(to, encode({ functionName: 'setMaxLiquidationDiscount', args: [random.integer(0, 3_000)] })),
      () =>
        governed(to, encode({ functionName: 'setLiquidationCoolOffTime', args: [random.integer(0, 300)] })),
      () => governed(to, encode({ functionName: 'setConfigFlags', args: [random.integer(0, 1)] })),
      () =>
        governed(
          to,
          encode({ functionName: 'setHookConfig', args: [NONE, random.chance(0.3) ? 1 << 11 : 0] }),
        ),
      () => governed(to, encode({ functionName: 'setCaps', args: [random.chance(0.5) ? 0 : 42_000, 0] })),
      () =>
        governed(to, encode({ functionName: 'setInterestRateModel', args: [world.models[vault] ?? NONE] })),
      () => governed(to, encode({ functionName: 'convertFees' })),
      () => governed(to, encode({ functionName: 'touch' })),
      () => governed(world.router, encode({ functionName: 'govSetConfig', args: [usdc, usd, rewired] })),
    ]
    return random.pick(acts)()
  }

  return { movePrices, breakFeed, govern }
}
