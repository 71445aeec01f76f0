import { createTestClient, defineChain, http, publicActions } from 'viem'
import { MULTICALL3 } from './multicall3.ts'

/** A viem client of the local chain: public and test actions, no caching of answers. */
export const createDevnetClient = (url: string, chainId: number, multicall3: boolean) =>
  createTestClient({
    mode: 'anvil',
    cacheTime: 0,
    chain: defineChain({
      id: chainId,
      name: 'Plimsoll devnet',
      nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
      rpcUrls: { default: { http: [url] } },
      ...(multicall3 ? { contracts: { multicall3: { address: MULTICALL3 } } } : {}),
    }),
    transport: http(url, { retryCount: 0, maxResponseBodySize: false }),
  }).extend(publicActions)

export type DevnetClient = ReturnType<typeof createDevnetClient>
