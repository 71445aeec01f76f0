// Morpho's own word on loans at one block.
import { type Abi, type Address, decodeFunctionResult, encodeFunctionData, type Hash, type Hex } from 'viem'
import { expect } from 'vitest'
import type { Assessment, Subject } from '../../src/model/assessment.ts'
import type { Wanted } from '../../src/monitor/track.ts'
import { morphoBlue } from '../../src/protocols/morpho-blue/index.ts'
import type { MorphoDeployment, Totals } from '../../src/protocols/morpho-blue/state.ts'
import type { Devnet } from '../devnet/devnet.ts'
import { morphoAbi, oracleMockAbi } from '../devnet/morpho-blue/abis.ts'
import { type LocalMarket, MORPHO_ADMIN } from '../devnet/morpho-blue/deploy.ts'
import type { Morpho } from '../devnet/morpho-blue/morpho.ts'

export type Position = {
  readonly supplyShares: bigint
  readonly borrowShares: bigint
  readonly collateral: bigint
}

/** `debt`: what a repayment of everything costs in this block. undefined where Morpho does not get as far. */
export type LoanTruth = Position & {
  readonly debt: bigint | undefined
  readonly isHealthy: boolean | undefined
}

export type Place = { readonly market: LocalMarket; readonly account: Address }

type Asked = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: string }

/** An eth_call at a block, from the admin, who has every token. */
const ask = async (
  devnet: Devnet,
  blockHash: Hash,
  to: Address,
  abi: Abi,
  functionName: string,
  args: readonly unknown[],
): Promise<Asked> => {
  const data = encodeFunctionData({ abi, functionName, args })
  const from = MORPHO_ADMIN
  try {
    const answer = await devnet.rpc.request<Hex>('eth_call', [{ from, to, data }, { blockHash }])
    return {
      ok: true,
      value: answer === '0x' ? undefined : decodeFunctionResult({ abi, functionName, data: answer }),
    }
  } catch (error) {
    return { ok: false, error: (error as Error).message }
  }
}

/** Stored shares and collateral. */
export const positionAt = async (
  devnet: Devnet,
  { addresses: { morpho } }: Morpho,
  blockHash: Hash,
  { market, account }: Place,
): Promise<Position> => {
  const asked = await ask(devnet, blockHash, morpho, morphoAbi, 'position', [market.id, account])
  if (!asked.ok) throw new Error(asked.error)
  const [supplyShares, borrowShares, collateral] = asked.value as readonly [bigint, bigint, bigint]
  return { supplyShares, borrowShares, collateral }
}

/** Stored totals. */
export const marketAt = async (
  devnet: Devnet,
  { addresses: { morpho } }: Morpho,
  blockHash: Hash,
  { id }: LocalMarket,
): Promise<Totals> => {
  const asked = await ask(devnet, blockHash, morpho, morphoAbi, 'market', [id])
  if (!asked.ok) throw new Error(asked.error)
  const [totalSupplyAssets, totalSupplyShares, totalBorrowAssets, totalBorrowShares, lastUpdate, fee] =
    asked.value as readonly [bigint, bigint, bigint, bigint, bigint, bigint]
  return {
    totalSupplyAssets,
    totalSupplyShares,
    totalBorrowAssets,
    totalBorrowShares,
    lastUpdate: Number(lastUpdate),
    fee,
  }
}

/** Healthy where Morpho refuses a liquidation of next to nothing in so many words. */
const isHealthyAt = async (
  devnet: Devnet,
  { addresses: { morpho } }: Morpho,
  blockHash: Hash,
  { market, account }: Place,
): Promise<boolean | undefined> => {
  const price = await ask(devnet, blockHash, market.params.oracle, oracleMockAbi, 'price', [])
  if (!price.ok) return undefined
  const least = price.value === 0n ? ([1n, 0n] as const) : ([0n, 1n] as const)
  const args = [market.params, account, ...least, '0x']
  const probe = await ask(devnet, blockHash, morpho, morphoAbi, 'liquidate', args)
  if (probe.ok) return false
  if (probe.error.includes('position is healthy')) return true
  return /panic|underflow/i.test(probe.error) ? false : undefined
}

/** What Morpho says of a loan in a block: shares as stored, debt with the interest of that block. */
export const loanAt = async (
  devnet: Devnet,
  morpho: Morpho,
  blockHash: Hash,
  place: Place,
): Promise<LoanTruth> => {
  const position = await positionAt(devnet, morpho, blockHash, place)
  const { params } = place.market
  const repay = [params, 0n, position.borrowShares, place.account, '0x']
  const [accrued, repaid, isHealthy] = await Promise.all([
    ask(devnet, blockHash, morpho.addresses.morpho, morphoAbi, 'accrueInterest', [params]),
    ask(devnet, blockHash, morpho.addresses.morpho, morphoAbi, 'repay', repay),
    isHealthyAt(devnet, morpho, blockHash, place),
  ])
  const paid = repaid.ok ? (repaid.value as readonly [bigint, bigint])[0] : undefined
  const debt = position.borrowShares === 0n ? 0n : paid
  return { ...position, debt: accrued.ok ? debt : undefined, isHealthy: accrued.ok ? isHealthy : undefined }
}

/** Where a loan is that an assessment speaks of. */
export const placeOf = (
  { addresses: { markets } }: Morpho,
  { market: id, owner: account }: Pick<Subject, 'market' | 'owner'>,
): Place => {
  const market = Object.values(markets).find((one) => one.id === id)
  if (!market) throw new Error(`no market ${id}`)
  return { market, account }
}

/** The devnet's Morpho, as configuration would describe it. */
export const morphoOn = (devnet: Devnet, morpho: Morpho, more: Partial<MorphoDeployment> = {}): Wanted => {
  const deployment: MorphoDeployment = {
    chainId: devnet.chainId,
    protocol: morphoBlue.protocol,
    deployment: 'main',
    fromBlock: BigInt(morpho.fromBlock),
    morpho: morpho.addresses.morpho,
    ...more,
  }
  return { adapter: morphoBlue, deployment }
}

export type LoanTally = { positions: number; liquidatable: number; unassessable: number }

export const newTally = (): LoanTally => ({ positions: 0, liquidatable: 0, unassessable: 0 })

/** Expects what Morpho says of a loan, and counts it: debt and collateral to the unit, whether it is liquidatable, silence only where Morpho reverts. */
export const compareLoan = async (
  devnet: Devnet,
  morpho: Morpho,
  assessment: Assessment,
  tally: LoanTally,
): Promise<void> => {
  const truth = await loanAt(devnet, morpho, assessment.block.hash, placeOf(morpho, assessment))
  const subject = [assessment.block.number, assessment.id]
  if (assessment.kind === 'unassessable') {
    expect([...subject, assessment.detail, truth.isHealthy]).toEqual([
      ...subject,
      assessment.detail,
      undefined,
    ])
    tally.unassessable += 1
    return
  }
  const { debtValue, collateral, isLiquidatable } = assessment
  const ours = [debtValue, collateral[0]?.amount ?? 0n, isLiquidatable]
  expect([...subject, ...ours]).toEqual([...subject, truth.debt, truth.collateral, !truth.isHealthy])
  tally.positions += 1
  tally.liquidatable += Number(isLiquidatable)
}
