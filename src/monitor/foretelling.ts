// Liquidations that happened, against what we would have said of them at the last observed block before.
import type { BlockRef } from '../model/block.ts'
import { parsePositionId } from '../model/ids.ts'
import type { Liquidation } from '../model/liquidation.ts'
import type { Adapter, Env } from '../protocols/adapter.ts'
import { type Offer, offerOf, partOf } from '../risk/liquidation-offer.ts'
import { assessLoan, behind, type Loan } from '../risk/loan.ts'
import type { Database } from '../store/database.ts'
import { observedBlock, pastState, storedDeployments } from '../store/history.ts'
import { pastQuotes } from './past.ts'

/**
 * What was said of a loan and of the pair of assets that was then liquidated, at the prices and the time of `block`. `repayMax` is the
 * most that a liquidation could repay; `repaid` and `seized` what it moves if it repays as much as was repaid, or the most there
 * is. Amounts in units of their assets, null where there was no such liquidation to make.
 */
export type Foretold = {
  readonly block: BlockRef
  readonly healthFactor: bigint | null
  readonly isLiquidatable: boolean | null
  readonly repayMax: bigint | null
  readonly repaid: bigint | null
  readonly seized: bigint | null
}

/**
 * `before`: at the last observed block before the liquidation, as a candidate then stood in the list. `within`: the same state at
 * the prices and the time of the liquidation's own block, where that was observed. Null where nothing is known of then.
 */
export type Foretelling = { readonly before: Foretold | null; readonly within: Foretold | null }

/** What a liquidation has to tell to be looked for. */
type Happened = Pick<
  Liquidation,
  'position' | 'blockNumber' | 'logIndex' | 'debtAsset' | 'collateralAsset' | 'repaid'
>

const NOTHING: Foretelling = { before: null, within: null }

const seizedIn = ({ outcome }: Offer, { collateralAsset }: Happened): bigint =>
  outcome.seized.reduce((sum, { asset, amount }) => (asset === collateralAsset ? sum + amount : sum), 0n)

/** The largest offer of the pair, and the same cut to what was repaid, where the contract takes parts. */
const offersFor = (loan: Loan, happened: Happened): { most: Offer; made: Offer } | undefined => {
  const { adapter, market, position, env } = loan
  const [most] = adapter
    .terms(market, position, env)
    .filter(
      ({ request }) =>
        request.debtAsset === happened.debtAsset && request.collateralAsset === happened.collateralAsset,
    )
    .flatMap(({ request, payer }) => offerOf(loan, request, payer) ?? [])
    .sort((a, b) => (a.outcome.repaid.amount < b.outcome.repaid.amount ? 1 : -1))
  if (!most) return undefined
  const isLess = happened.repaid < most.outcome.repaid.amount
  return { most, made: (isLess && partOf(loan, most, happened.repaid)) || most }
}

const foretoldOf = (loan: Loan, happened: Happened): { foretold: Foretold; after: Loan | undefined } => {
  const assessment = assessLoan(loan)
  const isKnown = assessment.kind === 'assessed'
  const offers = isKnown ? offersFor(loan, happened) : undefined
  return {
    foretold: {
      block: loan.env.block,
      healthFactor: isKnown ? assessment.healthFactor : null,
      isLiquidatable: isKnown ? assessment.isLiquidatable : null,
      repayMax: offers?.most.outcome.repaid.amount ?? null,
      repaid: offers?.made.outcome.repaid.amount ?? null,
      seized: offers ? seizedIn(offers.made, happened) : null,
    },
    after: offers && behind(loan, offers.made.outcome.after),
  }
}

/** The loan as it was at one block, at the prices and the time of another. */
const pastLoan = (
  database: Database,
  registry: readonly Adapter[],
  positionId: string,
  stateAt: BlockRef,
  pricesAt: BlockRef,
): Loan | undefined => {
  const id = parsePositionId(positionId)
  const adapter = registry.find(({ protocol }) => protocol === id.protocol)
  const stored = storedDeployments(database, id.chainId).find(
    ({ deployment: { protocol, deployment } }) => protocol === id.protocol && deployment === id.deployment,
  )
  if (!adapter || !stored) return undefined
  const state = pastState(database, stored.id, stored.deployment, stateAt.number)
  const prices = pastState(database, stored.id, stored.deployment, pricesAt.number)
  const [market, position] = [state.market(id.market), state.position(`${id.market}:${id.account}`)]
  if (!market || !position) return undefined
  const env: Env = {
    block: pricesAt,
    timestamp: pricesAt.timestamp,
    prices: prices.price,
    markets: state.market,
    debtInFront: () => null,
    quotes: pastQuotes(database, registry, pricesAt),
  }
  return { adapter, market, position, env }
}

/**
 * What we would have said of liquidations of one position in one block, in the order of their logs; each that follows another is
 * told of the loan that the one before leaves.
 */
export const foretell = (
  database: Database,
  registry: readonly Adapter[],
  chainId: number,
  happened: readonly Happened[],
): readonly Foretelling[] => {
  const [first] = happened
  if (!first) return []
  const own = observedBlock(database, chainId, first.blockNumber)
  const earlier = observedBlock(database, chainId, first.blockNumber - 1n)
  const before = earlier.kind === 'observed' ? earlier.block : earlier.before
  if (!before) return happened.map(() => NOTHING)
  const loanAt = (pricesAt: BlockRef): Loan | undefined =>
    pastLoan(database, registry, first.position, before, pricesAt)
  let loans = {
    before: loanAt(before),
    within: own.kind === 'observed' ? loanAt(own.block) : undefined,
  }
  return happened.map((one) => {
    const told = {
      before: loans.before && foretoldOf(loans.before, one),
      within: loans.within && foretoldOf(loans.within, one),
    }
    loans = { before: told.before?.after, within: told.within?.after }
    return { before: told.before?.foretold ?? null, within: told.within?.foretold ?? null }
  })
}
