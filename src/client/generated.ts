// Made by `npm run client` of the OpenAPI document: not to be edited.
import type { CallOptions, Endpoint, Text } from './calling.ts'

/** RFC 9457 problem details */
export type Problem = {
  /** urn:plimsoll:problem:NAME, where NAME says what kind of fault it is */
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  /** How to mend it */
  readonly remedy?: string
  readonly faults?: readonly {
    readonly in: 'query' | 'path' | 'body'
    readonly path: string
    readonly message: string
  }[]
}

export type Block = {
  readonly chainId: number
  readonly number: string
  readonly hash: `0x${string}`
  /** Unix seconds */
  readonly timestamp: number
}

export type KnownBlock = {
  readonly chainId: number
  readonly number: string
  readonly hash: `0x${string}`
  /** Unix seconds */
  readonly timestamp: number
  /** Every borrower that is to be followed is found and read */
  readonly isComplete: boolean
  readonly ageSeconds: number
  /** What is said of this chain is older than its bound */
  readonly stale: boolean
}

export type UnreadChain = {
  readonly chainId: number
  readonly reason: string
}

export type Quote = {
  readonly symbol: string
  readonly decimals: number
  readonly asset?: `0x${string}`
}

export type AssetAmount = {
  readonly asset: `0x${string}`
  readonly symbol: string
  readonly decimals: number
  readonly amount: string
  readonly value: string
}

export type CollateralLeg = {
  readonly asset: `0x${string}`
  readonly symbol: string
  readonly decimals: number
  readonly priceKey: string
  readonly amount: string
  /** The oracle’s own integer */
  readonly price: string
  /** In the quote */
  readonly value: string
  /** In units of 10^-18 */
  readonly maxLtv: string
  /** In units of 10^-18 */
  readonly liquidationThreshold: string
}

export type DebtLeg = {
  readonly asset: `0x${string}`
  readonly symbol: string
  readonly decimals: number
  readonly priceKey: string
  readonly amount: string
  /** The oracle’s own integer */
  readonly price: string
  /** In the quote */
  readonly value: string
}

export type Health = {
  readonly kind: 'assessed'
  /** chainId:protocol:deployment:market:account */
  readonly id: string
  readonly owner: `0x${string}`
  readonly chainId: number
  readonly protocol: string
  readonly deployment: string
  readonly market: string
  readonly block: Block
  readonly revision: string
  readonly revisionRaw: string
  readonly fidelity: 'exact' | 'observed'
  readonly quote: Quote
  readonly collateral: readonly CollateralLeg[]
  readonly debt: readonly DebtLeg[]
  readonly collateralValue: string
  readonly liquidationValue: string | null
  readonly debtValue: string
  readonly averageThreshold?: string
  /** A wad; 2^256 − 1 without debt */
  readonly healthFactor: string
  readonly isLiquidatable: boolean
  readonly isExecutable: boolean
  readonly phase: 'no-debt' | 'healthy' | 'soft-liquidation' | 'liquidatable' | 'bad-debt'
  readonly blockedBy: readonly string[]
  readonly stored?: {
    /** In units of 10^-18 */
    readonly healthFactor: string
    readonly isLiquidatable: boolean
  }
  readonly refreshed?: {
    /** In units of 10^-18 */
    readonly healthFactor: string
    readonly isLiquidatable: boolean
    readonly debtValue: string
  }
  readonly next?: {
    /** In units of 10^-18 */
    readonly healthFactor: string
    readonly isLiquidatable: boolean
    /** Unix seconds */
    readonly at: number
  }
  readonly debtInFront?: string | null
  readonly usd: {
    /** US dollars to the cent, for ranking and display */
    readonly collateral: string
    /** US dollars to the cent, for ranking and display */
    readonly debt: string
    readonly source: string
  } | null
}

export type Unassessable = {
  readonly kind: 'unassessable'
  /** chainId:protocol:deployment:market:account */
  readonly id: string
  readonly owner: `0x${string}`
  readonly chainId: number
  readonly protocol: string
  readonly deployment: string
  readonly market: string
  readonly block: Block
  readonly reason:
    | 'read-failed'
    | 'price-failed'
    | 'unknown-revision'
    | 'maths-reverts'
    | 'not-yet-read'
    | 'stale-head'
    | 'endpoint-down'
  readonly detail: string
}

/** A loan at one block; what could not be assessed is said, never left out */
export type Assessment = Health | Unassessable

export type RepairAmount = {
  readonly asset: `0x${string}`
  readonly symbol: string
  readonly decimals: number
  readonly amount: string
  readonly value: string
  readonly isAll?: true
}

export type LiquidationPrice = {
  readonly asset: `0x${string}`
  readonly symbol: string
  readonly price: string
  readonly scale: string
  readonly liquidationPrice: string | null
  readonly changePpm: string | null
  readonly movesWith: readonly string[]
  readonly nonMonotone?: true
  readonly flips?: readonly {
    readonly from: string
    readonly to: string
  }[]
  readonly unproven?: true
}

export type Shock = {
  readonly changePpm: string
  readonly nonMonotone?: true
  readonly unproven?: true
}

export type Repair = {
  /** In units of 10^-18 */
  readonly targetHealthFactor: string
  readonly repay: readonly RepairAmount[]
  readonly supply: readonly RepairAmount[]
  readonly deleverage: readonly {
    readonly repay: RepairAmount
    readonly withdraw: RepairAmount
  }[]
  readonly cheapest:
    | readonly {
        readonly asset: `0x${string}`
        readonly symbol: string
        readonly decimals: number
        readonly amount: string
        readonly value: string
        readonly isAll?: true
        readonly kind: 'repay' | 'supply'
      }[]
    | null
  readonly unfit: readonly {
    readonly kind: 'repay' | 'supply' | 'deleverage'
    readonly symbol: string
    readonly asset: `0x${string}`
    readonly reason: string
  }[]
}

export type Margin = {
  readonly exposure: string
  readonly equity: string
  readonly leverage: string
  readonly [field: string]: unknown
}

export type AssessedPosition = {
  readonly kind: 'assessed'
  /** chainId:protocol:deployment:market:account */
  readonly id: string
  readonly owner: `0x${string}`
  readonly chainId: number
  readonly protocol: string
  readonly deployment: string
  readonly market: string
  readonly block: Block
  readonly revision: string
  readonly revisionRaw: string
  readonly fidelity: 'exact' | 'observed'
  readonly quote: Quote
  readonly collateral: readonly CollateralLeg[]
  readonly debt: readonly DebtLeg[]
  readonly collateralValue: string
  readonly liquidationValue: string | null
  readonly debtValue: string
  readonly averageThreshold?: string
  /** A wad; 2^256 − 1 without debt */
  readonly healthFactor: string
  readonly isLiquidatable: boolean
  readonly isExecutable: boolean
  readonly phase: 'no-debt' | 'healthy' | 'soft-liquidation' | 'liquidatable' | 'bad-debt'
  readonly blockedBy: readonly string[]
  readonly stored?: {
    /** In units of 10^-18 */
    readonly healthFactor: string
    readonly isLiquidatable: boolean
  }
  readonly refreshed?: {
    /** In units of 10^-18 */
    readonly healthFactor: string
    readonly isLiquidatable: boolean
    readonly debtValue: string
  }
  readonly next?: {
    /** In units of 10^-18 */
    readonly healthFactor: string
    readonly isLiquidatable: boolean
    /** Unix seconds */
    readonly at: number
  }
  readonly debtInFront?: string | null
  readonly usd: {
    /** US dollars to the cent, for ranking and display */
    readonly collateral: string
    /** US dollars to the cent, for ranking and display */
    readonly debt: string
    readonly source: string
  } | null
  readonly leverage?: string
  readonly liquidationPrices?: readonly LiquidationPrice[]
  readonly shock?: Shock | null
  readonly shocks?: readonly {
    readonly group: string
    readonly symbols: readonly string[]
    readonly isStable: boolean
    readonly shock: Shock | null
  }[]
  readonly secondsToLiquidation?: number | null
  readonly borrowCostPerYear?: string | null
  readonly margin?: Margin
  readonly repairs?: readonly Repair[]
}

export type UnassessablePosition = {
  readonly kind: 'unassessable'
  /** chainId:protocol:deployment:market:account */
  readonly id: string
  readonly owner: `0x${string}`
  readonly chainId: number
  readonly protocol: string
  readonly deployment: string
  readonly market: string
  readonly block: Block
  readonly reason:
    | 'read-failed'
    | 'price-failed'
    | 'unknown-revision'
    | 'maths-reverts'
    | 'not-yet-read'
    | 'stale-head'
    | 'endpoint-down'
  readonly detail: string
}

export type Position = AssessedPosition | UnassessablePosition

