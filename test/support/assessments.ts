import type { Assessment, Health, Unassessable } from '../../src/model/assessment.ts'

const OWNER = '0x00000000000000000000000000000000000000AA'

const subject = (timestamp: number) => ({
  id: `1:aave-v3:core:pool:${OWNER}`,
  owner: OWNER as `0x${string}`,
  chainId: 1,
  protocol: 'aave-v3',
  deployment: 'core',
  market: 'pool',
  block: { chainId: 1, number: BigInt(timestamp), hash: '0x01' as const, timestamp },
})

/** A loan at a health factor in hundredths, at a time; debt 1,000 USD. */
export const healthAt = (hundredths: number, timestamp = 0, more: Partial<Health> = {}): Health => ({
  kind: 'assessed',
  ...subject(timestamp),
  revision: '3.0',
  revisionRaw: '1',
  fidelity: 'exact',
  quote: { symbol: 'USD', decimals: 8 },
  collateral: [],
  debt: [],
  collateralValue: 2_000n * 10n ** 8n,
  liquidationValue: BigInt(hundredths) * 10n * 10n ** 8n,
  debtValue: 1_000n * 10n ** 8n,
  healthFactor: BigInt(hundredths) * 10n ** 16n,
  isLiquidatable: hundredths < 100,
  isExecutable: hundredths < 100,
  phase: hundredths < 100 ? 'liquidatable' : 'healthy',
  blockedBy: [],
  usd: { collateral: '2000.00', debt: '1000.00', source: 'quote' },
  ...more,
})

/** The same loan where nothing could be found out. */
export const unknownAt = (timestamp = 0): Unassessable => ({
  kind: 'unassessable',
  ...subject(timestamp),
  reason: 'price-failed',
  detail: 'price of WETH: reverted',
})

export const assessmentOwner = OWNER as `0x${string}`

/** One step of a timeline: health in hundredths, or undefined for unknown. */
export const at = (hundredths: number | undefined, timestamp: number): Assessment =>
  hundredths === undefined ? unknownAt(timestamp) : healthAt(hundredths, timestamp)

/** Debt that is redeemed first is only known where the book is whole. */
export const withoutQueue = (assessment: Assessment): object => {
  const { debtInFront: _debtInFront, ...rest } = { debtInFront: null, ...assessment }
  return rest
}
