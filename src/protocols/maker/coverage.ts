// How complete the book is, and what assets are worth in USD by the price sources.
import type { Address } from 'viem'
import { zeroAddress } from 'viem'
import type { BlockRef } from '../../model/block.ts'
import type { Coverage } from '../../model/coverage.ts'
import { formatMarketId } from '../../model/ids.ts'
import { PPM, RAY } from '../../units/brands.ts'
import type { Tally, UsdPrice } from '../adapter.ts'
import { unlessRefused } from '../refusing.ts'
import { rateAfterDrip } from './accrual.ts'
import { DAI } from './amounts.ts'
import { radToWadUp } from './math.ts'
import { ilkMarketsOf, type MakerMirror, type MakerPosition, pipKeyOf, systemMarketOf } from './state.ts'

/** An urn's art, summed by ilk. */
export const tallies = ({ id, art }: MakerPosition): readonly Tally[] => [{ name: id.market, amount: art }]

/** Σ tracked art against each ilk's Art, in wads of DAI with interest to the block. */
export const coverage = (mirror: MakerMirror, block: BlockRef): readonly Coverage[] => {
  const base = systemMarketOf(mirror)?.system?.base ?? 0n
  return ilkMarketsOf(mirror).flatMap(({ id, vat, jug, fault, modules }): readonly Coverage[] => {
    if (!vat || !jug || fault || vat.Art === 0n) return []
    const accrued = unlessRefused(() => ({ rate: rateAfterDrip(jug, base, vat.rate, block.timestamp) }))
    if ('kind' in accrued) return []
    const art = mirror.tallies.get(id.market) ?? 0n
    return [
      {
        market: formatMarketId(id),
        asset: modules.dai,
        ...DAI,
        trackedDebt: radToWadUp(art * accrued.rate),
        totalDebt: radToWadUp(vat.Art * accrued.rate),
        ppm: Number((art * PPM) / vat.Art),
      },
    ]
  })
}

/** DAI at the Spotter's par, and every collateral with a token at what its price source says: they quote in USD. */
export const usdPrices = (mirror: MakerMirror): ReadonlyMap<Address, UsdPrice> => {
  const prices = new Map<Address, UsdPrice>()
  const par = systemMarketOf(mirror)?.system?.par
  for (const { modules, gem, spotter } of ilkMarketsOf(mirror)) {
    if (par) prices.set(modules.dai, { price: par, scale: RAY, source: modules.spotter })
    const reading = spotter && mirror.prices.get(pipKeyOf(spotter.pip))
    if (reading?.kind === 'price' && gem.asset !== zeroAddress)
      prices.set(gem.asset, { price: reading.price, scale: reading.scale, source: reading.source })
  }
  return prices
}
