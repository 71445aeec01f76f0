// What of all vaults is followed: those that somebody borrows from, what they take as collateral, and what prices it.
import type { Address } from 'viem'
import type { Key } from '../adapter.ts'
import { keys } from './keys.ts'
import { feedKeyOf, quoteKeyOf, type Route, sharesKeyOf, stepsOf } from './oracle/route.ts'
import type { EulerMarket, EulerMirror, EulerPosition } from './state.ts'

/** Vaults with tracked loans, and every vault that their loans rest on. */
export type Followed = {
  readonly controllers: ReadonlyMap<Address, EulerMarket>
  readonly vaults: ReadonlySet<Address>
}

const routesOf = ({ routes = {} }: EulerMarket): readonly Route[] => Object.values(routes)

const restingOn = (market: EulerMarket): readonly Address[] => {
  const collaterals = Object.entries(market.collaterals ?? {}) as [Address, { readonly isVault: boolean }][]
  const resolved = routesOf(market).flatMap((route) =>
    [...stepsOf(route)].flatMap((step) => (step.kind === 'vault' ? [step.vault] : [])),
  )
  return [...collaterals.flatMap(([vault, { isVault }]) => (isVault ? [vault] : [])), ...resolved]
}

/** One pass over all positions. */
export const followed = ({ markets, positions }: EulerMirror): Followed => {
  const controllers = new Map<Address, EulerMarket>()
  for (const { id } of positions.values()) {
    const market = controllers.has(id.market as Address) ? undefined : markets.get(id.market)
    if (market) controllers.set(id.market as Address, market)
  }
  return {
    controllers,
    vaults: new Set([...controllers].flatMap(([vault, market]) => [vault, ...restingOn(market)])),
  }
}

const keyOf = (step: Route): Key | undefined => {
  if (step.kind === 'chainlink') return keys.feed(step.feed)
  if (step.kind === 'shares') return keys.shares(step.vault)
  return step.kind === 'observed' ? keys.quote(step.oracle, step.base, step.quote) : undefined
}

/** The price that a step wants and that was never read. */
export const keyOfStep = (step: Route, { prices }: EulerMirror): Key | undefined => {
  if (step.kind === 'chainlink' && prices.has(feedKeyOf(step.feed))) return undefined
  if (step.kind === 'shares' && prices.has(sharesKeyOf(step.vault))) return undefined
  if (step.kind === 'observed' && prices.has(quoteKeyOf(step.oracle, step.base, step.quote, 'mid')))
    return undefined
  return keyOf(step)
}

/** What logs tell, of all that is followed. */
export const stateKeys = (mirror: EulerMirror): readonly Key[] => {
  const { controllers, vaults } = followed(mirror)
  return [
    ...[...vaults].flatMap((vault) => [keys.config(vault), keys.status(vault)]),
    ...[...controllers.keys()].flatMap((vault) => [keys.ltvs(vault), keys.routes(vault)]),
  ]
}

/** Prices at the ends of the routes of vaults with loans. Interest accrues by itself. */
export const headKeys = (mirror: EulerMirror): readonly Key[] => {
  const { controllers } = followed(mirror)
  const steps = [...controllers.values()].flatMap((market) =>
    routesOf(market).flatMap((route) => [...stepsOf(route)]),
  )
  return [...new Set(steps.flatMap((step) => keyOf(step) ?? []))]
}

/** Where an account's loans are looked for: in the EVC, with all the accounts of the same owner. */
export const locate = (_mirror: EulerMirror, account: Address): readonly Key[] => [keys.account(account)]

export const positionKeys = ({ id }: EulerPosition): readonly Key[] => [
  keys.position(id.market as Address, id.account as Address),
]
