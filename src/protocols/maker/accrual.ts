// What anybody may trigger: interest (Jug.drip), a price taken over (Spotter.poke), the delayed price (OSM.poke).
import { checkedSub, checkedUint256 } from '../../units/mul-div.ts'
import { requireThat } from '../refusing.ts'
import { checkedInt256, rdivDown, rmulDown, rpowHalfUp, withoutReason } from './math.ts'
import type { Answer, IlkState } from './pool.ts'
import type { JugIlk, Pip } from './state.ts'

const BLN = 10n ** 9n

/** The rate that Jug.drip leaves at `timestamp`: ⌊rpow(base + duty, seconds) · rate⌋, a ray. */
export const rateAfterDrip = (
  { duty, rho }: JugIlk,
  base: bigint,
  rate: bigint,
  timestamp: number,
): bigint => {
  requireThat(timestamp >= rho, 'Jug/invalid-now')
  return withoutReason(() => rmulDown(rpowHalfUp(checkedUint256(base + duty), BigInt(timestamp - rho)), rate))
}

/** Jug.drip and the Vat.fold that it makes. */
export const drip = <S extends IlkState>(state: S, timestamp: number): S => {
  const { system, market } = state
  const { vat, jug } = market
  const rate = rateAfterDrip(jug, system.base, vat.rate, timestamp)
  return withoutReason(() => {
    const change = checkedInt256(rate) - checkedInt256(vat.rate)
    requireThat(system.isVatLive, 'Vat/not-live')
    const debt = checkedUint256(system.debt + checkedInt256(checkedInt256(vat.Art) * change))
    return {
      ...state,
      system: { ...system, debt },
      market: { ...market, vat: { ...vat, rate }, jug: { ...jug, rho: timestamp } },
    }
  })
}

/** A price source's value (wad of USD) in DAI: ⌊val · 1e9 · 1e27 / par⌋, a ray. Spotter.poke and Clipper.getFeedPrice take it so. */
export const feedPriceDown = (value: bigint, par: bigint): bigint =>
  rdivDown(checkedUint256(value * BLN), par)

/** Spotter.poke's spot: ⌊feed price · 1e27 / mat⌋, a ray; 0 for an invalid price. */
export const spotAfterPoke = (answer: bigint | 'invalid', par: bigint, mat: bigint): bigint =>
  answer === 'invalid' ? 0n : withoutReason(() => rdivDown(feedPriceDown(answer, par), mat))

/** Spotter.poke. What the source does not tell us, poke cannot be foretold with: undefined. */
export const poke = <S extends IlkState>(state: S): S | undefined => {
  const { answer, system, market } = state
  if (answer === 'unknown') return undefined
  const spot = spotAfterPoke(answer, system.par, market.spotter.mat)
  requireThat(system.isVatLive, 'Vat/not-live')
  return { ...state, spot }
}

type Osm = Extract<Pip, { readonly kind: 'osm' }>

/** From when on an OSM takes its next price over, in s. */
export const passesAt = ({ zzz, hop }: Osm): number => zzz + hop

/** What an OSM answers after OSM.poke at `timestamp`; with a source that has no price nothing changes. */
export const answerAfterPoke = (osm: Osm, answer: Answer, timestamp: number): Answer => {
  requireThat(!osm.isStopped, 'OSM/is-stopped')
  requireThat(timestamp >= passesAt(osm), 'OSM/not-passed')
  if (osm.isSourceValid === false) return answer
  return osm.next ?? 'invalid'
}

/** All that anybody may trigger before a liquidation: drip, then poke. Undefined where the price is not told. */
export const refresh = <S extends IlkState>(state: S, timestamp: number): S | undefined =>
  poke(drip(state, timestamp))

const withDirt = <S extends IlkState>(state: S, Dirt: bigint, dirt: bigint): S => ({
  ...state,
  system: { ...state.system, Dirt },
  market: { ...state.market, dog: { ...state.market.dog, dirt } },
})

/** `rad` more in auctions, in all and of the ilk. */
export const addDirt = <S extends IlkState>(state: S, rad: bigint): S =>
  withDirt(state, checkedUint256(state.system.Dirt + rad), checkedUint256(state.market.dog.dirt + rad))

/** Dog.digs: `rad` less in auctions. */
export const digs = <S extends IlkState>(state: S, rad: bigint): S =>
  withDirt(state, checkedSub(state.system.Dirt, rad), checkedSub(state.market.dog.dirt, rad))
