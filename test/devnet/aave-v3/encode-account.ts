import { type Address, encodeFunctionData, type Hex, maxUint256 } from 'viem'
import type { Transaction } from '../plan.ts'
import { poolAbi, tokenAbi } from './abis.ts'
import type { AccountAction, RateMode } from './actions.ts'
import { type EncodeContext, type Encoders, reserveOf } from './encoder.ts'

const RATE_MODES: Readonly<Record<RateMode, bigint>> = { stable: 1n, variable: 2n }

/** What is minted to a payer who pays "all": more than any debt. */
const PLENTY = 2n ** 112n

/** Transactions that give `payer` the tokens and let the pool take them. */
const fund = (context: EncodeContext, payer: Address, symbol: string, amount: bigint): Transaction[] => {
  const { asset } = reserveOf(context, symbol)
  const { pool } = context.addresses
  const minted = amount === maxUint256 ? PLENTY : amount
  return [
    {
      from: payer,
      to: asset,
      data: encodeFunctionData({ abi: tokenAbi, functionName: 'mint', args: [payer, minted] }),
    },
    {
      from: payer,
      to: asset,
      data: encodeFunctionData({ abi: tokenAbi, functionName: 'approve', args: [pool, maxUint256] }),
    },
  ]
}

const toPool = (context: EncodeContext, from: Address, data: Hex): Transaction => ({
  from,
  to: context.addresses.pool,
  data,
})

export const accountEncoders: Encoders<AccountAction['kind']> = {
  supply: (context, { account, asset, amount }) => {
    const args = [reserveOf(context, asset).asset, amount, account, 0] as const
    return [
      ...fund(context, account, asset, amount),
      toPool(context, account, encodeFunctionData({ abi: poolAbi, functionName: 'supply', args })),
    ]
  },
  withdraw: (context, { account, asset, amount }) => {
    const args = [reserveOf(context, asset).asset, amount, account] as const
    return [toPool(context, account, encodeFunctionData({ abi: poolAbi, functionName: 'withdraw', args }))]
  },
  borrow: (context, { account, asset, amount, rate = 'variable' }) => {
    const args = [reserveOf(context, asset).asset, amount, RATE_MODES[rate], 0, account] as const
    return [toPool(context, account, encodeFunctionData({ abi: poolAbi, functionName: 'borrow', args }))]
  },
  repay: (context, { account, asset, amount, rate = 'variable' }) => {
    const args = [reserveOf(context, asset).asset, amount, RATE_MODES[rate], account] as const
    return [
      ...fund(context, account, asset, amount),
      toPool(context, account, encodeFunctionData({ abi: poolAbi, functionName: 'repay', args })),
    ]
  },
  repayWithATokens: (context, { account, asset, amount }) => {
    const args = [reserveOf(context, asset).asset, amount, RATE_MODES.variable] as const
    const data = encodeFunctionData({ abi: poolAbi, functionName: 'repayWithATokens', args })
    return [toPool(context, account, data)]
  },
  transferAToken: (context, { account, to, asset, amount }) => {
    const data = encodeFunctionData({ abi: tokenAbi, functionName: 'transfer', args: [to, amount] })
    return [{ from: account, to: reserveOf(context, asset).aToken, data }]
  },
  setCollateral: (context, { account, asset, enabled }) => {
    const args = [reserveOf(context, asset).asset, enabled] as const
    const functionName = 'setUserUseReserveAsCollateral'
    return [toPool(context, account, encodeFunctionData({ abi: poolAbi, functionName, args }))]
  },
  setEMode: (context, { account, category }) => {
    const data = encodeFunctionData({ abi: poolAbi, functionName: 'setUserEMode', args: [category] })
    return [toPool(context, account, data)]
  },
  swapRate: (context, { account, asset, from }) => {
    const args = [reserveOf(context, asset).asset, RATE_MODES[from]] as const
    const data = encodeFunctionData({ abi: poolAbi, functionName: 'swapBorrowRateMode', args })
    return [toPool(context, account, data)]
  },
  liquidate: (context, { liquidator, borrower, debt, collateral, amount, receiveAToken = false }) => {
    const [seized, repaid] = [reserveOf(context, collateral).asset, reserveOf(context, debt).asset]
    const args = [seized, repaid, borrower, amount, receiveAToken] as const
    const data = encodeFunctionData({ abi: poolAbi, functionName: 'liquidationCall', args })
    return [...fund(context, liquidator, debt, amount), toPool(context, liquidator, data)]
  },
}
