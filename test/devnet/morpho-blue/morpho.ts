import type { Address, Hex } from 'viem'
import { REVERTING } from '../bytecode.ts'
import type { Devnet } from '../devnet.ts'
import { DevnetRevertError } from '../errors.ts'
import type { Block, MinedBlock } from '../mining.ts'
import { namedAccount } from '../plan.ts'
import { sendAll } from '../send-all.ts'
import { encodeMorphoAction, type MorphoAction } from './actions.ts'
import { fund, MORPHO_ADMIN, type MorphoAddresses, planMorpho } from './deploy.ts'
import { MARKETS, type MarketName, type MarketSpec } from './markets.ts'

export type ActOptions = { readonly seconds?: number; readonly tolerateReverts?: boolean }

/** The real Morpho Blue on a devnet. Its methods mine, one after the other: await each before the next. */
export type Morpho = {
  readonly addresses: MorphoAddresses
  /** The block of its deployment. */
  readonly fromBlock: number
  readonly feeRecipient: Address
  /** Gives accounts plenty of every token, and Morpho leave to take it. */
  fundAccounts(accounts: readonly Address[]): Promise<Block>
  /** Mines one block of these actions, in this order; throws on a revert unless told otherwise. */
  act(actions: readonly MorphoAction[], options?: ActOptions): Promise<MinedBlock>
  /** From now on every call of this contract reverts; what mends it is answered. */
  break(contract: Address): Promise<() => Promise<void>>
}

/** What is lent in each market at first, in whole dollars. */
const LIQUIDITY_DOLLARS = 10_000_000n
const USD = 10n ** 8n

const pricesOf = async (devnet: Devnet): Promise<Readonly<Record<string, bigint>>> => {
  const symbols = Object.values(MARKETS).flatMap(({ loan, collateral }) => [loan, collateral])
  const entries: [string, bigint][] = []
  for (const symbol of new Set<string>(symbols)) entries.push([symbol, await devnet.price(symbol)])
  return Object.fromEntries(entries)
}

/** Deploys Morpho Blue beside Aave, over the same tokens and feeds, with liquidity in every market. */
export const deployMorpho = async (devnet: Devnet): Promise<Morpho> => {
  const prices = await pricesOf(devnet)
  const feeRecipient = namedAccount('morpho fee recipient')
  const { plan, addresses } = planMorpho(devnet.addresses, prices, feeRecipient)
  const { number: fromBlock } = await sendAll(devnet, 'deployment of Morpho', plan.transactions)
  const act: Morpho['act'] = async (actions, { seconds, tolerateReverts = false } = {}) => {
    const mined = await devnet.send(
      actions.map((action) => encodeMorphoAction(addresses, action)),
      seconds,
    )
    const failed = mined.outcomes.findIndex(({ status }) => status === 'reverted')
    if (failed >= 0 && !tolerateReverts)
      throw new DevnetRevertError(actions[failed]?.kind ?? '', mined.outcomes[failed]?.reason ?? '')
    return mined
  }
  await sendAll(devnet, 'tokens of the lender', fund(MORPHO_ADMIN, addresses))
  const names = Object.keys(MARKETS) as MarketName[]
  await act(
    names.map((market): MorphoAction => {
      const { loan }: MarketSpec = MARKETS[market]
      const assets =
        (LIQUIDITY_DOLLARS * USD * 10n ** BigInt(addresses.markets[market].loanDecimals)) /
        (prices[loan] ?? USD)
      return { kind: 'supply', market, account: MORPHO_ADMIN, amount: { assets } }
    }),
  )
  return {
    addresses,
    fromBlock,
    feeRecipient,
    fundAccounts: (accounts) =>
      sendAll(
        devnet,
        'tokens',
        accounts.flatMap((account) => fund(account, addresses)),
      ),
    act,
    break: async (contract) => {
      const code = await devnet.rpc.request<Hex>('eth_getCode', [contract, 'latest'])
      await devnet.rpc.request('anvil_setCode', [contract, REVERTING])
      return async () => {
        await devnet.rpc.request('anvil_setCode', [contract, code])
      }
    },
  }
}
