// Price sources: what kind one is, and what it says.
import { type Address, getAddress, type Hex, hexToBigInt, numberToHex, slice } from 'viem'
import { osmAbi, pipAbi } from '../../../../abis/maker.ts'
import type { Call, CallResult, StorageRead } from '../../../model/evm.ts'
import type { PriceReading } from '../../../model/price.ts'
import { WAD } from '../../../units/brands.ts'
import { answerOf } from '../../answers.ts'
import { due } from '../../changing.ts'
import { keys } from '../keys.ts'
import {
  ilkMarketsOf,
  type MakerChange,
  type MakerMirror,
  type MakerRead,
  type Pip,
  pipKeyOf,
  updateIlk,
  withPart,
} from '../state.ts'
import { callOf, GETTER_GAS_MAX } from './calls.ts'

/** A source may ask others. */
const PEEK_GAS_MAX = 200_000

type Osm = Extract<Pip, { readonly kind: 'osm' }>

/** Where an OSM keeps `stopped`, `src | hop | zzz`, and the prices in force and to come. */
const OSM_SLOTS: readonly Hex[] = [1, 2, 3, 4].map((slot) => numberToHex(slot, { size: 32 }))
const UINT128_MAX = 2n ** 128n - 1n

const osmWords = (pip: Address): StorageRead => ({ to: pip, slots: OSM_SLOTS })

/** A price and whether it is valid, of one word: the value is the lower half. */
const feedIn = (word: bigint): bigint | null => (word >> 128n === 1n ? word & UINT128_MAX : null)

/** An OSM by its words, without what its source says. */
const osmIn = (
  result: CallResult | undefined,
): { readonly osm: Osm; readonly current: bigint | null } | undefined => {
  if (!result?.ok || result.data.length !== 2 + 64 * OSM_SLOTS.length) return undefined
  const [stopped = 0n, packed = 0n, cur = 0n, nxt = 0n] = OSM_SLOTS.map((_, index) =>
    hexToBigInt(slice(result.data, 32 * index, 32 * (index + 1))),
  )
  const source = getAddress(numberToHex(packed & (2n ** 160n - 1n), { size: 20 }))
  return {
    osm: {
      kind: 'osm',
      source,
      next: feedIn(nxt),
      hop: Number((packed >> 160n) & 0xffffn),
      zzz: Number((packed >> 176n) & 0xffff_ffff_ffff_ffffn),
      isStopped: stopped !== 0n,
      isSourceValid: null,
    },
    current: feedIn(cur),
  }
}

/** Whether the functions that everybody may call say the same as the words do: then it is an OSM, and the words are its prices. */
const isOsm = ({ source, hop, zzz, isStopped }: Osm, results: readonly CallResult[]): boolean => {
  const src = answerOf(osmAbi, 'src', results[0])
  const delay = answerOf(osmAbi, 'hop', results[1])
  const last = answerOf(osmAbi, 'zzz', results[2])
  const stopped = answerOf(osmAbi, 'stopped', results[3])
  return (
    src.ok &&
    delay.ok &&
    last.ok &&
    stopped.ok &&
    getAddress(src.value) === source &&
    delay.value === hop &&
    Number(last.value) === zzz &&
    (stopped.value !== 0n) === isStopped
  )
}

const priceOf = (pip: Address, value: bigint | null): MakerChange => {
  const key = pipKeyOf(pip)
  const reading: PriceReading =
    value === null
      ? { kind: 'failed', key, error: 'the source says that it has no valid price' }
      : { kind: 'price', key, price: value, scale: WAD, source: pip }
  return { kind: 'price', reading }
}

const isSame = (a: Pip | undefined, b: Pip): boolean =>
  a !== undefined &&
  a.kind === b.kind &&
  Object.entries(b).every(([name, value]) => (a as Readonly<Record<string, unknown>>)[name] === value)

/** Every ilk with this source gets what is known of it. */
const withPip = (mirror: MakerMirror, pip: Address, next: Pip): readonly MakerChange[] =>
  ilkMarketsOf(mirror).flatMap((market) =>
    market.spotter?.pip !== pip || isSame(market.pip, next)
      ? []
      : [
          updateIlk(market.id.market, (current) =>
            withPart(
              { ...current, pip: next, fidelity: next.kind === 'opaque' ? 'observed' : 'exact' },
              'pip',
              undefined,
            ),
          ),
        ],
  )

