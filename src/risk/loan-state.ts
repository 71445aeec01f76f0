// A loan written down as JSON with all that its health rests on, and made of it again: for computing elsewhere what is computed here.
import type { Address, Hash } from 'viem'
import * as z from 'zod'
import type { Assessment } from '../model/assessment.ts'
import { BaseError, messageOf } from '../model/errors.ts'
import type { Feed } from '../model/feed.ts'
import { formatPositionId, parsePositionId } from '../model/ids.ts'
import type { Market, Position, Quote } from '../model/market.ts'
import type { PriceReading } from '../model/price.ts'
import { decodeState } from '../model/state-text.ts'
import type { Adapter, UsdPrice } from '../protocols/adapter.ts'
import type { Group, Groups } from './groups.ts'
import { assessLoan, type Loan } from './loan.ts'
import { feedsByKey } from './shocked-prices.ts'

const integer = z.string().regex(/^-?\d+$/)
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/)
const quote = z.object({ symbol: z.string(), decimals: z.int(), asset: address.optional() })
/** Protocol state is its adapter's own; the rest of its checks are that the health which was written down comes out of it. */
const protocolState = z.looseObject({})

const priceReading = z.discriminatedUnion('kind', [
  z.object({
    ...{ kind: z.literal('price'), key: z.string(), price: integer, scale: integer },
    updatedAt: z.int().optional(),
    source: z.string(),
  }),
  z.object({ kind: z.literal('failed'), key: z.string(), error: z.string() }),
])

const usdPrice = z.object({
  ...{ price: integer, scale: integer, source: z.string() },
  symbol: z.string().optional(),
})

const group = z.object({
  name: z.string(),
  isStable: z.boolean(),
  members: z.array(z.object({ asset: address, symbol: z.string() })),
})

const feed = z.object({
  ...{ key: z.string(), asset: address, symbol: z.string(), quote, source: address.nullable() },
  isRate: z.literal(true).optional(),
})

const outcome = z.discriminatedUnion('kind', [
  z.object({
    ...{ kind: z.literal('assessed'), healthFactor: integer, collateralValue: integer, debtValue: integer },
    ...{ isLiquidatable: z.boolean(), isExecutable: z.boolean() },
  }),
  z.object({ kind: z.literal('unassessable'), reason: z.string() }),
])

export const loanStateSchema = z.object({
  format: z.literal(1),
  id: z
    .string()
    .regex(/^\d+(:[A-Za-z0-9._~-]+){4}$/)
    .describe('chainId:protocol:deployment:market:account'),
  block: z.object({ chainId: z.int(), number: integer, hash: z.string(), timestamp: z.int() }),
  timestamp: z.int().describe('Unix seconds up to which interest accrues'),
  assessment: outcome.describe('What comes out of it: whoever makes a loan of it compares'),
  market: protocolState.describe('In the protocol’s own terms; integers are written `n:…`'),
  markets: z.array(protocolState).describe('Others of the deployment that it rests on'),
  position: protocolState,
  prices: z.array(priceReading).describe('The oracle’s own integers'),
  quotes: z.array(z.object({ quote, usd: usdPrice.nullable() })),
  debtInFront: integer.nullable(),
  groups: z.array(group).describe('Assets whose prices move together'),
  feeds: z.array(feed).describe('What the prices are of'),
})

/** A loan as JSON. Made by `stateOf`, taken by `loanWith`; everything is plain data. */
export type LoanState = z.output<typeof loanStateSchema>

export class LoanStateError extends BaseError {
  override readonly name = 'LoanStateError'
  constructor(what: string, cause?: unknown) {
    super(`no loan can be made of this state: ${what}`, {
      remedy:
        'Give a whole state as /v1/positions/{id}/state answers it, to the same version of plimsoll that answered it.',
      ...(cause === undefined ? {} : { cause }),
    })
  }
}

/** What of an assessment tells whether a state was understood. */
export const outcomeOf = (assessment: Assessment): LoanState['assessment'] =>
  assessment.kind === 'unassessable'
    ? { kind: 'unassessable', reason: assessment.reason }
    : {
        kind: 'assessed',
        healthFactor: String(assessment.healthFactor),
        collateralValue: String(assessment.collateralValue),
        debtValue: String(assessment.debtValue),
        isLiquidatable: assessment.isLiquidatable,
        isExecutable: assessment.isExecutable,
      }

