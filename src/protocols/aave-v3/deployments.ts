import type { Address } from 'viem'
export type KnownDeployment = {
  readonly chainId: number
  readonly deployment: string
  readonly poolAddressesProvider: Address
  readonly fromBlock?: bigint
  readonly source: string
}
export const deployments: readonly KnownDeployment[] = []
