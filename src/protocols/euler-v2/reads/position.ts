// One account and its controller.
import { type Address, isAddressEqual, zeroAddress } from 'viem'
import { evcAbi, factoryAbi, vaultAbi } from '../../../../abis/euler-v2.ts'
import type { BlockRef } from '../../../model/block.ts'
import type { Call, CallResult } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import type { Rounds } from '../../adapter.ts'
import { answerOf, faultAmong } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { unaccrued } from '../accrual.ts'
import { keys } from '../keys.ts'
import {
  deploymentOf,
  type EulerChange,
  type EulerMarket,
  type EulerMirror,
  type EulerPosition,
  type EulerRead,
  isOpen,
  positionKey,
} from '../state.ts'
import { isProxyCall, viewOf } from './calls.ts'
import { debtIn, userWords } from './storage.ts'

const EVC_VIEWS = [
  'getControllers',
  'getCollaterals',
  'getLastAccountStatusCheckTimestamp',
  'getAccountOwner',
] as const

/** An account in a vault, which may be none of the factory's, and the collaterals whose balances are asked for. */
type Wanted = {
  readonly isKnown: boolean
  readonly controller: Address
  readonly account: Address
  readonly candidates: readonly Address[]
  readonly hasWords: boolean
}

const callsOf = (mirror: EulerMirror, wanted: Wanted): readonly Call[] => {
  const { isKnown, controller, account, candidates, hasWords } = wanted
  const { evc } = deploymentOf(mirror)
  return [
    ...EVC_VIEWS.map((functionName) => viewOf(evc, { abi: evcAbi, functionName, args: [account] })),
    viewOf(controller, { abi: vaultAbi, functionName: 'debtOfExact', args: [account] }),
    viewOf(controller, { abi: vaultAbi, functionName: 'interestAccumulator' }),
    ...candidates.map((to) => viewOf(to, { abi: vaultAbi, functionName: 'balanceOf', args: [account] })),
    ...(hasWords ? [userWords(controller, account)] : []),
    ...(isKnown ? [] : [isProxyCall(mirror, controller)]),
  ]
}

type Debt = Pick<EulerPosition, 'owed' | 'interestAccumulator'>

/** Whether a stored debt accrues to what the vault says is owed now. */
const accruesTo = ({ owed, interestAccumulator }: Debt, accrued: Debt): boolean =>
  interestAccumulator > 0n && (owed * accrued.interestAccumulator) / interestAccumulator === accrued.owed

/** The debt as stored behind a change in a block whose accumulator the logs tell. */
const debtBehindChange = (market: EulerMarket, position: EulerPosition, accrued: Debt): Debt | undefined => {
  const accumulator = market.accumulators?.[String(position.changedIn)]
  if (accumulator === undefined) return undefined
  const owed = unaccrued(accrued.owed, accumulator, accrued.interestAccumulator)
  return owed === undefined ? undefined : { owed, interestAccumulator: accumulator }
}

/**
 * The debt as the vault stores it: by its words where they were read, else what is known where nothing changed it, else by
 * the accumulator of the block that did. Undefined where only the words can tell.
 */
const storedDebt = (
  market: EulerMarket,
  position: EulerPosition | undefined,
  accrued: Debt,
  words: Debt | undefined,
): Debt | undefined => {
  if (accrued.owed === 0n) return { owed: 0n, interestAccumulator: 0n }
  const known = position?.changedIn === undefined ? position : debtBehindChange(market, position, accrued)
  const stored = [words, known].find((one) => one !== undefined && accruesTo(one, accrued))
  return stored && { owed: stored.owed, interestAccumulator: stored.interestAccumulator }
}

/** A position that could not be read: what is known of it is kept; of one that was never read nothing is. */
const unread = (market: EulerMarket, { controller, account }: Wanted, fault: Fault, block: BlockRef) => {
  const nothing: EulerPosition = {
    id: { ...market.id, account },
    owner: account,
    asOf: block.number,
    collaterals: [],
    balances: {},
    owed: 0n,
    interestAccumulator: 0n,
    lastAccountStatusCheck: 0,
  }
  const next = (current: EulerPosition = nothing): EulerPosition => ({ ...current, fault })
  return { kind: 'position', key: positionKey(controller, account), next } as const
}

/** What is due where the controller is not known as a vault that is borrowed from. */
const dueOfController = (market: EulerMarket | undefined, controller: Address): readonly EulerChange[] => {
  if (market?.fault) return []
  if (!market) return due(keys.config(controller), keys.status(controller), keys.ltvs(controller))
  return market.collateralList ? [] : due(keys.ltvs(controller))
}

