// One urn: what is in it, and whose it is.
import { type Address, getAddress, zeroAddress } from 'viem'
import {
  cdpManagerAbi,
  lockstakeEngineAbi,
  proxyAbi,
  proxyFactoryAbi,
  vatAbi,
} from '../../../../abis/maker.ts'
import type { BlockRef } from '../../../model/block.ts'
import type { CallResult, ContractCall } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import type { Key, Rounds } from '../../adapter.ts'
import { answerOf } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { ilkOf } from '../ilk-name.ts'
import { keys } from '../keys.ts'
import {
  deploymentOf,
  isOpen,
  type MakerChange,
  type MakerDeployment,
  type MakerMirror,
  type MakerPosition,
  type MakerRead,
  positionKey,
  systemMarketOf,
} from '../state.ts'
import { vaultOf } from '../vaults.ts'
import { callOf } from './calls.ts'

/** What is known of an urn before it is read: the number of its vault, if it is one, and whose it was last. */
export type Place = {
  readonly name: string
  readonly urn: Address
  readonly vault?: bigint | undefined
  readonly holder?: Address | undefined
}

/** What the mirror and the manager's own order of contracts tell of an urn. */
export const placeOf = (mirror: MakerMirror, name: string, urn: Address): Place => {
  const { cdpManager } = deploymentOf(mirror)
  const position = mirror.positions.get(positionKey(name, urn))
  if (position) return { name, urn, vault: position.vault, holder: position.holder }
  const count = systemMarketOf(mirror)?.system?.cdpi ?? 0n
  return { name, urn, vault: cdpManager && vaultOf(cdpManager, urn, count) }
}

/** Who may own an urn: the manager's or an engine's word; whoever it is, the owner of its proxy. */
const ownerCalls = (deployment: MakerDeployment, { urn, vault, holder }: Place): readonly ContractCall[] => {
  const { cdpManager, lockstake = [], proxyFactory } = deployment
  const assumed = holder ?? (vault === undefined ? urn : undefined)
  return [
    ...(cdpManager && vault !== undefined
      ? [callOf(cdpManager, cdpManagerAbi, 'owns', [vault])]
      : lockstake.map((engine) => callOf(engine, lockstakeEngineAbi, 'urnOwners', [urn]))),
    ...(proxyFactory && assumed ? [callOf(proxyFactory, proxyFactoryAbi, 'isProxy', [assumed])] : []),
    ...(proxyFactory && assumed ? [callOf(assumed, proxyAbi, 'owner', [])] : []),
  ]
}

type Ownership = { readonly holder: Address; readonly owner: Address; readonly isResolved: boolean }

/** By the answers to `ownerCalls`. A holder that nobody assumed may be a proxy: that is asked in the round behind. */
const ownershipIn = (
  deployment: MakerDeployment,
  { urn, vault, holder: known }: Place,
  results: readonly CallResult[],
): Ownership | Fault => {
  const { cdpManager, lockstake = [], proxyFactory } = deployment
  const isVault = cdpManager !== undefined && vault !== undefined
  const count = isVault ? 1 : lockstake.length
  const owners: Address[] = []
  for (const result of results.slice(0, count)) {
    const answer = isVault
      ? answerOf(cdpManagerAbi, 'owns', result)
      : answerOf(lockstakeEngineAbi, 'urnOwners', result)
    if (!answer.ok) return answer.fault
    if (answer.value !== zeroAddress) owners.push(getAddress(answer.value))
  }
  const [holder = urn] = owners
  const assumed = known ?? (vault === undefined ? urn : undefined)
  if (!proxyFactory || (!isVault && holder !== urn)) return { holder, owner: holder, isResolved: true }
  if (assumed !== holder) return { holder, owner: holder, isResolved: false }
  const isProxy = answerOf(proxyFactoryAbi, 'isProxy', results[count])
  const behind = answerOf(proxyAbi, 'owner', results[count + 1])
  if (!isProxy.ok) return isProxy.fault
  const owner = isProxy.value && behind.ok ? getAddress(behind.value) : holder
  return { holder, owner, isResolved: true }
}

const setPosition = (key: string, next: MakerPosition): MakerChange => ({
  kind: 'position',
  key,
  next: () => (isOpen(next) || next.fault ? next : undefined),
})

const emptyPosition = (mirror: MakerMirror, place: Place, block: BlockRef): MakerPosition => {
  const { chainId, protocol, deployment } = deploymentOf(mirror)
  const { name, urn, vault, holder = urn } = place
  return {
    id: { chainId, protocol, deployment, market: name, account: urn },
    owner: holder,
    asOf: block.number,
    ink: 0n,
    art: 0n,
    holder,
    ...(vault === undefined ? {} : { vault }),
  }
}

const keyOf = ({ name, urn, vault }: Place, holder: Address): string =>
  vault === undefined ? keys.urn(name, urn) : keys.vaultUrn(name, urn, vault, holder)

/** An urn that could not be read is there, but what is known of it is old. */
const withFault = (
  mirror: MakerMirror,
  place: Place,
  block: BlockRef,
  fault: Fault,
): readonly MakerChange[] => [
  {
    kind: 'position',
    key: positionKey(place.name, place.urn),
    next: (current) => ({ ...(current ?? emptyPosition(mirror, place, block)), fault }),
  },
  retry(keys.urn(place.name, place.urn)),
]

/**
 * Vat.urns, and its owner. An urn of an ilk that is not known makes the ilk due. Who stands behind a holder that was not
 * known is asked in the round behind or, where there is to be none, with the next head.
 */
export const readUrn = (mirror: MakerMirror, place: Place, rounds: Rounds): MakerRead => {
  const deployment = deploymentOf(mirror)
  const { name, urn } = place
  const later = (key: Key): readonly MakerChange[] => (rounds === 'one' ? [retry(key)] : due(key))
  return {
    key: keys.urn(name, urn),
    calls: [callOf(deployment.vat, vatAbi, 'urns', [ilkOf(name), urn]), ...ownerCalls(deployment, place)],
    decode: ([first, ...rest], block, current) => {
      const balances = answerOf(vatAbi, 'urns', first)
      if (!balances.ok) return withFault(current, place, block, balances.fault)
      const [ink, art] = balances.value
      const key = positionKey(name, urn)
      const position = { ...emptyPosition(current, place, block), ink, art }
      if (!isOpen(position)) return [setPosition(key, position)]
      const ownership = ownershipIn(deployment, place, rest)
      if ('reason' in ownership) return withFault(current, place, block, ownership)
      const { holder, owner, isResolved } = ownership
      return [
        setPosition(key, { ...position, holder, owner }),
        ...(isResolved ? [] : later(keyOf(place, holder))),
        ...(current.markets.has(name) ? [] : due(keys.ilk(name))),
      ]
    },
  }
}