/** What is known of a source by any ilk that has it. */
export const knownPip = (mirror: MakerMirror, pip: Address): Pip | undefined =>
  ilkMarketsOf(mirror).find((market) => market.spotter?.pip === pip && market.pip)?.pip

const peekCall = (pip: Address): Call => callOf(pip, pipAbi, 'peek', [], PEEK_GAS_MAX)

const valueIn = (result: CallResult | undefined): bigint | null | undefined => {
  const answer = answerOf(pipAbi, 'peek', result)
  if (!answer.ok) return undefined
  const [value, isValid] = answer.value
  return isValid ? hexToBigInt(value) : null
}

/** A source that nobody asked before: is it one that tells everybody, an OSM, or neither? */
const readNewPip = (pip: Address): MakerRead => ({
  key: keys.pip(pip),
  calls: [
    peekCall(pip),
    ...(['src', 'hop', 'zzz', 'stopped'] as const).map((getter) => callOf(pip, osmAbi, getter, [])),
    osmWords(pip),
  ],
  decode: ([peeked, ...rest], _block, mirror) => {
    const value = valueIn(peeked)
    if (value !== undefined) return [...withPip(mirror, pip, { kind: 'value' }), priceOf(pip, value)]
    const words = osmIn(rest.at(-1))
    if (!words || !isOsm(words.osm, rest)) return withPip(mirror, pip, { kind: 'opaque' })
    return [...withPip(mirror, pip, words.osm), priceOf(pip, words.current), ...due(keys.quiet(pip))]
  },
})

const readOsm = (pip: Address): MakerRead => ({
  key: keys.pip(pip),
  calls: [osmWords(pip)],
  decode: ([result], _block, mirror) => {
    const words = osmIn(result)
    const known = knownPip(mirror, pip)
    if (!words || known?.kind !== 'osm') return withPip(mirror, pip, { kind: 'opaque' })
    const { osm, current } = words
    const isSameSource = osm.source === known.source
    const isSourceValid = isSameSource ? known.isSourceValid : null
    return [
      ...withPip(mirror, pip, { ...osm, isSourceValid }),
      priceOf(pip, current),
      ...(isSameSource ? [] : due(keys.quiet(pip))),
    ]
  },
})

const readValue = (pip: Address, key: string): MakerRead => ({
  key,
  calls: [peekCall(pip)],
  decode: ([result]) => {
    const value = valueIn(result)
    if (value !== undefined) return [priceOf(pip, value)]
    const error = result && !result.ok ? result.error : 'the answer does not decode'
    return [{ kind: 'price', reading: { kind: 'failed', key: pipKeyOf(pip), error } }]
  },
})

/** A source that did not answer may do so now. */
const readSilent = (pip: Address, key: string): MakerRead => ({
  key,
  calls: [peekCall(pip)],
  decode: ([result], _block, mirror) => {
    const value = valueIn(result)
    return value === undefined ? [] : [...withPip(mirror, pip, { kind: 'value' }), priceOf(pip, value)]
  },
})

/** A source as logs leave it. */
export const readPip = (mirror: MakerMirror, pip: Address): MakerRead => {
  const known = knownPip(mirror, pip)
  if (known?.kind === 'osm') return readOsm(pip)
  return known?.kind === 'value' ? readValue(pip, keys.pip(pip)) : readNewPip(pip)
}

/** What moves without a log: a plain source's value; an OSM's delay (OSM.step), and whether its source has a price, where it tells. */
export const readQuiet = (mirror: MakerMirror, pip: Address): MakerRead => {
  const key = keys.quiet(pip)
  const known = knownPip(mirror, pip)
  if (known?.kind === 'value') return readValue(pip, key)
  if (known?.kind !== 'osm') return readSilent(pip, key)
  return {
    key,
    calls: [callOf(pip, osmAbi, 'hop', [], GETTER_GAS_MAX), peekCall(known.source)],
    decode: ([hop, peeked], _block, current) => {
      const now = knownPip(current, pip)
      const delay = answerOf(osmAbi, 'hop', hop)
      if (now?.kind !== 'osm' || now.source !== known.source) return []
      if (!delay.ok) return due(keys.pip(pip))
      const value = valueIn(peeked)
      const isSourceValid = value === undefined ? null : value !== null
      return withPip(current, pip, { ...now, hop: delay.value, isSourceValid })
    },
  }
}
