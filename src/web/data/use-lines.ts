// Loans whose histories are looked at together.
import { useMemo } from 'preact/hooks'
import { type CallOptions, type Client, PlimsollError, type Quote } from '../../client/client.ts'
import { marketText, shortAddress } from '../format/loans.ts'
import { merged, type Range, stepOf } from './explore.ts'
import type { Point } from './types.ts'
import { type Answer, useAnswer } from './use-answer.ts'

/** More lines than this cannot be told apart. */
export const LINES_MAX = 6

/** What is drawn of a loan; without points nothing is kept of it. */
export type Line = {
  readonly id: string
  readonly market: string
  readonly account: string
  readonly name: string
  readonly quote: Quote | undefined
  readonly points: readonly Point[]
}

/** Parts of `chainId:protocol:deployment:market:account`. */
export const partsOf = (id: string) => {
  const [chainId = '', protocol = '', deployment = '', market = '', account = ''] = id.split(':')
  return { chainId, protocol, deployment, market, account }
}

export const marketOf = (id: string): string => id.split(':').slice(0, 4).join(':')

const isAddress = (text: string): boolean => /^0x[0-9a-fA-F]{40}$/.test(text)

/** Loans of an account: those that there are, and those that were liquidated. */
const idsOf = async (client: Client, account: string, options: CallOptions): Promise<readonly string[]> => {
  const [{ positions }, { liquidations }] = await Promise.all([
    client.positions({ owner: account, limit: LINES_MAX }, options),
    client.liquidations({ owner: account, limit: 50 }, options),
  ])
  return [...new Set([...positions.map(({ id }) => id), ...liquidations.map(({ position }) => position)])]
}

/** Ids of the loans that are named, by themselves or by their accounts. */
export const useIds = (named: readonly string[]): Answer<readonly string[]> =>
  useAnswer(
    ['ids', named],
    async (client, options) => {
      const found = await Promise.all(
        named.map((one) => (isAddress(one) ? idsOf(client, one, options) : [one])),
      )
      return [...new Set(found.flat())].slice(0, LINES_MAX)
    },
    { everyMs: 60_000 },
  )

const PAGE = 500

/** Nothing where nothing is stored of it. */
const pointsOf = async (
  client: Client,
  id: string,
  query: Range & { readonly every?: string; readonly resolution?: string },
  options: CallOptions,
): Promise<{ readonly points: readonly Point[]; readonly isWhole: boolean }> => {
  try {
    const { points, next } = await client.positionHistory(id, { ...query, limit: PAGE }, options)
    return { points, isWhole: next === null }
  } catch (error) {
    if (error instanceof PlimsollError && error.status === 404) return { points: [], isWhole: true }
    throw error
  }
}

/** What was noted, each of it where it is not too much, else the last of every step. */
const notedOf = async (
  client: Client,
  id: string,
  range: Range,
  options: CallOptions,
): Promise<readonly Point[]> => {
  const { points, isWhole } = await pointsOf(client, id, range, options)
  if (isWhole) return points
  return (await pointsOf(client, id, { ...range, every: `${stepOf(range)}s` }, options)).points
}

/** What was noted, and between it what is recomputed. */
const historyOf = async (
  client: Client,
  id: string,
  range: Range,
  options: CallOptions,
): Promise<readonly Point[]> => {
  const [noted, recomputed] = await Promise.all([
    notedOf(client, id, range, options),
    pointsOf(client, id, { ...range, resolution: `${stepOf(range)}s` }, options),
  ])
  return merged(noted, recomputed.points)
}

type Asked = {
  readonly ids: readonly string[]
  readonly range: Range
  readonly labels: ReadonlyMap<string, string>
  /** Only what was noted, for the whole that is kept. */
  readonly isCoarse?: boolean
}

/** Their histories in a range; asked for again now and then, not with every block. */
export const useLines = ({ ids, range, labels, isCoarse = false }: Asked): Answer<readonly Line[]> => {
  const named = [...new Set(ids.map(marketOf))].sort()
  const quotes = useAnswer(
    ['quotes', named],
    async (client, options) => {
      const found = await Promise.all(named.map((market) => client.markets({ market, limit: 1 }, options)))
      return new Map(
        found.flatMap(({ markets }, at) => markets.map(({ quote }) => [named[at], quote] as const)),
      )
    },
    { everyMs: Number.POSITIVE_INFINITY },
  )
  const answer = useAnswer(
    ['lines', ids, range, isCoarse],
    (client, options) =>
      Promise.all(
        ids.map(async (id) =>
          isCoarse ? await notedOf(client, id, range, options) : await historyOf(client, id, range, options),
        ),
      ).then((histories) => histories.map((points, at) => ({ id: ids[at] ?? '', points }))),
    { everyMs: 30_000 },
  )
  const lines = useMemo(() => {
    return answer.data?.map(({ id, points }): Line => {
      const { account, ...market } = partsOf(id)
      const who = labels.get(account) ?? (isAddress(account) ? shortAddress(account) : account)
      return {
        ...{ id, account, points, market: marketOf(id), name: `${who}, ${marketText(market)}` },
        quote: quotes.data?.get(marketOf(id)),
      }
    })
  }, [answer.data, quotes.data, [...labels].join()])
  return { ...answer, data: lines }
}