/** A loan with all that it rests on, at one block. `loanOf` of the library makes a loan of it, which computes what is computed here */
export type LoanState = {
  readonly format: 1
  /** chainId:protocol:deployment:market:account */
  readonly id: string
  readonly block: {
    readonly chainId: number
    readonly number: string
    readonly hash: string
    readonly timestamp: number
  }
  /** Unix seconds up to which interest accrues */
  readonly timestamp: number
  /** What comes out of it: whoever makes a loan of it compares */
  readonly assessment:
    | {
        readonly kind: 'assessed'
        readonly healthFactor: string
        readonly collateralValue: string
        readonly debtValue: string
        readonly isLiquidatable: boolean
        readonly isExecutable: boolean
      }
    | {
        readonly kind: 'unassessable'
        readonly reason: string
      }
  /** In the protocol’s own terms; integers are written `n:…` */
  readonly market: Readonly<Record<string, unknown>>
  /** Others of the deployment that it rests on */
  readonly markets: readonly Readonly<Record<string, unknown>>[]
  readonly position: Readonly<Record<string, unknown>>
  /** The oracle’s own integers */
  readonly prices: readonly (
    | {
        readonly kind: 'price'
        readonly key: string
        readonly price: string
        readonly scale: string
        readonly updatedAt?: number
        readonly source: string
      }
    | {
        readonly kind: 'failed'
        readonly key: string
        readonly error: string
      }
  )[]
  readonly quotes: readonly {
    readonly quote: {
      readonly symbol: string
      readonly decimals: number
      readonly asset?: `0x${string}`
    }
    readonly usd: {
      readonly price: string
      readonly scale: string
      readonly source: string
      readonly symbol?: string
    } | null
  }[]
  readonly debtInFront: string | null
  /** Assets whose prices move together */
  readonly groups: readonly {
    readonly name: string
    readonly isStable: boolean
    readonly members: readonly {
      readonly asset: `0x${string}`
      readonly symbol: string
    }[]
  }[]
  /** What the prices are of */
  readonly feeds: readonly {
    readonly key: string
    readonly asset: `0x${string}`
    readonly symbol: string
    readonly quote: {
      readonly symbol: string
      readonly decimals: number
      readonly asset?: `0x${string}`
    }
    readonly source: `0x${string}` | null
    readonly isRate?: true
  }[]
}

export type AssessedPositionWithState = {
  readonly kind: 'assessed'
  /** chainId:protocol:deployment:market:account */
  readonly id: string
  readonly owner: `0x${string}`
  readonly chainId: number
  readonly protocol: string
  readonly deployment: string
  readonly market: string
  readonly block: Block
  readonly revision: string
  readonly revisionRaw: string
  readonly fidelity: 'exact' | 'observed'
  readonly quote: Quote
  readonly collateral: readonly CollateralLeg[]
  readonly debt: readonly DebtLeg[]
  readonly collateralValue: string
  readonly liquidationValue: string | null
  readonly debtValue: string
  readonly averageThreshold?: string
  /** A wad; 2^256 − 1 without debt */
  readonly healthFactor: string
  readonly isLiquidatable: boolean
  readonly isExecutable: boolean
  readonly phase: 'no-debt' | 'healthy' | 'soft-liquidation' | 'liquidatable' | 'bad-debt'
  readonly blockedBy: readonly string[]
  readonly stored?: {
    /** In units of 10^-18 */
    readonly healthFactor: string
    readonly isLiquidatable: boolean
  }
  readonly refreshed?: {
    /** In units of 10^-18 */
    readonly healthFactor: string
    readonly isLiquidatable: boolean
    readonly debtValue: string
  }
  readonly next?: {
    /** In units of 10^-18 */
    readonly healthFactor: string
    readonly isLiquidatable: boolean
    /** Unix seconds */
    readonly at: number
  }
  readonly debtInFront?: string | null
  readonly usd: {
    /** US dollars to the cent, for ranking and display */
    readonly collateral: string
    /** US dollars to the cent, for ranking and display */
    readonly debt: string
    readonly source: string
  } | null
  readonly leverage?: string
  readonly liquidationPrices?: readonly LiquidationPrice[]
  readonly shock?: Shock | null
  readonly shocks?: readonly {
    readonly group: string
    readonly symbols: readonly string[]
    readonly isStable: boolean
    readonly shock: Shock | null
  }[]
  readonly secondsToLiquidation?: number | null
  readonly borrowCostPerYear?: string | null
  readonly margin?: Margin
  readonly repairs?: readonly Repair[]
  /** With include=state; null where its market is not read */
  readonly state?: LoanState | null
}

export type UnassessablePositionWithState = {
  readonly kind: 'unassessable'
  /** chainId:protocol:deployment:market:account */
  readonly id: string
  readonly owner: `0x${string}`
  readonly chainId: number
  readonly protocol: string
  readonly deployment: string
  readonly market: string
  readonly block: Block
  readonly reason:
    | 'read-failed'
    | 'price-failed'
    | 'unknown-revision'
    | 'maths-reverts'
    | 'not-yet-read'
    | 'stale-head'
    | 'endpoint-down'
  readonly detail: string
  /** With include=state; null where its market is not read */
  readonly state?: LoanState | null
}

export type PositionWithState = AssessedPositionWithState | UnassessablePositionWithState

export type Failure = {
  readonly chainId: number
  readonly market: string | null
  readonly reason: string
  readonly detail: string
}

export type Account = {
  readonly account: `0x${string}`
  readonly block: Block | null
  /** Of the oldest of `blocks` */
  readonly ageSeconds: number | null
  readonly stale: boolean
  readonly chains: readonly {
    readonly block: Block
    readonly ageSeconds: number
    readonly stale: boolean
    readonly source: 'book' | 'live'
    readonly positions: readonly PositionWithState[]
  }[]
  readonly failures: readonly Failure[]
}

export type Notice = {
  readonly fingerprint: string
  /** Unix seconds */
  readonly activeAt: number
  readonly receiver: string
  readonly chainId: number
  readonly isOpen: boolean
  readonly told: 'nothing' | 'firing' | 'resolved' | 'retracted'
  /** Unix milliseconds */
  readonly createdAtMs: number
  /** Unix milliseconds */
  readonly firstToldAtMs?: number
  /** Unix milliseconds */
  readonly toldAtMs?: number
  readonly repeatCount: number
  readonly escalationStep?: number
  readonly reason?: string
}

export type Acknowledgement = {
  readonly fingerprint: string
  /** Unix seconds */
  readonly activeAt: number
  /** Unix milliseconds */
  readonly atMs: number
  readonly by: string
  readonly comment: string
}

export type Decision = {
  /** Unix milliseconds */
  readonly atMs: number
  readonly chainId: number
  readonly fingerprint: string
  /** Unix seconds */
  readonly activeAt: number
  readonly receiver: string
  readonly isSent: boolean
  readonly reason: string
  readonly detail?: string
  readonly notificationId?: string
}

/** `hash` is 0x where the alert is of no block */
export type AlertBlock = {
  readonly chainId: number
  readonly number: string
  readonly hash: string
  /** Unix seconds */
  readonly timestamp: number
}

export type Alert = {
  readonly fingerprint: string
  readonly rule: string
  readonly subject: string
  readonly severity: 'info' | 'warning' | 'critical'
  readonly state: 'pending' | 'firing' | 'resolved' | 'retracted'
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** Unix seconds */
  readonly activeAt: number
  /** Unix seconds */
  readonly startsAt?: number
  /** Unix seconds */
  readonly clearedAt?: number
  /** Unix seconds */
  readonly endsAt?: number
  readonly block: AlertBlock
}

export type ToldAlert = {
  readonly fingerprint: string
  readonly rule: string
  readonly subject: string
  readonly severity: 'info' | 'warning' | 'critical'
  readonly state: 'pending' | 'firing' | 'resolved' | 'retracted'
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** Unix seconds */
  readonly activeAt: number
  /** Unix seconds */
  readonly startsAt?: number
  /** Unix seconds */
  readonly clearedAt?: number
  /** Unix seconds */
  readonly endsAt?: number
  readonly block: AlertBlock
  readonly notices: readonly Notice[]
  readonly acknowledgement?: Acknowledgement
  /** With explain=true: what was sent or not, and why */
  readonly decisions?: readonly Decision[]
}

export type Silence = {
  readonly id: string
  readonly match: Readonly<Record<string, string>>
  /** Unix seconds */
  readonly startsAt: number
  /** Unix seconds */
  readonly endsAt: number
  readonly createdBy: string
  readonly comment: string
  readonly holds: boolean
}

export type Watch = {
  readonly account: `0x${string}`
  readonly label?: string
  readonly receivers: readonly string[]
  readonly source: 'configuration' | 'database'
  /** Receivers that it names and that are configured no more */
  readonly missing: readonly string[]
}

export type Acknowledged = {
  readonly alert: Alert
}

export type Call = {
  readonly to: `0x${string}`
  readonly data: `0x${string}`
  readonly value?: string
  readonly answersCode?: true
  readonly wants?: string
}

export type LiquidationOption = {
  readonly method: string
  readonly payer: 'liquidator' | 'protocol' | 'auction'
  readonly debtAsset: `0x${string}`
  readonly repay: string
  readonly collateralAsset: `0x${string}`
  readonly seize: string
  readonly protocolFee: string
  readonly badDebt: string
  readonly repaid: AssetAmount
  readonly seized: readonly AssetAmount[]
  readonly reward: readonly AssetAmount[]
  /** Seized value less repaid value, in the quote */
  readonly incentive: string
  readonly incentiveUsd: string | null
  /** What gas leaves of the incentive */
  readonly netUsd: string | null
  readonly quote: Quote
  readonly gas: string | null
  readonly call: Call
  readonly [field: string]: unknown
}

export type Candidate = {
  readonly position: Health
  readonly basis: 'now' | 'refreshed' | 'next'
  readonly options: readonly LiquidationOption[]
  readonly twoStep: {
    readonly debtAsset: `0x${string}`
    readonly collateralAsset: `0x${string}`
    readonly first: {
      /** In units of 10^-18 */
      readonly healthBefore: string
      readonly repaid: AssetAmount
      readonly seized: readonly AssetAmount[]
      readonly incentive: string
      readonly call: Call
    }
    readonly second: {
      /** In units of 10^-18 */
      readonly healthBefore: string
      readonly repaid: AssetAmount
      readonly seized: readonly AssetAmount[]
      readonly incentive: string
      readonly call: Call
    }
    readonly incentive: string
    readonly gain: string
    readonly gainUsd: string | null
    readonly netGainUsd: string | null
  } | null
  readonly incentiveUsd: string | null
  readonly netUsd: string | null
}