/** A controller that is not the factory's is of no concern; whether it is may have to be asked again. */
const unknownController = ({ controller, account }: Wanted, results: readonly CallResult[]) => {
  const isProxy = answerOf(factoryAbi, 'isProxy', results.at(-1))
  const own = keys.position(controller, account)
  if (!isProxy.ok) return [retry(own)]
  return isProxy.value ? [...dueOfController(undefined, controller), ...due(own)] : []
}

const balancesIn = (candidates: readonly Address[], results: readonly CallResult[]) =>
  candidates.map((vault, index) => ({ vault, answer: answerOf(vaultAbi, 'balanceOf', results[index]) }))

const decode = (
  wanted: Wanted,
  results: readonly CallResult[],
  block: BlockRef,
  mirror: EulerMirror,
): readonly EulerChange[] => {
  const { controller, account, candidates, hasWords } = wanted
  const key = positionKey(controller, account)
  const own = keys.position(controller, account)
  const controllers = answerOf(evcAbi, 'getControllers', results[0])
  const gone = { kind: 'position', key, next: () => undefined } as const
  if (controllers.ok && !controllers.value.some((one) => isAddressEqual(one, controller))) return [gone]
  const market = mirror.markets.get(controller)
  if (!market) return [gone, ...unknownController(wanted, results)]
  const collaterals = answerOf(evcAbi, 'getCollaterals', results[1])
  const lastCheck = answerOf(evcAbi, 'getLastAccountStatusCheckTimestamp', results[2])
  const owner = answerOf(evcAbi, 'getAccountOwner', results[3])
  const owed = answerOf(vaultAbi, 'debtOfExact', results[4])
  const accumulator = answerOf(vaultAbi, 'interestAccumulator', results[5])
  const balances = balancesIn(candidates, results.slice(6, 6 + candidates.length))
  const isComplete = controllers.ok && collaterals.ok && lastCheck.ok && owner.ok && owed.ok && accumulator.ok
  if (!isComplete || balances.some(({ vault, answer }) => !answer.ok && collaterals.value.includes(vault))) {
    const answers = [controllers, collaterals, lastCheck, owner, owed, accumulator]
    const fault = faultAmong(...answers, ...balances.map(({ answer }) => answer))
    return fault ? [unread(market, wanted, fault, block), retry(own)] : []
  }
  const accrued: Debt = { owed: owed.value, interestAccumulator: accumulator.value }
  const words = hasWords ? debtIn(results[6 + candidates.length]) : undefined
  const debt = storedDebt(market, mirror.positions.get(key), accrued, words)
  const recognized = collaterals.value.filter((vault) => market.collateralList?.includes(vault))
  const isMissing = recognized.some((vault) => !candidates.includes(vault)) || !market.collateralList
  const position: EulerPosition = {
    id: { ...market.id, account },
    owner: owner.value === zeroAddress ? account : owner.value,
    asOf: block.number,
    collaterals: collaterals.value,
    balances: Object.fromEntries(
      balances.flatMap(({ vault, answer }) =>
        answer.ok && recognized.includes(vault) ? [[vault, answer.value]] : [],
      ),
    ),
    ...(debt ?? accrued),
    lastAccountStatusCheck: Number(lastCheck.value),
    ...(isMissing ? { fault: { reason: 'not-yet-read', detail: 'its collateral is still to be read' } } : {}),
  }
  const isThere = isMissing || isOpen(position)
  const isAgain = isThere && !market.fault && (isMissing || (!debt && !hasWords))
  return [
    { kind: 'position', key, next: () => (isThere ? position : undefined) },
    ...(isThere ? dueOfController(market, controller) : []),
    ...(isAgain ? due(own) : []),
  ]
}

/** Whose balances to ask for: in one round all that the vault ever took, else what the account is known to have enabled. */
const candidatesOf = (
  market: EulerMarket | undefined,
  position: EulerPosition | undefined,
  rounds: Rounds,
): readonly Address[] => {
  const list = market?.collateralList ?? []
  return rounds === 'one' ? list : list.filter((vault) => position?.collaterals.includes(vault))
}

/** A position by views, and where rounds may be many by the account's words in the vault too. */
export const readPosition = (
  mirror: EulerMirror,
  controller: Address,
  account: Address,
  rounds: Rounds,
): EulerRead => {
  const position = mirror.positions.get(positionKey(controller, account))
  const market = mirror.markets.get(controller)
  const candidates = candidatesOf(market, position, rounds)
  const wanted: Wanted = {
    isKnown: market !== undefined,
    controller,
    account,
    candidates,
    hasWords: rounds === 'many',
  }
  return {
    key: keys.position(controller, account),
    calls: callsOf(mirror, wanted),
    decode: (results, block, current) => decode(wanted, results, block, current),
  }
}
