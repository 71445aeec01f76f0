// What the Vat's spots and the price sources behind them are of.
import type { Feed } from '../../model/feed.ts'
import { ilkMarketsOf, type MakerMirror, pipKeyOf, spotKeyOf } from './state.ts'

/** The Vat takes a source's US dollars for DAI, whatever DAI trades at. */
const USD = { symbol: 'USD', decimals: 18 } as const

/** Each ilk's spot, and what its source says now. */
export const feeds = (mirror: MakerMirror): readonly Feed[] =>
  ilkMarketsOf(mirror).flatMap(({ id, gem, spotter }) => {
    const common = { ...gem, quote: USD }
    const spot = { key: spotKeyOf(id.market), ...common, source: spotter?.pip ?? null }
    return spotter ? [spot, { key: pipKeyOf(spotter.pip), ...common, source: spotter.pip }] : [spot]
  })