export type AuctionCandidate = {
  readonly chainId: number
  readonly protocol: string
  readonly deployment: string
  readonly market: string
  readonly auction: {
    readonly id: string
    readonly market: string
    readonly owner: `0x${string}`
    readonly lot: AssetAmount
    readonly debt: AssetAmount
    readonly price: string
    readonly oraclePrice: string | null
    readonly priceScale: string
    readonly status: 'running' | 'restartable' | 'stopped'
    /** Unix seconds */
    readonly startedAt: number
    /** Unix seconds */
    readonly endsAt: number
  }
  readonly bought: AssetAmount | null
  readonly paid: AssetAmount | null
  readonly reward: readonly AssetAmount[]
  readonly incentive: string | null
  readonly incentiveUsd: string | null
  readonly call: Call
}

export type AuctionFailure = {
  readonly chainId: number
  readonly protocol: string
  readonly deployment: string
  readonly market: string
  readonly auction: string | null
  readonly detail: string
}

/** Loans that changed sides */
export type Turned = {
  readonly count: number
  /** The first of them */
  readonly ids: readonly string[]
  readonly quote: Quote | null
  readonly debtValue: string | null
  readonly debtUsd: string | null
}

/** Of all changes of the market at that block together, at its prices and time */
export type ChangeEffect = {
  /** So many parameters changed together */
  readonly changeCount: number
  readonly positionCount: number
  readonly exactCount: number
  /** May have moved and were not assessed: more than one cycle looks at */
  readonly uncertainCount: number
  readonly movedCount: number
  readonly largestFall: {
    readonly id: string
    readonly before: string | null
    readonly after: string | null
  } | null
  readonly largestRise: {
    readonly id: string
    readonly before: string | null
    readonly after: string | null
  } | null
  readonly newlyLiquidatable: Turned
  readonly noLongerLiquidatable: Turned
  readonly newlyExecutable: Turned
  readonly newlyBlocked: Turned
  readonly newlyUnassessable: Turned
  readonly watched: readonly {
    readonly id: string
    readonly before: string | null
    readonly after: string | null
    readonly becomes:
      | 'liquidatable'
      | 'safe'
      | 'executable'
      | 'blocked'
      | 'unassessable'
      | 'assessable'
      | null
  }[]
}

export type Parameter = {
  /** Its name; one that holds in part of a market only is part[id].name */
  readonly parameter: string
  /** Null where it is of the whole market */
  readonly asset: `0x${string}` | null
  readonly symbol?: string
  /** `wad`, `ray` and `bps` are shares or rates of 1e18, 1e27 and 1e4; `amount` is in units of 10^-decimals */
  readonly unit: 'wad' | 'ray' | 'bps' | 'amount' | 'address' | 'flag' | 'seconds' | 'count' | 'text'
  /** Of an amount */
  readonly decimals?: number
  readonly value: string | boolean
}

export type ParameterChange = {
  readonly block: {
    readonly chainId: number
    readonly number: string
    /** Unix seconds */
    readonly timestamp: number
  }
  /** chainId:protocol:deployment:market */
  readonly market: string
  /** Its name; one that holds in part of a market only is part[id].name */
  readonly parameter: string
  /** Null where it is of the whole market */
  readonly asset: `0x${string}` | null
  readonly symbol?: string
  /** `wad`, `ray` and `bps` are shares or rates of 1e18, 1e27 and 1e4; `amount` is in units of 10^-decimals */
  readonly unit: 'wad' | 'ray' | 'bps' | 'amount' | 'address' | 'flag' | 'seconds' | 'count' | 'text'
  /** Of an amount */
  readonly decimals?: number
  readonly before: string | boolean | null
  readonly after: string | boolean | null
  readonly effect: ChangeEffect
}

export type Coverage = {
  readonly market: string
  readonly asset: `0x${string}`
  readonly symbol: string
  readonly decimals: number
  readonly trackedDebt: string
  readonly totalDebt: string
  readonly ppm: number
}

export type Band = {
  /** In units of 10^-18 */
  readonly from: string
  /** In units of 10^-18 */
  readonly to: string
  readonly count: number
  /** US dollars to the cent, for ranking and display */
  readonly debtUsd: string
  /** US dollars to the cent, for ranking and display */
  readonly collateralUsd: string
}

export type Distribution = {
  readonly bands: readonly Band[]
  readonly weightedHealth: string | null
  readonly largest: {
    readonly id: string
    readonly debtPpm: string
  } | null
  readonly tenLargestPpm: string | null
  readonly unassessableCount: number
}

export type Market = {
  readonly chainId: number
  readonly protocol: string
  readonly deployment: string
  readonly market: string
  readonly label: string
  readonly quote: Quote
  readonly revision: string
  readonly revisionRaw: string
  readonly fidelity: 'exact' | 'observed'
  readonly fault?: {
    readonly reason:
      | 'read-failed'
      | 'price-failed'
      | 'unknown-revision'
      | 'maths-reverts'
      | 'not-yet-read'
      | 'stale-head'
      | 'endpoint-down'
    readonly detail: string
  }
  readonly block: Block
  readonly positionCount: number
  /** Of `coverage` and `distribution`, for which every loan is looked at: may be another than `block` */
  readonly surveyBlock?: Block
  /** With include=coverage */
  readonly coverage?: readonly Coverage[]
  /** With include=distribution */
  readonly distribution?: Distribution
}

export type AssetTotals = {
  readonly asset: `0x${string}`
  readonly symbol: string
  readonly decimals: number
  /** Lent, or put up as collateral; null where the contracts do not add it up */
  readonly supplied: string | null
  readonly borrowed: string | null
  /** How much of what can be borrowed is, as the rates of the market count it, in units of 10^-18; may exceed 1 */
  readonly utilization: string | null
}

export type OracleFeed = {
  readonly feed: `0x${string}`
  /** What it says of itself */
  readonly description: string | null
  /** The price is divided by it */
  readonly isInverse: boolean
  /** When it spoke last; null where it does not tell */
  readonly updatedAt: number | null
  /** How long before the block that was */
  readonly ageSeconds: number | null
  /** How long it may be silent, where that is configured */
  readonly heartbeatSeconds: number | null
  /** An alert says that it is silent for too long; feeds that watched loans rest on are watched for that */
  readonly isStale: boolean
}

export type Oracle = {
  readonly key: string
  readonly assets: readonly {
    readonly asset: `0x${string}`
    readonly symbol: string
  }[]
  readonly quote: Quote
  /** `feed`: the source is a feed itself; `composed`: it asks others; `rate`: what a share is worth; `named`: one oracle answers for many assets by their names, and what it asks is not followed; `unread`: not looked at yet */
  readonly kind: 'feed' | 'composed' | 'rate' | 'named' | 'unread'
  readonly source: `0x${string}` | null
  /** In units of `scale` */
  readonly price: string | null
  readonly scale: string | null
  /** Why there is no price */
  readonly error: string | null
  /** Of the feed that spoke longest ago */
  readonly ageSeconds: number | null
  /** What the price rests on, as far as that is known */
  readonly feeds: readonly OracleFeed[]
}

export type WholeMarket = {
  readonly chainId: number
  readonly protocol: string
  readonly deployment: string
  readonly market: string
  readonly label: string
  readonly quote: Quote
  readonly revision: string
  readonly revisionRaw: string
  readonly fidelity: 'exact' | 'observed'
  readonly fault?: {
    readonly reason:
      | 'read-failed'
      | 'price-failed'
      | 'unknown-revision'
      | 'maths-reverts'
      | 'not-yet-read'
      | 'stale-head'
      | 'endpoint-down'
    readonly detail: string
  }
  readonly block: Block
  readonly positionCount: number
  /** Of `coverage` and `distribution`, for which every loan is looked at: may be another than `block` */
  readonly surveyBlock?: Block
  /** With include=coverage */
  readonly coverage?: readonly Coverage[]
  /** With include=distribution */
  readonly distribution?: Distribution
  readonly parameters: readonly Parameter[]
  /** Null where the protocol tells none */
  readonly totals: readonly AssetTotals[] | null
  readonly oracles: readonly Oracle[]
  /** Why it could not be found out when feeds spoke last */
  readonly oracleFailure: string | null
}

export type Foretold = {
  readonly block: {
    readonly chainId: number
    readonly number: string
    readonly hash: `0x${string}`
    /** Unix seconds */
    readonly timestamp: number
  }
  readonly healthFactor: string | null
  readonly isLiquidatable: boolean | null
  readonly repayMax: string | null
  readonly repaid: string | null
  readonly seized: string | null
}

export type Liquidation = {
  readonly chainId: number
  readonly blockNumber: string
  readonly blockHash: `0x${string}`
  readonly logIndex: number
  readonly transactionHash: `0x${string}`
  readonly position: string
  readonly owner: `0x${string}`
  readonly liquidator: `0x${string}`
  readonly debtAsset: `0x${string}`
  readonly repaid: string
  readonly collateralAsset: `0x${string}`
  readonly seized: string
  /** Of `debtAsset`; null where it is not known */
  readonly debt: {
    readonly symbol: string
    readonly decimals: number
  } | null
  /** Of `collateralAsset`; null where it is not known */
  readonly collateral: {
    readonly symbol: string
    readonly decimals: number
  } | null
  /** The time of the head with which it was seen; null where that is not known any more */
  readonly seenAt: number | null
  /** With include=foretold */
  readonly foretold?: {
    /** At the last observed block before */
    readonly before: Foretold | null
    /** The same state at the prices and the time of its own block, where that was observed */
    readonly within: Foretold | null
    /** Seized less what `within` gives, where as much is repaid in both */
    readonly difference: string | null
  }
}