/** What prices in US dollars are kept by. */
export const quoteKey = ({ asset, symbol }: Quote): string => asset ?? symbol

/** A state whose form is right. Throws `LoanStateError`. */
export const parseLoanState = (given: unknown): LoanState => {
  const parsed = loanStateSchema.safeParse(given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new LoanStateError(`${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'is of another form'}`)
}

const readingOf = (reading: LoanState['prices'][number]): PriceReading => {
  if (reading.kind === 'failed') return reading
  const { price, scale, updatedAt, ...rest } = reading
  return {
    ...{ ...rest, price: BigInt(price), scale: BigInt(scale) },
    ...(updatedAt === undefined ? {} : { updatedAt }),
  }
}

const usdOf = (usd: LoanState['quotes'][number]['usd']): UsdPrice | null => {
  if (!usd) return null
  const { price, scale, source, symbol } = usd
  return {
    ...{ price: BigInt(price), scale: BigInt(scale), source },
    ...(symbol === undefined ? {} : { symbol }),
  }
}

const decoded = (part: unknown): unknown => {
  try {
    return decodeState(JSON.stringify(part))
  } catch (error) {
    throw new LoanStateError('an integer of it is none', error)
  }
}

const assemble = (adapter: Adapter, state: LoanState): Loan => {
  const market = decoded(state.market) as Market
  const position = decoded(state.position) as Position
  const markets = new Map(
    [...(state.markets.map(decoded) as Market[]), market].map((one) => [one.id?.market, one]),
  )
  const prices = new Map(state.prices.map((one) => [one.key, readingOf(one)]))
  const quotes = new Map(state.quotes.map((one) => [quoteKey(one.quote as Quote), usdOf(one.usd)]))
  const { chainId, number, hash, timestamp } = state.block
  const debtInFront = state.debtInFront === null ? null : BigInt(state.debtInFront)
  return {
    ...{ adapter, market, position },
    env: {
      block: { chainId, number: BigInt(number), hash: hash as Hash, timestamp },
      timestamp: state.timestamp,
      prices: (key) => prices.get(key),
      markets: (name) => markets.get(name),
      debtInFront: ({ id }) => (formatPositionId(id) === state.id ? debtInFront : null),
      quotes: (one) => quotes.get(quoteKey(one)) ?? null,
    },
  }
}

/** Whose market and account protocol state says that it is of. */
const requireOwn = ({ market, position }: Loan, id: string): void => {
  const isOwn =
    position.id !== undefined &&
    formatPositionId(position.id) === id &&
    market.id !== undefined &&
    formatPositionId({ ...position.id, ...market.id }) === id
  if (!isOwn) throw new LoanStateError(`its market or its position is not of ${id}`)
}

/**
 * The loan of a state, by the adapter of its protocol. It is assessed once: throws `LoanStateError` where the state is of another
 * form, or where its health is not the one that was written down, as it may be by another version.
 */
export const loanWith = (adapter: Adapter, given: unknown): Loan => {
  const state = parseLoanState(given)
  const { protocol } = parsePositionId(state.id)
  if (protocol !== adapter.protocol)
    throw new LoanStateError(`it is of ${protocol}, the adapter of ${adapter.protocol}`)
  const loan = assemble(adapter, state)
  requireOwn(loan, state.id)
  let found: LoanState['assessment']
  try {
    found = outcomeOf(assessLoan(loan))
  } catch (error) {
    throw new LoanStateError(messageOf(error), error)
  }
  const [ours, theirs] = [JSON.stringify(found), JSON.stringify(state.assessment)]
  if (ours !== theirs) throw new LoanStateError(`${ours} comes out of it, ${theirs} was written down`)
  return loan
}

/** Which assets of a state move together, for `riskOf`. Throws `LoanStateError` where it is of another form. */
export const groupsIn = (given: unknown): Groups => {
  const state = parseLoanState(given)
  const groups = state.groups as readonly Group[]
  const byAsset = new Map(
    groups.flatMap((one) => one.members.map(({ asset }) => [asset.toLowerCase(), one] as const)),
  )
  return {
    groups,
    groupOf: (asset: Address) => byAsset.get(asset.toLowerCase()),
    feeds: feedsByKey(state.feeds as readonly Feed[]),
  }
}
