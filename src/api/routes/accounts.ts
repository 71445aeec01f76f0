import type { Address } from 'viem'
import { z } from 'zod'
import { failureReason } from '../../app/check.ts'
import type { DaemonChain } from '../../app/face.ts'
import type { BlockRef } from '../../model/block.ts'
import { messageOf } from '../../model/errors.ts'
import { isWhole } from '../../monitor/assessing.ts'
import { loanStateOf } from '../../monitor/loan-states.ts'
import type { Failure, OnDemand } from '../../monitor/on-demand.ts'
import type { LoanState } from '../../risk/loan-state.ts'
import { ProblemError } from '../problem.ts'
import { ageSeconds, staleness } from '../reading/chains.ts'
import { type Loan, loansOfAccount } from '../reading/loan.ts'
import { defineRoute, type Route } from '../route.ts'
import { positionWithState } from '../schemas/assessment.ts'
import { address, asOfShape, block } from '../schemas/common.ts'
import { component } from '../schemas/components.ts'
import { addressText, chainId, flag } from '../schemas/query.ts'
import { chainsNamed, type Tools } from '../tools.ts'

/** Loans of an account on one chain, and whether they are from the book or were read for this. */
type AccountOnChain = {
  readonly block: BlockRef
  readonly ageSeconds: number
  readonly stale: boolean
  readonly source: 'book' | 'live'
  readonly positions: readonly (Loan & { readonly state?: LoanState | null })[]
}

type Found = { readonly chain?: AccountOnChain; readonly failures: readonly Failure[] }

/** Whether the book has every loan of an account: it is watched and was read, or every borrower is found and read. */
const isInBook = (
  { daemon, newcomers }: Tools,
  { chain, state: { follower } }: DaemonChain,
  account: Address,
): boolean => {
  if (!follower?.book.cursor) return false
  const { tracked } = follower.book
  const isSettled = tracked.every(({ pending, retries }) => pending.size === 0 && retries.size === 0)
  if (!isSettled) return false
  const isWatched = daemon.watchList.accounts.includes(account) && !newcomers.has(chain.id, account)
  return isWatched || tracked.every((one) => isWhole(one))
}

const fromBook = async (
  tools: Tools,
  one: DaemonChain,
  account: Address,
  hasState: boolean,
): Promise<Found> => {
  const found = await loansOfAccount(tools, one, account, hasState)
  if (!found) return { failures: [] }
  const { block: at, loans } = found
  const chain: AccountOnChain = {
    block: at,
    ageSeconds: ageSeconds(at, tools.daemon.nowMs()),
    stale: staleness(one, tools.daemon.nowMs()) !== undefined,
    source: 'book',
    positions: loans,
  }
  return { chain, failures: [] }
}

const stateIn = ({ loans }: OnDemand, id: string): LoanState | null => {
  const known = loans.get(id)
  return known ? loanStateOf(known) : null
}

const fromChain = async (
  tools: Tools,
  one: DaemonChain,
  account: Address,
  hasState: boolean,
): Promise<Found> => {
  const { daemon, live } = tools
  const isStale = staleness(one, daemon.nowMs()) !== undefined
  try {
    const found = await live.read(one, account, isStale ? undefined : one.state.follower?.book.cursor)
    const { block: at, assessments, risks, failures } = found
    return {
      chain: {
        ...{ block: at, ageSeconds: ageSeconds(at, daemon.nowMs()), stale: false, source: 'live' },
        positions: assessments.map((assessment) => ({
          ...assessment,
          ...(risks.get(assessment.id) ?? {}),
          ...(hasState ? { state: stateIn(found, assessment.id) } : {}),
        })),
      },
      failures,
    }
  } catch (error) {
    if (error instanceof ProblemError) throw error
    const reason = failureReason(error)
    return { failures: [{ chainId: one.chain.id, market: null, reason, detail: messageOf(error) }] }
  }
}

export const accountRoute: Route = defineRoute({
  ...{ method: 'GET', path: '/v1/accounts/{address}', tag: 'loans', scope: 'read' },
  summary: 'Every loan of an account with its risk: from the book, or read now where that does not have it',
  description:
    'On chains whose book has every borrower, and for watched accounts, the answer is from the book. Others are read from the chain at one block; reads at the same time or of the same block are shared, and there may be so many a minute. A book of all borrowers has nobody who owes nothing: what such an account supplies, only a live read tells. What could not be found out stands under `failures`: it is never the same as no loans.',
  pathFields: { address: addressText },
  query: {
    chain: chainId.optional(),
    live: flag.optional().describe('Read it from the chain in any case'),
    include: z
      .enum(['state'])
      .optional()
      .describe('`state`: all that each loan rests on, to compute it elsewhere'),
  },
  answer: component(
    'Account',
    z.object({
      account: address,
      block: block.nullable(),
      ageSeconds: asOfShape.ageSeconds,
      stale: z.boolean(),
      chains: z.array(
        z.object({
          block,
          ageSeconds: z.int(),
          stale: z.boolean(),
          source: z.enum(['book', 'live']),
          positions: z.array(positionWithState),
        }),
      ),
      failures: z.array(
        component(
          'Failure',
          z.object({
            chainId: z.int(),
            market: z.string().nullable(),
            reason: z.string(),
            detail: z.string(),
          }),
        ),
      ),
    }),
  ),
  problems: ['not-found'],
  run: async ({ path: { address: account }, query }, tools) => {
    const found = await Promise.all(
      chainsNamed(tools, query.chain).map((one) => {
        const hasState = query.include === 'state'
        return !query.live && isInBook(tools, one, account)
          ? fromBook(tools, one, account, hasState)
          : fromChain(tools, one, account, hasState)
      }),
    )
    const chains = found.flatMap(({ chain }) => chain ?? [])
    return {
      body: {
        account,
        block: chains[0]?.block ?? null,
        ageSeconds: chains.length === 0 ? null : Math.max(...chains.map((one) => one.ageSeconds)),
        stale: chains.length < found.length || chains.some(({ stale }) => stale),
        chains,
        failures: found
          .flatMap(({ failures }) => failures)
          .map((failure) => ({ ...failure, detail: tools.redact(failure.detail) })),
      },
    }
  },
})