export type Point = {
  readonly block: {
    readonly number: string
    /** Unix seconds */
    readonly timestamp: number
  }
  /** recomputed: nothing was noted at that block, its state was */
  readonly cause:
    | 'opened'
    | 'activity'
    | 'moved'
    | 'crossed'
    | 'checkpoint'
    | 'closed'
    | 'backfilled'
    | 'recomputed'
  readonly healthFactor: string | null
  readonly collateralValue: string | null
  readonly debtValue: string | null
  readonly isLiquidatable: boolean | null
  readonly reason: string | null
}

export type DistributionOfAll = {
  /** The first of `blocks` */
  readonly block: Block | null
  readonly blocks: readonly KnownBlock[]
  /** Of the oldest of `blocks` */
  readonly ageSeconds: number | null
  readonly stale: boolean
  /** Chains of which nothing is known yet */
  readonly unread: readonly UnreadChain[]
  /** Markets in which a loan is followed */
  readonly marketCount: number
  readonly positionCount: number
  /** Loans with debt, lowest health first */
  readonly bands: readonly Band[]
  readonly unassessableCount: number
}

export type ExportTables = {
  readonly formats: readonly string[]
  readonly tables: readonly {
    readonly name: string
    readonly about: string
    readonly filters: readonly string[]
    readonly columns: readonly {
      readonly name: string
      readonly type: 'text' | 'integer' | 'boolean' | 'uint256' | 'json'
      /** Of a number; empty where that is no question */
      readonly unit: string
    }[]
  }[]
}

export type OneMarket = {
  /** The first of `blocks` */
  readonly block: Block | null
  readonly blocks: readonly KnownBlock[]
  /** Of the oldest of `blocks` */
  readonly ageSeconds: number | null
  readonly stale: boolean
  /** Chains of which nothing is known yet */
  readonly unread: readonly UnreadChain[]
  readonly market: WholeMarket
}

export type Name = {
  /** As ENSIP-15 writes it */
  readonly name: string
  readonly address: `0x${string}`
  readonly chainId: number
  readonly block: Block
  /** The contract that said so */
  readonly resolver: `0x${string}`
}

export type OnePosition = {
  /** The first of `blocks` */
  readonly block: Block | null
  /** Of the oldest of `blocks` */
  readonly ageSeconds: number | null
  readonly stale: boolean
  readonly position: Position
}

export type OneState = {
  /** The first of `blocks` */
  readonly block: Block | null
  /** Of the oldest of `blocks` */
  readonly ageSeconds: number | null
  readonly stale: boolean
  readonly state: LoanState
}

export type Receiver = {
  /** Its name */
  readonly receiver: string
  /** Null where it is configured no more */
  readonly kind: string | null
  /** Messages that wait, those that failed among them */
  readonly waitingCount: number
  /** Messages that failed and are tried again */
  readonly failingCount: number
  /** Messages that arrived, as long as they are kept */
  readonly deliveredCount: number
  /** Messages that were given up */
  readonly deadCount: number
  /** Of the last that has not arrived, without secrets */
  readonly lastError: string | null
  /** When the first of those that failed is tried again */
  readonly nextAttemptAt: number | null
  /** It is left alone until then: it fails, wants to be, or had as many in a minute as it takes; null where it is not */
  readonly restsUntil: number | null
  /** Its quiet hours end then: only what is critical is told before; null outside of them */
  readonly quietUntil: number | null
}

export type DeadLetter = {
  readonly id: string
  readonly receiver: string
  readonly headline: string
  readonly attemptCount: number
  /** When it was given up */
  readonly deadAt: number
  readonly lastError: string | null
}

export type ReceiverTest = {
  readonly receiver: string
  readonly kind: string
  /** It arrived */
  readonly ok: boolean
  readonly error: string | null
  /** Of the message */
  readonly id: string
  readonly durationMs: number
}

export type Receivers = {
  readonly receivers: readonly Receiver[]
}

export type Resent = {
  readonly resentCount: number
  readonly outdatedCount: number
}

export type OneSilence = {
  readonly silence: Silence
}

export type Silences = {
  readonly silences: readonly Silence[]
}

export type ChainStatus = {
  readonly chainId: number
  readonly label: string
  readonly follow: 'watched' | 'book'
  readonly status: 'green' | 'red'
  /** Why it is red */
  readonly reason: string | null
  /** What fails now, where it has not succeeded since */
  readonly failure: {
    /** Unix seconds */
    readonly since: number
    readonly stage: string
    readonly error: string
  } | null
  /** Where names of ENS are looked up; null where the chain has none */
  readonly ensRegistry: `0x${string}` | null
  readonly positionCount: number
  /** Keys that are found and not yet read */
  readonly pendingCount: number
  /** Borrowers are still being searched for */
  readonly isDiscovering: boolean
  readonly lastCycleAt: number | null
  /** How long the last cycle took */
  readonly lastCycleMs: number | null
  readonly endpoints: readonly {
    readonly name: string
    readonly state: 'unknown' | 'healthy' | 'failing'
    readonly head?: string
    readonly requestCount: number
    readonly errorCount: number
    readonly lastError?: string
  }[]
}

export type WatcherProblem = {
  readonly rule: string
  readonly severity: 'info' | 'warning' | 'critical'
  /** Unix seconds */
  readonly startsAt: number
  readonly summary: string
}

export type Status = {
  readonly status: 'green' | 'yellow' | 'red'
  /** Of Plimsoll */
  readonly version: string
  /** The first of `blocks` */
  readonly block: Block | null
  readonly blocks: readonly KnownBlock[]
  /** Of the oldest of `blocks` */
  readonly ageSeconds: number | null
  readonly stale: boolean
  /** Chains of which nothing is known yet */
  readonly unread: readonly UnreadChain[]
  readonly chains: readonly ChainStatus[]
  readonly problems: readonly WatcherProblem[]
  readonly watchedCount: number
  readonly historyDays: number
}

/** A cycle was committed and everything of it was told */
export type HeadEvent = {
  /** To resume from: `Last-Event-ID`, or `after` */
  readonly id: string
  readonly chainId: number
  readonly block: Block
  readonly topic: 'head'
  readonly data: {
    /** The block of the head before; null for the first since the start */
    readonly previous: Block | null
    /** So many blocks below `previous` were undone; what had rested on them was told anew */
    readonly reorgDepth: string
    readonly ageSeconds: number
    readonly stale: boolean
    readonly positionCount: number
    /** Loans that the cycle assessed exactly */
    readonly assessedCount: number
    readonly pendingCount: number
    readonly logCount: number
    readonly liquidationCount: number
    /** Events since the head before, for all clients together */
    readonly told: {
      readonly candidate: number
      readonly assessment: number
      readonly alert: number
    }
    /** Events that would have been too many; candidates among them follow with a later block */
    readonly leftOut: {
      readonly candidate: number
      readonly assessment: number
    }
  }
}

/** The health of a loan was written down */
export type AssessmentEvent = {
  /** To resume from: `Last-Event-ID`, or `after` */
  readonly id: string
  readonly chainId: number
  readonly block: Block
  readonly topic: 'assessment'
  readonly data: {
    readonly cause: 'opened' | 'activity' | 'moved' | 'crossed' | 'checkpoint' | 'closed' | 'backfilled'
    readonly id: string
    readonly owner: `0x${string}`
    /** Null where the loan is closed */
    readonly position: Assessment | null
  }
}

/** A loan became a candidate, is another one, or is none any more */
export type CandidateEvent = {
  /** To resume from: `Last-Event-ID`, or `after` */
  readonly id: string
  readonly chainId: number
  readonly block: Block
  readonly topic: 'candidate'
  readonly data: {
    readonly change: 'appeared' | 'changed' | 'gone' | 'unassessable'
    readonly id: string
    readonly owner: `0x${string}`
    /** Null where it is none any more, or not known to be */
    readonly candidate: Candidate | null
    /** Null where the loan is closed */
    readonly position: Assessment | null
  }
}

/** The state of an alert has changed */
export type AlertEvent = {
  /** To resume from: `Last-Event-ID`, or `after` */
  readonly id: string
  readonly chainId: number
  readonly block: Block | null
  readonly topic: 'alert'
  readonly data: {
    /** Cancelled: it was pending and never fired */
    readonly change: 'pending' | 'firing' | 'resolved' | 'retracted' | 'cancelled'
    readonly was: 'pending' | 'firing' | 'resolved' | 'retracted' | null
    readonly alert: Alert
  }
}

/** What is known of a chain is out of date, or is no longer */
export type StatusEvent = {
  /** To resume from: `Last-Event-ID`, or `after` */
  readonly id: string
  readonly chainId: number
  readonly block: Block | null
  readonly topic: 'status'
  readonly data: {
    readonly stale: boolean
    readonly reason: string | null
  }
}

/** The first event: lists that are read after it and the events behind it leave nothing out */
export type HelloEvent = {
  /** To resume from: `Last-Event-ID`, or `after` */
  readonly id: string
  readonly chainId: null
  readonly block: null
  readonly topic: 'hello'
  readonly data: {
    readonly topics: readonly ('head' | 'assessment' | 'candidate' | 'alert' | 'status')[]
    /** The event behind which it goes on; null where it begins now */
    readonly resumedAfter: string | null
    readonly blocks: readonly KnownBlock[]
    readonly stale: boolean
    /** Chains of which nothing is known yet */
    readonly unread: readonly UnreadChain[]
    readonly heartbeatSeconds: number
  }
}

/** Events were lost between the one that was named and those that follow */
export type ResetEvent = {
  /** To resume from: `Last-Event-ID`, or `after` */
  readonly id: string
  readonly chainId: null
  readonly block: null
  readonly topic: 'reset'
  readonly data: {
    readonly reason: 'restarted' | 'too-old' | 'unknown'
    readonly detail: string
    /** What to read again */
    readonly lists: readonly string[]
  }
}

