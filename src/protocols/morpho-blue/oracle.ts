// MorphoChainlinkOracleV2: how a price is made of feeds and vaults.
import type { Address } from 'viem'
import { ArithmeticError } from '../../units/errors.ts'
import { checkedUint256 } from '../../units/mul-div.ts'
import { requireThat } from '../refusing.ts'

/** What is multiplied on one side of the price: what `sample` shares of a vault convert to, and feeds. Any of it may be missing. */
export type OracleSide = {
  readonly vault?: { readonly address: Address; readonly sample: bigint }
  readonly feeds: readonly Address[]
}

/** The oracle's immutable parts. */
export type OracleWiring = {
  readonly scaleFactor: bigint
  readonly base: OracleSide
  readonly quote: OracleSide
}

/** What the parts of each side answer at one block: assets of the vault, if there is one, then the feeds. */
export type OracleAnswers = { readonly base: readonly bigint[]; readonly quote: readonly bigint[] }

const productOf = (answers: readonly bigint[]): bigint =>
  answers.reduce((product, answer) => {
    requireThat(answer >= 0n, 'negative answer')
    return checkedUint256(product * answer)
  }, 1n)

/**
 * MorphoChainlinkOracleV2.price: scale factor × base ÷ quote, cut, the product in 512 bits. An answer of 0 is a price of 0;
 * a negative one reverts. Neither age nor bounds are checked.
 */
export const oraclePriceDown = (scaleFactor: bigint, answers: OracleAnswers): bigint => {
  const base = productOf(answers.base)
  const quote = productOf(answers.quote)
  if (quote === 0n) throw new ArithmeticError('division by zero', 0x12)
  return checkedUint256((scaleFactor * base) / quote)
}
