// Health of a trove, by the predicate that batchLiquidateTroves applies.
import type { Assessment, CollateralLeg, DebtLeg, Health, Phase, Subject } from '../../model/assessment.ts'
import type { Fault } from '../../model/market.ts'
import { subjectOf } from '../../model/subject.ts'
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import { ArithmeticError } from '../../units/errors.ts'
import { mulDivDown } from '../../units/mul-div.ts'
import type { Env } from '../adapter.ts'
import { unassessable, usdOf } from '../assessing.ts'
import { RefusedError } from '../refusing.ts'
import { faultOf, type LatestTrove, latestTrove, type ReadBranch, readBranch } from './accrual.ts'
import { collateralRatioDown } from './math.ts'
import { boldOf, collateralOf, PriceRefusedError, priceIn } from './pricing.ts'
import {
  BOLD_PRICE_KEY,
  type BranchMarket,
  type LiquityMarket,
  priceKeyOf,
  type TrovePosition,
} from './state.ts'

/** A branch is what has troves; the market that branches share has none. */
export const branchMarket = (market: LiquityMarket): BranchMarket => {
  if (market.isShared) throw new RefusedError(`${market.id.market} has no troves`)
  return market
}

const collateralLegOf = (
  branch: ReadBranch,
  { entireColl }: LatestTrove,
  isInBatch: boolean,
  price: bigint,
): CollateralLeg => {
  const { contracts, parameters } = branch.setup
  const { MCR, BCR } = parameters
  return {
    ...collateralOf(branch, entireColl, price),
    priceKey: priceKeyOf(contracts.priceFeed),
    price,
    maxLtv: (WAD * WAD) / (isInBatch ? MCR + BCR : MCR),
    liquidationThreshold: (WAD * WAD) / MCR,
  }
}

const debtLegsOf = (branch: ReadBranch, { entireDebt }: LatestTrove): readonly DebtLeg[] =>
  entireDebt === 0n ? [] : [{ ...boldOf(branch, entireDebt), priceKey: BOLD_PRICE_KEY, price: WAD }]

const phaseOf = (ratio: bigint, debt: bigint, isLiquidatable: boolean): Phase => {
  if (debt === 0n) return 'no-debt'
  if (!isLiquidatable) return 'healthy'
  return ratio < WAD ? 'bad-debt' : 'liquidatable'
}

const healthOf = (subject: Subject, branch: ReadBranch, position: TrovePosition, env: Env): Health => {
  const { revision, revisionRaw, fidelity, quote, pools, setup } = branch
  const latest = latestTrove(branch, position, env.timestamp)
  const price = priceIn(env, branch)
  const ratio = collateralRatioDown(latest.entireColl, latest.entireDebt, price)
  const { MCR } = setup.parameters
  const isLiquidatable = ratio < MCR
  const blockedBy = isLiquidatable && pools.troveCount === 1n ? (['last-position'] as const) : []
  const collateral = collateralLegOf(branch, latest, position.batchManager !== null, price)
  const collateralValue = collateral.value
  return {
    kind: 'assessed',
    ...subject,
    revision,
    revisionRaw,
    fidelity,
    quote,
    collateral: [collateral],
    debt: debtLegsOf(branch, latest),
    collateralValue,
    liquidationValue: mulDivDown(collateralValue, WAD, MCR),
    debtValue: latest.entireDebt,
    healthFactor: latest.entireDebt === 0n ? UINT256_MAX : mulDivDown(ratio, WAD, MCR),
    isLiquidatable,
    isExecutable: isLiquidatable && blockedBy.length === 0,
    phase: phaseOf(ratio, latest.entireDebt, isLiquidatable),
    blockedBy,
    debtInFront: env.debtInFront(position),
    usd: usdOf(quote, collateralValue, latest.entireDebt, env),
  }
}

/** A price that is missing is the price's fault, any other refusal the maths'. */
const faultIn = (error: RefusedError | ArithmeticError): Fault =>
  error instanceof PriceRefusedError
    ? { reason: error.reason, detail: `feed ${error.priceFeed}: ${error.message}` }
    : { reason: 'maths-reverts', detail: error.message }

/** Why a trove cannot be computed, whatever the price. */
const faultsOf = (market: BranchMarket, { batchManager, fault }: TrovePosition): Fault | undefined => {
  const own = faultOf(market) ?? fault
  if (own || batchManager === null || market.batches[batchManager]) return own
  return { reason: 'not-yet-read', detail: `the batch of ${batchManager} is not read yet` }
}

/** TroveManager.getCurrentICR against MCR, with interest, fees and redistributions up to the block's time. */
export const assess = (shared: LiquityMarket, position: TrovePosition, env: Env): Assessment => {
  const subject = subjectOf(position, env.block)
  const market = branchMarket(shared)
  const fault = faultsOf(market, position)
  if (fault) return unassessable(subject, fault)
  try {
    return healthOf(subject, readBranch(market), position, env)
  } catch (error) {
    if (error instanceof RefusedError || error instanceof ArithmeticError)
      return unassessable(subject, faultIn(error))
    throw error
  }
}