/** The last event: the client was too slow */
export type DroppedEvent = {
  /** To resume from: `Last-Event-ID`, or `after` */
  readonly id: string
  readonly chainId: null
  readonly block: null
  readonly topic: 'dropped'
  readonly data: {
    readonly reason: string
  }
}

/** The last event: the daemon stops */
export type EndEvent = {
  /** To resume from: `Last-Event-ID`, or `after` */
  readonly id: string
  readonly chainId: null
  readonly block: null
  readonly topic: 'end'
  readonly data: {
    readonly reason: string
  }
}

/** What `data` of a server-sent event or a message of the WebSocket holds */
export type StreamEvent =
  | HelloEvent
  | HeadEvent
  | AssessmentEvent
  | CandidateEvent
  | AlertEvent
  | StatusEvent
  | ResetEvent
  | DroppedEvent
  | EndEvent

export type StressSum = {
  readonly count: number
  /** US dollars to the cent, for ranking and display */
  readonly debtUsd: string
  /** US dollars to the cent, for ranking and display */
  readonly collateralUsd: string
  /** Debt beyond collateral */
  readonly badDebtUsd: string
}

export type StressMarket = {
  readonly chainId: number
  readonly protocol: string
  readonly deployment: string
  readonly market: string
  readonly label: string
  readonly all: StressSum
  readonly newly: StressSum
  readonly after: StressSum
}

export type StressStep = {
  readonly name: string
  /** Interest that accrues until then */
  readonly seconds: number
  /** Assets whose oracles stand still */
  readonly frozen: readonly string[]
  readonly moved: readonly {
    readonly asset: `0x${string}`
    readonly symbol: string
    /** Parts per million of the price */
    readonly changePpm: string
  }[]
  /** Every loan, at the stored prices */
  readonly all: StressSum
  /** What could be liquidated, at the stored prices */
  readonly before: StressSum
  /** What can be liquidated and could not */
  readonly newly: StressSum
  /** What can be liquidated */
  readonly after: StressSum
  /** What could be liquidated and cannot */
  readonly recovered: number
  readonly markets: readonly StressMarket[]
  /** Ids of loans */
  readonly newlyLiquidatable: readonly string[]
  /** Bad debt at prices that frozen oracles do not tell */
  readonly badDebtAtMarketUsd?: string
  readonly [field: string]: unknown
}

export type StressCurve = {
  readonly name: string
  readonly symbols: readonly string[]
  /** What can be liquidated where these prices, and no others, change so much */
  readonly depths: readonly {
    readonly changePpm: string
    readonly count: number
    /** US dollars to the cent, for ranking and display */
    readonly debtUsd: string
    /** US dollars to the cent, for ranking and display */
    readonly collateralUsd: string
    /** Debt beyond collateral */
    readonly badDebtUsd: string
  }[]
}

export type CascadeRun = {
  /** False where it was cut off */
  readonly isAtRest: boolean
  readonly liquidations: number
  /** Ids of loans */
  readonly liquidated: readonly string[]
  /** US dollars to the cent, for ranking and display */
  readonly repaidUsd: string
  /** US dollars to the cent, for ranking and display */
  readonly seizedUsd: string
  /** What liquidations wrote off */
  readonly badDebtUsd: string
  /** What can be liquidated at rest, and nobody could or would */
  readonly outstanding: StressSum
  /** What sales leave of a price, 1 for all of it */
  readonly left: readonly {
    readonly venue: string
    readonly part: number
  }[]
  readonly sold: readonly {
    readonly venue: string
    /** US dollars to the cent, for ranking and display */
    readonly usd: string
  }[]
  /** Sold at no loss of price */
  readonly withoutDepth: readonly {
    readonly symbol: string
    /** US dollars to the cent, for ranking and display */
    readonly usd: string
  }[]
  readonly rounds: readonly {
    readonly step: string
    readonly liquidations: number
    /** US dollars to the cent, for ranking and display */
    readonly repaidUsd: string
    /** US dollars to the cent, for ranking and display */
    readonly seizedUsd: string
    /** US dollars to the cent, for ranking and display */
    readonly badDebtUsd: string
    /** What sales leave of a price, 1 for all of it */
    readonly left: readonly {
      readonly venue: string
      readonly part: number
    }[]
  }[]
}

export type Cascade = {
  /** Debt that falls with feedback per debt that falls without; null where none falls */
  readonly amplification: number | null
  /** Ids of loans that would have survived at still prices */
  readonly onlyBySpiral: readonly string[]
  readonly withFeedback: CascadeRun
  readonly withoutFeedback: CascadeRun
  /** The same with feedback where markets are shallower, or deeper */
  readonly sensitivity: readonly {
    /** Markets so many times as deep */
    readonly factor: number
    readonly liquidations: number
    /** US dollars to the cent, for ranking and display */
    readonly repaidUsd: string
    /** Written off, and beyond collateral at rest */
    readonly badDebtUsd: string
    readonly amplification: number | null
    /** What sales leave of a price, 1 for all of it */
    readonly left: readonly {
      readonly venue: string
      readonly part: number
    }[]
  }[]
}

export type Stress = {
  /** Of the oldest of `blocks` */
  readonly ageSeconds: number | null
  readonly stale: boolean
  readonly block: Block | null
  readonly blocks: readonly Block[]
  readonly scenario: string
  readonly source?: string
  readonly steps: readonly StressStep[]
  readonly everNewlyLiquidatable: number
  /** Volatile assets that no step moves */
  readonly unmoved: readonly {
    readonly asset: `0x${string}`
    readonly symbol: string
  }[]
  /** What a known day names and the store does not know */
  readonly leftOut: readonly string[]
  readonly curves: readonly StressCurve[]
  readonly cascade?: Cascade
}

export type Feed = {
  /** chainId:protocol:deployment:priceKey */
  readonly id: string
  readonly chainId: number
  readonly protocol: string
  readonly deployment: string
  readonly priceKey: string
  /** What it is a price of; several assets may have one */
  readonly assets: readonly {
    readonly asset: `0x${string}`
    readonly symbol: string
  }[]
  readonly quote: Quote
  /** The contract that tells this price alone */
  readonly source: `0x${string}` | null
  /** The oracle’s own integer; null where it could not be read */
  readonly price: string | null
  /** What one unit of the quote is in it */
  readonly scale: string | null
  readonly updatedAt: number | null
  /** By how much it has to fall, all other prices held, before a further loan may become liquidatable; negative */
  readonly fallPpm: number | null
  /** The same as it rises */
  readonly risePpm: number | null
  /** Loans that may become liquidatable within five percent either way */
  readonly nearCount: number
}

export type Trigger = {
  /** chainId:protocol:deployment:market:account */
  readonly id: string
  readonly owner: `0x${string}`
  /** The first price, in the oracle’s integers, at which it is liquidatable: one unit nearer it is not */
  readonly price: string
  /** By how much that differs from the current price */
  readonly changePpm: string
  /** Rounding makes it safe again further on: see `flips` */
  readonly nonMonotone?: true
  readonly flips?: readonly {
    readonly from: string
    readonly to: string
  }[]
  /** A nearer price may do it too: the search was too long to tell */
  readonly unproven?: true
  /** As it is now */
  readonly position: Health
  /** With include=options: every way to liquidate it at that price, by the time of this block */
  readonly atTrigger?: {
    readonly options: readonly LiquidationOption[]
    readonly twoStep: {
      readonly debtAsset: `0x${string}`
      readonly collateralAsset: `0x${string}`
      readonly first: {
        /** In units of 10^-18 */
        readonly healthBefore: string
        readonly repaid: AssetAmount
        readonly seized: readonly AssetAmount[]
        readonly incentive: string
        readonly call: Call
      }
      readonly second: {
        /** In units of 10^-18 */
        readonly healthBefore: string
        readonly repaid: AssetAmount
        readonly seized: readonly AssetAmount[]
        readonly incentive: string
        readonly call: Call
      }
      readonly incentive: string
      readonly gain: string
      readonly gainUsd: string | null
      readonly netGainUsd: string | null
    } | null
    readonly incentiveUsd: string | null
    readonly netUsd: string | null
  }
}

export type Watches = {
  readonly watches: readonly Watch[]
}

export type AddedWatch = {
  readonly watch: Watch
  readonly isReplaced: boolean
}

export type EndedWatch = {
  readonly account: `0x${string}`
}

export type Markets = {
  /** The first of `blocks` */
  readonly block: Block | null
  readonly blocks: readonly KnownBlock[]
  /** Of the oldest of `blocks` */
  readonly ageSeconds: number | null
  readonly stale: boolean
  /** Chains of which nothing is known yet */
  readonly unread: readonly UnreadChain[]
  readonly markets: readonly Market[]
  /** The cursor of the next page; null on the last one */
  readonly next: string | null
}

export type Positions = {
  /** The first of `blocks` */
  readonly block: Block | null
  readonly blocks: readonly KnownBlock[]
  /** Of the oldest of `blocks` */
  readonly ageSeconds: number | null
  readonly stale: boolean
  /** Chains of which nothing is known yet */
  readonly unread: readonly UnreadChain[]
  readonly positions: readonly Assessment[]
  /** The cursor of the next page; null on the last one */
  readonly next: string | null
}

export type History = {
  /** The first of `blocks` */
  readonly block: Block | null
  readonly blocks: readonly KnownBlock[]
  /** Of the oldest of `blocks` */
  readonly ageSeconds: number | null
  readonly stale: boolean
  /** Chains of which nothing is known yet */
  readonly unread: readonly UnreadChain[]
  readonly id: string
  /** For how long the past is kept */
  readonly historyDays: number
  readonly points: readonly Point[]
  /** The cursor of the next page; null on the last one */
  readonly next: string | null
}

