// How a vault's oracle quotes its asset and its collaterals: found out step by step, each contract asked what it has.
import { type Address, isAddressEqual, zeroAddress } from 'viem'
import type { Call, CallResult } from '../../../model/evm.ts'
import type { Key } from '../../adapter.ts'
import { due, retry } from '../../changing.ts'
import { withFidelity } from '../fidelity.ts'
import { pricesOf } from '../following.ts'
import { keys } from '../keys.ts'
import { isUnread, mapUnread, type Pair, type Route, stepsOf, type UnreadRoute } from '../oracle/route.ts'
import type { EulerChange, EulerMarket, EulerMirror, EulerRead } from '../state.ts'
import { type AdapterAnswer, adapterCalls, adapterIn } from './adapters.ts'
import { updateVault, withPart } from './calls.ts'
import { isRouterName, type RouterAnswer, routerCalls, routerIn } from './router.ts'

const pairId = ({ oracle, base, quote }: Pair): string => `${oracle}:${base}:${quote}`

/** What is known of oracles throughout a deployment: which are routers, and adapters that were found out, by what they price. */
type Known = { readonly routers: ReadonlySet<Address>; readonly adapters: ReadonlyMap<string, Route> }

const knownIn = ({ markets }: EulerMirror): Known => {
  const all = [...markets.values()]
  const steps = all.flatMap(({ routes = {} }) =>
    Object.values(routes).flatMap((route) => [...stepsOf(route)]),
  )
  const adapters = steps.flatMap((step) =>
    'oracle' in step && step.kind !== 'unread' && !isUnread(step) ? [[pairId(step), step] as const] : [],
  )
  return { routers: new Set(all.flatMap(({ routers = [] }) => routers)), adapters: new Map(adapters) }
}

/** What a vault's oracle is asked for: its asset, unless that is the unit of account itself, and each collateral. */
const pairsOf = ({ identity, collateralList = [] }: EulerMarket): readonly Pair[] => {
  if (!identity || isAddressEqual(identity.oracle, zeroAddress)) return []
  const { asset, oracle, unitOfAccount: quote } = identity
  return [asset, ...collateralList].map((base) => ({ oracle, base, quote }))
}

/** Every pair that a router was asked for on the way of a route. */
function* routerPairs(pair: Pair, route: Route | undefined, routers: ReadonlySet<Address>): Generator<Pair> {
  if (!routers.has(pair.oracle)) return
  yield pair
  if (route?.kind === 'vault' || route?.kind === 'shares')
    yield* routerPairs({ ...pair, base: route.asset }, route.next, routers)
}

/** Answers to one round, by pair. */
type Answers = {
  readonly routers: ReadonlyMap<string, RouterAnswer>
  readonly adapters: ReadonlyMap<string, AdapterAnswer>
}

/** The route of a pair as far as the answers tell. */
const resolve = (pair: Pair, known: Known, answers: Answers, depthLeft: number): Route => {
  if (isAddressEqual(pair.base, pair.quote)) return { kind: 'identity' }
  if (!known.routers.has(pair.oracle)) return known.adapters.get(pairId(pair)) ?? { kind: 'unread', ...pair }
  const answer = answers.routers.get(pairId(pair))
  if (!answer || depthLeft === 0) return { kind: 'unread', ...pair }
  const through = (next: Pair): Route => resolve(next, known, answers, depthLeft - 1)
  const { configured, asset, fallback, vault } = answer
  if (configured) return through({ ...pair, oracle: configured })
  if (asset) return { ...vault, vault: pair.base, asset, next: through({ ...pair, base: asset }) }
  return fallback ? through({ ...pair, oracle: fallback }) : { kind: 'unsupported', ...pair }
}

/** Vaults in vaults, and routers behind routers, that are followed. */
const DEPTH_MAX = 8

/** A step that is still to be found out, one answer further. */
const advance = (unread: UnreadRoute, known: Known, answers: Answers): Route => {
  const answer = answers.adapters.get(pairId(unread))
  if (!answer) return known.routers.has(unread.oracle) ? resolve(unread, known, answers, DEPTH_MAX) : unread
  if (answer.kind !== 'unread' || !isRouterName(answer.name)) return answer
  return { kind: 'unread', oracle: unread.oracle, base: unread.base, quote: unread.quote }
}

/** What one round asks: routers for pairs, other oracles for their next answer. */
type Plan = {
  readonly pairs: readonly Pair[]
  readonly routed: readonly Pair[]
  readonly unread: readonly UnreadRoute[]
}

const uniqueBy = <T extends Pair>(list: readonly T[]): readonly T[] => [
  ...new Map(list.map((one) => [pairId(one), one])).values(),
]

