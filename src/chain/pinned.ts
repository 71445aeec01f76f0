// Requests whose answer is of exactly one block, pinned by its hash, or by its number with a proof around it.
import { toHex } from 'viem'
import type { BlockRef } from '../model/block.ts'
import { BaseError } from '../model/errors.ts'
import type { Endpoint } from './endpoint.ts'
import { headerOf } from './header.ts'
import { EndpointError } from './rpc-error.ts'

export class BlockMismatchError extends BaseError {
  override readonly name = 'BlockMismatchError'
  constructor(endpoint: string, block: BlockRef, what: string) {
    super(`${endpoint} did not answer at block ${block.number} (${block.hash}): ${what}`, {
      remedy:
        'The chain was reorganized meanwhile, or the endpoint is out of step; the next head tries again.',
    })
  }
}

/** A request with a block among its parameters: `before` stand before the block, `after` behind it. */
export type PinnedRequest = {
  readonly method: string
  readonly before: readonly unknown[]
  readonly after?: readonly unknown[]
}

/** Endpoints that refuse a block hash as the block of a call; they are asked by number, with a proof around it. */
const pinsByNumber = new WeakSet<Endpoint>()

const atHash = (
  endpoint: Endpoint,
  { method, before, after = [] }: PinnedRequest,
  block: BlockRef,
): Promise<unknown> =>
  endpoint.request(method, [...before, { blockHash: block.hash, requireCanonical: true }, ...after])

/**
 * By number, for endpoints that do not take a hash: the block at that height has to be the same before and after the
 * request, which no reorg in between leaves so.
 */
const atNumber = async (
  endpoint: Endpoint,
  { method, before, after = [] }: PinnedRequest,
  block: BlockRef,
): Promise<unknown> => {
  const number = toHex(block.number)
  const check = async (): Promise<void> => {
    const found = headerOf(block.chainId, await endpoint.request('eth_getBlockByNumber', [number, false]))
    if (found?.hash !== block.hash)
      throw new BlockMismatchError(endpoint.name, block, `it has ${found?.hash ?? 'no block'} there`)
  }
  await check()
  const answer = await endpoint.request(method, [...before, number, ...after])
  await check()
  return answer
}

/** Performs a request at a block, by hash where the endpoint takes one. */
export const requestAt = async (
  endpoint: Endpoint,
  request: PinnedRequest,
  block: BlockRef,
): Promise<unknown> => {
  if (pinsByNumber.has(endpoint)) return atNumber(endpoint, request, block)
  try {
    return await atHash(endpoint, request, block)
  } catch (error) {
    if (!(error instanceof EndpointError) || error.kind !== 'pinning') throw error
    const answer = await atNumber(endpoint, request, block)
    pinsByNumber.add(endpoint)
    return answer
  }
}
