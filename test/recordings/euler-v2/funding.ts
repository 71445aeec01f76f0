// What everybody has at first.
import type { Address } from 'viem'
import type { Transaction } from '../../devnet/plan.ts'
import { encode } from './contracts.ts'
import { tokenOf, unitsOf } from './units.ts'
import { LENDER, TOKENS, type TokenName, VAULT_NAMES, type World } from './world.ts'

const MAX = 2n ** 256n - 1n

/** Tokens for everybody, and leave for every vault to take them. */
export const fund = ({ tokens, vaults }: World, owners: readonly Address[]): readonly Transaction[] => {
  const holders = [...owners, LENDER]
  const minted = holders.flatMap((to) =>
    (Object.keys(TOKENS) as TokenName[]).map((name) => ({
      from: to,
      to: tokens[name],
      data: encode({ functionName: 'mint', args: [to, 10n ** 30n] }),
    })),
  )
  const approvals = holders.flatMap((from) =>
    VAULT_NAMES.map((name) => ({
      from,
      to: name === 'eeUSDC' ? vaults.eUSDC : tokens[tokenOf(name)],
      data: encode({ functionName: 'approve', args: [vaults[name], MAX] }),
    })),
  )
  return [...minted, ...approvals]
}

/** Something to borrow in every vault. */
export const lend = ({ vaults }: World): readonly Transaction[] =>
  VAULT_NAMES.flatMap((name) => {
    const dollars = name === 'eeUSDC' ? 1_000n : 3_000_000n
    const args = [unitsOf(name, dollars), LENDER] as const
    return [{ from: LENDER, to: vaults[name], data: encode({ functionName: 'deposit', args }) }]
  })

/** Vault shares that can be lent once more: what the nested vault takes. */
export const lendShares = ({ vaults }: World, owners: readonly Address[]): readonly Transaction[] =>
  owners.map((owner) => ({
    from: owner,
    to: vaults.eUSDC,
    data: encode({ functionName: 'deposit', args: [unitsOf('eUSDC', 2_000_000n), owner] }),
  }))