const planOf = (market: EulerMarket, known: Known): Plan => {
  const pairs = pairsOf(market)
  const unread = pairs.flatMap((pair): readonly UnreadRoute[] => {
    const route = market.routes?.[pair.base]
    if (!route) return known.routers.has(pair.oracle) ? [] : [{ kind: 'unread', ...pair }]
    return [...stepsOf(route)].filter((step): step is UnreadRoute => step.kind === 'unread')
  })
  const routed = pairs.flatMap((pair) => [...routerPairs(pair, market.routes?.[pair.base], known.routers)])
  const isOfRouter = ({ oracle }: Pair): boolean => known.routers.has(oracle)
  return {
    pairs,
    routed: uniqueBy([...routed, ...unread.filter(isOfRouter)]),
    unread: uniqueBy(unread.filter((one) => !isOfRouter(one))),
  }
}

/** The route of a pair: what a router says anew, and every step that is still open one answer further. */
const nextRoute = (pair: Pair, current: Route | undefined, known: Known, answers: Answers): Route => {
  const isRouted = known.routers.has(pair.oracle)
  const started = isRouted || !current ? resolve(pair, known, answers, DEPTH_MAX) : current
  const kept = isRouted && current ? merged(started, current) : started
  return mapUnread(kept, (unread) => advance(unread, known, answers))
}

/** What is known of open steps stays known where the way there is the same. */
const merged = (anew: Route, current: Route): Route => {
  const open = new Map(
    [...stepsOf(current)].flatMap((step) => ('oracle' in step ? [[pairId(step), step]] : [])),
  )
  return mapUnread(anew, (unread) => open.get(pairId(unread)) ?? unread)
}

const routersIn = (unread: readonly UnreadRoute[], { adapters }: Answers): readonly Address[] =>
  unread.flatMap((one) => {
    const answer = adapters.get(pairId(one))
    return answer?.kind === 'unread' && isRouterName(answer.name) ? [one.oracle] : []
  })

/** What has to be read once a vault's routes are known: prices that were not on its way before, and vaults that only the router resolves. */
const dueBehind = (
  { routes: before = {} }: EulerMarket,
  mirror: EulerMirror,
  routes: readonly Route[],
): readonly Key[] => {
  const known = new Set(pricesOf(Object.values(before)))
  const vaults = routes.flatMap((route) =>
    [...stepsOf(route)].flatMap((step) =>
      step.kind === 'vault' && !mirror.markets.get(step.vault)?.status ? [step.vault] : [],
    ),
  )
  return [
    ...vaults.flatMap((vault) => [keys.config(vault), keys.status(vault)]),
    ...pricesOf(routes).filter((key) => !known.has(key)),
  ]
}

const decode = (
  vault: Address,
  plan: Plan,
  results: readonly CallResult[],
  mirror: EulerMirror,
): readonly EulerChange[] => {
  const market = mirror.markets.get(vault)
  if (!market) return []
  let offset = 0
  const take = (calls: readonly Call[]): readonly CallResult[] => {
    offset += calls.length
    return results.slice(offset - calls.length, offset)
  }
  const routed = plan.routed.map((pair) => [pair, routerIn(take(routerCalls(mirror, pair)))] as const)
  const adapters = plan.unread.map((one) => [pairId(one), adapterIn(one, take(adapterCalls(one)))] as const)
  const failed = routed.flatMap(([, answer]) => ('reason' in answer ? [answer] : []))[0]
  if (failed)
    return [updateVault(vault, (current) => withPart(current, 'routes', failed)), retry(keys.routes(vault))]
  const answers: Answers = {
    routers: new Map(
      routed.flatMap(([pair, answer]) => ('reason' in answer ? [] : [[pairId(pair), answer]])),
    ),
    adapters: new Map(adapters),
  }
  const found = knownIn(mirror)
  const routers = new Set([...found.routers, ...routersIn(plan.unread, answers)])
  const known: Known = { ...found, routers }
  const own = [
    ...new Set([
      ...(market.routers ?? []),
      ...routersIn(plan.unread, answers),
      ...plan.routed.map(({ oracle }) => oracle),
    ]),
  ]
  const routes = Object.fromEntries(
    plan.pairs.map((pair) => [pair.base, nextRoute(pair, market.routes?.[pair.base], known, answers)]),
  )
  const next = (current: EulerMarket): EulerMarket =>
    withFidelity(withPart({ ...current, routes, routers: own }, 'routes', undefined))
  const all = Object.values(routes)
  return [
    updateVault(vault, next),
    ...due(...new Set(dueBehind(market, mirror, all))),
    ...(all.some(isUnread) ? due(keys.routes(vault)) : []),
  ]
}

/** One step further on the way of each quote; routers are asked anew every time, since their governor can rewire them. */
export const readRoutes = (mirror: EulerMirror, vault: Address): EulerRead | undefined => {
  const market = mirror.markets.get(vault)
  if (!market?.identity) return undefined
  const plan = planOf(market, knownIn(mirror))
  return {
    key: keys.routes(vault),
    calls: [
      ...plan.routed.flatMap((pair) => routerCalls(mirror, pair)),
      ...plan.unread.flatMap(adapterCalls),
    ],
    decode: (results, _block, current) => decode(vault, plan, results, current),
  }
}
