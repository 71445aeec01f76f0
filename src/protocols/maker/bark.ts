// Dog.bark on a state: what it takes from an urn, and the auction that it starts.
import { type Address, getAddress } from 'viem'
import { WAD } from '../../units/brands.ts'
import { checkedUint256, mulDivDown } from '../../units/mul-div.ts'
import { requireThat } from '../refusing.ts'
import { addDirt } from './accrual.ts'
import { type Kicked, kick } from './clipper.ts'
import { checkedInt256, withoutReason, wmulDown } from './math.ts'
import type { IlkState, Pool } from './pool.ts'

/** Collateral value (ink · spot) and debt (art · rate) as the Dog and the Vat compare them, rads, without any rounding. */
export const valuesOf = ({
  position,
  spot,
  market,
}: Pool): { readonly value: bigint; readonly debt: bigint } => ({
  value: checkedUint256(position.ink * spot),
  debt: checkedUint256(position.art * market.vat.rate),
})

/** The Dog's predicate: with a spot of 0 nothing is unsafe. */
export const isUnsafe = (pool: Pool): boolean => {
  const { value, debt } = valuesOf(pool)
  return pool.spot > 0n && value < debt
}

/** How much normalised debt (wad) the limits let into auctions: room · 1e18 / rate / chop, cut twice. */
const roomOf = ({ system, market }: IlkState): bigint => {
  const { hole, dirt, chop } = market.dog
  requireThat(system.Hole > system.Dirt && hole > dirt, 'Dog/liquidation-limit-hit')
  const [all, own] = [system.Hole - system.Dirt, hole - dirt]
  const room = all < own ? all : own
  return mulDivDown(mulDivDown(room, WAD, market.vat.rate), 1n, chop)
}

/** All of the debt, or as much as there is room for; neither the auction nor what stays may be dusty. */
const dartOf = (pool: Pool): bigint => {
  const { position, market } = pool
  const { rate, dust } = market.vat
  const room = roomOf(pool)
  const { art } = position
  if (art <= room || checkedUint256((art - room) * rate) < dust) return art
  requireThat(checkedUint256(room * rate) >= dust, 'Dog/dusty-auction-from-partial-liquidation')
  return room
}

/** What a bark takes: `dink` and `dart` wads, `due` a rad without the penalty. */
export type Barked = Omit<Kicked<Pool>, 'state'> & {
  readonly pool: Pool
  readonly dink: bigint
  readonly dart: bigint
  readonly due: bigint
}

/** Vat.grab of the urn. */
const grab = (pool: Pool, dink: bigint, dart: bigint): Pool => {
  const { position, market } = pool
  const { vat } = market
  checkedInt256(checkedInt256(vat.rate) * dart)
  return {
    ...pool,
    position: { ...position, ink: position.ink - dink, art: position.art - dart },
    market: { ...market, vat: { ...vat, Art: checkedUint256(vat.Art - dart) } },
  }
}

/** Dog.bark, which neither drips nor pokes. Refuses as the contracts do, by throwing. */
export const bark = (pool: Pool, timestamp: number): Barked => {
  const { position, market, system } = pool
  requireThat(system.isDogLive, 'Dog/not-live')
  const taken = withoutReason(() => {
    requireThat(isUnsafe(pool), 'Dog/not-unsafe')
    const dart = dartOf(pool)
    const dink = mulDivDown(position.ink, dart, position.art)
    requireThat(dink > 0n, 'Dog/null-auction')
    requireThat(dart <= 2n ** 255n && dink <= 2n ** 255n, 'Dog/overflow')
    const grabbed = grab(pool, dink, dart)
    const due = checkedUint256(dart * market.vat.rate)
    const tab = wmulDown(due, market.dog.chop)
    return { pool: addDirt(grabbed, tab), dink, dart, due, tab }
  })
  const { dink, dart, due, tab } = taken
  const usr: Address = getAddress(position.id.account)
  const { state, ...kicked } = kick(taken.pool, { tab, lot: dink, usr }, timestamp)
  return { pool: state, dink, dart, due, ...kicked }
}