export type Candidates = {
  /** The first of `blocks` */
  readonly block: Block | null
  readonly blocks: readonly KnownBlock[]
  /** Of the oldest of `blocks` */
  readonly ageSeconds: number | null
  readonly stale: boolean
  /** Chains of which nothing is known yet */
  readonly unread: readonly UnreadChain[]
  readonly candidates: readonly Candidate[]
  /** The cursor of the next page; null on the last one */
  readonly next: string | null
  readonly auctions: readonly AuctionCandidate[]
  readonly auctionFailures: readonly AuctionFailure[]
  readonly unassessableCount: number
  /** Loans that come into question and were not looked at: too many do, and these owe least in US dollars */
  readonly leftOutCount: number
}

export type Triggers = {
  /** The first of `blocks` */
  readonly block: Block | null
  readonly blocks: readonly KnownBlock[]
  /** Of the oldest of `blocks` */
  readonly ageSeconds: number | null
  readonly stale: boolean
  /** Chains of which nothing is known yet */
  readonly unread: readonly UnreadChain[]
  /** With `feed`, that one */
  readonly feeds: readonly Feed[]
  readonly direction: 'down' | 'up' | null
  /** The farthest price that was looked at */
  readonly until: string | null
  /** Nearest the current price first */
  readonly triggers: readonly Trigger[]
  /** The cursor of the next page; null on the last one */
  readonly next: string | null
}

export type Liquidations = {
  /** The first of `blocks` */
  readonly block: Block | null
  readonly blocks: readonly KnownBlock[]
  /** Of the oldest of `blocks` */
  readonly ageSeconds: number | null
  readonly stale: boolean
  /** Chains of which nothing is known yet */
  readonly unread: readonly UnreadChain[]
  readonly liquidations: readonly Liquidation[]
  /** The cursor of the next page; null on the last one */
  readonly next: string | null
}

export type ParameterChanges = {
  /** The first of `blocks` */
  readonly block: Block | null
  readonly blocks: readonly KnownBlock[]
  /** Of the oldest of `blocks` */
  readonly ageSeconds: number | null
  readonly stale: boolean
  /** Chains of which nothing is known yet */
  readonly unread: readonly UnreadChain[]
  readonly changes: readonly ParameterChange[]
  /** The cursor of the next page; null on the last one */
  readonly next: string | null
}

export type Alerts = {
  /** The first of `blocks` */
  readonly block: Block | null
  readonly blocks: readonly KnownBlock[]
  /** Of the oldest of `blocks` */
  readonly ageSeconds: number | null
  readonly stale: boolean
  /** Chains of which nothing is known yet */
  readonly unread: readonly UnreadChain[]
  readonly alerts: readonly ToldAlert[]
  /** The cursor of the next page; null on the last one */
  readonly next: string | null
}

export type DeadLetters = {
  readonly dead: readonly DeadLetter[]
}

export type MarketsQuery = {
  /** A chain id */
  readonly chain?: Text | undefined
  readonly protocol?: Text | undefined
  readonly deployment?: Text | undefined
  /** chainId:protocol:deployment:market, or the beginning of it up to a colon */
  readonly market?: Text | undefined
  /** Only markets in which a loan is followed and those that cannot be read, or only others */
  readonly hasLoans?: boolean | undefined
  /** coverage, distribution or both: these look at every loan of the markets */
  readonly include?: Text | undefined
  /** At most so many rows, up to 500; 50 unless told */
  readonly limit?: Text | undefined
  /** `next` of the page before */
  readonly cursor?: Text | undefined
}

export type MarketQuery = {
  /** coverage, distribution or both: these look at every loan of the markets */
  readonly include?: Text | undefined
}

export type DistributionQuery = {
  /** A chain id */
  readonly chain?: Text | undefined
  /** chainId:protocol:deployment:market, or the beginning of it up to a colon */
  readonly market?: Text | undefined
}

export type PositionsQuery = {
  /** A chain id */
  readonly chain?: Text | undefined
  readonly protocol?: Text | undefined
  readonly deployment?: Text | undefined
  /** chainId:protocol:deployment:market, or the beginning of it up to a colon */
  readonly market?: Text | undefined
  /** Loans of this account */
  readonly owner?: Text | undefined
  /** Loans with this collateral or debt, by address or symbol */
  readonly asset?: Text | undefined
  /** Loans with this collateral, by address or symbol */
  readonly collateral?: Text | undefined
  /** Loans with this debt, by address or symbol */
  readonly debt?: Text | undefined
  /** A health factor such as 1.02 */
  readonly minHealth?: Text | undefined
  /** A health factor such as 1.02 */
  readonly maxHealth?: Text | undefined
  /** Leaves out loans whose USD value is not known */
  readonly minDebtUsd?: Text | undefined
  /** Leaves out loans whose USD value is not known */
  readonly maxDebtUsd?: Text | undefined
  /** Leaves out loans whose USD value is not known */
  readonly minCollateralUsd?: Text | undefined
  readonly phase?: 'no-debt' | 'healthy' | 'soft-liquidation' | 'liquidatable' | 'bad-debt' | undefined
  readonly kind?: 'assessed' | 'unassessable' | undefined
  readonly liquidatable?: boolean | undefined
  /** Only loans of watched accounts, or of others */
  readonly watched?: boolean | undefined
  /** Worst health first, or most US dollars first */
  readonly sort?: 'health' | 'debtUsd' | 'collateralUsd' | undefined
  /** At most so many rows, up to 500; 50 unless told */
  readonly limit?: Text | undefined
  /** `next` of the page before */
  readonly cursor?: Text | undefined
}

export type PositionQuery = {
  /** Recomputes its health at this observed block, without its risk */
  readonly at?: Text | undefined
}

export type PositionHistoryQuery = {
  /** A span back (7d), a date (2026-01-31) or unix seconds */
  readonly since?: Text | undefined
  /** A span back (7d), a date (2026-01-31) or unix seconds */
  readonly until?: Text | undefined
  /** A span of time such as 15m, 6h or 7d */
  readonly every?: Text | undefined
  /** Recomputes one point for each such span of time */
  readonly resolution?: Text | undefined
  /** At most so many rows, up to 500; 50 unless told */
  readonly limit?: Text | undefined
  /** `next` of the page before */
  readonly cursor?: Text | undefined
}

export type AccountQuery = {
  /** A chain id */
  readonly chain?: Text | undefined
  /** Read it from the chain in any case */
  readonly live?: boolean | undefined
  /** `state`: all that each loan rests on, to compute it elsewhere */
  readonly include?: 'state' | undefined
}

export type ResolveNameQuery = {
  /** Whose registry is asked; left out: the first followed chain that has one */
  readonly chain?: Text | undefined
}

export type CandidatesQuery = {
  /** A chain id */
  readonly chain?: Text | undefined
  readonly protocol?: Text | undefined
  readonly deployment?: Text | undefined
  /** chainId:protocol:deployment:market, or the beginning of it up to a colon */
  readonly market?: Text | undefined
  /** Loans of this account */
  readonly owner?: Text | undefined
  /** Loans with this collateral or debt, by address or symbol */
  readonly asset?: Text | undefined
  /** Loans with this collateral, by address or symbol */
  readonly collateral?: Text | undefined
  /** Loans with this debt, by address or symbol */
  readonly debt?: Text | undefined
  /** A health factor such as 1.02 */
  readonly minHealth?: Text | undefined
  /** Up to this health factor, 1 unless told; liquidatable ones always */
  readonly maxHealth?: Text | undefined
  /** Leaves out loans whose USD value is not known */
  readonly minDebtUsd?: Text | undefined
  /** Leaves out loans whose USD value is not known */
  readonly maxDebtUsd?: Text | undefined
  /** Leaves out loans whose USD value is not known */
  readonly minCollateralUsd?: Text | undefined
  readonly phase?: 'no-debt' | 'healthy' | 'soft-liquidation' | 'liquidatable' | 'bad-debt' | undefined
  readonly liquidatable?: boolean | undefined
  /** Only loans of watched accounts, or of others */
  readonly watched?: boolean | undefined
  /** Leaves out those whose reward is not known in US dollars */
  readonly minIncentiveUsd?: Text | undefined
  /** Only those that nothing stands in the way of, or only others */
  readonly executable?: boolean | undefined
  /** At most so many rows, up to 200; 50 unless told */
  readonly limit?: Text | undefined
  /** `next` of the page before */
  readonly cursor?: Text | undefined
}

export type TriggersQuery = {
  /** A feed by its id, its key, its source, or an asset that it is a price of; without one, the feeds are listed */
  readonly feed?: Text | undefined
  /** How far it falls, such as 5%; 10% where neither is told */
  readonly down?: Text | undefined
  /** How far it rises, instead */
  readonly up?: Text | undefined
  /** A chain id */
  readonly chain?: Text | undefined
  readonly protocol?: Text | undefined
  readonly deployment?: Text | undefined
  /** chainId:protocol:deployment:market, or the beginning of it up to a colon */
  readonly market?: Text | undefined
  /** Loans of this account */
  readonly owner?: Text | undefined
  /** Loans with this collateral or debt, by address or symbol */
  readonly asset?: Text | undefined
  /** Loans with this collateral, by address or symbol */
  readonly collateral?: Text | undefined
  /** Loans with this debt, by address or symbol */
  readonly debt?: Text | undefined
  /** A health factor such as 1.02 */
  readonly minHealth?: Text | undefined
  /** A health factor such as 1.02 */
  readonly maxHealth?: Text | undefined
  /** Leaves out loans whose USD value is not known */
  readonly minDebtUsd?: Text | undefined
  /** Leaves out loans whose USD value is not known */
  readonly maxDebtUsd?: Text | undefined
  /** Leaves out loans whose USD value is not known */
  readonly minCollateralUsd?: Text | undefined
  /** Only loans of watched accounts, or of others */
  readonly watched?: boolean | undefined
  /** options: every way to liquidate each loan at its price */
  readonly include?: Text | undefined
  /** At most so many rows, up to 200; 50 unless told */
  readonly limit?: Text | undefined
  /** `next` of the page before */
  readonly cursor?: Text | undefined
}

