// What is read again without a log: where to begin, what moves with every head, where an account's urns may be.
import type { Address } from 'viem'
import { zeroAddress } from 'viem'
import type { Key } from '../adapter.ts'
import { keys } from './keys.ts'
import { type IlkMarket, ilkMarketsOf, type MakerMirror, type MakerPosition } from './state.ts'

const hasClip = ({ dog }: IlkMarket): boolean => dog !== undefined && dog.clip !== zeroAddress

/** Price sources of these ilks, each once. */
export const pipsOf = (ilks: readonly IlkMarket[]): readonly Address[] => [
  ...new Set(ilks.flatMap(({ spotter }) => (spotter && spotter.pip !== zeroAddress ? [spotter.pip] : []))),
]

/** All of the ilks that are known, each by its first urn; before any is, only what all share. */
export const stateKeys = (mirror: MakerMirror): readonly Key[] => {
  const ilks = ilkMarketsOf(mirror)
  return [
    keys.system,
    keys.registry,
    ...ilks.flatMap((market): readonly Key[] => {
      const name = market.id.market
      const sales = Object.keys(market.sales).map((id) => keys.sale(name, id))
      return [keys.ilk(name), ...(hasClip(market) ? [keys.clip(name)] : []), ...sales]
    }),
    ...pipsOf(ilks).map(keys.pip),
  ]
}

/** What moves without a log that is followed: the Vat's debt, chost, prices of plain sources, delays of others. */
export const headKeys = (mirror: MakerMirror): readonly Key[] => {
  const ilks = ilkMarketsOf(mirror)
  return [
    keys.system,
    ...ilks.flatMap((market) => (hasClip(market) && market.clip ? [keys.chost(market.id.market)] : [])),
    ...pipsOf(ilks).map(keys.quiet),
  ]
}

/** The key of a tracked urn, with what is known of it. */
export const positionKeys = ({ id, vault, holder }: MakerPosition): readonly Key[] => {
  const urn = id.account as Address
  return [vault === undefined ? keys.urn(id.market, urn) : keys.vaultUrn(id.market, urn, vault, holder)]
}

/** What is tracked of an account already, and where more may be. */
export const locate = (mirror: MakerMirror, account: Address): readonly Key[] => [
  ...[...mirror.positions.values()].filter(({ owner }) => owner === account).flatMap(positionKeys),
  keys.account(account),
  keys.own(account),
]
