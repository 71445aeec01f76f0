import { decodeErrorResult, type Hex, parseAbi } from 'viem'
import { aaveErrorNames } from './aave-v3/artifacts.ts'
import type { Rpc } from './rpc.ts'

const builtinErrors = parseAbi(['error Error(string reason)', 'error Panic(uint256 code)'])

type CallTrace = { readonly output?: Hex; readonly error?: string }

let names: ReadonlyMap<string, string> | undefined

/** What a revert's data says, for people: `35 HEALTH_FACTOR_LOWER_THAN_LIQUIDATION_THRESHOLD`, `Panic(17)`. */
export const describeRevert = (data: Hex | undefined): string | undefined => {
  if (data === undefined || data === '0x') return undefined
  try {
    const error = decodeErrorResult({ abi: builtinErrors, data })
    if (error.errorName === 'Panic') return `Panic(${error.args[0]})`
    names ??= aaveErrorNames()
    const name = names.get(error.args[0])
    return name === undefined ? error.args[0] : `${error.args[0]} ${name}`
  } catch {
    return data
  }
}

/** Why each of the transactions reverted, by re-running them. */
export const revertReasons = async (rpc: Rpc, hashes: readonly Hex[]): Promise<string[]> => {
  const traces = await rpc.batch<CallTrace>(
    hashes.map((hash) => ({
      method: 'debug_traceTransaction',
      params: [hash, { tracer: 'callTracer', tracerConfig: { onlyTopCall: true } }],
    })),
  )
  return traces.map((trace) => describeRevert(trace.output) ?? trace.error ?? 'without a reason')
}
