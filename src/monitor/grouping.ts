// Which assets of a chain move together, by all deployments on it.

import type { Feed } from '../model/feed.ts'
import type { Adapter, Mirror } from '../protocols/adapter.ts'
import { type Grouping, type GroupSetting, groupingOf } from '../risk/groups.ts'
import { quotesOf } from './quoting.ts'
import type { Wiring } from './wiring.ts'

/** Groups of some feeds of a chain's deployments, by configuration and by what is known of their sources. */
export const groupAssets = (
  deployments: readonly { readonly adapter: Adapter; readonly mirror: Mirror }[],
  feeds: readonly Feed[],
  settings: readonly GroupSetting[],
  wiring: Wiring,
): Grouping => {
  const quotes = quotesOf(deployments)
  const usdPriceOf: Parameters<typeof groupingOf>[0]['usdPriceOf'] = (asset) =>
    quotes({ symbol: '', decimals: 0, asset }) ?? undefined
  return groupingOf({ feeds, settings, wiring, usdPriceOf })
}
