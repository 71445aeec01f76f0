// How due keys are read.
import type { Address } from 'viem'
import type { Key, Rounds } from '../../adapter.ts'
import { unfollowedKeys } from '../following.ts'
import { type ParsedKey, parseKey } from '../keys.ts'
import { type Route, stepsOf } from '../oracle/route.ts'
import type { EulerMirror, EulerRead } from '../state.ts'
import { readAccount } from './account.ts'
import { readConfig, readTokens } from './config.ts'
import { readLtvs } from './ltvs.ts'
import { readPosition } from './position.ts'
import { readFeed, readQuote, readShares } from './price.ts'
import { readRates } from './rates.ts'
import { readRoutes } from './routes.ts'
import { readStatus } from './status.ts'
import { subAccountsOf } from './storage.ts'

/** Positions are decoded before the words of their vaults, which forget what the logs said; a vault comes before both. */
const ORDER: readonly ParsedKey['kind'][] = [
  'config',
  'position',
  'account',
  'status',
  'tokens',
  'rates',
  'ltvs',
  'routes',
  'feed',
  'shares',
  'quote',
]

const rank = ({ kind }: ParsedKey): number => ORDER.indexOf(kind)

/** Samples by the keys of what is read by view. */
const samplesIn = ({ markets }: EulerMirror): ReadonlyMap<string, bigint> => {
  const steps = [...markets.values()].flatMap(({ routes = {} }) =>
    Object.values(routes).flatMap((route: Route) => [...stepsOf(route)]),
  )
  return new Map(
    steps.flatMap((step) => {
      if (step.kind === 'shares') return [[step.vault, step.sample] as const]
      return step.kind === 'observed'
        ? [[`${step.oracle}:${step.base}:${step.quote}`, step.sample] as const]
        : []
    }),
  )
}

/** What is known of an owner's accounts is read beside the search for more, so that one round is enough where nothing is new. */
const knownPositions = (mirror: EulerMirror, owners: readonly Address[]): readonly ParsedKey[] => {
  const accounts = new Set(owners.flatMap(subAccountsOf))
  if (accounts.size === 0) return []
  return [...mirror.positions.values()].flatMap(({ id }) =>
    accounts.has(id.account as Address)
      ? [{ kind: 'position', controller: id.market as Address, account: id.account as Address } as const]
      : [],
  )
}

const readOf = (
  mirror: EulerMirror,
  parsed: ParsedKey,
  rounds: Rounds,
  samples: ReadonlyMap<string, bigint>,
): EulerRead | undefined => {
  switch (parsed.kind) {
    case 'position':
      return readPosition(mirror, parsed.controller, parsed.account, rounds)
    case 'account':
      return readAccount(mirror, parsed.address)
    case 'config':
      return readConfig(mirror, parsed.address)
    case 'status':
      return readStatus(parsed.address, rounds)
    case 'tokens':
      return readTokens(mirror, parsed.address)
    case 'rates':
      return readRates(mirror, parsed.address)
    case 'ltvs':
      return readLtvs(mirror, parsed.address)
    case 'routes':
      return readRoutes(mirror, parsed.address)
    case 'feed':
      return readFeed(parsed.address)
    case 'shares': {
      const sample = samples.get(parsed.address)
      return sample === undefined ? undefined : readShares(parsed.address, sample)
    }
    case 'quote': {
      const { oracle, base, quote } = parsed
      const sample = samples.get(`${oracle}:${base}:${quote}`)
      return sample === undefined ? undefined : readQuote(oracle, base, quote, sample)
    }
  }
}

/** One round does for everything but vaults, collaterals and oracles that nobody knew. */
export const reads = (mirror: EulerMirror, due: readonly Key[], rounds: Rounds): readonly EulerRead[] => {
  const parsed = due.map(parseKey)
  const owners = parsed.flatMap((one) => (one.kind === 'account' ? [one.address] : []))
  const controllers = new Set(parsed.flatMap((one) => (one.kind === 'position' ? [one.controller] : [])))
  const besides = unfollowedKeys(mirror, controllers).map(parseKey)
  const all = new Map(
    [...parsed, ...knownPositions(mirror, owners), ...besides].map(
      (one) => [JSON.stringify(one), one] as const,
    ),
  )
  const samples = samplesIn(mirror)
  return [...all.values()]
    .sort((a, b) => rank(a) - rank(b))
    .flatMap((one) => readOf(mirror, one, rounds, samples) ?? [])
}
