import type { Address } from 'viem'
import { BaseError, messageOf } from '../model/errors.ts'
import type { Chain } from './chain.ts'

export class NoArchiveError extends BaseError {
  override readonly name = 'NoArchiveError'
  constructor(address: Address, cause: unknown) {
    super(
      `cannot find the first block of ${address}: the endpoint does not answer for old blocks (${messageOf(cause)})`,
      {
        remedy: 'Set fromBlock in the market’s configuration, or use an archive endpoint once.',
        cause,
      },
    )
  }
}

export class NoContractError extends BaseError {
  override readonly name = 'NoContractError'
  constructor(address: Address, blockNumber: bigint) {
    super(`there is no contract at ${address} at block ${blockNumber}`, {
      remedy: 'Check the address and the chain id of the market in the configuration.',
    })
  }
}

/**
 * The first block in which a contract has code, found by halving: about 25 requests on a long chain. Throws
 * `NoArchiveError` where the endpoint has no old state, `NoContractError` where there is no code at `headNumber`.
 */
export const findStartBlock = async (chain: Chain, address: Address, headNumber: bigint): Promise<bigint> => {
  if ((await chain.codeSize(address, headNumber)) === 0) throw new NoContractError(address, headNumber)
  let [without, having] = [-1n, headNumber]
  while (having - without > 1n) {
    const middle = (without + having) / 2n
    const size = await chain.codeSize(address, middle).catch((error: unknown) => {
      throw new NoArchiveError(address, error)
    })
    if (size === 0) without = middle
    else having = middle
  }
  return having
}
