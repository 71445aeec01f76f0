// One account: its principal, and the collateral that its bits name.
import type { Address } from 'viem'
import { cometAbi } from '../../../../abis/compound-v3.ts'
import type { BlockRef } from '../../../model/block.ts'
import type { CallResult, ContractCall } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import type { Rounds } from '../../adapter.ts'
import { type Answer, answerOf } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import {
  type AssetInfo,
  type CometChange,
  type CometMarket,
  type CometMirror,
  type CometPosition,
  type CometRead,
  isHeld,
  isOpen,
  positionKey,
} from '../state.ts'
import { cometCall } from './calls.ts'

const BASIC_GAS_MAX = 25_000
const BALANCE_GAS_MAX = 25_000

/** userBasic without what belongs to no health: bits 16 to 23 of the assets are the contract's `_reserved`. */
export type Basic = Pick<
  CometPosition,
  'principal' | 'baseTrackingIndex' | 'baseTrackingAccrued' | 'assetsIn'
>

export const basicCall = (comet: Address, account: Address): ContractCall =>
  cometCall(comet, 'userBasic', [account], BASIC_GAS_MAX)

export const basicIn = (result: CallResult | undefined): Answer<Basic> => {
  const answer = answerOf(cometAbi, 'userBasic', result)
  if (!answer.ok) return answer
  const [principal, baseTrackingIndex, baseTrackingAccrued, assetsIn, reserved] = answer.value
  const bits = assetsIn | (reserved << 16)
  return { ok: true, value: { principal, baseTrackingIndex, baseTrackingAccrued, assetsIn: bits } }
}

export const balanceCall = (comet: Address, account: Address, asset: Address): ContractCall =>
  cometCall(comet, 'userCollateral', [account, asset], BALANCE_GAS_MAX)

const emptyPosition = (market: CometMarket, account: Address, block: BlockRef): CometPosition => ({
  id: { ...market.id, account },
  owner: account,
  asOf: block.number,
  principal: 0n,
  baseTrackingIndex: 0n,
  baseTrackingAccrued: 0n,
  assetsIn: 0,
  collateral: {},
})

const setPosition = (account: Address, next: CometPosition): CometChange => ({
  kind: 'position',
  key: positionKey(account),
  next: () => (isOpen(next) || next.fault ? next : undefined),
})

/** A position that could not be read is there, but what is known of it is old. */
export const withFault = (
  market: CometMarket,
  account: Address,
  block: BlockRef,
  fault: Fault,
): readonly CometChange[] => [
  {
    kind: 'position',
    key: positionKey(account),
    next: (current) => ({ ...(current ?? emptyPosition(market, account, block)), fault }),
  },
  retry(keys.account(account)),
]

const heldOf = ({ configuration }: CometMarket, assetsIn: number): readonly AssetInfo[] =>
  configuration?.assets.filter(({ offset }) => isHeld(assetsIn, offset)) ?? []

type Balances = Readonly<Record<Address, bigint>>

/** Balances of the assets that the bits name, out of the answers for `assets`. */
const balancesIn = (
  assets: readonly AssetInfo[],
  results: readonly CallResult[],
  assetsIn: number,
): Balances | Fault => {
  const balances: Record<Address, bigint> = {}
  for (const [index, { asset, offset }] of assets.entries()) {
    if (!isHeld(assetsIn, offset)) continue
    const answer = answerOf(cometAbi, 'userCollateral', results[index])
    if (!answer.ok) return { ...answer.fault, detail: `${answer.fault.detail} (${asset})` }
    balances[asset] = answer.value[0]
  }
  return balances
}

/** All of an account in one round: whatever its bits turn out to be, the balance is there. */
const readWhole = (market: CometMarket, account: Address): CometRead => {
  const assets = market.configuration?.assets ?? []
  return {
    key: keys.account(account),
    calls: [
      basicCall(market.comet, account),
      ...assets.map(({ asset }) => balanceCall(market.comet, account, asset)),
    ],
    decode: ([first, ...rest], block) => {
      const basic = basicIn(first)
      if (!basic.ok) return withFault(market, account, block, basic.fault)
      const collateral = balancesIn(assets, rest, basic.value.assetsIn)
      if ('reason' in collateral) return withFault(market, account, block, collateral as Fault)
      return [setPosition(account, { ...emptyPosition(market, account, block), ...basic.value, collateral })]
    },
  }
}

/** The bits first; only the balances that they name are asked for, in the round behind. */
const readBasic = (market: CometMarket, account: Address): CometRead => ({
  key: keys.account(account),
  calls: [basicCall(market.comet, account)],
  decode: ([result], block) => {
    const basic = basicIn(result)
    if (!basic.ok) return withFault(market, account, block, basic.fault)
    const position = { ...emptyPosition(market, account, block), ...basic.value }
    if (heldOf(market, position.assetsIn).length === 0) return [setPosition(account, position)]
    const fault: Fault = { reason: 'not-yet-read', detail: 'its collateral is not read yet' }
    return [setPosition(account, { ...position, fault }), ...due(keys.holdings(account))]
  },
})

/** An account, in one round or, with fewer calls, in two. */
export const readAccount = (market: CometMarket, account: Address, rounds: Rounds): CometRead =>
  rounds === 'one' ? readWhole(market, account) : readBasic(market, account)

/** The balances of an account whose bits were read in the round before. */
export const readHoldings = (mirror: CometMirror, market: CometMarket, account: Address): CometRead => {
  const key = keys.holdings(account)
  const position = mirror.positions.get(positionKey(account))
  if (!position) return { key, calls: [], decode: () => due(keys.account(account)) }
  const assets = heldOf(market, position.assetsIn)
  return {
    key,
    calls: assets.map(({ asset }) => balanceCall(market.comet, account, asset)),
    decode: (results, block) => {
      if (position.asOf !== block.number) return due(keys.account(account))
      const collateral = balancesIn(assets, results, position.assetsIn)
      if ('reason' in collateral) return withFault(market, account, block, collateral as Fault)
      const { fault: _read, ...rest } = position
      return [setPosition(account, { ...rest, collateral })]
    },
  }
}
