// An ilk, and an urn in it, with everything that a transaction reads.
import { zeroAddress } from 'viem'
import type { Fault } from '../../model/market.ts'
import { RAY } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { RefusedError } from '../refusing.ts'
import {
  type DogIlk,
  type IlkMarket,
  type JugIlk,
  type MakerMarket,
  type MakerPosition,
  type Pip,
  pipKeyOf,
  type SpotterIlk,
  SYSTEM,
  type System,
  type SystemMarket,
  spotKeyOf,
  type VatIlk,
} from './state.ts'

/** An ilk whose parts are all there; without a `clip` the Dog knows none. */
export type ReadIlk = IlkMarket & {
  readonly vat: VatIlk
  readonly jug: JugIlk
  readonly spotter: SpotterIlk
  readonly dog: DogIlk
  readonly pip: Pip
}

/** What a price source answers: a wad; `invalid` where it says that it has none; `unknown` where it does not answer us. */
export type Answer = bigint | 'invalid' | 'unknown'

/** An ilk at a block. `spot` is the Vat's, a ray; `answer` the price source's. */
export type IlkState = {
  readonly systemMarket: SystemMarket
  readonly system: System
  readonly market: ReadIlk
  readonly spot: bigint
  readonly answer: Answer
}

export type Pool = IlkState & { readonly position: MakerPosition }

/** Why something of the state is missing. `reason` and `detail` are for an assessment, the message for a refusal. */
export class MissingStateError extends RefusedError {
  readonly fault: Fault
  constructor(fault: Fault) {
    super(fault.detail)
    this.fault = fault
  }
}

const missing = (reason: Fault['reason'], detail: string): MissingStateError =>
  new MissingStateError({ reason, detail })

/** An ilk as it is read; throws `MissingStateError` where a part is missing. */
export const readIlk = (market: MakerMarket): ReadIlk => {
  if (market.fault) throw new MissingStateError(market.fault)
  if (market.isShared) throw missing('not-yet-read', `${market.id.market} is no ilk`)
  const { vat, jug, spotter, dog, pip, clip } = market
  const isClipKnown = clip !== undefined || dog?.clip === zeroAddress
  if (!vat || !jug || !spotter || !dog || !pip || !isClipKnown)
    throw missing('not-yet-read', `ilk ${market.id.market} is not read yet`)
  return { ...market, vat, jug, spotter, dog, pip }
}

const systemIn = (env: Env): Pick<IlkState, 'system' | 'systemMarket'> => {
  const systemMarket = env.markets(SYSTEM) as SystemMarket | undefined
  if (systemMarket?.fault) throw new MissingStateError(systemMarket.fault)
  if (!systemMarket?.system) throw missing('not-yet-read', 'the Vat is not read yet')
  return { systemMarket, system: systemMarket.system }
}

/** The ratio by which a price is told: an ilk without one has its spot for a price. */
export const ratioOf = ({ mat }: SpotterIlk): bigint => (mat === 0n ? RAY : mat)

const spotIn = (market: ReadIlk, env: Env): bigint => {
  const reading = env.prices(spotKeyOf(market.id.market))
  if (!reading) throw missing('not-yet-read', `the spot of ${market.id.market} is not read yet`)
  if (reading.kind === 'failed') throw missing('price-failed', `Vat.spot: ${reading.error}`)
  return reading.price / ratioOf(market.spotter)
}

/** What a price source that answers anybody, or whose storage is known, says now. A failed reading is an invalid price. */
const answerIn = ({ pip, spotter }: ReadIlk, env: Env): Answer => {
  const reading = env.prices(pipKeyOf(spotter.pip))
  if (pip.kind === 'opaque' || !reading) return 'unknown'
  return reading.kind === 'price' ? reading.price : 'invalid'
}

/** Everything about an ilk at a block; throws `MissingStateError` where something is not known. */
export const stateOf = (market: MakerMarket, env: Env): IlkState => {
  const ilk = readIlk(market)
  return { ...systemIn(env), market: ilk, spot: spotIn(ilk, env), answer: answerIn(ilk, env) }
}

/** The same with one urn in it. */
export const poolOf = (market: MakerMarket, position: MakerPosition, env: Env): Pool => {
  if (position.fault) throw new MissingStateError(position.fault)
  return { ...stateOf(market, env), position }
}

/** The shared market behind a state. */
export const systemAfter = ({ systemMarket, system }: IlkState): ReadonlyMap<string, SystemMarket> =>
  new Map([[SYSTEM, { ...systemMarket, system }]])
