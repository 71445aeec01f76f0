// What an EulerRouter says of one pair.
import { type Address, erc20Abi, isAddressEqual, zeroAddress } from 'viem'
import { factoryAbi, oracleAbi } from '../../../../abis/euler-v2.ts'
import type { Call, CallResult } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { answerOf, faultAmong } from '../../answers.ts'
import type { Pair } from '../oracle/route.ts'
import { DECIMALS_UNTOLD } from '../oracle/scale.ts'
import type { EulerMirror } from '../state.ts'
import { immutableOf, isProxyCall, viewOf } from './calls.ts'

/** Shares that a vault of another make is asked about: so many that little is lost to its rounding. */
const SAMPLE_DECIMALS = 6

export const isRouterName = (name: string | undefined): boolean => name === 'EulerRouter'

/** `configured` for the pair, `asset` behind the base where that is a resolved vault, and `fallback` for all else. */
export type RouterAnswer = {
  readonly configured: Address | undefined
  readonly asset: Address | undefined
  readonly fallback: Address | undefined
  /** How shares of the base become its asset. */
  readonly vault: { readonly kind: 'vault' } | { readonly kind: 'shares'; readonly sample: bigint }
}

/** Asks a router about a pair. */
export const routerCalls = (mirror: EulerMirror, { oracle, base, quote }: Pair): readonly Call[] => [
  viewOf(oracle, { abi: oracleAbi, functionName: 'getConfiguredOracle', args: [base, quote] }),
  viewOf(oracle, { abi: oracleAbi, functionName: 'resolvedVaults', args: [base] }),
  viewOf(oracle, { abi: oracleAbi, functionName: 'fallbackOracle' }),
  isProxyCall(mirror, base),
  immutableOf(base, { abi: erc20Abi, functionName: 'decimals' }),
]

const named = (address: Address): Address | undefined =>
  isAddressEqual(address, zeroAddress) ? undefined : address

/** The answers to `routerCalls`. */
export const routerIn = (results: readonly CallResult[]): RouterAnswer | Fault => {
  const configured = answerOf(oracleAbi, 'getConfiguredOracle', results[0])
  const resolved = answerOf(oracleAbi, 'resolvedVaults', results[1])
  const fallback = answerOf(oracleAbi, 'fallbackOracle', results[2])
  const isProxy = answerOf(factoryAbi, 'isProxy', results[3])
  const decimals = answerOf(erc20Abi, 'decimals', results[4])
  if (!configured.ok || !resolved.ok || !fallback.ok || !isProxy.ok)
    return faultAmong(configured, resolved, fallback, isProxy) as Fault
  const sample = 10n ** BigInt((decimals.ok ? decimals.value : DECIMALS_UNTOLD) + SAMPLE_DECIMALS)
  return {
    configured: named(configured.value),
    asset: named(resolved.value),
    fallback: named(fallback.value),
    vault: isProxy.value ? { kind: 'vault' } : { kind: 'shares', sample },
  }
}
