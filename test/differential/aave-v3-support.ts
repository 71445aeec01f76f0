// What the differential tests of Aave v3 share: states before and after a transaction, and what the pool said.
import type { Address } from 'viem'
import { aaveV3 } from '../../src/protocols/aave-v3/index.ts'
import { keys } from '../../src/protocols/aave-v3/keys.ts'
import { type AaveMarket, type AavePosition, isEmptyLeg } from '../../src/protocols/aave-v3/state.ts'
import type { Env, Mirror } from '../../src/protocols/adapter.ts'
import type { ActionOutcome } from '../devnet/aave-v3/actions.ts'
import type { Devnet } from '../devnet/devnet.ts'
import { createStateReader, nextEnv } from '../support/state.ts'

/** A market and an account's position in it; an account without a loan has an empty one. */
export type Loan = { readonly market: AaveMarket; readonly position: AavePosition }

/** `assets`: also where they are not used as collateral. `seconds`: from the head to the transaction. */
export type LoanOptions = { readonly assets?: readonly Address[]; readonly seconds?: number }

export type Reader = {
  /** The account's loan at the head, and what a transaction meets that is mined `seconds` later. */
  loan(
    account: Address,
    options?: LoanOptions,
  ): Promise<Loan & { readonly env: Env; readonly mirror: Mirror }>
  close(): void
}

const NO_BALANCES = { scaledCollateral: 0n, scaledVariableDebt: 0n }

export const createReader = (devnet: Devnet): Reader => {
  const reader = createStateReader(devnet, aaveV3, {
    chainId: devnet.chainId,
    protocol: aaveV3.protocol,
    deployment: 'main',
    poolAddressesProvider: devnet.addresses.poolAddressesProvider,
  } as Parameters<typeof createStateReader>[2])
  return {
    loan: async (account, { assets = [], seconds = 12 } = {}) => {
      const mirror = await reader.read(
        [account],
        assets.map((asset) => keys.leg(account, asset)),
      )
      const market = mirror.markets.get('pool') as AaveMarket
      const empty: AavePosition = {
        id: { ...market.id, account },
        owner: account,
        asOf: 0n,
        eMode: 0,
        userConfiguration: 0n,
        legs: Object.fromEntries(assets.map((asset) => [asset, NO_BALANCES])),
      }
      const position = (mirror.positions.get(`pool:${account}`) as AavePosition | undefined) ?? empty
      return { market, position, mirror, env: await nextEnv(devnet, mirror, seconds) }
    },
    close: reader.close,
  }
}

const balancesOf = ({ legs }: AavePosition): object =>
  Object.fromEntries(Object.entries(legs).filter(([, leg]) => !isEmptyLeg(leg)))

/** What the action determines of a loan: not the rates that a strategy makes of the new balances, nor the block of the read. */
export const settledState = (loan: Loan | undefined, assets: readonly Address[]): object => {
  const { market, position } = loan ?? {}
  const isEmpty = !position || position.userConfiguration === 0n
  return {
    position: isEmpty
      ? 'none'
      : { userConfiguration: position.userConfiguration, eMode: position.eMode, legs: balancesOf(position) },
    reserves: assets.map((asset) => {
      const { liquidityRate: _, variableBorrowRate: __, ...rest } = market?.reserves[asset] ?? {}
      return rest
    }),
  }
}

/** A revert in the words of the adapter: the constant's name without its code, a panic in hex. */
export const revertOf = ({ reason = '' }: ActionOutcome): string =>
  reason
    .replace(/^\d+ /, '')
    .replace(/^Panic\((\d+)\)$/, (_, code) => `Panic(0x${Number(code).toString(16)})`)
