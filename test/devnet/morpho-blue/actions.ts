import { type Address, encodeFunctionData } from 'viem'
import type { Transaction } from '../plan.ts'
import { morphoAbi, oracleMockAbi } from './abis.ts'
import { MORPHO_ADMIN, type MorphoAddresses } from './deploy.ts'
import type { MarketName } from './markets.ts'

/** Of assets or of shares, as Morpho's functions take them: one of the two. */
export type Amount = { readonly assets: bigint } | { readonly shares: bigint }

/** Something that an account, or the admin, does in a market. Amounts in units of the market's tokens. */
export type MorphoAction =
  | {
      readonly kind: 'supply' | 'withdraw' | 'borrow' | 'repay'
      readonly market: MarketName
      readonly account: Address
      readonly amount: Amount
    }
  | {
      readonly kind: 'supplyCollateral' | 'withdrawCollateral'
      readonly market: MarketName
      readonly account: Address
      readonly assets: bigint
    }
  | {
      readonly kind: 'liquidate'
      readonly market: MarketName
      readonly borrower: Address
      readonly seizedAssets: bigint
      readonly repaidShares: bigint
    }
  | { readonly kind: 'accrue'; readonly market: MarketName }
  /** Sets an oracle of kind `mock`; scale 1e36. */
  | { readonly kind: 'setOraclePrice'; readonly market: MarketName; readonly price: bigint }
  /** A wad of the interest. */
  | { readonly kind: 'setFee'; readonly market: MarketName; readonly fee: bigint }
  | { readonly kind: 'setFeeRecipient'; readonly recipient: Address }
  | {
      readonly kind: 'setAuthorization'
      readonly account: Address
      readonly authorized: Address
      readonly isAuthorized: boolean
    }

const pairOf = (amount: Amount): readonly [assets: bigint, shares: bigint] =>
  'assets' in amount ? [amount.assets, 0n] : [0n, amount.shares]

type OfMarket = Exclude<MorphoAction, { readonly kind: 'setFeeRecipient' | 'setAuthorization' }>

const encodeOfMarket = ({ morpho, markets }: MorphoAddresses, action: OfMarket): Transaction => {
  const { params } = markets[action.market]
  const from = 'account' in action ? action.account : MORPHO_ADMIN
  const call = (data: Transaction['data']): Transaction => ({ from, to: morpho, data })
  switch (action.kind) {
    case 'supply':
    case 'repay': {
      const args = [params, ...pairOf(action.amount), from, '0x'] as const
      return call(encodeFunctionData({ abi: morphoAbi, functionName: action.kind, args }))
    }
    case 'withdraw':
    case 'borrow': {
      const args = [params, ...pairOf(action.amount), from, from] as const
      return call(encodeFunctionData({ abi: morphoAbi, functionName: action.kind, args }))
    }
    case 'supplyCollateral': {
      const args = [params, action.assets, from, '0x'] as const
      return call(encodeFunctionData({ abi: morphoAbi, functionName: action.kind, args }))
    }
    case 'withdrawCollateral': {
      const args = [params, action.assets, from, from] as const
      return call(encodeFunctionData({ abi: morphoAbi, functionName: action.kind, args }))
    }
    case 'liquidate': {
      const args = [params, action.borrower, action.seizedAssets, action.repaidShares, '0x'] as const
      return call(encodeFunctionData({ abi: morphoAbi, functionName: action.kind, args }))
    }
    case 'accrue':
      return call(encodeFunctionData({ abi: morphoAbi, functionName: 'accrueInterest', args: [params] }))
    case 'setFee':
      return call(encodeFunctionData({ abi: morphoAbi, functionName: 'setFee', args: [params, action.fee] }))
    case 'setOraclePrice':
      return {
        from,
        to: params.oracle,
        data: encodeFunctionData({ abi: oracleMockAbi, functionName: 'setPrice', args: [action.price] }),
      }
  }
}

/** The transaction of an action. */
export const encodeMorphoAction = (addresses: MorphoAddresses, action: MorphoAction): Transaction => {
  const { morpho: to } = addresses
  switch (action.kind) {
    case 'setFeeRecipient': {
      const args = [action.recipient] as const
      return {
        from: MORPHO_ADMIN,
        to,
        data: encodeFunctionData({ abi: morphoAbi, functionName: action.kind, args }),
      }
    }
    case 'setAuthorization': {
      const args = [action.authorized, action.isAuthorized] as const
      const data = encodeFunctionData({ abi: morphoAbi, functionName: action.kind, args })
      return { from: action.account, to, data }
    }
    default:
      return encodeOfMarket(addresses, action)
  }
}
