// Ids of troves, and where they stand in SortedTroves.
import { type Hex, toHex } from 'viem'
import {
  type Links,
  type LiquityChange,
  type LiquityMirror,
  NO_TROVE,
  positionKey,
  type TroveId,
  type TrovePosition,
} from './state.ts'

export const troveIdOf = (id: bigint): TroveId => toHex(id, { size: 32 })

/** SortedTroves.nodes; null for a trove that is not in the list. */
export const linksOf = ([nextId, prevId, , exists]: readonly [bigint, bigint, Hex, boolean]): Links | null =>
  exists ? { prev: troveIdOf(prevId), next: troveIdOf(nextId) } : null

const relink = (
  mirror: LiquityMirror,
  market: string,
  id: TroveId,
  side: keyof Links,
  to: TroveId,
): readonly LiquityChange[] => {
  const key = positionKey(market, id)
  const known = mirror.positions.get(key)?.links
  if (id === NO_TROVE || !known || known[side] === to) return []
  return [
    {
      kind: 'position',
      key,
      next: (current) => current && { ...current, links: current.links && { ...current.links, [side]: to } },
    },
  ]
}

/** The neighbours of a trove in the list have it as their neighbour: what its own links say of theirs. */
export const relinkNeighbours = (
  mirror: LiquityMirror,
  market: string,
  id: TroveId,
  links: Links | null,
): readonly LiquityChange[] =>
  links
    ? [...relink(mirror, market, links.prev, 'next', id), ...relink(mirror, market, links.next, 'prev', id)]
    : []

const inMarket = (mirror: LiquityMirror, market: string): readonly TrovePosition[] =>
  [...mirror.positions.values()].filter(({ id }) => id.market === market)

/** Troves of the book that stand beside one, whose links change when it moves; one that is not in the book is looked for in all links. */
export const neighboursOf = (mirror: LiquityMirror, market: string, id: TroveId): readonly TroveId[] => {
  const known = mirror.positions.get(positionKey(market, id))
  const ids = known
    ? known.links
      ? [known.links.prev, known.links.next]
      : []
    : inMarket(mirror, market).flatMap(({ id: own, links }) =>
        links?.prev === id || links?.next === id ? [own.account as TroveId] : [],
      )
  return ids.filter((one) => mirror.positions.has(positionKey(market, one)))
}

/** The ends of a batch in the list, and the troves beside them: what changes its place with the batch. */
export const edgesOf = (mirror: LiquityMirror, market: string, manager: string): readonly TroveId[] => {
  const members = inMarket(mirror, market).filter((one) => one.batchManager === manager && one.links)
  const ids = new Set(members.map(({ id }) => id.account))
  const edges = members.filter(({ links }) => links && !(ids.has(links.prev) && ids.has(links.next)))
  const beside = edges.flatMap(({ id: { account }, links }) =>
    links ? [account as TroveId, links.prev, links.next] : [],
  )
  return [...new Set(beside)].filter((one) => mirror.positions.has(positionKey(market, one)))
}