export type LiquidationsQuery = {
  /** A chain id */
  readonly chain?: Text | undefined
  /** chainId:protocol:deployment:market, or the beginning of it up to a colon */
  readonly market?: Text | undefined
  /** Whose loan was liquidated */
  readonly owner?: Text | undefined
  /** An address: 0x and 40 hex digits */
  readonly liquidator?: Text | undefined
  /** A block number */
  readonly fromBlock?: Text | undefined
  /** A block number */
  readonly toBlock?: Text | undefined
  /** foretold: what was said of each at the last observed block before, on pages of up to 50 */
  readonly include?: Text | undefined
  /** At most so many rows, up to 500; 50 unless told */
  readonly limit?: Text | undefined
  /** `next` of the page before */
  readonly cursor?: Text | undefined
}

export type StressBody = {
  /** A crash day that is known */
  readonly day?:
    | '2020-03-12'
    | '2021-05-19'
    | '2022-06-13'
    | '2022-11-08'
    | '2024-08-05'
    | '2025-02-03'
    | '2025-10-10'
  readonly scenario?: {
    readonly name?: string
    readonly shocks?: Readonly<Record<string, string>>
    readonly frozen?: readonly string[]
    readonly rates?: Readonly<Record<string, string>>
    readonly time?: string
    readonly steps?: readonly {
      readonly name?: string
      readonly shocks?: Readonly<Record<string, string>>
      readonly frozen?: readonly string[]
      readonly rates?: Readonly<Record<string, string>>
      readonly time?: string
    }[]
  }
  /** Debt that can be liquidated at every depth of a common fall */
  readonly curve?: boolean
  /** A cascade: US dollars sold of each asset that move its price by 2 % */
  readonly depths?: Readonly<Record<string, number>>
  /** So many of the largest */
  readonly top?: number
}

export type ParameterChangesQuery = {
  /** A chain id */
  readonly chain?: Text | undefined
  /** chainId:protocol:deployment:market, or the beginning of it up to a colon */
  readonly market?: Text | undefined
  /** The name of a parameter */
  readonly parameter?: Text | undefined
  /** An asset by its address or its symbol */
  readonly asset?: Text | undefined
  /** A span back (7d), a date (2026-01-31) or unix seconds */
  readonly since?: Text | undefined
  /** A span back (7d), a date (2026-01-31) or unix seconds */
  readonly until?: Text | undefined
  /** At most so many rows, up to 500; 50 unless told */
  readonly limit?: Text | undefined
  /** `next` of the page before */
  readonly cursor?: Text | undefined
}

export type ExportedQuery = {
  readonly format?: 'csv' | 'json' | 'parquet' | undefined
  /** A span back (7d), a date (2026-01-31) or unix seconds */
  readonly since?: Text | undefined
  /** A span back (7d), a date (2026-01-31) or unix seconds */
  readonly until?: Text | undefined
  /** Rows of these accounts, parted by commas */
  readonly account?: Text | undefined
  /** chainId:protocol:deployment:market, or the beginning of it up to a colon */
  readonly market?: Text | undefined
}

export type StreamQuery = {
  /** Some of head, assessment, candidate, alert, status, with commas between; all unless told */
  readonly topics?: Text | undefined
  /** The id of the last event that was received: those after it are told first */
  readonly after?: Text | undefined
  /** One loan: chainId:protocol:deployment:market:account */
  readonly position?: Text | undefined
  /** A chain id */
  readonly chain?: Text | undefined
  readonly protocol?: Text | undefined
  readonly deployment?: Text | undefined
  /** chainId:protocol:deployment:market, or the beginning of it up to a colon */
  readonly market?: Text | undefined
  /** Loans of this account */
  readonly owner?: Text | undefined
  /** Loans with this collateral or debt, by address or symbol */
  readonly asset?: Text | undefined
  /** Loans with this collateral, by address or symbol */
  readonly collateral?: Text | undefined
  /** Loans with this debt, by address or symbol */
  readonly debt?: Text | undefined
  /** A health factor such as 1.02 */
  readonly minHealth?: Text | undefined
  /** A health factor such as 1.02 */
  readonly maxHealth?: Text | undefined
  /** Leaves out loans whose USD value is not known */
  readonly minDebtUsd?: Text | undefined
  /** Leaves out loans whose USD value is not known */
  readonly maxDebtUsd?: Text | undefined
  /** Leaves out loans whose USD value is not known */
  readonly minCollateralUsd?: Text | undefined
  readonly phase?: 'no-debt' | 'healthy' | 'soft-liquidation' | 'liquidatable' | 'bad-debt' | undefined
  readonly kind?: 'assessed' | 'unassessable' | undefined
  readonly liquidatable?: boolean | undefined
  /** Only loans of watched accounts, or of others */
  readonly watched?: boolean | undefined
  /** Candidates that nothing stands in the way of, or others */
  readonly executable?: boolean | undefined
  /** Candidates that earn at least so much */
  readonly minIncentiveUsd?: Text | undefined
  /** Of alerts */
  readonly severity?: 'info' | 'warning' | 'critical' | undefined
  /** Of alerts */
  readonly state?: 'pending' | 'firing' | 'resolved' | 'retracted' | undefined
  /** Alerts of this rule */
  readonly rule?: Text | undefined
  /** Alerts of watches with this label */
  readonly label?: Text | undefined
}

export type AlertsQuery = {
  /** A chain id; 0 for what the watcher watches of itself */
  readonly chain?: Text | undefined
  readonly state?: 'pending' | 'firing' | 'resolved' | 'retracted' | undefined
  readonly severity?: 'info' | 'warning' | 'critical' | undefined
  readonly rule?: Text | undefined
  /** A position id, or what the watcher watches of itself */
  readonly subject?: Text | undefined
  /** Of loans of this account */
  readonly account?: Text | undefined
  /** The label of a watch */
  readonly label?: Text | undefined
  readonly fingerprint?: Text | undefined
  /** Adds what was sent or not sent to whom, and why */
  readonly explain?: boolean | undefined
  /** At most so many rows, up to 500; 50 unless told */
  readonly limit?: Text | undefined
  /** `next` of the page before */
  readonly cursor?: Text | undefined
}

export type AcknowledgeBody = {
  readonly comment?: string
}

export type DeadLettersQuery = {
  /** At most so many rows, up to 500; 50 unless told */
  readonly limit?: Text | undefined
}

export type ResendBody = {
  /** Of one message; all where left out */
  readonly id?: string
}

export type SilencesQuery = {
  /** Only those that hold now, or only others */
  readonly holds?: boolean | undefined
}

export type SilenceBody = {
  /** Values of labels, each exact or a /regular expression/; all have to fit */
  readonly match: Readonly<Record<string, string>>
  readonly seconds: number
  readonly comment?: string
}

export type WatchesQuery = {
  /** An address: 0x and 40 hex digits */
  readonly account?: Text | undefined
}

export type WatchBody = {
  /** An address: 0x and 40 hex digits */
  readonly account: string
  readonly label?: string
  /** All of them where left out */
  readonly receivers?: readonly string[]
}

