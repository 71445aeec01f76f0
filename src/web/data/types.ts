// What the API answers, as its own schemas have it.
import type { z } from 'zod'
import type { silence, toldAlert, watch } from '../../api/schemas/alert.ts'
import type { position } from '../../api/schemas/assessment.ts'
import type { auction, candidate } from '../../api/schemas/candidate.ts'
import type { block } from '../../api/schemas/common.ts'
import type { liquidation, market, point } from '../../api/schemas/market.ts'

export type Position = z.output<typeof position>
export type AssessedPosition = Extract<Position, { kind: 'assessed' }>
export type UnassessablePosition = Extract<Position, { kind: 'unassessable' }>
export type Leg = AssessedPosition['collateral'][number] | AssessedPosition['debt'][number]
export type Repair = NonNullable<AssessedPosition['repairs']>[number]
export type Candidate = z.output<typeof candidate>
export type LiquidationOption = Candidate['options'][number]
export type Market = z.output<typeof market>
export type Liquidation = z.output<typeof liquidation>
export type Point = z.output<typeof point>
export type Alert = z.output<typeof toldAlert>
export type Silence = z.output<typeof silence>
export type Watch = z.output<typeof watch>
export type Block = z.output<typeof block>

/** What every answer over chains says of itself. */
export type AsOf = {
  readonly block: Block | null
  readonly blocks: readonly (Block & {
    readonly isComplete: boolean
    readonly ageSeconds: number
    readonly stale: boolean
  })[]
  readonly ageSeconds: number | null
  readonly stale: boolean
  readonly unread: readonly { readonly chainId: number; readonly reason: string }[]
}

type Paged = { readonly next: string | null }

export type Status = AsOf & {
  readonly status: 'green' | 'yellow' | 'red'
  readonly chains: readonly {
    readonly chainId: number
    readonly label: string
    readonly follow: 'watched' | 'book'
    readonly status: 'green' | 'red'
    readonly reason: string | null
    readonly failure: { readonly since: number; readonly stage: string; readonly error: string } | null
    readonly positionCount: number
    readonly pendingCount: number
    readonly isDiscovering: boolean
  }[]
  readonly problems: readonly {
    readonly rule: string
    readonly severity: string
    readonly startsAt: number
    readonly summary: string
  }[]
  readonly watchedCount: number
  readonly historyDays: number
}

export type Failure = {
  readonly chainId: number
  readonly market: string | null
  readonly reason: string
  readonly detail: string
}

export type Account = {
  readonly account: string
  readonly stale: boolean
  readonly chains: readonly {
    readonly block: Block
    readonly ageSeconds: number
    readonly stale: boolean
    readonly source: 'book' | 'live'
    readonly positions: readonly Position[]
  }[]
  readonly failures: readonly Failure[]
}

export type Positions = AsOf & Paged & { readonly positions: readonly Position[] }
export type Markets = AsOf & Paged & { readonly markets: readonly Market[] }
export type Liquidations = AsOf & Paged & { readonly liquidations: readonly Liquidation[] }
export type History = AsOf & Paged & { readonly points: readonly Point[]; readonly historyDays: number }
export type Alerts = AsOf & Paged & { readonly alerts: readonly Alert[] }
export type Candidates = AsOf &
  Paged & {
    readonly candidates: readonly Candidate[]
    readonly auctions: readonly z.output<typeof auction>[]
    readonly unassessableCount: number
    readonly leftOutCount: number
  }

/** Debt that can be liquidated at every depth of a fall. */
export type Curve = {
  readonly name: string
  readonly symbols: readonly string[]
  readonly depths: readonly {
    readonly changePpm: string
    readonly count: number
    readonly debtUsd: string
    readonly collateralUsd: string
    readonly badDebtUsd: string
  }[]
}

export type Stress = { readonly curves: readonly Curve[]; readonly stale: boolean }
