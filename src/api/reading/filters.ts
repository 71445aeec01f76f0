// What lists of loans can be narrowed by.
import type { Address } from 'viem'
import { z } from 'zod'
import { type Assessment, type Health, PHASES } from '../../model/assessment.ts'
import { formatDeploymentId } from '../../model/ids.ts'
import { positionIdsOf } from '../../store/entries.ts'
import { parseDecimal } from '../../units/decimal.ts'
import { addressText, asset, chainId, flag, health, marketPrefix, name, usdAmount } from '../schemas/query.ts'
import type { Tools } from '../tools.ts'
import { type Entry, marketIdOf } from './health-index.ts'

/** Fields that lists of loans share. */
export const loanFields = {
  chain: chainId.optional(),
  protocol: name.optional(),
  deployment: name.optional(),
  market: marketPrefix.optional(),
  owner: addressText.optional().describe('Loans of this account'),
  asset: asset.optional().describe('Loans with this collateral or debt, by address or symbol'),
  collateral: asset.optional().describe('Loans with this collateral, by address or symbol'),
  debt: asset.optional().describe('Loans with this debt, by address or symbol'),
  minHealth: health.optional(),
  maxHealth: health.optional(),
  minDebtUsd: usdAmount.optional().describe('Leaves out loans whose USD value is not known'),
  maxDebtUsd: usdAmount.optional().describe('Leaves out loans whose USD value is not known'),
  minCollateralUsd: usdAmount.optional().describe('Leaves out loans whose USD value is not known'),
  phase: z.enum(PHASES).optional(),
  kind: z.enum(['assessed', 'unassessable']).optional(),
  liquidatable: flag.optional(),
  watched: flag.optional().describe('Only loans of watched accounts, or of others'),
} as const

type Fields = typeof loanFields
export type LoanQuery = { readonly [K in keyof Fields]: z.output<Fields[K]> }

const CENT_PLACES = 2

/** US dollars of an assessment as cents. */
export const centsOf = (text: string | undefined): bigint | undefined =>
  text === undefined ? undefined : parseDecimal(text, CENT_PLACES)

const isIn = (legs: Health['debt'], wanted: string): boolean => {
  const lower = wanted.toLowerCase()
  return legs.some(
    ({ asset: address, symbol }) => address.toLowerCase() === lower || symbol.toLowerCase() === lower,
  )
}

const isWithinUsd = ({ usd }: Health, query: LoanQuery): boolean => {
  const { minDebtUsd, maxDebtUsd, minCollateralUsd } = query
  if (minDebtUsd === undefined && maxDebtUsd === undefined && minCollateralUsd === undefined) return true
  const [debt, collateral] = [centsOf(usd?.debt), centsOf(usd?.collateral)]
  if (debt === undefined || collateral === undefined) return false
  return (
    (minDebtUsd === undefined || debt >= minDebtUsd) &&
    (maxDebtUsd === undefined || debt <= maxDebtUsd) &&
    (minCollateralUsd === undefined || collateral >= minCollateralUsd)
  )
}

/** What of a query only an assessment tells. Of what cannot be assessed, only its kind is known. */
export const isKept = (assessment: Assessment, query: LoanQuery): boolean => {
  if (query.kind !== undefined && assessment.kind !== query.kind) return false
  const { asset: either, collateral, debt, phase, liquidatable } = query
  if (assessment.kind !== 'assessed')
    return [
      either,
      collateral,
      debt,
      phase,
      liquidatable,
      query.minDebtUsd,
      query.maxDebtUsd,
      query.minCollateralUsd,
    ].every((one) => one === undefined)
  return (
    (either === undefined || isIn([...assessment.collateral, ...assessment.debt], either)) &&
    (collateral === undefined || isIn(assessment.collateral, collateral)) &&
    (debt === undefined || isIn(assessment.debt, debt)) &&
    (phase === undefined || assessment.phase === phase) &&
    (liquidatable === undefined || assessment.isLiquidatable === liquidatable) &&
    isWithinUsd(assessment, query)
  )
}

/** Whether an id is that of a market, or lies within what it is the beginning of. */
export const isWithinMarket = (id: string, prefix: string): boolean =>
  id === prefix || id.startsWith(`${prefix}:`)

/** Positions of some accounts, by deployment and key. */
const idsOf = ({ database }: Pick<Tools, 'database'>, accounts: readonly Address[]): ReadonlySet<string> =>
  new Set(accounts.flatMap((account) => positionIdsOf(database, account)))

const idOf = ({ part, at }: Entry): string => {
  const { mirror } = part.tracked
  return `${formatDeploymentId(mirror.deployment)}:${mirror.positions.keyOf(part.slots[at] as number)}`
}

export type LoanFilter = {
  /** By what is known without an assessment. */
  isWanted(entry: Entry): boolean
  keep(assessment: Assessment): boolean
}

/** The filter of a query. Whose a position is, the database tells. */
export const filterOf = (query: LoanQuery, tools: Tools): LoanFilter => {
  const { protocol, deployment, market, owner, watched } = query
  const owned = owner && idsOf(tools, [owner])
  const ofWatched = watched === undefined ? undefined : idsOf(tools, tools.daemon.watchList.accounts)
  return {
    isWanted: (entry) => {
      const { deployment: own } = entry.part.tracked.mirror
      if (protocol !== undefined && own.protocol !== protocol) return false
      if (deployment !== undefined && own.deployment !== deployment) return false
      if (market !== undefined && !isWithinMarket(marketIdOf(entry), market)) return false
      if (!owned && !ofWatched) return true
      const id = idOf(entry)
      return (!owned || owned.has(id)) && (!ofWatched || ofWatched.has(id) === watched)
    },
    keep: (assessment) => isKept(assessment, query),
  }
}
