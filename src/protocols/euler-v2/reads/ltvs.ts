// What a vault takes as collateral.
import { type Address, erc20Abi } from 'viem'
import { factoryAbi, vaultAbi } from '../../../../abis/euler-v2.ts'
import type { Call, CallResult } from '../../../model/evm.ts'
import { answerOf, symbolOf } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { withFidelity } from '../fidelity.ts'
import { keys } from '../keys.ts'
import {
  type Collateral,
  controllerIn,
  type EulerChange,
  type EulerMarket,
  type EulerMirror,
  type EulerRead,
} from '../state.ts'
import { immutableOf, isProxyCall, short, updateVault, viewOf, withPart } from './calls.ts'

/** Tokens without decimals are taken to have as many (EVault.decimals, BaseAdapter). */
const DECIMALS_UNKNOWN = 18

const IDENTITY_COUNT = 3

/** A collateral asked about; `known` is what is known of it already. */
type Asked = { readonly collateral: Address; readonly known: Collateral | undefined }

const callsOf = (mirror: EulerMirror, vault: Address, { collateral, known }: Asked): readonly Call[] => [
  viewOf(vault, { abi: vaultAbi, functionName: 'LTVFull', args: [collateral] }),
  ...(known
    ? []
    : [
        immutableOf(collateral, { abi: erc20Abi, functionName: 'symbol' }),
        immutableOf(collateral, { abi: erc20Abi, functionName: 'decimals' }),
        isProxyCall(mirror, collateral),
      ]),
]

const collateralIn = (
  { collateral, known }: Asked,
  results: readonly CallResult[],
): Collateral | undefined => {
  const ltv = answerOf(vaultAbi, 'LTVFull', results[0])
  const decimals = answerOf(erc20Abi, 'decimals', results[2])
  const isProxy = answerOf(factoryAbi, 'isProxy', results[3])
  if (!ltv.ok || !(known || isProxy.ok)) return undefined
  const [borrowLTV, liquidationLTV, initialLiquidationLTV, targetTimestamp, rampDuration] = ltv.value
  return {
    token: known?.token ?? {
      symbol: symbolOf(answerOf(erc20Abi, 'symbol', results[1]), results[1]) || short(collateral),
      decimals: decimals.ok ? decimals.value : DECIMALS_UNKNOWN,
    },
    isVault: known?.isVault ?? (isProxy.ok && isProxy.value),
    ltv: {
      borrowLTV: BigInt(borrowLTV),
      liquidationLTV: BigInt(liquidationLTV),
      initialLiquidationLTV: BigInt(initialLiquidationLTV),
      targetTimestamp,
      rampDuration,
    },
  }
}

const collateralsIn = (asked: readonly Asked[], results: readonly CallResult[]) => {
  let offset = 0
  return new Map(
    asked.map((one) => {
      const count = one.known ? 1 : 1 + IDENTITY_COUNT
      offset += count
      return [one.collateral, collateralIn(one, results.slice(offset - count, offset))] as const
    }),
  )
}

/** What has to be read once a vault's collaterals are known: vaults among them, and how each is quoted. */
const dueBehind = (
  mirror: EulerMirror,
  vault: Address,
  collaterals: Readonly<Record<Address, Collateral>>,
): readonly EulerChange[] => {
  const routes = mirror.markets.get(vault)?.routes
  const bases = Object.keys(collaterals) as Address[]
  const vaults = bases.filter((one) => collaterals[one]?.isVault && !mirror.markets.get(one)?.status)
  return [
    ...vaults.flatMap((one) => due(keys.config(one), keys.status(one))),
    ...(routes && bases.every((one) => routes[one]) ? [] : due(keys.routes(vault))),
  ]
}

/** Loans that had enabled a collateral before the vault took it: their balances of it were of no concern. */
const dueHolders = (
  { markets, positions }: EulerMirror,
  vault: Address,
  collateralList: readonly Address[],
): readonly EulerChange[] => {
  const before = markets.get(vault)?.collaterals
  const added = before ? collateralList.filter((one) => !before[one]) : []
  if (added.length === 0) return []
  return [...positions.keys()].flatMap((key) => {
    const position = controllerIn(key) === vault ? positions.get(key) : undefined
    return position && added.some((one) => position.collaterals.includes(one))
      ? due(keys.position(vault, position.id.account as Address))
      : []
  })
}

const decode = (
  vault: Address,
  asked: readonly Asked[],
  results: readonly CallResult[],
  mirror: EulerMirror,
): readonly EulerChange[] => {
  const list = answerOf(vaultAbi, 'LTVList', results[0])
  if (!list.ok)
    return [updateVault(vault, (market) => withPart(market, 'ltvs', list.fault)), retry(keys.ltvs(vault))]
  const collateralList = list.value
  const answers = collateralsIn(asked, results.slice(1))
  if (collateralList.some((one) => !answers.has(one)))
    return [updateVault(vault, (market) => ({ ...market, collateralList })), ...due(keys.ltvs(vault))]
  const read = collateralList.flatMap((one) => {
    const collateral = answers.get(one)
    return collateral ? [[one, collateral] as const] : []
  })
  if (read.length < collateralList.length) {
    const fault = { reason: 'read-failed', detail: 'LTVFull: a collateral could not be read' } as const
    return [updateVault(vault, (market) => withPart(market, 'ltvs', fault)), retry(keys.ltvs(vault))]
  }
  const collaterals = Object.fromEntries(read)
  const next = (market: EulerMarket): EulerMarket =>
    withFidelity(withPart({ ...market, collateralList, collaterals }, 'ltvs', undefined))
  return [
    updateVault(vault, next),
    ...dueBehind(mirror, vault, collaterals),
    ...dueHolders(mirror, vault, collateralList),
  ]
}

/** All LTVs that a vault ever set; a collateral that is new in the list takes a round more. */
export const readLtvs = (mirror: EulerMirror, vault: Address): EulerRead => {
  const market = mirror.markets.get(vault)
  const asked = (market?.collateralList ?? []).map((collateral) => ({
    collateral,
    known: market?.collaterals?.[collateral],
  }))
  return {
    key: keys.ltvs(vault),
    calls: [
      viewOf(vault, { abi: vaultAbi, functionName: 'LTVList' }),
      ...asked.flatMap((one) => callsOf(mirror, vault, one)),
    ],
    decode: (results, _block, current) => decode(vault, asked, results, current),
  }
}
