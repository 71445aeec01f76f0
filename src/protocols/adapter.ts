import type { Address, Hex } from 'viem'
import type { ZodType } from 'zod'
import type { Assessment } from '../model/assessment.ts'
import type { Auction, AuctionList, Bid, Restart, Sale } from '../model/auction.ts'
import type { BlockRef } from '../model/block.ts'
import type { Coverage } from '../model/coverage.ts'
import type { Call, CallResult, Log, Subscription } from '../model/evm.ts'
import type { Feed } from '../model/feed.ts'
import type {
  Acted,
  Action,
  Blocked,
  Liquidation,
  LiquidationOutcome,
  LiquidationRequest,
  LiquidationTerms,
} from '../model/liquidation.ts'
import type { Market, Position, Quote } from '../model/market.ts'
import type { Parameter } from '../model/parameter.ts'
import type { PriceKey, PriceReading } from '../model/price.ts'
import type { Redemption } from '../model/redemption.ts'
import type { AssetTotals } from '../model/totals.ts'
import type { RateRise } from './raising.ts'
import type { ScreenFactor, ScreenRow } from './screening.ts'

/** Names one thing that can be read from the chain: a reserve, an account, a price. The adapter chooses and parses its keys. */
export type Key = string

/** One deployment of a protocol on one chain. `fromBlock` is its first block, where known; the rest is the adapter's own. */
export type Deployment = {
  readonly chainId: number
  readonly protocol: string
  readonly deployment: string
  readonly fromBlock?: bigint
}

/** What one position adds to a sum over all positions. */
export type Tally = { readonly name: string; readonly amount: bigint }

/**
 * What is known of one deployment at one block. `positions` are keyed `market:account`; to walk their values costs as much
 * as there are. `tallies` are sums over all positions of what the adapter's `tallies` says of each, where not 0.
 */
export type Mirror<M extends Market = Market, P extends Position = Position> = {
  readonly deployment: Deployment
  readonly markets: ReadonlyMap<string, M>
  readonly positions: ReadonlyMap<string, P>
  readonly prices: ReadonlyMap<PriceKey, PriceReading>
  readonly tallies: ReadonlyMap<string, bigint>
}

/**
 * What a log or a read changes. `undefined` from `next` removes; `due` names a key that has to be read at this block,
 * `retry` one that could not be read and is read again with the next head.
 */
export type Change<M extends Market = Market, P extends Position = Position> =
  | { readonly kind: 'market'; readonly key: string; next(current: M | undefined): M | undefined }
  | { readonly kind: 'position'; readonly key: string; next(current: P | undefined): P | undefined }
  | { readonly kind: 'price'; readonly reading: PriceReading }
  | { readonly kind: 'due'; readonly key: Key }
  | { readonly kind: 'retry'; readonly key: Key }
  | { readonly kind: 'liquidation'; readonly liquidation: Liquidation }

/** How one key is read: its calls, all at one block, and what their answers change. Failures are decoded too, into faults. */
export type Read<M extends Market = Market, P extends Position = Position> = {
  readonly key: Key
  readonly calls: readonly Call[]
  decode(results: readonly CallResult[], block: BlockRef, mirror: Mirror<M, P>): readonly Change<M, P>[]
}

/** `one`: everything in a single round, as the block loop needs it; `many`: fewer calls, though answers may make further keys due. */
export type Rounds = 'one' | 'many'

/** What one whole unit of an asset is worth: `price` in units of `scale` US dollars. `symbol` is the asset's, where it is known. */
export type UsdPrice = {
  readonly price: bigint
  readonly scale: bigint
  readonly source: string
  readonly symbol?: string
}

/**
 * What an assessment rests on besides the position and its market. `markets` are others of the same deployment, at the
 * same block; `debtInFront` what is queued before a position, where the book is whole; `quotes` the USD price of a quote
 * asset, for display only.
 */
export type Env = {
  readonly block: BlockRef
  readonly timestamp: number
  prices(key: PriceKey): PriceReading | undefined
  markets(name: string): Market | undefined
  debtInFront(position: Position): bigint | null
  quotes(quote: Quote): UsdPrice | null
}

