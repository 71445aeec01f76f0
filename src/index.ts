// What bots and other programs import: the pure parts, which compute locally what the watcher computes. No I/O, no clock, no keys.
export type * from './model/assessment.ts'
export type { BlockRef } from './model/block.ts'
export type { Call, CallResult, Log, Subscription } from './model/evm.ts'
export {
  formatMarketId,
  formatPositionId,
  InvalidPositionIdError,
  type MarketId,
  type PositionId,
  parsePositionId,
} from './model/ids.ts'
export { type Json, type JsonOf, toJson } from './model/json.ts'
export type * from './model/liquidation.ts'
export type { Fault, Market, Position, Quote, UnassessableReason } from './model/market.ts'
export type { PriceKey, PriceReading } from './model/price.ts'
export type {
  Adapter,
  Change,
  Deployment,
  Env,
  Key,
  Mirror,
  Read,
  TransactionCall,
  UsdPrice,
} from './protocols/adapter.ts'
export { adapterOf, registry } from './protocols/registry.ts'
export { type Group, type Grouping, type GroupSetting, type Groups, groupingOf } from './risk/groups.ts'
export { loanOf } from './risk/known-loan.ts'
export { laterBy } from './risk/later.ts'
export { bestOffer, type Offer, offerOf, partOf } from './risk/liquidation-offer.ts'
export { type LiquidationOption, liquidationsOf, offersOf } from './risk/liquidation-options.ts'
export { type LiquidationPrice, liquidationPrices } from './risk/liquidation-price.ts'
export { assessLoan, atTime, behind, type Loan, withPrices } from './risk/loan.ts'
export { groupsIn, type LoanState, LoanStateError, loanWith } from './risk/loan-state.ts'
export { type Repair, repairsOf } from './risk/repairs.ts'
export { type Risk, riskOf } from './risk/risk.ts'
export { stateOf } from './risk/stating.ts'
export { secondsToLiquidation } from './risk/time-to-liquidation.ts'
export { BPS, type Bps, PPM, RAY, type Ray, UINT256_MAX, WAD, type Wad } from './units/brands.ts'
export { parseDecimal } from './units/decimal.ts'
export { formatAmount, formatFixed, formatWad, wadToDecimal } from './units/format.ts'
export { mulDivDown, mulDivHalfUp, mulDivUp } from './units/mul-div.ts'
