// What a transaction costs, and what is left of an incentive then. For display and ranking only.
import type { UsdPrice } from '../protocols/adapter.ts'
import { usdCentsOf } from '../protocols/assessing.ts'

/** What gas costs at a block: wei per unit, and what a whole coin of the chain (18 decimals) is worth; null where not known. */
export type GasPrice = { readonly baseFeeWei: bigint | null; readonly native: UsdPrice | null }

const NATIVE_DECIMALS = 18

/** The cost of so much gas in US cents, rounded up; null where gas or its price is not known. */
export const gasCentsUp = (gas: bigint | null, { baseFeeWei, native }: GasPrice): bigint | null => {
  if (gas === null || baseFeeWei === null || native === null) return null
  if (gas === 0n || baseFeeWei === 0n) return 0n
  return usdCentsOf(gas * baseFeeWei, NATIVE_DECIMALS, native) + 1n
}