/** Sales of seized collateral that go on after a liquidation. */
export type AuctionHouse<M extends Market> = {
  /** Auctions of a market, oldest first, and what could not be found out of them. */
  list(market: M, env: Env): AuctionList
  /** What a bid in this block would move, to the unit, or the contract's own refusal. */
  buy(market: M, env: Env, bid: Bid): Sale<M> | Blocked
  /** What starting an auction again in this block would give. */
  restart(market: M, env: Env, auction: string): Restart<M> | Blocked
  /** The transactions for it. */
  calls(market: M, auction: Auction): { readonly buy: TransactionCall; readonly restart: TransactionCall }
}

/** Debts that holders of the debt asset may repay against collateral at will, in an order of the contract's own. */
export type RedemptionQueue<M extends Market, P extends Position> = {
  /** Debt that is redeemed before each position of a market, by the mirror's key of the position; needs all its positions. */
  debtInFront(market: M, positions: readonly P[], env: Env): ReadonlyMap<string, bigint>
  /** What redeeming `amount` of the debt asset in this block would take from whom, or the contract's own refusal. Needs the whole book. */
  redeem(mirror: Mirror<M, P>, env: Env, amount: bigint): Redemption | Blocked
}

/**
 * How positions are screened: health is the sum of a row's collateral terms over that of its debt terms, within the bounds of
 * the factors. Where a row and all its factors are known, `assess` gives a health, its health factor lies within the bounds,
 * and outside of them `isLiquidatable` says whether it is below 1.
 */
export type Screening<M extends Market, P extends Position> = {
  /** A position as terms, or `always-exact` where its health is no ratio of two such sums. */
  row(market: M, position: P): ScreenRow | 'always-exact'
  /** The factor of a name at the block and time of `env`; undefined where positions that rest on it have to be assessed exactly. */
  factor(market: M, name: string, env: Env): ScreenFactor | undefined
  /** Assessments tell of healths to come, `refreshed` or `next`, that the screen does not bound. */
  readonly foresees?: true
}

/** The contract's own answer to be held against ours: what differs, in words; undefined where there is no answer to compare. */
export type AuditRead = {
  readonly calls: readonly Call[]
  compare(results: readonly CallResult[], assessment: Assessment): readonly string[] | undefined
}

/**
 * One lending protocol. Pure: it describes the logs and reads that it wants and never performs them. `D` is the shape of
 * its deployments, `M` and `P` the state it keeps of a market and of a position.
 */
export type ProtocolAdapter<
  D extends Deployment,
  M extends Market,
  P extends Position,
  R extends LiquidationRequest = LiquidationRequest,
