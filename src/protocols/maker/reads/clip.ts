// How an ilk's auctions go, and which of them are running.
import { type Address, getAddress, zeroAddress } from 'viem'
import {
  calcAbi,
  clipAbi,
  clipperSaleAbi,
  lockstakeClipperAbi,
  lockstakeEngineAbi,
} from '../../../../abis/maker.ts'
import type { CallResult, ContractCall } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { RAY } from '../../../units/brands.ts'
import { answerOf, faultAmong } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { unlessRefused } from '../../refusing.ts'
import { priceAfter } from '../curve.ts'
import { keys } from '../keys.ts'
import {
  type Clip,
  type Curve,
  type IlkMarket,
  ilkMarketOf,
  type MakerRead,
  type Sale,
  updateIlk,
  withPart,
} from '../state.ts'
import { callOf } from './calls.ts'

const LIST_GAS_MAX = 500_000
const SALE_GAS_MAX = 40_000
const PRICE_GAS_MAX = 60_000

const GETTERS = ['buf', 'tail', 'cusp', 'chip', 'tip', 'chost', 'stopped', 'kicks'] as const

/** A curve shows its make by these prices: from a start of 1e30, after a second and after a while. */
const PROBE_TOP = 1_000n * RAY
const PROBE_SECONDS = [1n, 1_234n] as const

type CurveGetter = 'tau' | 'step' | 'cut'

/** What curves of each make have; one of an unknown make is asked everything. */
const curveGetters: Readonly<Record<Curve['kind'], readonly CurveGetter[]>> = {
  linear: ['tau'],
  stairstep: ['step', 'cut'],
  exponential: ['cut'],
  unknown: ['tau', 'step', 'cut'],
}

const calcCalls = ({ calc, curve }: Clip): readonly ContractCall[] => [
  ...curveGetters[curve.kind].map((getter) => callOf(calc, calcAbi, getter, [])),
  ...PROBE_SECONDS.map((seconds) => callOf(calc, calcAbi, 'price', [PROBE_TOP, seconds], PRICE_GAS_MAX)),
]

const curveOf = ({ tau, step, cut }: Readonly<Partial<Record<CurveGetter, bigint>>>): Curve => {
  if (tau !== undefined) return { kind: 'linear', tau }
  if (cut === undefined) return { kind: 'unknown' }
  return step === undefined ? { kind: 'exponential', cut } : { kind: 'stairstep', step, cut }
}

/** The curve by the answers to `calcCalls`: one whose prices are others than ours is of an unknown make. */
const curveIn = ({ curve: known }: Clip, results: readonly CallResult[]): Curve => {
  const getters = curveGetters[known.kind]
  const told = getters.flatMap((getter, index) => {
    const answer = answerOf(calcAbi, getter, results[index])
    return answer.ok ? [[getter, answer.value] as const] : []
  })
  const curve = curveOf(Object.fromEntries(told))
  const isSuch = PROBE_SECONDS.every((seconds, index) => {
    const theirs = answerOf(calcAbi, 'price', results[getters.length + index])
    const ours = unlessRefused(() => ({ price: priceAfter(curve, PROBE_TOP, seconds) }))
    return 'kind' in ours ? !theirs.ok : theirs.ok && theirs.value === ours.price
  })
  return isSuch ? curve : { kind: 'unknown' }
}

type Numbers = Pick<Clip, (typeof GETTERS)[number]>

const numbersIn = (results: readonly CallResult[]): Numbers | Fault => {
  const numbers = new Map<string, bigint>()
  for (const [index, name] of GETTERS.entries()) {
    const answer = answerOf(clipAbi, name, results[index])
    if (!answer.ok) return answer.fault
    numbers.set(name, answer.value)
  }
  return Object.fromEntries(numbers) as Numbers
}

/** What a clip is asked before it is known, and what once it is. Calls and answers are of the same order. */
export const clipCalls = (to: Address, clip: Clip | undefined): readonly ContractCall[] => [
  ...GETTERS.map((getter) => callOf(to, clipAbi, getter, [])),
  callOf(to, clipAbi, 'list', [], LIST_GAS_MAX),
  callOf(to, clipAbi, 'calc', []),
  ...(clip ? calcCalls(clip) : [callOf(to, lockstakeClipperAbi, 'engine', [])]),
  ...(clip?.engine ? [callOf(clip.engine, lockstakeEngineAbi, 'fee', [])] : []),
]

