// What governance sets of an ilk and of the whole system.
import type { Parameter } from '../../model/parameter.ts'
import { RAY, WAD } from '../../units/brands.ts'
import { parametersOf, WHOLE } from '../parameters.ts'
import { type Clip, type IlkMarket, type MakerMarket, type System, spotKeyOf } from './state.ts'

const RAD_DECIMALS = 45

const ofClip = ({ buf, tail, cusp, chip, tip, chost, stopped, calc, curve, fee }: Clip) => {
  const { kind, ...numbers } = { tau: undefined, step: undefined, cut: undefined, ...curve }
  return parametersOf(
    { ...WHOLE, decimals: RAD_DECIMALS },
    {
      ray: { auctionStartPriceFactor: buf, auctionPriceDropMax: cusp, auctionCut: numbers.cut },
      seconds: { auctionTail: tail, auctionTau: numbers.tau, auctionStep: numbers.step },
      wad: { keeperIncentiveShare: chip, liquidationFee: fee },
      amount: { keeperIncentive: tip, auctionDustMin: chost },
      count: { auctionStopLevel: stopped },
      address: { auctionPriceCurve: calc },
      text: { auctionPriceCurveKind: kind },
    },
  )
}

const ofIlk = (market: IlkMarket): readonly Parameter[] => {
  const { gem, vat, jug, spotter, dog, clip, pip } = market
  const { asset, symbol } = gem
  // A liquidation ratio counts from the next poke on: until then the stored spot is what it was.
  const prices = [spotKeyOf(market.id.market)]
  return [
    ...parametersOf(
      { asset, symbol, decimals: RAD_DECIMALS },
      {
        amount: { debtCeiling: vat?.line, borrowMin: vat?.dust, auctionLimit: dog?.hole },
        ray: { stabilityFee: jug && jug.duty - RAY },
        wad: { liquidationPenalty: dog && dog.chop - WAD },
        address: { auctions: dog?.clip },
        ...(pip?.kind === 'osm'
          ? { flag: { isPriceStopped: pip.isStopped }, seconds: { priceDelay: BigInt(pip.hop) } }
          : {}),
      },
    ),
    ...(spotter
      ? parametersOf(
          { asset, symbol, prices },
          { address: { priceSource: spotter.pip }, ray: { liquidationRatio: spotter.mat } },
        )
      : []),
    ...(clip ? ofClip(clip) : []),
  ]
}

const ofSystem = ({ Line, Hole, par, base, isVatLive, isDogLive }: System): readonly Parameter[] =>
  parametersOf(
    { ...WHOLE, decimals: RAD_DECIMALS },
    {
      amount: { totalDebtCeiling: Line, totalAuctionLimit: Hole },
      ray: { referencePrice: par, baseFee: base },
      flag: { isLive: isVatLive, isLiquidationLive: isDogLive },
    },
  )

/** `stabilityFee` and `baseFee` are rays per second, the penalty is beyond the debt itself. Parts that are not read yet have none. */
export const parameters = (market: MakerMarket): readonly Parameter[] => {
  if (!market.isShared) return ofIlk(market)
  return market.system ? ofSystem(market.system) : []
}

const ilkUnder = (market: IlkMarket, before: IlkMarket): IlkMarket => {
  const { vat, jug, dog, clip } = market
  const { spotter, pip } = before
  return {
    ...market,
    ...(vat && before.vat ? { vat: { ...vat, line: before.vat.line, dust: before.vat.dust } } : {}),
    ...(jug && before.jug ? { jug: { ...jug, duty: before.jug.duty } } : {}),
    ...(dog && before.dog ? { dog: { ...before.dog, dirt: dog.dirt } } : {}),
    ...(clip && before.clip ? { clip: { ...before.clip, kicks: clip.kicks } } : {}),
    ...(spotter ? { spotter } : {}),
    ...(market.pip?.kind === 'osm' && pip?.kind === 'osm'
      ? { pip: { ...market.pip, isStopped: pip.isStopped, hop: pip.hop } }
      : pip
        ? { pip }
        : {}),
  }
}

/** Everything set before; debts, auctions and what is announced stay. */
export const withParametersOf = (market: MakerMarket, before: MakerMarket): MakerMarket => {
  if (!market.isShared) return before.isShared ? market : ilkUnder(market, before)
  if (!before.isShared || !market.system || !before.system) return market
  const { Line, Hole, par, base, isVatLive, isDogLive } = before.system
  return { ...market, system: { ...market.system, Line, Hole, par, base, isVatLive, isDogLive } }
}
