import type { Address } from 'viem'

export type KnownDeployment = {
  readonly chainId: number
  readonly deployment: string
  readonly comptroller: Address
  readonly fromBlock?: bigint
  readonly fromBlockSource?: string
  readonly source: string
}

export const deployments = [] as const satisfies readonly KnownDeployment[]
