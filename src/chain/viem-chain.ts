import type { Address, Chain } from 'viem'
import * as viemChains from 'viem/chains'
import { remembered } from '../units/remembered.ts'

/** What viem's chain list knows of a chain. */
export type KnownChain = {
  readonly label: string
  /** Symbol of the chain's own coin. */
  readonly nativeSymbol: string
  readonly publicRpc: readonly string[]
  /** The chain's block explorer, without a slash at its end. */
  readonly explorerUrl: string | undefined
  readonly blockTimeMs: number | undefined
  readonly multicall3: { readonly address: Address; readonly blockCreated: bigint } | undefined
  /** A chain on somebody's own machine, whose clock says nothing about the world's. */
  readonly isLocal: boolean
}

const LOCAL_CHAIN_IDS = [1_337, 31_337]

/** Where Multicall3 has been put on nearly every chain (github.com/mds1/multicall, README). */
const USUAL_MULTICALL3: Address = '0xcA11bde05977b3631167028862bE2a173976CA11'

const lookUp = (id: number): KnownChain => {
  const isLocal = LOCAL_CHAIN_IDS.includes(id)
  const found = Object.values<Chain>(viemChains).find((chain) => chain.id === id)
  if (!found || isLocal)
    return {
      label: isLocal ? 'local chain' : `chain ${id}`,
      nativeSymbol: 'ETH',
      publicRpc: [],
      explorerUrl: undefined,
      blockTimeMs: undefined,
      multicall3: { address: USUAL_MULTICALL3, blockCreated: 0n },
      isLocal,
    }
  const multicall3 = found.contracts?.multicall3
  return {
    label: found.name,
    nativeSymbol: found.nativeCurrency.symbol,
    publicRpc: found.rpcUrls.default.http,
    explorerUrl: found.blockExplorers?.default.url.replace(/\/$/, ''),
    blockTimeMs: found.blockTime,
    multicall3: multicall3 && {
      address: multicall3.address,
      blockCreated: BigInt(multicall3.blockCreated ?? 0),
    },
    isLocal: false,
  }
}

/** Chains whose looks are kept: the list of all is long. */
const REMEMBERED_MAX = 64

/** Looks a chain up by id; an unknown one has its number for a name and nothing else. */
export const knownChain: (id: number) => KnownChain = remembered(lookUp, REMEMBERED_MAX)
