// What of all vaults is followed: those that somebody borrows from, what they take as collateral, and what prices it.
import type { Address } from 'viem'
import type { Key, Tally } from '../adapter.ts'
import { keys } from './keys.ts'
import { type Route, stepsOf } from './oracle/route.ts'
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

/** Tallies: loans of a vault, and those of them that were read. */
const LOANS = 'loans:'
const READ = 'read:'

/** Counts a loan with its vault. */
export const tallies = ({ id, fault }: EulerPosition): readonly Tally[] => [
  { name: `${LOANS}${id.market}`, amount: 1n },
  ...(fault?.reason === 'not-yet-read' ? [] : [{ name: `${READ}${id.market}`, amount: 1n }]),
]

/** What is followed, by the mirror's tallies. */
export const followed = ({ markets, tallies: counts }: EulerMirror): Followed => {
  const controllers = new Map(
    [...counts.keys()].flatMap((name): readonly (readonly [Address, EulerMarket])[] => {
      const vault = name.startsWith(LOANS) ? (name.slice(LOANS.length) as Address) : undefined
      const market = vault && markets.get(vault)
      return vault && market ? [[vault, market]] : []
    }),
  )
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

/** What prices the steps of some routes. */
export const pricesOf = (routes: readonly Route[]): readonly Key[] => [
  ...new Set(routes.flatMap((route) => [...stepsOf(route)].flatMap((step) => keyOf(step) ?? []))),
]

/**
 * What else has to be read with loans of these vaults: of one that nobody borrowed from, what is known may be old, since
 * its logs were not followed.
 */
export const unfollowedKeys = (mirror: EulerMirror, controllers: ReadonlySet<Address>): readonly Key[] => {
  const fresh = [...controllers].flatMap((vault) => {
    const market = mirror.tallies.has(`${READ}${vault}`) ? undefined : mirror.markets.get(vault)
    return market ? [[vault, market] as const] : []
  })
  return fresh.flatMap(([vault, market]) => [
    ...[vault, ...restingOn(market)].flatMap((one) => [keys.config(one), keys.status(one)]),
    keys.ltvs(vault),
    keys.routes(vault),
    ...pricesOf(routesOf(market)),
  ])
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
  return pricesOf([...controllers.values()].flatMap(routesOf))
}

/** Where an account's loans are looked for: in the EVC, with all the accounts of the same owner. */
export const locate = (_mirror: EulerMirror, account: Address): readonly Key[] => [keys.account(account)]

export const positionKeys = ({ id }: EulerPosition): readonly Key[] => [
  keys.position(id.market as Address, id.account as Address),
]
