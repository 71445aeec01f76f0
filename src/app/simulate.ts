// Prepared liquidations tried out by eth_call, from an account that is given what it needs for the length of the call.
import { type Address, encodeFunctionData, type Hex, hexToBigInt, numberToHex, parseAbi, size } from 'viem'
import type { Chain } from '../chain/chain.ts'
import type { Overrides } from '../chain/simulate.ts'
import type { BlockRef } from '../model/block.ts'
import { messageOf } from '../model/errors.ts'
import type { LiquidationOption } from '../risk/liquidation-options.ts'
import { type TokenLayout, tokenLayouts } from './token-layouts.ts'

/** `unknown`: it could not be tried; `detail` says why, or why it reverts. `gas` is the endpoint's estimate, where it gives one. */
export type Simulation = {
  readonly outcome: 'confirmed' | 'reverts' | 'unknown'
  readonly detail: string | null
  readonly gas: bigint | null
}

/** Who calls where nobody is named: an address that nobody uses. */
export const DEFAULT_SENDER: Address = '0x00000000000000000000000000000000706c696D'

const NATIVE_SPARE = 10n ** 20n
/** Marks that tell slots apart: small enough for tokens that count in 96 bits. */
const MARK = 10n ** 24n
/** Given of what is to be paid, so that rounding does not matter. */
const FUNDS_FACTOR = 2n

const tokenAbi = parseAbi([
  'function balanceOf(address) view returns (uint256)',
  'function allowance(address, address) view returns (uint256)',
])

const wordOf = (value: bigint): Hex => numberToHex(value, { size: 32 })

/** Another that nobody uses, which is given code for one call. */
const PROBE: Address = '0x00000000000000000000000000000000706C696E'

/** Code that answers 42: `mstore(0, 42); return(0, 32)`. */
const PROBE_CODE: Hex = '0x602a60005260206000f3'
const PROBE_ANSWER = 42n

/** Whether the chain's endpoint heeds overrides. */
const heedsOverrides = async (chain: Chain, block: BlockRef): Promise<boolean> => {
  const call = { from: DEFAULT_SENDER, to: PROBE, data: '0x' } as const
  const answer = await chain.simulate(block, call, { [PROBE]: { code: PROBE_CODE } })
  return answer.kind === 'answered' && size(answer.data) === 32 && hexToBigInt(answer.data) === PROBE_ANSWER
}

/** Which layout's slot a view reads: every slot is given a mark of its own, and the view answers one of them. */
const findLayout = async (
  chain: Chain,
  block: BlockRef,
  call: { readonly from: Address; readonly to: Address; readonly data: Hex },
  slotOf: (layout: TokenLayout) => Hex,
): Promise<TokenLayout | undefined> => {
  const words = Object.fromEntries(
    tokenLayouts.map((layout, index) => [slotOf(layout), wordOf(MARK + BigInt(index))]),
  )
  const answer = await chain.simulate(block, call, { [call.to]: { words } })
  if (answer.kind === 'reverted' || size(answer.data) !== 32) return undefined
  const index = hexToBigInt(answer.data) - MARK
  return index >= 0n && index < tokenLayouts.length ? tokenLayouts[Number(index)] : undefined
}

type Layouts = { readonly balance: TokenLayout | undefined; readonly allowance: TokenLayout | undefined }

/** Tries transactions at one block of one chain; looks once how each token is laid out. */
const createTrial = (chain: Chain, block: BlockRef, from: Address) => {
  const known = new Map<Address, Layouts>()
  const layoutsOf = async (token: Address): Promise<Layouts> => {
    const found = known.get(token)
    if (found) return found
    const viewOf = (data: Hex) => ({ from, to: token, data })
    const balance = viewOf(encodeFunctionData({ abi: tokenAbi, functionName: 'balanceOf', args: [from] }))
    const args = [from, DEFAULT_SENDER] as const
    const allowance = viewOf(encodeFunctionData({ abi: tokenAbi, functionName: 'allowance', args }))
    const layouts = {
      balance: await findLayout(chain, block, balance, (layout) => layout.balanceSlot(from)),
      allowance: await findLayout(chain, block, allowance, (layout) =>
        layout.allowanceSlot(from, DEFAULT_SENDER),
      ),
    }
    known.set(token, layouts)
    return layouts
  }
  /** The sender with the coin, the debt asset and the allowance that a transaction takes; undefined where the token keeps them in a way of its own. */
  const fundedFor = async ({ call, payer, repaid }: LiquidationOption): Promise<Overrides | undefined> => {
    const sender = { [from]: { balance: (call.value ?? 0n) + NATIVE_SPARE } }
    if (payer !== 'liquidator' || call.value !== undefined) return sender
    const { balance, allowance } = await layoutsOf(repaid.asset)
    if (!balance || !allowance) return undefined
    const funds = wordOf(repaid.amount * FUNDS_FACTOR)
    const words = {
      [balance.balanceSlot(from)]: funds,
      [allowance.allowanceSlot(from, call.to)]: funds,
    }
    return { ...sender, [repaid.asset]: { words } }
  }
  return { fundedFor }
}

const unknown = (detail: string): Simulation => ({ outcome: 'unknown', detail, gas: null })

/** A code in the first word of an answer that is not 0. */
const failureCode = (data: Hex): bigint => (size(data) < 32 ? 0n : hexToBigInt(`0x${data.slice(2, 66)}`))

const tryOption = async (
  chain: Chain,
  block: BlockRef,
  from: Address,
  option: LiquidationOption,
  overrides: Overrides,
): Promise<Simulation> => {
  const { to, data, value, answersCode } = option.call
  const call = { from, to, data, ...(value === undefined ? {} : { value }) }
  const answer = await chain.simulate(block, call, overrides)
  if (answer.kind === 'reverted') return { outcome: 'reverts', detail: answer.reason, gas: null }
  const code = answersCode ? failureCode(answer.data) : 0n
  if (code !== 0n) return { outcome: 'reverts', detail: `it answers error code ${code}`, gas: null }
  const gas = await chain.estimateGas(block, call, overrides).catch(() => null)
  return { outcome: 'confirmed', detail: null, gas }
}

/**
 * Tries each option at the block that it was prepared for, one after the other, sent by `from`. What cannot be tried is
 * `unknown`, with the reason; nothing is thrown.
 */
export const simulateOptions = async (
  chain: Chain,
  block: BlockRef,
  from: Address,
  options: readonly LiquidationOption[],
): Promise<readonly Simulation[]> => {
  const trial = createTrial(chain, block, from)
  const attempt = async (option: LiquidationOption): Promise<Simulation> => {
    if (option.call.wants !== undefined) return unknown(`it wants ${option.call.wants}`)
    const overrides = await trial.fundedFor(option)
    if (!overrides) return unknown(`${option.repaid.symbol} keeps balances in a layout that is not known`)
    return tryOption(chain, block, from, option, overrides)
  }
  const attempted = async (option: LiquidationOption): Promise<Simulation> =>
    attempt(option).catch((error: unknown) => unknown(messageOf(error)))
  const isHeeded = await heedsOverrides(chain, block).catch((error: unknown) => messageOf(error))
  if (isHeeded !== true) {
    const why = isHeeded === false ? 'the endpoint takes no state overrides' : isHeeded
    return options.map(() => unknown(why))
  }
  const simulations: Simulation[] = []
  for (const option of options) simulations.push(await attempted(option))
  return simulations
}
