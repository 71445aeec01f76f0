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
  StressCurve as Curve,
  ToldAlert as Alert,
  UnassessablePosition,
  Watch,
} from '../../client/client.ts'

export type Leg = AssessedPosition['collateral'][number] | AssessedPosition['debt'][number]
export type Repair = NonNullable<AssessedPosition['repairs']>[number]
