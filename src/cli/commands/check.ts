import colors from 'picocolors'
import { type CheckResult, checkAccounts } from '../../app/check.ts'
import type { ChainConfig } from '../../app/config/config.ts'
import { nameOfWanted } from '../../app/config/config.ts'
import type { ResolvedName } from '../../chain/names.ts'
import type { Assessment } from '../../model/assessment.ts'
import type { Failure } from '../../monitor/on-demand.ts'
import { accountsOf } from '../accounts.ts'
import { type Context, loadContextOrPublic, type SharedOptions, UsageError } from '../context.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { wholeArgument } from '../parse.ts'
import { assessmentCard } from '../print/assessment.ts'
import { note, plain, print, printJson } from '../print/output.ts'
import { createProgress } from '../print/progress.ts'

type CheckOptions = SharedOptions & {
  readonly chain?: readonly string[]
  readonly block?: string
  readonly rpc?: string
}

const chainsOf = ({ config }: Context, options: CheckOptions): readonly ChainConfig[] => {
  const ids = options.chain?.map((text) => wholeArgument('--chain', text))
  const chains = ids ? config.chains.filter(({ id }) => ids.includes(id)) : config.chains
  const missing = ids?.filter((id) => !chains.some((chain) => chain.id === id)) ?? []
  if (missing.length > 0)
    throw new UsageError(`chain ${missing.join(', ')} is not configured and has no known deployments`, {
      remedy: `Choose among ${config.chains.map(({ id }) => id).join(', ')}, or describe it in plimsoll.yaml.`,
    })
  const { rpc } = options
  if (rpc === undefined) return chains
  const [only] = chains
  if (!only || chains.length > 1)
    throw new UsageError('--rpc names the endpoint of one chain', {
      remedy: 'Name that chain with --chain ID.',
    })
  if (!/^(https?|wss?):\/\/./.test(rpc))
    throw new UsageError('--rpc is no http(s):// or ws(s):// address', {
      remedy: 'Write for example --rpc https://host.',
    })
  return [{ ...only, rpc: [rpc] }]
}

const failureLine = ({ chainId, market, reason, detail }: Failure): string =>
  `${colors.magenta('could not find out')} ${market ?? `chain ${chainId}`}: ${reason}: ${plain(detail)}`

const lookedAt = (chains: readonly ChainConfig[]): string =>
  chains
    .map(({ id, wanted }) => `chain ${id} (${wanted.map(nameOfWanted).join(', ') || 'nothing'})`)
    .join(', ')

const jsonOf = ({ chains, failures }: CheckResult, names: readonly ResolvedName[]) => ({
  names,
  chains: chains.map(({ block, assessments, riskOf }) => ({
    block,
    positions: assessments.map((assessment) => ({ ...assessment, ...(riskOf(assessment.id) ?? {}) })),
  })),
  failures,
})

const printPeople = (
  result: CheckResult,
  names: readonly ResolvedName[],
  chains: readonly ChainConfig[],
): void => {
  for (const { name, address, block } of names)
    print(`${plain(name)} is ${address} ${colors.dim(`(chain ${block.chainId} at block ${block.number})`)}`)
  const cards = result.chains.flatMap(({ assessments, riskOf }) =>
    assessments.map((assessment) => assessmentCard(assessment, riskOf(assessment.id))),
  )
  if (cards.length > 0) print(cards.join('\n\n'))
  for (const { block } of result.chains)
    print(
      colors.dim(
        `chain ${block.chainId} at block ${block.number} (${new Date(block.timestamp * 1_000).toISOString()})`,
      ),
    )
  for (const failure of result.failures) print(failureLine(failure))
  const isComplete = result.failures.length === 0
  if (cards.length === 0 && isComplete) print(`no loans found; looked at ${lookedAt(chains)}`)
  if (cards.length === 0 && !isComplete)
    print('found no loans where it could look, but that is not everywhere')
}

const isFinding = (assessment: Assessment): boolean =>
  assessment.kind === 'assessed' && assessment.isLiquidatable

const exitOf = ({ chains, failures }: CheckResult): ExitCode => {
  const assessments = chains.flatMap((chain) => chain.assessments)
  if (failures.length > 0 || assessments.some(({ kind }) => kind === 'unassessable')) return EXIT.unknown
  return assessments.some(isFinding) ? EXIT.finding : EXIT.fine
}

/** `check`: every loan of some accounts, given by address or name, read on demand at one block per chain. Exit 1: liquidatable; 3: something could not be found out. */
export const check = async (accounts: readonly string[], options: CheckOptions): Promise<ExitCode> => {
  const block = options.block === undefined ? undefined : BigInt(wholeArgument('--block', options.block))
  const context = loadContextOrPublic(options)
  const chains = chainsOf(context, options)
  if (context.file === undefined && options.rpc === undefined)
    note(
      colors.dim(
        'no plimsoll.yaml: asking the public endpoint of every chain with known deployments; "plimsoll init" writes a file to set better ones',
      ),
    )
  const { addresses, names } = await accountsOf(accounts, chains, context.config.chains, block)
  const progress = createProgress()
  const result = await checkAccounts(chains, addresses, block, {
    onProgress: ({ deployment, fromBlock, nextBlock, targetBlock }) =>
      progress.update(
        `markets of ${deployment.protocol}:${deployment.deployment}, blocks`,
        Number(nextBlock - fromBlock),
        Number(targetBlock - fromBlock + 1n),
      ),
    onUnsaved: (reason) => note(colors.dim(`the list of markets is not remembered: ${reason}`)),
  })
  progress.stop()
  if (options.json) printJson(jsonOf(result, names))
  else printPeople(result, names, chains)
  return exitOf(result)
}
