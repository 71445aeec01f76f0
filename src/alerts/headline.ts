// The first line of what is said of a loan: who, what, how near.
import { knownChain } from '../chain/viem-chain.ts'
import type { AlertNotification } from '../model/alert.ts'
import type { Assessment, Health } from '../model/assessment.ts'
import type { JsonOf } from '../model/json.ts'
import { registry } from '../protocols/registry.ts'
import type { Risk } from '../risk/risk.ts'
import { WAD } from '../units/brands.ts'
import { formatWad, shortAddress } from '../units/format.ts'
import { plain } from '../units/plain.ts'
import { nearestText } from './nearness.ts'

/** What a message holds of its loan. */
export type Told = Pick<AlertNotification, 'labels' | 'assessment' | 'risk'>

/** A chain by its name: `Ethereum`, `a local chain`, `chain 4711`. */
export const chainText = (chainId: number): string => {
  const { label, isLocal } = knownChain(chainId)
  return isLocal ? 'a local chain' : label
}

/** A protocol by its name: `Aave v3`. */
export const protocolText = (protocol: string): string =>
  registry.find((adapter) => adapter.protocol === protocol)?.describe.label ?? protocol

/** Whose loan it is and where: `treasury's Aave v3 loan on Ethereum`; undefined of what is no loan. */
export const loanText = (labels: Told['labels']): string | undefined => {
  const { label, account, protocol, chainId } = labels
  if (!account || !protocol || !chainId) return undefined
  const who = label === undefined ? shortAddress(account) : plain(label)
  return `${who}'s ${protocolText(protocol)} loan on ${chainText(Number(chainId))}`
}

/** Within a hundredth of 1 every digit counts. */
const NEAR_ONE = WAD / 100n

/** Health to two places, to four close to 1; cut, so that 0.9999 never reads as 1. */
const healthText = (healthFactor: bigint): string => {
  const distance = healthFactor > WAD ? healthFactor - WAD : WAD - healthFactor
  return formatWad(healthFactor, distance < NEAR_ONE ? 4 : 2)
}

const conditionText = (health: JsonOf<Health>, risk: JsonOf<Risk> | null): string => {
  const { phase, isLiquidatable, blockedBy } = health
  if (phase === 'no-debt') return 'no debt'
  const factor = `health ${healthText(BigInt(health.healthFactor))}`
  if (phase === 'bad-debt') return `bad debt, ${factor}`
  if (isLiquidatable)
    return `${factor}, liquidatable${blockedBy.length > 0 ? `, blocked for now: ${blockedBy.join(', ')}` : ''}`
  const nearest = risk && nearestText(risk)
  return nearest ? `${factor}, ${nearest} to liquidation` : factor
}

/**
 * Who, what, how near: `treasury's Aave v3 loan on Ethereum: health 1.04, ETH −3.8 % to liquidation`, of a notification's JSON.
 * Of a loan without an assessment only whose it is; undefined of what is no loan.
 */
export const headlineOf = ({ labels, ...told }: Told): string | undefined => {
  const who = loanText(labels)
  const assessment = told.assessment as JsonOf<Assessment> | null
  const risk = told.risk as JsonOf<Risk> | null
  if (!who || !assessment) return who
  return assessment.kind === 'assessed'
    ? `${who}: ${conditionText(assessment, risk)}`
    : `${who}: health unknown (${plain(assessment.detail)})`
}
