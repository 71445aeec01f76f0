// An ilk's rates, limits and modules, and what its collateral is called.
import { getAddress, zeroAddress } from 'viem'
import { dogAbi, ilkRegistryAbi, jugAbi, spotterAbi, vatAbi } from '../../../../abis/maker.ts'
import type { CallResult } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { RAY } from '../../../units/brands.ts'
import { answerOf, faultAmong } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { ilkOf } from '../ilk-name.ts'
import { keys } from '../keys.ts'
import { SPOT_SCALE } from '../math.ts'
import { ratioOf } from '../pool.ts'
import {
  deploymentOf,
  type IlkMarket,
  ilkMarketOf,
  type MakerChange,
  type MakerDeployment,
  type MakerMirror,
  type MakerRead,
  spotKeyOf,
  updateIlk,
  withPart,
} from '../state.ts'
import { callOf } from './calls.ts'
import { QUOTE } from './system.ts'

const ILK_GAS_MAX = 40_000
const INFO_GAS_MAX = 100_000

/** Rates begin at 1e27 and hardly ever fall: what is far below is no rate, but another contract's answer. */
const RATE_MIN = RAY / 10n

/** Without a registry collateral goes by the ilk's name, without its last part: ETH-A is ETH. */
const unnamedGem = (name: string): IlkMarket['gem'] => ({
  asset: zeroAddress,
  symbol: name.replace(/-[^-]*$/, '').slice(0, 32),
})

const emptyIlk = (deployment: MakerDeployment, name: string): IlkMarket => {
  const { chainId, protocol, vat, dog, jug, spotter, dai } = deployment
  return {
    id: { chainId, protocol, deployment: deployment.deployment, market: name },
    label: name,
    quote: { ...QUOTE, asset: dai },
    revision: 'unknown',
    revisionRaw: '',
    fidelity: 'exact',
    ilk: ilkOf(name),
    modules: { vat, dog, jug, spotter, dai },
    gem: unnamedGem(name),
    faults: {},
    sales: {},
  }
}

type Reading = Required<Pick<IlkMarket, 'vat' | 'jug' | 'spotter' | 'dog'>> & { readonly spot: bigint }

const readingIn = (results: readonly CallResult[]): Reading | Fault => {
  const vat = answerOf(vatAbi, 'ilks', results[0])
  const jug = answerOf(jugAbi, 'ilks', results[1])
  const spotter = answerOf(spotterAbi, 'ilks', results[2])
  const dog = answerOf(dogAbi, 'ilks', results[3])
  if (!vat.ok || !jug.ok || !spotter.ok || !dog.ok) return faultAmong(vat, jug, spotter, dog) as Fault
  const [Art, rate, spot, line, dust] = vat.value
  if (rate < RATE_MIN) return { reason: 'unknown-revision', detail: `Vat.ilks answers a rate of ${rate}` }
  const [duty, rho] = jug.value
  const [pip, mat] = spotter.value
  const [clip, chop, hole, dirt] = dog.value
  return {
    vat: { Art, rate, line, dust },
    jug: { duty, rho: Number(rho) },
    spotter: { pip: getAddress(pip), mat },
    dog: { clip: getAddress(clip), chop, hole, dirt },
    spot,
  }
}

/** The ilk with another reading; without a clip it has no auctions. */
const withReading = (market: IlkMarket, { spot: _, ...reading }: Reading): IlkMarket => {
  const isNewClip = reading.dog.clip !== market.dog?.clip
  const isNewPip = reading.spotter.pip !== market.spotter?.pip
  const { clip: _clip, sales: _sales, pip: _pip, ...rest } = market
  const kept: IlkMarket = {
    ...rest,
    ...(market.clip && !isNewClip ? { clip: market.clip } : {}),
    ...(market.pip && !isNewPip ? { pip: market.pip } : {}),
    sales: isNewClip ? {} : market.sales,
    ...reading,
  }
  const isOff = reading.dog.clip === zeroAddress
  const known = isOff ? withPart({ ...kept, revision: 'dss' }, 'clip', undefined) : kept
  return withPart(known, 'ilk', undefined)
}

/** What a reading makes due: all that was not read under the one before. */
const dueAfter = (name: string, { dog, spotter }: Reading, before: IlkMarket | undefined) =>
  due(
    ...(before ? [] : [keys.gem(name)]),
    ...(dog.clip === before?.dog?.clip || dog.clip === zeroAddress ? [] : [keys.clip(name)]),
    ...(spotter.pip === before?.spotter?.pip ? [] : [keys.pip(spotter.pip)]),
  )

const decode = (
  name: string,
  results: readonly CallResult[],
  mirror: MakerMirror,
): readonly MakerChange[] => {
  const reading = readingIn(results)
  const before = ilkMarketOf(mirror, name)
  const change = (next: (current: IlkMarket) => IlkMarket): MakerChange => ({
    kind: 'market',
    key: name,
    next: (current) => next(current && !current.isShared ? current : emptyIlk(deploymentOf(mirror), name)),
  })
  if ('reason' in reading)
    return [change((market) => withPart(market, 'ilk', reading)), retry(keys.ilk(name))]
  const { spot, spotter } = reading
  const key = spotKeyOf(name)
  const { vat: source } = deploymentOf(mirror)
  return [
    change((market) => withReading(market, reading)),
    {
      kind: 'price',
      reading: { kind: 'price', key, price: spot * ratioOf(spotter), scale: SPOT_SCALE, source },
    },
    ...dueAfter(name, reading, before),
  ]
}

/** One ilk as the Vat, the Jug, the Spotter and the Dog know it. */
export const readIlkState = (mirror: MakerMirror, name: string): MakerRead => {
  const { vat, jug, spotter, dog } = deploymentOf(mirror)
  const args = [ilkOf(name)] as const
  return {
    key: keys.ilk(name),
    calls: [
      callOf(vat, vatAbi, 'ilks', args, ILK_GAS_MAX),
      callOf(jug, jugAbi, 'ilks', args, ILK_GAS_MAX),
      callOf(spotter, spotterAbi, 'ilks', args, ILK_GAS_MAX),
      callOf(dog, dogAbi, 'ilks', args, ILK_GAS_MAX),
    ],
    decode: (results, _block, current) => decode(name, results, current),
  }
}

/** What the registry calls the collateral. One that it does not know keeps the ilk's name. */
export const readGem = (mirror: MakerMirror, name: string): MakerRead => {
  const { ilkRegistry } = deploymentOf(mirror)
  const key = keys.gem(name)
  return {
    key,
    calls: ilkRegistry ? [callOf(ilkRegistry, ilkRegistryAbi, 'info', [ilkOf(name)], INFO_GAS_MAX)] : [],
    decode: (results) => {
      if (!ilkRegistry) return []
      const info = answerOf(ilkRegistryAbi, 'info', results[0])
      if (!info.ok) return [retry(key)]
      const [, symbol, , , gem] = info.value
      if (gem === zeroAddress) return []
      const shown = symbol.slice(0, 32) || unnamedGem(name).symbol
      return [updateIlk(name, (market) => ({ ...market, gem: { asset: getAddress(gem), symbol: shown } }))]
    },
  }
}
