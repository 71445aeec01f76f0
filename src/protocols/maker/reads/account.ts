// Where an account's urns are: its own, the manager's vaults under its name or its proxy's, and those of Lockstake engines.
import { type Address, getAddress, zeroAddress } from 'viem'
import { getCdpsAbi, lockstakeEngineAbi, proxyRegistryAbi, vatAbi } from '../../../../abis/maker.ts'
import type { BlockRef } from '../../../model/block.ts'
import type { CallResult, ContractCall } from '../../../model/evm.ts'
import { answerOf } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { ilkNameOf, ilkOf } from '../ilk-name.ts'
import { keys } from '../keys.ts'
import {
  deploymentOf,
  ilkMarketsOf,
  type MakerChange,
  type MakerDeployment,
  type MakerMirror,
  type MakerRead,
  positionKey,
  systemMarketOf,
} from '../state.ts'
import { callOf } from './calls.ts'

/** A holder may have hundreds of vaults, each several reads. */
const CDPS_GAS_MAX = 5_000_000
/** More urns than anybody opens: an engine that claims them is none. */
const ENGINE_URNS_MAX = 1_000

const cdpsCall = ({ cdpManager, getCdps }: MakerDeployment, holder: Address): readonly ContractCall[] =>
  cdpManager && getCdps ? [callOf(getCdps, getCdpsAbi, 'getCdpsAsc', [cdpManager, holder], CDPS_GAS_MAX)] : []

const isReadAt = (mirror: MakerMirror, name: string, urn: Address, block: BlockRef): boolean =>
  mirror.positions.get(positionKey(name, urn))?.asOf === block.number

/** The vaults of a holder, each due unless the same round read it; undefined where there is no answer. */
const vaultsIn = (
  mirror: MakerMirror,
  holder: Address,
  result: CallResult | undefined,
  block: BlockRef,
): readonly MakerChange[] | undefined => {
  const cdps = answerOf(getCdpsAbi, 'getCdpsAsc', result)
  if (!cdps.ok) return undefined
  const [ids, urns, ilks] = cdps.value
  return ids.flatMap((id, index) => {
    const [name, urn] = [ilkNameOf(ilks[index] ?? '0x'), getAddress(urns[index] ?? zeroAddress)]
    return isReadAt(mirror, name, urn, block) ? [] : due(keys.vaultUrn(name, urn, id, holder))
  })
}

/** Vaults under the name of an account's proxy. */
export const readProxy = (mirror: MakerMirror, proxy: Address): MakerRead => {
  const key = keys.proxy(proxy)
  const calls = cdpsCall(deploymentOf(mirror), proxy)
  return {
    key,
    calls,
    decode: ([result], block, current) =>
      calls.length === 0 ? [] : (vaultsIn(current, proxy, result, block) ?? [retry(key)]),
  }
}

/** The urns that engines have under an account's name, by `ilk` and `ownerUrnsCount` of each. */
const enginesIn = (
  engines: readonly Address[],
  account: Address,
  results: readonly CallResult[],
): readonly MakerChange[] | undefined => {
  const changes: MakerChange[] = []
  for (const [index, engine] of engines.entries()) {
    const ilk = answerOf(lockstakeEngineAbi, 'ilk', results[2 * index])
    const count = answerOf(lockstakeEngineAbi, 'ownerUrnsCount', results[2 * index + 1])
    if (!ilk.ok || !count.ok || count.value > ENGINE_URNS_MAX) return undefined
    if (count.value > 0n)
      changes.push(...due(keys.engineUrns(engine, ilkNameOf(ilk.value), account, Number(count.value))))
  }
  return changes
}

/** Asks everybody who may hold urns for an account. What does not answer is asked again with the next head. */
export const readAccount = (mirror: MakerMirror, account: Address): MakerRead => {
  const deployment = deploymentOf(mirror)
  const { lockstake = [], proxyRegistry } = deployment
  const key = keys.account(account)
  const cdps = cdpsCall(deployment, account)
  return {
    key,
    calls: [
      ...lockstake.flatMap((engine): readonly ContractCall[] => [
        { ...callOf(engine, lockstakeEngineAbi, 'ilk', []), immutable: true },
        callOf(engine, lockstakeEngineAbi, 'ownerUrnsCount', [account]),
      ]),
      ...cdps,
      ...(proxyRegistry ? [callOf(proxyRegistry, proxyRegistryAbi, 'proxies', [account])] : []),
    ],
    decode: (results, block, current) => {
      const [ofCdps, ofProxy] = [results[2 * lockstake.length], results.at(-1)]
      const engineUrns = enginesIn(lockstake, account, results)
      const vaults = cdps.length === 0 ? [] : vaultsIn(current, account, ofCdps, block)
      const proxy = answerOf(proxyRegistryAbi, 'proxies', ofProxy)
      const isProxyKnown = !proxyRegistry || proxy.ok
      const hasProxy = proxyRegistry && proxy.ok && proxy.value !== zeroAddress
      return [
        ...(engineUrns ?? []),
        ...(vaults ?? []),
        ...(hasProxy ? due(keys.proxy(getAddress(proxy.value))) : []),
        ...(engineUrns && vaults && isProxyKnown ? [] : [retry(key)]),
      ]
    },
  }
}

/** Which urns an engine opened for an account. */
export const readEngineUrns = (engine: Address, name: string, account: Address, count: number): MakerRead => {
  const key = keys.engineUrns(engine, name, account, count)
  return {
    key,
    calls: Array.from({ length: count }, (_, index) =>
      callOf(engine, lockstakeEngineAbi, 'ownerUrns', [account, BigInt(index)]),
    ),
    decode: (results, block, current) =>
      results.flatMap((result) => {
        const urn = answerOf(lockstakeEngineAbi, 'ownerUrns', result)
        if (!urn.ok) return [retry(key)]
        return isReadAt(current, name, getAddress(urn.value), block)
          ? []
          : due(keys.urn(name, getAddress(urn.value)))
      }),
  }
}

/** Every ilk in which an account may have an urn of its own. */
const knownIlks = (mirror: MakerMirror): readonly string[] => [
  ...new Set([
    ...(systemMarketOf(mirror)?.ilks ?? []).map(ilkNameOf),
    ...ilkMarketsOf(mirror).map(({ id }) => id.market),
  ]),
]

/** An account's own urns. Before the registry is read, its list is asked for first. */
export const readOwn = (mirror: MakerMirror, account: Address): MakerRead => {
  const { vat, ilkRegistry } = deploymentOf(mirror)
  const key = keys.own(account)
  if (ilkRegistry && !systemMarketOf(mirror)?.ilks)
    return {
      key,
      calls: [],
      decode: (_results, _block, current) => (systemMarketOf(current)?.ilks ? due(key) : [retry(key)]),
    }
  const names = knownIlks(mirror)
  return {
    key,
    calls: names.map((name) => callOf(vat, vatAbi, 'urns', [ilkOf(name), account])),
    decode: (results, block, current) =>
      names.flatMap((name, index) => {
        const urn = answerOf(vatAbi, 'urns', results[index])
        if (!urn.ok) return [retry(key)]
        const isThere = urn.value[0] > 0n || urn.value[1] > 0n
        return isThere && !isReadAt(current, name, account, block) ? due(keys.urn(name, account)) : []
      }),
  }
}
