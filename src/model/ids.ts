import { BaseError } from './errors.ts'

/** `deployment`: core, spark, usdc …; `market`: pool | market id | Comet | ilk | branch | controller. */
export type MarketId = {
  readonly chainId: number
  readonly protocol: string
  readonly deployment: string
  readonly market: string
}

/** `account`: an address, a sub-account, or a vault or trove id. */
export type PositionId = MarketId & { readonly account: string }

export class InvalidPositionIdError extends BaseError {
  override readonly name = 'InvalidPositionIdError'
  constructor(text: string) {
    super(`"${text}" is not a position id`, {
      remedy: 'Write chainId:protocol:deployment:market:account, for example 1:aave-v3:core:pool:0xAb….',
    })
  }
}

/** `chainId:protocol:deployment`. */
export const formatDeploymentId = (id: Omit<MarketId, 'market'>): string =>
  `${id.chainId}:${id.protocol}:${id.deployment}`

/** `chainId:protocol:deployment:market`. */
export const formatMarketId = (id: MarketId): string => `${formatDeploymentId(id)}:${id.market}`

/** `chainId:protocol:deployment:market:account`; URL-safe, `[A-Za-z0-9._~:-]` only. */
export const formatPositionId = (id: PositionId): string => `${formatMarketId(id)}:${id.account}`

const POSITION_ID = /^(\d+):([A-Za-z0-9._~-]+):([A-Za-z0-9._~-]+):([A-Za-z0-9._~-]+):([A-Za-z0-9._~-]+)$/

/** Parses what `formatPositionId` prints; throws `InvalidPositionIdError`. */
export const parsePositionId = (text: string): PositionId => {
  const match = POSITION_ID.exec(text)
  if (!match) throw new InvalidPositionIdError(text)
  const [, chainId = '', protocol = '', deployment = '', market = '', account = ''] = match
  return { chainId: Number(chainId), protocol, deployment, market, account }
}
