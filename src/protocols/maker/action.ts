// What an urn's owner does with it: Vat.frob, with DAI turned into normalised debt as DssProxyActions and LockstakeEngine do.
import type { Acted, Action, Blocked } from '../../model/liquidation.ts'
import { RAY, UINT256_MAX } from '../../units/brands.ts'
import { checkedUint256, mulDivDown, mulDivUp } from '../../units/mul-div.ts'
import type { Env } from '../adapter.ts'
import { requireThat, unlessRefused } from '../refusing.ts'
import { drip } from './accrual.ts'
import { checkedInt256, withoutReason } from './math.ts'
import { type Pool, poolOf, systemAfter } from './pool.ts'
import { isOpen, type MakerMarket, type MakerPosition } from './state.ts'

/** Vat.frob by the urn's owner; collateral and DAI are taken for granted. */
const frob = (pool: Pool, dink: bigint, dart: bigint): Pool => {
  const { system, market, position, spot } = pool
  const { vat } = market
  requireThat(system.isVatLive, 'Vat/not-live')
  requireThat(vat.rate !== 0n, 'Vat/ilk-not-init')
  return withoutReason(() => {
    const ink = checkedUint256(position.ink + checkedInt256(dink))
    const art = checkedUint256(position.art + checkedInt256(dart))
    const Art = checkedUint256(vat.Art + dart)
    const tab = checkedUint256(vat.rate * art)
    const debt = checkedUint256(system.debt + checkedInt256(vat.rate * dart))
    const isWithin = dart <= 0n || (checkedUint256(Art * vat.rate) <= vat.line && debt <= system.Line)
    requireThat(isWithin, 'Vat/ceiling-exceeded')
    const isSafer = dart <= 0n && dink >= 0n
    requireThat(isSafer || tab <= checkedUint256(ink * spot), 'Vat/not-safe')
    requireThat(art === 0n || tab >= vat.dust, 'Vat/dust')
    return {
      ...pool,
      system: { ...system, debt },
      market: { ...market, vat: { ...vat, Art } },
      position: { ...position, ink, art },
    }
  })
}

/** Borrowing drips first; the debt is rounded up so that the amount can be drawn. */
const draw = (stored: Pool, env: Env, amount: bigint): Pool => {
  const pool = drip(stored, env.timestamp)
  const dart = withoutReason(() => mulDivUp(amount, RAY, pool.market.vat.rate))
  return frob(pool, 0n, dart)
}

/** Repaying does not drip; the debt is rounded down, and no more than all of it. 2^256 − 1 is all. */
const wipe = (pool: Pool, amount: bigint): Pool => {
  const { art } = pool.position
  if (amount === UINT256_MAX) return frob(pool, 0n, -art)
  const dart = withoutReason(() => mulDivDown(amount, RAY, pool.market.vat.rate))
  return frob(pool, 0n, dart < art ? -dart : -art)
}

const execute = (pool: Pool, env: Env, { kind, asset, amount }: Action): Pool => {
  const { modules, gem } = pool.market
  const isDebt = kind === 'borrow' || kind === 'repay'
  requireThat(asset === (isDebt ? modules.dai : gem.asset), 'not an asset of this ilk')
  switch (kind) {
    case 'supply':
      return frob(pool, amount, 0n)
    case 'withdraw':
      return frob(pool, amount === UINT256_MAX ? -pool.position.ink : -amount, 0n)
    case 'borrow':
      return draw(pool, env, amount)
    case 'repay':
      return wipe(pool, amount)
  }
}

/** What the owner's own action in this block would leave behind, or the contracts' refusal. */
export const act = (
  market: MakerMarket,
  position: MakerPosition,
  env: Env,
  action: Action,
): Acted<MakerMarket, MakerPosition> | Blocked =>
  unlessRefused(() => {
    const pool = execute(poolOf(market, position, env), env, action)
    return {
      kind: 'acted',
      after: {
        market: pool.market,
        position: isOpen(pool.position) ? pool.position : undefined,
        markets: systemAfter(pool),
      },
    }
  })
