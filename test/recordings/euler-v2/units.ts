// Amounts, and what vaults take.
import { TOKENS, type TokenName, VAULT_NAMES, VAULTS, type VaultName } from './world.ts'

const DOLLARS = 10n ** 8n

export const tokenOf = (vault: VaultName): TokenName =>
  VAULTS[vault].asset === 'eUSDC' ? 'USDC' : (VAULTS[vault].asset as TokenName)

/** Whole dollars in units of what a vault lends, at the price of the beginning. */
export const unitsOf = (vault: VaultName, dollars: bigint): bigint => {
  const { decimals, dollars: price } = TOKENS[tokenOf(vault)]
  return (dollars * DOLLARS * 10n ** BigInt(decimals)) / price
}

export const collateralsOf = (vault: VaultName): readonly VaultName[] =>
  Object.keys(VAULTS[vault].ltvs) as VaultName[]

export const BORROWABLE = VAULT_NAMES.filter((name) => collateralsOf(name).length > 0)

export const share = (amount: bigint, ppm: number): bigint => (amount * BigInt(ppm)) / 1_000_000n
