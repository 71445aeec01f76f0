import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Address, Hex } from 'viem'
import type { Rpc } from './rpc.ts'

/** Where Multicall3 is on nearly every chain. */
export const MULTICALL3: Address = '0xcA11bde05977b3631167028862bE2a173976CA11'

/** viem carries Multicall3's creation code, but does not export it. */
const creationCode = async (): Promise<Hex> => {
  const folder = dirname(createRequire(import.meta.url).resolve('viem/package.json'))
  const module = await import(pathToFileURL(join(folder, '_esm', 'constants', 'contracts.js')).href)
  return module.multicall3Bytecode
}

/** Puts Multicall3 at its usual address. */
export const installMulticall3 = async (rpc: Rpc): Promise<void> => {
  const runtime = await rpc.request<Hex>('eth_call', [{ data: await creationCode() }, 'latest'])
  await rpc.request('anvil_setCode', [MULTICALL3, runtime])
}
