import colors from 'picocolors'
import type { Address } from 'viem'
import { openChain } from '../../app/chains.ts'
import type { Config } from '../../app/config/config.ts'
import { DEFAULT_SENDER, simulateOptions } from '../../app/simulate.ts'
import { assessStored, type StoredAssessments } from '../../app/stored.ts'
import { byReward, type Candidate } from '../../monitor/candidates.ts'
import type { Database } from '../../store/database.ts'
import { UsageError, withStore } from '../context.ts'
import { EXIT } from '../exit.ts'
import { accountArgument, wadArgument } from '../parse.ts'
import { auctionFailureLine, auctionTable } from '../print/auctions.ts'
import { candidateDetail, candidateTable, type ShownCandidate } from '../print/candidates.ts'
import { print, printJson } from '../print/output.ts'
import type { Options, Run } from '../run.ts'
import { blockLine, blocksOf, type ListOptions, listOptions } from './stored.ts'

/** So few are shown in detail without being asked. */
const DETAILED_MAX = 3

type CandidateOptions = ListOptions & {
  readonly maxHealth: bigint
  readonly isDetailed: boolean
  /** Who sends the best options in a simulation; undefined where none is wanted. */
  readonly sender: Address | undefined
}

type Listed = {
  readonly chains: readonly StoredAssessments[]
  readonly candidates: readonly Candidate[]
  readonly auctions: ReturnType<StoredAssessments['auctions']>
  readonly unassessableCount: number
}

const listed = (database: Database, { limit, maxHealth }: CandidateOptions): Listed => {
  const chains = assessStored(database)
  const found = chains.map((chain) => chain.candidates(maxHealth))
  const auctions = chains.map((chain) => chain.auctions())
  return {
    chains,
    candidates: found
      .flatMap((one) => one.candidates)
      .sort(byReward)
      .slice(0, limit)
      .map((one) => one.candidate()),
    auctions: {
      candidates: auctions.flatMap((one) => one.candidates),
      failures: auctions.flatMap((one) => one.failures),
    },
    unassessableCount: found.reduce((sum, one) => sum + one.unassessableCount, 0),
  }
}

/** The best option of each candidate tried at the stored block, chain by chain. Throws `UsageError` where a chain is not configured. */
const simulated = async (
  { chains, candidates }: Listed,
  config: Config,
  sender: Address,
): Promise<readonly ShownCandidate[]> => {
  const shown = new Map<Candidate, ShownCandidate>()
  for (const { block } of chains) {
    const some = candidates.filter(
      ({ position, options }) => position.chainId === block.chainId && options.length > 0,
    )
    if (some.length === 0) continue
    const chainConfig = config.chains.find(({ id }) => id === block.chainId)
    if (!chainConfig)
      throw new UsageError(`chain ${block.chainId} is in the store but not in the configuration`, {
        remedy: 'Describe it under chains, with an endpoint that can simulate, or leave --simulate out.',
      })
    const chain = openChain(chainConfig)
    const best = some.flatMap(({ options }) => options.slice(0, 1))
    const simulations = await simulateOptions(chain, block, sender, best).finally(() => chain.close())
    some.forEach((candidate, index) => {
      const simulation = simulations[index]
      if (simulation) shown.set(candidate, { ...candidate, simulation })
    })
  }
  return candidates.map((candidate) => shown.get(candidate) ?? candidate)
}

const printPeople = (
  { chains, auctions, unassessableCount }: Listed,
  shown: readonly ShownCandidate[],
  isDetailed: boolean,
): void => {
  print(...chains.map(blockLine))
  print(shown.length === 0 ? 'no candidates' : candidateTable(shown))
  if (isDetailed || shown.length <= DETAILED_MAX) for (const one of shown) print('', candidateDetail(one))
  if (auctions.candidates.length > 0) print('', auctionTable(auctions.candidates))
  if (auctions.failures.length > 0) print(...auctions.failures.map(auctionFailureLine))
  if (unassessableCount > 0)
    print(colors.magenta(`${unassessableCount} loans could not be assessed; see "positions"`))
}

/** Who sends in a simulation: `--from`, which wants `--simulate`; undefined without that. Throws `UsageError`. */
const senderOf = (isSimulating: boolean, from: Address | undefined): Address | undefined => {
  if (!isSimulating && from !== undefined)
    throw new UsageError('--from names who sends in a simulation, and none is asked for', {
      remedy: 'Add --simulate, or leave --from out.',
    })
  return isSimulating ? (from ?? DEFAULT_SENDER) : undefined
}

const optionsOf = (options: Options): CandidateOptions => {
  const { maxHealth = '1', detail, simulate, from } = options
  const sender = from === undefined ? undefined : accountArgument(from)
  return {
    ...listOptions(options),
    maxHealth: wadArgument('--max-health', maxHealth),
    isDetailed: detail !== undefined,
    sender: senderOf(simulate !== undefined, sender),
  }
}

/**
 * `candidates`: loans whose health is at most `--max-health`, each with every way to liquidate it now, most rewarding
 * first, and running auctions of seized collateral; exit 1 where a loan is liquidatable.
 */
export const candidates: Run = async (_args, shared) => {
  const options = optionsOf(shared)
  const { found, config } = withStore(shared, (database, context) => ({
    found: listed(database, options),
    config: context.config,
  }))
  const { sender } = options
  const shown = sender === undefined ? found.candidates : await simulated(found, config, sender)
  if (options.json)
    printJson({
      block: found.chains[0]?.block ?? null,
      blocks: blocksOf(found.chains),
      candidates: shown,
      auctions: found.auctions.candidates,
      auctionFailures: found.auctions.failures,
      unassessableCount: found.unassessableCount,
    })
  else printPeople(found, shown, options.isDetailed)
  return shown.some(({ position }) => position.isLiquidatable) ? EXIT.finding : EXIT.fine
}