/** The API, one method for every operation. */
export type Api = {
  /**
   * Whether what is told is of now, and how the daemon does. `GET /v1/status`
   * Red, and answered with 503, where what is told of any chain is older than its bound. Yellow where the daemon found something of itself that is not well.
   */
  status(options?: CallOptions): Promise<Status>
  /** Followed markets, by id. `GET /v1/markets` */
  markets(query?: MarketsQuery, options?: CallOptions): Promise<Markets>
  /**
   * One market in full: its parameters, what is lent and owed in it, and where its prices come from. `GET /v1/markets/{id}`
   * When the feeds behind its prices spoke last is read from the chain at the block of the answer; where that cannot be found out, `oracleFailure` says why. What changed of its parameters: /v1/parameter-changes?market=ID.
   */
  market(id: Text, query?: MarketQuery, options?: CallOptions): Promise<OneMarket>
  /**
   * How all followed loans together are spread over health. `GET /v1/distribution`
   * Every loan is assessed exactly, in a thread that rests after a long look: of a large book the answer may be of an earlier block, which `blocks` name.
   */
  distribution(query?: DistributionQuery, options?: CallOptions): Promise<DistributionOfAll>
  /**
   * Loans of the book: what cannot be assessed first, then worst health first. `GET /v1/positions`
   * Filters go together. A range of health keeps what cannot be assessed, since its health may be in any; every filter that only an assessment can tell leaves it out. Pages follow the order, not a moment: each names its block, and a loan that moves between two requests may be missed or met again. A page may have fewer rows than asked for, where finding more would take too much work; the last one has no `next`.
   */
  positions(query?: PositionsQuery, options?: CallOptions): Promise<Positions>
  /** One loan of the book with its risk, or as it was at an observed block. `GET /v1/positions/{id}` */
  position(id: Text, query?: PositionQuery, options?: CallOptions): Promise<OnePosition>
  /**
   * One loan of the book with all that it rests on, to compute it elsewhere. `GET /v1/positions/{id}/state`
   * The state of its market, of its position, and prices, as they are at one block. `loanOf` of the library makes a loan of it, whose health, liquidations, repairs and changes are computed by the same code as here, to the unit, in Node and in browsers. Of an account that is not followed, /v1/accounts/{address}?include=state tells the same.
   */
  positionState(id: Text, options?: CallOptions): Promise<OneState>
  /**
   * The health of a loan over time, oldest first: as it was stored, or recomputed at any resolution. `GET /v1/positions/{id}/history`
   * A point is stored on change beyond a tolerance, on crossing a band, and at checkpoints; `cause` says which. With `every`, only the last point of each such span. With `resolution`, a point for each such span in which a block was observed, recomputed exactly at the last of these, whether or not anything was stored there; a page then covers up to `limit` spans and may have fewer points, or none.
   */
  positionHistory(id: Text, query?: PositionHistoryQuery, options?: CallOptions): Promise<History>
  /**
   * Every loan of an account with its risk: from the book, or read now where that does not have it. `GET /v1/accounts/{address}`
   * On chains whose book has every borrower, and for watched accounts, the answer is from the book. Others are read from the chain at one block; reads at the same time or of the same block are shared, and there may be so many a minute. A book of all borrowers has nobody who owes nothing: what such an account supplies, only a live read tells. What could not be found out stands under `failures`: it is never the same as no loans.
   */
  account(address: Text, query?: AccountQuery, options?: CallOptions): Promise<Account>
  /**
   * The address that a name of ENS stands for. `GET /v1/names/{name}`
   * Read from the ENS registry of a followed chain, and from the resolver that it names, at the block of the book, or at the head where the book is out of date. Only the chain is asked: a name whose address is kept elsewhere (CCIP-Read), or that only the resolver of a parent may know (a wildcard), is refused with `unresolvable`, which is not the same as a name that stands for nothing (`not-found`).
   */
  resolveName(name: Text, query?: ResolveNameQuery, options?: CallOptions): Promise<Name>
  /**
   * Loans that can be liquidated or are about to be, most rewarding first, each with every way to do it. `GET /v1/candidates`
   * Each option names amounts, what it earns, and the call that does it. Loans whose reward has no known USD value come last. Running auctions of seized collateral stand beside, and how many loans could not be assessed: any of them may be a candidate.
   */
  candidates(query?: CandidatesQuery, options?: CallOptions): Promise<Candidates>
  /**
   * Price feeds, and the loans that each makes liquidatable as it moves, by the price that does. `GET /v1/triggers`
   * Without `feed`: every price feed, nearest to a liquidation first. With one: loans that are not liquidatable now and become so as that price alone falls, or rises, so far, nearest first, each with the exact integer of the oracle that does it: a bot that sees an update on its way knows what it brings about. All other prices and the time are held.
   */
  triggers(query?: TriggersQuery, options?: CallOptions): Promise<Triggers>
  /** Liquidations seen on followed chains, newest block first. `GET /v1/liquidations` */
  liquidations(query?: LiquidationsQuery, options?: CallOptions): Promise<Liquidations>
  /**
   * What a fall of prices, or the passing of time, does to all loans in the store. `POST /v1/stress`
   * The same as the command: changes of prices by asset or group such as "-30%", oracles that stand still, rates, a time that passes; one moment or several steps. One scenario is worked out at a time.
   */
  stress(body: StressBody, options?: CallOptions): Promise<Stress>
  /** What governance changed in followed markets, newest first, and what that alone did to loans. `GET /v1/parameter-changes` */
  parameterChanges(query?: ParameterChangesQuery, options?: CallOptions): Promise<ParameterChanges>
  /** Tables that can be had as files, with their columns. `GET /v1/export` */
  exports(options?: CallOptions): Promise<ExportTables>
  /**
   * A table of the store as a file, made while it is sent. `GET /v1/export/{table}`
   * The same bytes as `plimsoll export`. Rows come in the order of their key, each page as it is when it is read: rows that come or are thinned meanwhile may or may not be there. So many files are made at once; whoever takes nothing for a minute is cut off, and a file that was cut off ends without its end.
   */
  exported(table: Text, query?: ExportedQuery, options?: CallOptions): Promise<Response>
  /** Alerts, newest first, and who was told. `GET /v1/alerts` */
  alerts(query?: AlertsQuery, options?: CallOptions): Promise<Alerts>
  /** Takes an alert that fires on: it is neither repeated nor escalated. `POST /v1/alerts/{fingerprint}/acknowledgement` */
  acknowledge(fingerprint: Text, body: AcknowledgeBody, options?: CallOptions): Promise<Acknowledged>
  /** Who is told: what waits for each, what arrived, what was given up, and whether it is left alone. `GET /v1/receivers` */
  receivers(options?: CallOptions): Promise<Receivers>
  /** Messages to a receiver that were given up, newest first. `GET /v1/receivers/{name}/dead` */
  deadLetters(name: Text, query?: DeadLettersQuery, options?: CallOptions): Promise<DeadLetters>
  /** Sends a real message to a receiver, once, and says what became of it. `POST /v1/receivers/{name}/test` */
  testReceiver(name: Text, options?: CallOptions): Promise<ReceiverTest>
  /**
   * Sends what was given up for a receiver again. `POST /v1/receivers/{name}/resend`
   * All of it, but for what later news of the same alert have made out of date, or the one message of an id.
   */
  resend(name: Text, body: ResendBody, options?: CallOptions): Promise<Resent>
  /** What is not told for a time, newest first. `GET /v1/silences` */
  silences(query?: SilencesQuery, options?: CallOptions): Promise<Silences>
  /** Tells nothing of alerts with these labels from now on, for a time. `POST /v1/silences` */
  silence(body: SilenceBody, options?: CallOptions): Promise<OneSilence>
  /** Ends a silence now. `DELETE /v1/silences/{id}` */
  endSilence(id: Text, options?: CallOptions): Promise<OneSilence>
  /** Who is watched: by the configuration, and by what was added. `GET /v1/watches` */
  watches(query?: WatchesQuery, options?: CallOptions): Promise<Watches>
  /** Watches an account from now on, in place of what was said of it before. `POST /v1/watches` */
  watch(body: WatchBody, options?: CallOptions): Promise<AddedWatch>
  /** Watches an account no longer. `DELETE /v1/watches/{account}` */
  unwatch(account: Text, options?: CallOptions): Promise<EndedWatch>
}

export const endpoints: Readonly<Record<keyof Api, Endpoint>> = {
  status: { method: 'GET', path: '/v1/status', takes: 'none', answers: 'json', statuses: [200, 503] },
  markets: { method: 'GET', path: '/v1/markets', takes: 'query', answers: 'json', statuses: [200] },
  market: { method: 'GET', path: '/v1/markets/{id}', takes: 'query', answers: 'json', statuses: [200] },
  distribution: { method: 'GET', path: '/v1/distribution', takes: 'query', answers: 'json', statuses: [200] },
  positions: { method: 'GET', path: '/v1/positions', takes: 'query', answers: 'json', statuses: [200] },
  position: { method: 'GET', path: '/v1/positions/{id}', takes: 'query', answers: 'json', statuses: [200] },
  positionState: {
    method: 'GET',
    path: '/v1/positions/{id}/state',
    takes: 'none',
    answers: 'json',
    statuses: [200],
  },
  positionHistory: {
    method: 'GET',
    path: '/v1/positions/{id}/history',
    takes: 'query',
    answers: 'json',
    statuses: [200],
  },
  account: {
    method: 'GET',
    path: '/v1/accounts/{address}',
    takes: 'query',
    answers: 'json',
    statuses: [200],
  },
  resolveName: { method: 'GET', path: '/v1/names/{name}', takes: 'query', answers: 'json', statuses: [200] },
  candidates: { method: 'GET', path: '/v1/candidates', takes: 'query', answers: 'json', statuses: [200] },
  triggers: { method: 'GET', path: '/v1/triggers', takes: 'query', answers: 'json', statuses: [200] },
  liquidations: { method: 'GET', path: '/v1/liquidations', takes: 'query', answers: 'json', statuses: [200] },
  stress: { method: 'POST', path: '/v1/stress', takes: 'body', answers: 'json', statuses: [200] },
  parameterChanges: {
    method: 'GET',
    path: '/v1/parameter-changes',
    takes: 'query',
    answers: 'json',
    statuses: [200],
  },
  exports: { method: 'GET', path: '/v1/export', takes: 'none', answers: 'json', statuses: [200] },
  exported: { method: 'GET', path: '/v1/export/{table}', takes: 'query', answers: 'file', statuses: [200] },
  alerts: { method: 'GET', path: '/v1/alerts', takes: 'query', answers: 'json', statuses: [200] },
  acknowledge: {
    method: 'POST',
    path: '/v1/alerts/{fingerprint}/acknowledgement',
    takes: 'body',
    answers: 'json',
    statuses: [200],
  },
  receivers: { method: 'GET', path: '/v1/receivers', takes: 'none', answers: 'json', statuses: [200] },
  deadLetters: {
    method: 'GET',
    path: '/v1/receivers/{name}/dead',
    takes: 'query',
    answers: 'json',
    statuses: [200],
  },
  testReceiver: {
    method: 'POST',
    path: '/v1/receivers/{name}/test',
    takes: 'none',
    answers: 'json',
    statuses: [200],
  },
  resend: {
    method: 'POST',
    path: '/v1/receivers/{name}/resend',
    takes: 'body',
    answers: 'json',
    statuses: [200],
  },
  silences: { method: 'GET', path: '/v1/silences', takes: 'query', answers: 'json', statuses: [200] },
  silence: { method: 'POST', path: '/v1/silences', takes: 'body', answers: 'json', statuses: [201] },
  endSilence: {
    method: 'DELETE',
    path: '/v1/silences/{id}',
    takes: 'none',
    answers: 'json',
    statuses: [200],
  },
  watches: { method: 'GET', path: '/v1/watches', takes: 'query', answers: 'json', statuses: [200] },
  watch: { method: 'POST', path: '/v1/watches', takes: 'body', answers: 'json', statuses: [201] },
  unwatch: {
    method: 'DELETE',
    path: '/v1/watches/{account}',
    takes: 'none',
    answers: 'json',
    statuses: [200],
  },
}
