// Answers of the API, and what the page calls their parts.
import type { AssessedPosition } from '../../client/client.ts'

export type {
  Account,
  Alerts,
  AssessedPosition,
  Candidate,
  Candidates,
  Failure,
  LiquidationOption,
  Market,
  Point,
  Position,
  Silences,
  Status,
  ToldAlert as Alert,
  UnassessablePosition,
  Watch,
} from '../../client/client.ts'

export type Leg = AssessedPosition['collateral'][number] | AssessedPosition['debt'][number]
export type Repair = NonNullable<AssessedPosition['repairs']>[number]

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
