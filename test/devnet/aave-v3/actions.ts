import type { Address, Hex } from 'viem'
import type { Block, TransactionOutcome } from '../mining.ts'
import type { EModeSpec, ReserveSpec } from './reserves.ts'

export type RateMode = 'variable' | 'stable'

/** How a feed can fail: it answers 0 or a negative price, reverts, or burns all gas. */
export type FeedFault = 'zero' | 'negative' | 'revert' | 'burn-gas'

/**
 * What an account does. `asset` is a symbol; amounts are in the asset's smallest unit, `maxUint256` meaning all.
 * Supplies, repayments and liquidations mint what they need to the payer in the same block.
 */
export type AccountAction =
  | { readonly kind: 'supply'; readonly account: Address; readonly asset: string; readonly amount: bigint }
  | { readonly kind: 'withdraw'; readonly account: Address; readonly asset: string; readonly amount: bigint }
  | {
      readonly kind: 'borrow'
      readonly account: Address
      readonly asset: string
      readonly amount: bigint
      readonly rate?: RateMode
    }
  | {
      readonly kind: 'repay'
      readonly account: Address
      readonly asset: string
      readonly amount: bigint
      readonly rate?: RateMode
    }
  | {
      readonly kind: 'repayWithATokens'
      readonly account: Address
      readonly asset: string
      readonly amount: bigint
    }
  | {
      readonly kind: 'transferAToken'
      readonly account: Address
      readonly to: Address
      readonly asset: string
      readonly amount: bigint
    }
  | {
      readonly kind: 'setCollateral'
      readonly account: Address
      readonly asset: string
      readonly enabled: boolean
    }
  | { readonly kind: 'setEMode'; readonly account: Address; readonly category: number }
  /** `from` is the rate mode that the debt has now. */
  | { readonly kind: 'swapRate'; readonly account: Address; readonly asset: string; readonly from: RateMode }
  | {
      readonly kind: 'liquidate'
      readonly liquidator: Address
      readonly borrower: Address
      readonly debt: string
      readonly collateral: string
      readonly amount: bigint
      readonly receiveAToken?: boolean
    }

/** What happens to prices: `asset` is the symbol of a feed, `price` in US dollars with 8 decimals. */
export type PriceAction =
  | { readonly kind: 'setPrice'; readonly asset: string; readonly price: bigint }
  | { readonly kind: 'breakFeed'; readonly asset: string; readonly how: FeedFault }
  | { readonly kind: 'mendFeed'; readonly asset: string }
  /** A new aggregator behind the same proxy, with the same price. */
  | { readonly kind: 'replaceAggregator'; readonly asset: string }

/** What the pool's admin does. Ratios in basis points. */
export type AdminAction =
  | {
      readonly kind: 'configureCollateral'
      readonly asset: string
      readonly ltv: number
      readonly liquidationThreshold: number
      readonly liquidationBonus: number
    }
  | { readonly kind: 'setLiquidationProtocolFee'; readonly asset: string; readonly fee: number }
  | { readonly kind: 'setReserveFactor'; readonly asset: string; readonly factor: number }
  | { readonly kind: 'freeze'; readonly asset: string; readonly frozen: boolean }
  | { readonly kind: 'pause'; readonly asset: string; readonly paused: boolean }
  | { readonly kind: 'pausePool'; readonly paused: boolean }
  | ({ readonly kind: 'setEModeCategory' } & EModeSpec)
  | { readonly kind: 'setAssetEMode'; readonly asset: string; readonly category: number }
  /** `ceiling` in dollars with 2 decimals. */
  | { readonly kind: 'setDebtCeiling'; readonly asset: string; readonly ceiling: bigint }
  /** The oracle reads `source` for the asset from now on. */
  | { readonly kind: 'setPriceSource'; readonly asset: string; readonly source: Address }
  | { readonly kind: 'addReserve'; readonly spec: ReserveSpec }
  /** POOL_REVISION() answers `revision` from now on; everything else works as before. */
  | { readonly kind: 'upgradePoolRevision'; readonly revision: number }

/** Any other transaction. */
export type CallAction = {
  readonly kind: 'call'
  readonly from: Address
  readonly to: Address
  readonly data: Hex
}

export type Action = AccountAction | PriceAction | AdminAction | CallAction
export type ActionOf<K extends Action['kind']> = Extract<Action, { readonly kind: K }>

/** What became of an action: its last transaction, or the first that reverted. */
export type ActionOutcome = TransactionOutcome & { readonly action: Action }

export type ActedBlock = { readonly block: Block; readonly outcomes: readonly ActionOutcome[] }