> = {
  readonly protocol: string
  readonly describe: {
    readonly label: string
    /** Families of maths that are known, newest first. */
    readonly revisions: readonly string[]
    /** What is known of it, in a few words each, for the table of protocols. */
    readonly features: readonly string[]
    /** What is taken from a contract's word instead of being computed, where a market's fidelity is `observed`; left out where none ever is. */
    readonly observed?: readonly string[]
    /** Pages on which its borrowers manage their loans, by known deployment; `*` for all others that are known. */
    readonly apps?: Readonly<Record<string, string>>
    /** What configuration accepts besides `protocol`, `deployment` and `fromBlock`. */
    readonly deploymentSchema: ZodType<Omit<D, keyof Deployment>>
  }
  readonly deployments: readonly D[]

  /** The contract whose first block is the deployment's first block. */
  rootContract(deployment: D): Address
  /** What to follow; grows as factories announce markets. */
  subscriptions(mirror: Mirror<M, P>): readonly Subscription[]
  /** What a log changes, or which keys it touches. */
  reduce(mirror: Mirror<M, P>, log: Log): readonly Change<M, P>[]
  /** Keys of the market state: all that is read again where logs are not followed, and after a reorg. */
  stateKeys(mirror: Mirror<M, P>): readonly Key[]
  /** Keys that are read with every head: prices, and whatever else moves without a log. */
  headKeys(mirror: Mirror<M, P>): readonly Key[]
  /** Keys under which an account's positions are found without a book. */
  locate(mirror: Mirror<M, P>, account: Address): readonly Key[]
  /** Keys that read one known position again. */
  positionKeys(position: P): readonly Key[]
  /** What a position adds to the sums that the mirror keeps over all of them, for what is needed at every head. */
  tallies?(position: P): readonly Tally[]
  /** How due keys are read. */
  reads(mirror: Mirror<M, P>, due: readonly Key[], rounds: Rounds): readonly Read<M, P>[]

  /** The health of one position; bit-exact where the market's fidelity is `exact`. */
  assess(market: M, position: P, env: Env): Assessment
  /** True where, at any prices, a loan is liquidatable if and only if its `liquidationValue` is below its `debtValue`, or whatever its prices. */
  readonly comparesSums?: boolean
  /** How positions are screened. */
  readonly screen: Screening<M, P>
  /** What governance sets of a market and what matters to its loans, in the same order always; neither what moves by itself nor what is not read. */
  parameters(market: M): readonly Parameter[]
  /** A market as it would be under the parameters that it had before, all else as it is. */
  withParametersOf(market: M, before: M): M
  /**
   * A market as it would be if its debts' rates of interest were by `rise` higher from `env.timestamp` on, in the contract's own units, and its
   * debts until then as they are. `rise` is asked of every asset whose rate this moves; where it answers 0 everywhere, the market is the
   * same. Never below a rate of 0. Left out where no market has a rate of its own.
   */
  withRates?(market: M, rise: RateRise, env: Env): M
  /** What everybody in a market has together, accrued to `env`, in the order of its assets; what cannot be accrued is left out. */
  totals?(market: M, env: Env): readonly AssetTotals[]
  /** In which ways the position can be liquidated in this block, best first; none where it is not liquidatable or blocked. */
  terms(market: M, position: P, env: Env): readonly LiquidationTerms<R>[]
  /** What a liquidation in this block would move, to the unit, or the contract's own refusal. */
  liquidate(market: M, position: P, env: Env, request: R): LiquidationOutcome<M, P> | Blocked
  /** What the account's own action in this block would leave behind, or the contract's own refusal. */
  act(market: M, position: P, env: Env, action: Action): Acted<M, P> | Blocked
  /**
   * The same request for at most `repay` units of the debt, as `liquidate` and `call` take it, or the contract's refusal; left
   * out where a liquidation takes all or nothing.
   */
  partly?(market: M, position: P, env: Env, request: R, repay: bigint): R | Blocked
  /** The transaction that makes a request. Plimsoll never sends it. */
  call(market: M, position: P, request: R): TransactionCall
  /** Gas that a transaction by this method uses, as estimated of the real contracts; left out, or undefined, where nobody has. */
  gasOf?(method: string): bigint | undefined
  /** Where liquidations start auctions. */
  readonly auctions?: AuctionHouse<M>
  /** Where debts can be redeemed by anybody. */
  readonly redemptions?: RedemptionQueue<M, P>
  /** What the prices are of that a mirror holds and `assess` asks for; face values, which no price says, are none. */
  feeds(mirror: Mirror<M, P>): readonly Feed[]
  /** USD prices of assets by this deployment's own oracle, for display and ranking only; none where it quotes in something else. */
  usdPrices(mirror: Mirror<M, P>): ReadonlyMap<Address, UsdPrice>
  /** What proves that the book is complete, accrued to `block`. */
  coverage(mirror: Mirror<M, P>, block: BlockRef): readonly Coverage[]
  /** The contract's own account of a position, for comparison at the same block. */
  audit(market: M, position: P): AuditRead
}

/**
 * A transaction for others to send: `value` in wei, where the function takes the native asset. `answersCode`: it answers 0, or the
 * code of an error where others revert. `wants` says in words what else has to be so, besides that the sender has the debt asset
 * and lets `to` take it.
 */
export type TransactionCall = {
  readonly to: Address
  readonly data: Hex
  readonly value?: bigint
  readonly answersCode?: true
  readonly wants?: string
}

/** An adapter of any protocol: its state types are its own business. */
export type Adapter = ProtocolAdapter<Deployment, Market, Position>

/** Hides an adapter's own state types, so that adapters of all protocols share one array. Sound because a mirror only ever meets its own adapter. */
export const defineAdapter = <
  D extends Deployment,
  M extends Market,
  P extends Position,
  R extends LiquidationRequest,
>(
  adapter: ProtocolAdapter<D, M, P, R>,
): Adapter => adapter as unknown as Adapter
