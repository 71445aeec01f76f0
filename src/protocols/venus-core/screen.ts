// How accounts are screened: what they entered, by liquidation threshold and price (bounds and limits: compound-v2/screen-parts.ts),
// and VAI.
//
// VAI debt = minted + (index − own index) · earning / W, cut, with earning = minted − past interest: a part that never changes,
// minted − own index · earning / W, and index · earning / W. Both quotients are cut: off by less than one VAI unit each.
import type { Address } from 'viem'
import { WAD } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { bothStates, collateralFactorOf, debtFactorOf, enteredRow } from '../compound-v2/screen-parts.ts'
import { unlessRefused } from '../refusing.ts'
import { type ScreenFactor, type ScreenRow, type ScreenTerm, screenFactor } from '../screening.ts'
import { vaiPriceIn } from './liquidity.ts'
import { effectiveParameters } from './pool-parameters.ts'
import { CORE_POOL_ID, priceKeyOf, type VaiLoan, type VenusMarket, type VenusPosition } from './state.ts'
import { accrueVai } from './vai.ts'
import { blockOf } from './world.ts'

const VAI_LIMIT = 2n ** 112n

const VAI_FIXED = 'vai-fixed'
const VAI_EARNING = 'vai-earning'

/** A loan as two terms; an index only rises, so that one that has reached the loan's own stays there. */
const vaiTerms = ({ vai }: VenusMarket, loan: VaiLoan): readonly ScreenTerm[] | undefined => {
  const { minted, pastInterest, interestIndex } = loan
  const isOdd = minted < pastInterest || minted >= VAI_LIMIT || interestIndex >= VAI_LIMIT
  if (!vai || 'fault' in vai || vai.mintIndex < interestIndex || isOdd) return undefined
  const earning = minted - pastInterest
  return [
    { factor: VAI_FIXED, amount: minted - (interestIndex * earning) / WAD },
    { factor: VAI_EARNING, amount: earning },
  ]
}

/** An account's entered markets as tokens and debts, and its VAI. Exact where one of its debts can be liquidated at any health. */
export const row = (market: VenusMarket, position: VenusPosition): ScreenRow | 'always-exact' => {
  const { fault, forced, poolId, vai } = position
  if (fault || forced.length > 0) return 'always-exact'
  const entered = enteredRow(position, (side, vToken) =>
    side === 'debt' ? `debt:${vToken}` : `collateral:${vToken}:${poolId}`,
  )
  if (entered === 'always-exact' || vai.minted === 0n) return entered
  const terms = vaiTerms(market, vai)
  return terms ? { ...entered, debt: [...entered.debt, ...terms] } : 'always-exact'
}

const vaiFactor = (market: VenusMarket, name: string, env: Env): ScreenFactor | undefined => {
  const { vai } = market
  if (!vai || 'fault' in vai || vai.isForcedLiquidationEnabled) return undefined
  if (name === VAI_FIXED) return screenFactor({ numerator: 1n, denominator: 1n, slack: 1, priceKey: null })
  const accrued = unlessRefused(() => accrueVai(vai, blockOf(market, env), vaiPriceIn(env, vai.token)))
  if ('kind' in accrued || accrued.mintIndex >= VAI_LIMIT) return undefined
  return screenFactor({ numerator: accrued.mintIndex, denominator: WAD, slack: 1, priceKey: null })
}

/**
 * One vToken as collateral of accounts in a pool, or one unit of a debt: `collateral:vToken:poolId`, `debt:vToken`; VAI in its two
 * parts. Undefined for debts that can be liquidated at any health.
 */
export const factor = (market: VenusMarket, name: string, env: Env): ScreenFactor | undefined => {
  if (market.fault || (market.vai && 'fault' in market.vai)) return undefined
  if (name === VAI_FIXED || name === VAI_EARNING) return vaiFactor(market, name, env)
  const [side, address, poolId = CORE_POOL_ID] = name.split(':') as [string, Address, string?]
  const vToken = market.cTokens[address]
  if (market.faults[address] || !vToken) return undefined
  if (poolId !== CORE_POOL_ID && !market.pools[poolId]) return undefined
  const priceKey = priceKeyOf(address)
  const reading = env.prices(priceKey)
  const states = bothStates(vToken, blockOf(market, env))
  if (reading?.kind !== 'price' || reading.price <= 0n || !states) return undefined
  if (side === 'debt')
    return vToken.isForcedLiquidationEnabled ? undefined : debtFactorOf(states, reading.price, priceKey)
  const { liquidationThreshold } = effectiveParameters(market, poolId, vToken)
  return collateralFactorOf(states, liquidationThreshold, reading.price, priceKey)
}
