import type { Blocks } from '../blocks.ts'
import { DevnetError, DevnetRevertError } from '../errors.ts'
import type { Block, TransactionOutcome } from '../mining.ts'
import { sendAll } from '../send-all.ts'
import type { SendOptions } from './accounts.ts'
import type { ActedBlock, Action, ActionOutcome } from './actions.ts'
import { provideLiquidity, readReserve } from './boot.ts'
import { encodeAction } from './encode.ts'
import type { EncodeContext } from './encoder.ts'
import type { Registry } from './registry.ts'

const describe = (action: Action): string =>
  JSON.stringify(action, (_, value) => (typeof value === 'bigint' ? String(value) : value))

/** The first transaction that reverted decides; else the last, which is the action itself. */
const outcomeOf = (action: Action, outcomes: readonly TransactionOutcome[]): ActionOutcome => {
  const deciding = outcomes.find((outcome) => outcome.status === 'reverted') ?? outcomes.at(-1)
  if (!deciding) throw new DevnetError(`no transaction for ${describe(action)}`)
  return { ...deciding, action, logs: outcomes.flatMap((outcome) => outcome.logs) }
}

/** Mines one block of these actions, in this order. */
export const actInOneBlock = async (
  context: EncodeContext,
  blocks: Pick<Blocks, 'send'>,
  actions: readonly Action[],
  options: SendOptions,
): Promise<ActedBlock> => {
  const encoded = []
  for (const action of actions) encoded.push({ action, transactions: await encodeAction(context, action) })
  const { block, outcomes } = await blocks.send(
    encoded.flatMap(({ transactions }) => transactions),
    options.seconds,
  )
  let start = 0
  const acted = encoded.map(({ action, transactions }) => {
    const own = outcomes.slice(start, start + transactions.length)
    start += transactions.length
    return outcomeOf(action, own)
  })
  const failed = acted.find((outcome) => outcome.status === 'reverted')
  if (failed && !options.tolerateReverts)
    throw new DevnetRevertError(describe(failed.action), failed.reason ?? '')
  return { block, outcomes: acted }
}

/** Makes reserves known that `addReserve` listed in `block`, and lends `liquidity` (whole US dollars) of each. */
export const registerAdded = async (
  context: EncodeContext,
  blocks: Blocks,
  registry: Registry,
  block: Block,
  liquidity: bigint,
): Promise<void> => {
  for (const planned of context.added) {
    const reserve = await readReserve(context.rpc, context.addresses, planned)
    if (BigInt(reserve.aToken) === 0n) continue
    registry.add({ reserve, feed: planned.feed, since: block.number })
    const lending = provideLiquidity(context.addresses.pool, planned.asset, planned.spec, liquidity)
    await sendAll(blocks, `liquidity of ${planned.spec.symbol}`, lending)
  }
}
