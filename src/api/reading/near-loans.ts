// Loans that can be liquidated or are about to be, as they are at one version of the books.
import type { DaemonChain } from '../../app/face.ts'
import type { BlockRef } from '../../model/block.ts'
import type { Position } from '../../model/market.ts'
import type { Assessable } from '../../monitor/assessing.ts'
import { auctionsAmong } from '../../monitor/auctions.ts'
import { basisOf } from '../../monitor/candidates.ts'
import { baseFeesOf } from '../../store/views.ts'
import { WAD } from '../../units/brands.ts'
import type { Tools } from '../tools.ts'
import { type AsOf, asOf } from './chains.ts'
import { centsOf, type LoanFilter } from './filters.ts'
import type { Assessed, HealthIndex } from './health-index.ts'
import { isCertainlyAbove } from './order.ts'
import type { Pause } from './steady.ts'
import { assessEntries, collect, tooMuchWork } from './walk.ts'

/** Which loans come into question. */
export type NearOptions = {
  readonly chains: readonly DaemonChain[]
  /** What the list is narrowed by, as it is now. */
  filter(): LoanFilter
  readonly minHealth: bigint | undefined
  readonly maxHealth: bigint
}

/** Entries that may be at or below a health, or become so in a way that the screen does not see. */
const nearEntries = async (
  indexes: readonly HealthIndex[],
  filter: LoanFilter,
  maxHealth: bigint,
  assessmentsMax: number,
  pause: Pause,
) => {
  const most = maxHealth > WAD ? maxHealth : WAD
  const entries = await collect(
    indexes,
    (entry) =>
      (entry.part.tracked.adapter.screen.foresees || !isCertainlyAbove(entry, most)) &&
      filter.isWanted(entry),
    assessmentsMax,
    pause,
  )
  if (!entries) throw tooMuchWork(assessmentsMax)
  return entries
}

/** Deployments of a chain as they are at a block. */
export type Frozen = {
  readonly deployments: readonly Assessable[]
  readonly baseFeeWei: bigint | null
  readonly block: BlockRef
  /** Of the chain's book. */
  readonly version: string
}

/** A copy of what some assessed positions of a chain rest on: what is worked out of them later is of this block too. */
const frozen = (
  { block, parts }: HealthIndex,
  chosen: readonly Assessed[],
  baseFeeWei: bigint | null,
  version: string,
): Frozen => {
  const deployments = parts.map((part): Assessable => {
    const { adapter, mirror } = part.tracked
    const { deployment, markets, prices, tallies } = mirror
    const positions = new Map<string, Position>()
    for (const { at } of chosen.filter((one) => one.part === part)) {
      const slot = part.slots[at] as number
      const [key, position] = [mirror.positions.keyOf(slot), mirror.positions.at(slot)]
      if (key !== undefined && position) positions.set(key, position)
    }
    const copies = { markets: new Map(markets), prices: new Map(prices), tallies: new Map(tallies) }
    return { adapter, mirror: { deployment, positions, ...copies } }
  })
  return { deployments, baseFeeWei, block, version }
}

/** Of so many that every way to liquidate them would take too long to work out, those that owe most in US dollars. */
const largest = (assessed: readonly Assessed[], max: number): readonly Assessed[] => {
  if (assessed.length <= max) return assessed
  const debtOf = ({ assessment }: Assessed): bigint =>
    (assessment.kind === 'assessed' && centsOf(assessment.usd?.debt)) || -1n
  const inOrder = assessed.map((one) => ({ one, debt: debtOf(one) }))
  inOrder.sort((a, b) => (a.debt < b.debt ? 1 : a.debt > b.debt ? -1 : 0))
  return inOrder.slice(0, max).map(({ one }) => one)
}

export type Near = AsOf & {
  readonly auctions: ReturnType<typeof auctionsAmong>
  readonly unassessableCount: number
  /** Loans that come into question and were not looked at: too many do, and these owe least. */
  readonly leftOutCount: number
  readonly chosen: readonly Assessed[]
  readonly frozen: readonly Frozen[]
}

/** At one version of the books: `pause` throws where that is over. Throws `ProblemError` where it would take too much work. */
export const nearLoans = async (tools: Tools, options: NearOptions, pause: Pause): Promise<Near> => {
  const { chains, server, daemon, database } = tools
  const { minHealth, maxHealth } = options
  const filter = options.filter()
  const indexes = await chains.indexes(options.chains)
  await pause()
  const entries = await nearEntries(indexes, filter, maxHealth, server.assessmentsPerRequestMax, pause)
  const assessed = await assessEntries(entries, pause)
  const wanted = assessed.filter(
    ({ assessment }) =>
      assessment.kind === 'assessed' &&
      basisOf(assessment, maxHealth) !== undefined &&
      (minHealth === undefined || assessment.healthFactor >= minHealth) &&
      filter.keep(assessment),
  )
  const chosen = largest(wanted, server.candidatesPerRequestMax)
  const fees = baseFeesOf(database)
  const auctions = indexes.map(({ block, parts }) =>
    auctionsAmong(
      parts.map(({ tracked }) => tracked),
      block,
    ),
  )
  return {
    ...asOf(options.chains, daemon.nowMs()),
    chosen,
    frozen: indexes.map((index) => {
      const { chainId } = index.block
      const own = options.chains.filter(({ chain }) => chain.id === chainId)
      return frozen(index, chosen, fees.get(chainId) ?? null, chains.bookVersionOf(own))
    }),
    auctions: {
      candidates: auctions.flatMap((one) => one.candidates),
      failures: auctions.flatMap((one) => one.failures),
    },
    unassessableCount: assessed.filter(({ assessment }) => assessment.kind === 'unassessable').length,
    leftOutCount: wanted.length - chosen.length,
  }
}
