// Recorded systems as this adapter's state. Test support: not part of the build.
import { type Address, getAddress, pad, toHex } from 'viem'
import type { PriceReading } from '../../../model/price.ts'
import { WAD } from '../../../units/brands.ts'
import type { Env } from '../../adapter.ts'
import type { VectorFile, World } from '../../vectors.ts'
import { ilkOf } from '../ilk-name.ts'
import { SPOT_SCALE } from '../math.ts'
import { type Pool, systemAfter } from '../pool.ts'
import {
  type Curve,
  type IlkMarket,
  type MakerMarket,
  type MakerPosition,
  type Pip,
  pipKeyOf,
  type Sale,
  SYSTEM,
  type SystemMarket,
  spotKeyOf,
} from '../state.ts'

const addressOf = (seed: number): Address => getAddress(pad(toHex(seed), { size: 20 }))
export const DAI = addressOf(0xda1)
export const GEM = addressOf(0x6e)
const PIP = addressOf(0x919)
const CLIP = addressOf(0xc1)
const OWNER = addressOf(0xacc0)

const ID = { chainId: 1, protocol: 'maker', deployment: 'vectors' } as const
const QUOTE = { symbol: 'DAI', decimals: 45 } as const

const curveOf = ({ type, tau, step, cut }: VectorFile): Curve => {
  switch (type) {
    case 'linear':
      return { kind: 'linear', tau: BigInt(tau) }
    case 'stairstep':
      return { kind: 'stairstep', step: BigInt(step), cut: BigInt(cut) }
    case 'exponential':
      return { kind: 'exponential', cut: BigInt(cut) }
    default:
      throw new Error(`curves of type ${type} are not known`)
  }
}

const pipOf = (pip: VectorFile): Pip => {
  if (pip['type'] === 'value') return { kind: 'value' }
  return {
    kind: 'osm',
    source: PIP,
    next: pip['nxt'].has ? BigInt(pip['nxt'].val) : null,
    zzz: Number(pip['zzz']),
    hop: Number(pip['hop']),
    isStopped: pip['stopped'] !== '0',
    isSourceValid: pip['src'].has,
  }
}

/** A recorded sale. */
export const saleOf = ({ tab, lot, tic, top }: VectorFile): Sale => ({
  tab: BigInt(tab),
  lot: BigInt(lot),
  tot: BigInt(lot),
  usr: OWNER,
  tic: Number(tic),
  top: BigInt(top),
})

const marketOf = (system: VectorFile, name: string, sales: Readonly<Record<string, Sale>>): IlkMarket => {
  const { vat, jug, spotter, dog, clip, calc, pip } = system['ilks'][name]
  return {
    id: { ...ID, market: name },
    label: name,
    quote: { ...QUOTE, asset: DAI },
    revision: 'clipper',
    revisionRaw: '',
    fidelity: 'exact',
    ilk: ilkOf(name),
    modules: { vat: PIP, dog: PIP, jug: PIP, spotter: PIP, dai: DAI },
    gem: { asset: GEM, symbol: name },
    faults: {},
    vat: {
      Art: BigInt(vat.Art),
      rate: BigInt(vat.rate),
      line: BigInt(vat.line),
      dust: BigInt(vat.dust),
    },
    jug: { duty: BigInt(jug.duty), rho: Number(jug.rho) },
    spotter: { pip: PIP, mat: BigInt(spotter.mat) },
    dog: { clip: CLIP, chop: BigInt(dog.chop), hole: BigInt(dog.hole), dirt: BigInt(dog.dirt) },
    clip: {
      kind: 'clipper',
      buf: BigInt(clip.buf),
      tail: BigInt(clip.tail),
      cusp: BigInt(clip.cusp),
      chip: BigInt(clip.chip),
      tip: BigInt(clip.tip),
      chost: BigInt(clip.chost),
      stopped: BigInt(clip.stopped),
      kicks: BigInt(clip.kicks),
      calc: CLIP,
      curve: curveOf(calc),
      fee: 0n,
    },
    pip: pipOf(pip),
    sales,
  }
}

const systemMarketOf = ({ vat, jug, spotter, dog }: VectorFile): SystemMarket => ({
  id: { ...ID, market: SYSTEM },
  label: 'Vat',
  quote: { ...QUOTE, asset: DAI },
  revision: 'clipper',
  revisionRaw: '',
  fidelity: 'exact',
  isShared: true,
  system: {
    Line: BigInt(vat.Line),
    debt: BigInt(vat.debt),
    isVatLive: vat.live === '1',
    Hole: BigInt(dog.Hole),
    Dirt: BigInt(dog.Dirt),
    isDogLive: dog.live === '1',
    par: BigInt(spotter.par),
    base: BigInt(jug.base),
    cdpi: 0n,
  },
})

const pricesOf = (system: VectorFile, name: string): ReadonlyMap<string, PriceReading> => {
  const { vat, spotter, pip } = system['ilks'][name]
  const { val, has } = pip.cur ?? pip
  const spot = { key: spotKeyOf(name), price: BigInt(vat.spot) * BigInt(spotter.mat), scale: SPOT_SCALE }
  const key = pipKeyOf(PIP)
  const answer: PriceReading = has
    ? { kind: 'price', key, price: BigInt(val), scale: WAD, source: PIP }
    : { kind: 'failed', key, error: 'the source has no valid price' }
  return new Map<string, PriceReading>([
    [spot.key, { kind: 'price', ...spot, source: PIP }],
    [key, answer],
  ])
}

/** One urn (without an urn: an empty one) of an ilk in a recorded system at `timestamp`. */
export const worldOf = (
  system: VectorFile,
  record: VectorFile,
  timestamp: string,
  sales: Readonly<Record<string, Sale>> = {},
): World<MakerMarket, MakerPosition> & { readonly market: IlkMarket } => {
  const { ilk: name, ink = '0', art = '0' } = record
  const prices = pricesOf(system, name)
  const systemMarket = systemMarketOf(system)
  const time = Number(timestamp)
  const env: Env = {
    block: { chainId: 1, number: 1n, hash: '0x', timestamp: time },
    timestamp: time,
    prices: (key) => prices.get(key),
    markets: (market) => (market === SYSTEM ? systemMarket : undefined),
    debtInFront: () => null,
    quotes: () => null,
  }
  return {
    market: marketOf(system, name, sales),
    position: {
      id: { ...ID, market: name, account: OWNER },
      owner: OWNER,
      asOf: 0n,
      ink: BigInt(ink),
      art: BigInt(art),
      holder: OWNER,
    },
    env,
  }
}

/** The env behind what changed the Vat and the price. */
export const envAfter = (env: Env, pool: Pool, timestamp: number): Env => {
  const { market, answer } = pool
  const systems = systemAfter(pool)
  const spotKey = spotKeyOf(market.id.market)
  const pipKey = pipKeyOf(market.spotter.pip)
  const replaced = new Map<string, PriceReading>([
    [
      spotKey,
      {
        kind: 'price',
        key: spotKey,
        price: pool.spot * market.spotter.mat,
        scale: SPOT_SCALE,
        source: PIP,
      },
    ],
    [
      pipKey,
      typeof answer === 'bigint'
        ? { kind: 'price', key: pipKey, price: answer, scale: WAD, source: PIP }
        : { kind: 'failed', key: pipKey, error: answer },
    ],
  ])
  return {
    ...env,
    block: { ...env.block, timestamp },
    timestamp,
    prices: (key) => replaced.get(key) ?? env.prices(key),
    markets: (name) => systems.get(name),
  }
}
