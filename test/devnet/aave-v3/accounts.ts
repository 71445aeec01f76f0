import { type Address, encodeFunctionData } from 'viem'
import type { Blocks } from '../blocks.ts'
import { DevnetRevertError } from '../errors.ts'
import type { Block } from '../mining.ts'
import { namedAccount, type Transaction } from '../plan.ts'
import { poolAbi } from './abis.ts'
import type { AccountAction } from './actions.ts'
import { encodeAction } from './encode.ts'
import { type EncodeContext, reserveOf } from './encoder.ts'

/** A position to open: amounts by symbol, in the assets' smallest units. */
export type AccountSpec = {
  readonly account: Address
  readonly supplies: Readonly<Record<string, bigint>>
  /** At the variable rate. */
  readonly borrows?: Readonly<Record<string, bigint>>
  readonly stableBorrows?: Readonly<Record<string, bigint>>
  readonly eMode?: number
  /** Supplied, but not used as collateral. */
  readonly collateralOff?: readonly string[]
  /** Aave enables an isolated asset as collateral only when it is told to. */
  readonly collateralOn?: readonly string[]
}

export type AccountOutcome = {
  readonly spec: AccountSpec
  readonly block: Block
  readonly status: 'success' | 'reverted'
  /** What failed first, and why. */
  readonly reason?: string
}

export type SendOptions = {
  /** Report reverts in the outcomes instead of throwing at the first. */
  readonly tolerateReverts?: boolean
  /** From the parent block to this one; 12 unless told. */
  readonly seconds?: number
}

/** Supplies for others, from plenty: one transaction instead of mint, approve and supply. */
export const FUNDER: Address = namedAccount('funder')

const TRANSACTIONS_PER_BLOCK = 500

const supplyFor = (
  context: EncodeContext,
  account: Address,
  symbol: string,
  amount: bigint,
): Transaction => ({
  from: FUNDER,
  to: context.addresses.pool,
  data: encodeFunctionData({
    abi: poolAbi,
    functionName: 'supply',
    args: [reserveOf(context, symbol).asset, amount, account, 0],
  }),
})

type Step = { readonly what: string; readonly transaction: Transaction }

const stepsOf = async (context: EncodeContext, spec: AccountSpec): Promise<Step[]> => {
  const { account } = spec
  const actions: AccountAction[] = [
    ...(spec.eMode ? [{ kind: 'setEMode', account, category: spec.eMode } as const] : []),
    ...(spec.collateralOn ?? []).map(
      (asset) => ({ kind: 'setCollateral', account, asset, enabled: true }) as const,
    ),
    ...(spec.collateralOff ?? []).map(
      (asset) => ({ kind: 'setCollateral', account, asset, enabled: false }) as const,
    ),
    ...Object.entries(spec.stableBorrows ?? {}).map(
      ([asset, amount]) => ({ kind: 'borrow', account, asset, amount, rate: 'stable' }) as const,
    ),
    ...Object.entries(spec.borrows ?? {}).map(
      ([asset, amount]) => ({ kind: 'borrow', account, asset, amount }) as const,
    ),
  ]
  const steps = Object.entries(spec.supplies).map(([symbol, amount]) => ({
    what: `supply of ${symbol}`,
    transaction: supplyFor(context, account, symbol, amount),
  }))
  for (const action of actions) {
    const what = 'asset' in action ? `${action.kind} of ${action.asset}` : action.kind
    for (const transaction of await encodeAction(context, action)) steps.push({ what, transaction })
  }
  return steps
}

type Opening = { readonly spec: AccountSpec; readonly steps: readonly Step[] }

const openInOneBlock = async (
  blocks: Pick<Blocks, 'send'>,
  openings: readonly Opening[],
  seconds: number | undefined,
): Promise<AccountOutcome[]> => {
  const transactions = openings.flatMap(({ steps }) => steps.map((step) => step.transaction))
  const { block, outcomes } = await blocks.send(transactions, seconds)
  let start = 0
  return openings.map(({ spec, steps }) => {
    const own = outcomes.slice(start, start + steps.length)
    start += steps.length
    const failed = own.findIndex((outcome) => outcome.status === 'reverted')
    if (failed < 0) return { spec, block, status: 'success' }
    const reason = `${steps[failed]?.what}: ${own[failed]?.reason}`
    return { spec, block, status: 'reverted', reason }
  })
}

/** Opens many positions, hundreds of transactions to a block. */
export const openAccounts = async (
  context: EncodeContext,
  blocks: Pick<Blocks, 'send'>,
  specs: readonly AccountSpec[],
  options: SendOptions = {},
): Promise<AccountOutcome[]> => {
  const outcomes: AccountOutcome[] = []
  let openings: Opening[] = []
  let transactions = 0
  const flush = async () => {
    const opened = await openInOneBlock(blocks, openings, options.seconds)
    const failed = opened.find((outcome) => outcome.status === 'reverted')
    if (failed && !options.tolerateReverts)
      throw new DevnetRevertError(`account ${failed.spec.account}`, failed.reason ?? '')
    outcomes.push(...opened)
    openings = []
    transactions = 0
  }
  for (const spec of specs) {
    const steps = await stepsOf(context, spec)
    if (transactions > 0 && transactions + steps.length > TRANSACTIONS_PER_BLOCK) await flush()
    openings.push({ spec, steps })
    transactions += steps.length
  }
  if (openings.length > 0) await flush()
  return outcomes
}