/** The clip by the answers to `clipCalls`, and the auctions that it lists. */
export const clipIn = (
  known: Clip | undefined,
  results: readonly CallResult[],
): { readonly clip: Clip; readonly ids: readonly string[] } | Fault => {
  const numbers = numbersIn(results)
  const [listed, calcResult, ...rest] = results.slice(GETTERS.length)
  const list = answerOf(clipAbi, 'list', listed)
  const calc = answerOf(clipAbi, 'calc', calcResult)
  if ('reason' in numbers) return numbers
  if (!list.ok || !calc.ok) return faultAmong(list, calc) as Fault
  const ids = list.value.map(String)
  const base = { ...numbers, calc: getAddress(calc.value) }
  const unknown: Curve = { kind: 'unknown' }
  if (!known) {
    const engine = answerOf(lockstakeClipperAbi, 'engine', rest[0])
    const kind = engine.ok
      ? ({ kind: 'lockstake', engine: getAddress(engine.value) } as const)
      : ({ kind: 'clipper' } as const)
    return { clip: { ...base, ...kind, curve: unknown, fee: 0n }, ids }
  }
  const fee = answerOf(lockstakeEngineAbi, 'fee', rest.at(-1))
  if (known.engine && !fee.ok) return fee.fault
  const isSameCalc = base.calc === known.calc
  return {
    clip: {
      ...known,
      ...base,
      curve: isSameCalc ? curveIn(known, rest) : unknown,
      fee: known.engine && fee.ok ? fee.value : 0n,
    },
    ids,
  }
}

const withClip = (market: IlkMarket, clip: Clip, ids: readonly string[]): IlkMarket => {
  const sales = Object.fromEntries(Object.entries(market.sales).filter(([id]) => ids.includes(id)))
  return withPart({ ...market, revision: clip.kind, clip, sales }, 'clip', undefined)
}

/** A clip's numbers, its curve, and its running auctions; what hangs on what it turns out to be is read behind. */
export const readClip = (market: IlkMarket): MakerRead => {
  const name = market.id.market
  const key = keys.clip(name)
  const { clip: known, dog } = market
  if (!dog || dog.clip === zeroAddress) return { key, calls: [], decode: () => [] }
  return {
    key,
    calls: clipCalls(dog.clip, known),
    decode: (results, _block, mirror) => {
      const reading = clipIn(known, results)
      if ('reason' in reading)
        return [updateIlk(name, (current) => withPart(current, 'clip', reading)), retry(key)]
      const { clip, ids } = reading
      const sales = ilkMarketOf(mirror, name)?.sales ?? {}
      return [
        updateIlk(name, (current) => withClip(current, clip, ids)),
        ...(known?.calc === clip.calc ? [] : due(key)),
        ...due(...ids.filter((id) => !sales[id]).map((id) => keys.sale(name, id))),
      ]
    },
  }
}

/** Clipper.chost, which upchost changes without a log. */
export const readChost = (market: IlkMarket): MakerRead => {
  const name = market.id.market
  const to = market.dog?.clip ?? zeroAddress
  return {
    key: keys.chost(name),
    calls: [callOf(to, clipAbi, 'chost', [])],
    decode: ([result], _block, mirror) => {
      const chost = answerOf(clipAbi, 'chost', result)
      if (!chost.ok)
        return [updateIlk(name, (current) => withPart(current, 'clip', chost.fault)), retry(keys.clip(name))]
      if (ilkMarketOf(mirror, name)?.clip?.chost === chost.value) return []
      return [
        updateIlk(name, ({ clip, ...current }) => ({
          ...current,
          ...(clip ? { clip: { ...clip, chost: chost.value } } : {}),
        })),
      ]
    },
  }
}

/** Clipper.sales; Lockstake's tells the whole lot too. */
export const saleCall = (to: Address, kind: Clip['kind'], id: string): ContractCall =>
  callOf(to, kind === 'clipper' ? clipperSaleAbi : lockstakeClipperAbi, 'sales', [BigInt(id)], SALE_GAS_MAX)

export const saleIn = (kind: Clip['kind'], result: CallResult | undefined): Sale | Fault => {
  if (kind === 'clipper') {
    const sale = answerOf(clipperSaleAbi, 'sales', result)
    if (!sale.ok) return sale.fault
    const [, tab, lot, usr, tic, top] = sale.value
    return { tab, lot, tot: lot, usr: getAddress(usr), tic: Number(tic), top }
  }
  const sale = answerOf(lockstakeClipperAbi, 'sales', result)
  if (!sale.ok) return sale.fault
  const [, tab, lot, tot, usr, tic, top] = sale.value
  return { tab, lot, tot, usr: getAddress(usr), tic: Number(tic), top }
}

/** One auction; over where nobody owns it. */
export const readSale = (market: IlkMarket, id: string): MakerRead => {
  const name = market.id.market
  const key = keys.sale(name, id)
  const { clip, dog } = market
  if (!clip || !dog) return { key, calls: [], decode: () => due(keys.clip(name)) }
  return {
    key,
    calls: [saleCall(dog.clip, clip.kind, id)],
    decode: ([result]) => {
      const sale = saleIn(clip.kind, result)
      if ('reason' in sale)
        return [updateIlk(name, (current) => withPart(current, 'clip', sale)), retry(keys.clip(name))]
      return [
        updateIlk(name, ({ sales: { [id]: _, ...others }, ...current }) => ({
          ...current,
          sales: sale.usr === zeroAddress ? others : { ...others, [id]: sale },
        })),
      ]
    },
  }
}
