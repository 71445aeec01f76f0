// MorphoChainlinkOracleV2: how a price is made of feeds and vaults.
import type { Address } from 'viem'
import { ArithmeticError } from '../../units/errors.ts'
import { checkedUint256 } from '../../units/mul-div.ts'
import { requireThat } from '../refusing.ts'

/** A vault whose shares are priced: what `sample` shares convert to is a factor of the price. */
export type VaultLeg = { readonly vault: Address; readonly sample: bigint }

/** The oracle's immutable parts. A feed or vault that it does not use is left out and counts as 1. */
export type OracleWiring = {
  readonly scaleFactor: bigint
  readonly baseVault?: VaultLeg
  readonly baseFeeds: readonly Address[]
  readonly quoteVault?: VaultLeg
  readonly quoteFeeds: readonly Address[]
}

/** Answers of the parts at one block, in the order in which the oracle multiplies them: vault, first feed, second feed. */
export type OracleParts = {
  readonly baseVaultAssets?: bigint
  readonly baseAnswers: readonly bigint[]
  readonly quoteVaultAssets?: bigint
  readonly quoteAnswers: readonly bigint[]
}

const productOf = (vaultAssets: bigint | undefined, answers: readonly bigint[]): bigint =>
  answers.reduce((product, answer) => {
    requireThat(answer >= 0n, 'negative answer')
    return checkedUint256(product * answer)
  }, vaultAssets ?? 1n)

/**
 * MorphoChainlinkOracleV2.price: scale factor × base ÷ quote, cut, the product in 512 bits. An answer of 0 is a price of 0;
 * a negative one reverts. Neither age nor bounds are checked.
 */
export const oraclePriceDown = (scaleFactor: bigint, parts: OracleParts): bigint => {
  const base = productOf(parts.baseVaultAssets, parts.baseAnswers)
  const quote = productOf(parts.quoteVaultAssets, parts.quoteAnswers)
  if (quote === 0n) throw new ArithmeticError('division by zero', 0x12)
  return checkedUint256((scaleFactor * base) / quote)
}
