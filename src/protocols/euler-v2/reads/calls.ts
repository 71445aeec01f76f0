// How this folder's calls are put together, and how a part of a vault is changed by their answers.
import {
  type Abi,
  type Address,
  type ContractFunctionName,
  type EncodeFunctionDataParameters,
  encodeFunctionData,
} from 'viem'
import { factoryAbi } from '../../../../abis/euler-v2.ts'
import type { ContractCall } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { deploymentOf, type EulerChange, type EulerMarket, type EulerMirror, type Part } from '../state.ts'

/** A view of a vault goes through its proxy, and through itself once more into a module. */
const VIEW_GAS_MAX = 60_000

/** A view of a contract. */
export const viewOf = <const TAbi extends Abi, TName extends ContractFunctionName<TAbi>>(
  to: Address,
  view: EncodeFunctionDataParameters<TAbi, TName>,
  gasMax = VIEW_GAS_MAX,
): ContractCall => ({ to, data: encodeFunctionData(view), gasMax })

/** The same of what never changes. */
export const immutableOf = <const TAbi extends Abi, TName extends ContractFunctionName<TAbi>>(
  to: Address,
  view: EncodeFunctionDataParameters<TAbi, TName>,
  gasMax = VIEW_GAS_MAX,
): ContractCall => ({ ...viewOf(to, view, gasMax), immutable: true })

/** Changes a vault, once it is known. */
export const updateVault = (vault: Address, next: (market: EulerMarket) => EulerMarket): EulerChange => ({
  kind: 'market',
  key: vault,
  next: (market) => market && next(market),
})

/** A vault whose part was read again: its fault is set or cleared, and `fault` is the first of all parts. */
export const withPart = (market: EulerMarket, part: Part, fault: Fault | undefined): EulerMarket => {
  const { fault: _, ...rest } = market
  const { [part]: __, ...others } = market.faults ?? {}
  const faults: Partial<Record<Part, Fault>> = fault ? { ...others, [part]: fault } : others
  const [first] = Object.values(faults)
  return first ? { ...rest, faults, fault: first } : { ...rest, faults }
}

/** What an address is called that has no other name. */
export const short = (address: Address): string => `${address.slice(0, 8)}…`

/** Asks whether an address is a vault of the deployment's factory. */
export const isProxyCall = (mirror: EulerMirror, address: Address): ContractCall =>
  viewOf(deploymentOf(mirror).eVaultFactory, { abi: factoryAbi, functionName: 'isProxy', args: [address] })
