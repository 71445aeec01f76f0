// A system on a local chain, and transactions of those who use it.
import { type Address, encodeFunctionData, type Hex, zeroAddress } from 'viem'
import type { Transaction } from '../plan.ts'
import { managerAbi, operationsAbi, stabilityAbi, tokenAbi } from './abis.ts'

/** US dollars for a whole coin at first, a wad. */
export const FIRST_PRICE = 2_000n * 10n ** 18n

/** Where a system is. Only Zero has `baseParams`, which the admin may change. */
export type LiquitySystem = {
  readonly family: 'LUSD' | 'ZUSD'
  readonly admin: Address
  readonly fromBlock: number
  readonly manager: Address
  readonly operations: Address
  readonly stabilityPool: Address
  readonly sortedTroves: Address
  readonly hints: Address
  readonly token: Address
  readonly baseParams?: Address
  /** Reports a price, a wad of US dollars; one that is not trusted makes the feed look elsewhere. */
  report(price: bigint, isTrusted: boolean): Promise<readonly Transaction[]>
}

/** Any fee is accepted. */
const FEE_MAX = 10n ** 18n

const HINTS = [zeroAddress, zeroAddress] as const

/** Transactions of one account in a system. Amounts in wei. */
export const actorOf = (system: LiquitySystem, from: Address) => {
  const { manager, operations, stabilityPool, token, family } = system
  const to = (address: Address, data: Hex, value?: bigint): Transaction => ({
    ...{ from, to: address, data },
    ...(value === undefined ? {} : { value }),
  })
  const abi = operationsAbi
  const borrowName = family === 'ZUSD' ? 'withdrawZUSD' : 'withdrawLUSD'
  const repayName = family === 'ZUSD' ? 'repayZUSD' : 'repayLUSD'
  return {
    open: (coll: bigint, amount: bigint) =>
      to(
        operations,
        encodeFunctionData({ abi, functionName: 'openTrove', args: [FEE_MAX, amount, ...HINTS] }),
        coll,
      ),
    supply: (coll: bigint) =>
      to(operations, encodeFunctionData({ abi, functionName: 'addColl', args: HINTS }), coll),
    withdraw: (coll: bigint) =>
      to(operations, encodeFunctionData({ abi, functionName: 'withdrawColl', args: [coll, ...HINTS] })),
    borrow: (amount: bigint) =>
      to(
        operations,
        encodeFunctionData({ abi, functionName: borrowName, args: [FEE_MAX, amount, ...HINTS] }),
      ),
    repay: (amount: bigint) =>
      to(operations, encodeFunctionData({ abi, functionName: repayName, args: [amount, ...HINTS] })),
    /** Collateral comes along with what is borrowed. */
    adjust: (coll: bigint, amount: bigint) =>
      to(
        operations,
        encodeFunctionData({ abi, functionName: 'adjustTrove', args: [FEE_MAX, 0n, amount, true, ...HINTS] }),
        coll,
      ),
    close: () => to(operations, encodeFunctionData({ abi, functionName: 'closeTrove' })),
    claim: () => to(operations, encodeFunctionData({ abi, functionName: 'claimCollateral' })),
    deposit: (amount: bigint) =>
      to(
        stabilityPool,
        encodeFunctionData({ abi: stabilityAbi, functionName: 'provideToSP', args: [amount, zeroAddress] }),
      ),
    undeposit: (amount: bigint) =>
      to(
        stabilityPool,
        encodeFunctionData({ abi: stabilityAbi, functionName: 'withdrawFromSP', args: [amount] }),
      ),
    gainToTrove: () =>
      to(
        stabilityPool,
        encodeFunctionData({ abi: stabilityAbi, functionName: 'withdrawETHGainToTrove', args: HINTS }),
      ),
    liquidate: (borrower: Address) =>
      to(manager, encodeFunctionData({ abi: managerAbi, functionName: 'liquidate', args: [borrower] })),
    liquidateBatch: (troves: readonly Address[]) =>
      to(
        manager,
        encodeFunctionData({ abi: managerAbi, functionName: 'batchLiquidateTroves', args: [troves] }),
      ),
    liquidateSequence: (count: bigint) =>
      to(manager, encodeFunctionData({ abi: managerAbi, functionName: 'liquidateTroves', args: [count] })),
    redeem: (amount: bigint, first: Address, partialNICR: bigint, iterations = 0n) =>
      to(
        manager,
        encodeFunctionData({
          abi: managerAbi,
          functionName: 'redeemCollateral',
          args: [amount, first, ...HINTS, partialNICR, iterations, FEE_MAX],
        }),
      ),
    send: (receiver: Address, amount: bigint) =>
      to(token, encodeFunctionData({ abi: tokenAbi, functionName: 'transfer', args: [receiver, amount] })),
    call: (address: Address, data: Hex) => to(address, data),
  }
}
