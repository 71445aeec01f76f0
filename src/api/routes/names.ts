import type { Address } from 'viem'
import { z } from 'zod'
import type { DaemonChain } from '../../app/face.ts'
import { chainWithNames } from '../../app/names.ts'
import { isUnanswered, NameError } from '../../chain/name-text.ts'
import { blockRef } from '../../model/block.ts'
import { BaseError, messageOf } from '../../model/errors.ts'
import { ProblemError } from '../problem.ts'
import { staleness } from '../reading/chains.ts'
import { defineRoute, type Route } from '../route.ts'
import { address, block } from '../schemas/common.ts'
import { component } from '../schemas/components.ts'
import { chainId, ensName } from '../schemas/query.ts'
import { chainsNamed, type Tools } from '../tools.ts'

/** Why a name is not answered, in the API's words. */
const problemOf = (error: unknown, { chain }: DaemonChain): ProblemError => {
  if (error instanceof ProblemError) return error
  const remedy = error instanceof BaseError && error.remedy ? { remedy: error.remedy } : {}
  if (!(error instanceof NameError))
    return new ProblemError(
      'unavailable',
      `chain ${chain.id} could not be asked: ${messageOf(error)}`,
      remedy,
    )
  return new ProblemError(isUnanswered(error) ? 'unresolvable' : 'not-found', error.message, remedy)
}

/** The chain that is asked for names. Throws `ProblemError` where none has any. */
const chainOfNames = (
  tools: Tools,
  id: number | undefined,
): { readonly one: DaemonChain; readonly registry: Address } => {
  const chains = chainsNamed(tools, id).map((one) => ({ ...one.state.chainConfig, one }))
  try {
    const { one, ensRegistry } = chainWithNames(chains)
    return { one, registry: ensRegistry }
  } catch (error) {
    if (!(error instanceof NameError)) throw error
    throw new ProblemError('not-found', error.message, error.remedy ? { remedy: error.remedy } : {})
  }
}

/** `names`: from a name to an address, for whoever then asks for its loans. */
export const nameRoute: Route = defineRoute({
  ...{ method: 'GET', path: '/v1/names/{name}', tag: 'loans', scope: 'read' },
  summary: 'The address that a name of ENS stands for',
  description:
    'Read from the ENS registry of a followed chain, and from the resolver that it names, at the block of the book, or at the head where the book is out of date. Only the chain is asked: a name whose address is kept elsewhere (CCIP-Read), or that only the resolver of a parent may know (a wildcard), is refused with `unresolvable`, which is not the same as a name that stands for nothing (`not-found`).',
  pathFields: { name: ensName },
  query: {
    chain: chainId
      .optional()
      .describe('Whose registry is asked; left out: the first followed chain that has one'),
  },
  answer: component(
    'Name',
    z.object({
      name: z.string().describe('As ENSIP-15 writes it'),
      address,
      chainId: z.int(),
      block,
      resolver: address.describe('The contract that said so'),
    }),
  ),
  example: '/v1/names/vitalik.eth',
  problems: ['not-found', 'unresolvable', 'unavailable'],
  run: async ({ path: { name }, query }, tools) => {
    const { one, registry } = chainOfNames(tools, query.chain)
    const isStale = staleness(one, tools.daemon.nowMs()) !== undefined
    const cursor = isStale ? undefined : one.state.follower?.book.cursor
    try {
      const found = await tools.live.name(one, { registry, name, block: cursor && blockRef(cursor) })
      return { body: { ...found, chainId: one.chain.id } }
    } catch (error) {
      throw problemOf(error, one)
    }
  },
})
