// What accounts do beside the devnet's ordinary activity: liquidations that hit, deficits, debts in another's name.
import { type Address, encodeFunctionData, type Hex, maxUint256 } from 'viem'
import { poolAbi, tokenAbi } from '../../devnet/aave-v3/abis.ts'
import { FUNDER } from '../../devnet/aave-v3/accounts.ts'
import type { Action } from '../../devnet/aave-v3/actions.ts'
import type { Reserve } from '../../devnet/aave-v3/addresses.ts'
import { randomAccount } from '../../devnet/aave-v3/random-account.ts'
import { RESERVES } from '../../devnet/aave-v3/reserves.ts'
import type { Devnet } from '../../devnet/devnet.ts'
import { readContract } from '../../devnet/feed-state.ts'
import type { Random } from '../../devnet/random.ts'
import type { Artifacts, Named } from '../artifacts.ts'
import type { RecordedPool } from './deploy.ts'

/** A running pool, and who uses it. */
export type Scene = {
  readonly devnet: Devnet
  readonly artifacts: Artifacts
  readonly pool: RecordedPool
  readonly random: Random
  readonly accounts: readonly Address[]
  /** A contract that agrees to everything, so also to a flash loan. */
  readonly receiver: Address
}

const WAD = 10n ** 18n

const toPool = (scene: Scene, from: Address, functionName: string, args: Named): Action => ({
  kind: 'call',
  from,
  to: scene.pool.pool,
  data: scene.artifacts.encode('PoolInstance', functionName, args),
})

const anyReserve = ({ pool, random }: Scene): Reserve => random.pick(Object.values(pool.reserves))

/** Reserves in which an account has something, by this token of theirs. */
const heldBy = async (
  { devnet: { rpc }, pool }: Scene,
  account: Address,
  token: 'aToken' | 'variableDebtToken',
): Promise<readonly string[]> => {
  const reserves = Object.values(pool.reserves)
  const of = { abi: tokenAbi, functionName: 'balanceOf', args: [account] } as const
  const balances = await Promise.all(
    reserves.map((reserve) => readContract(rpc, { to: reserve[token], ...of })),
  )
  return reserves.flatMap(({ symbol }, index) => (balances[index] ? [symbol] : []))
}

const healthOf = async ({ devnet: { rpc }, pool }: Scene, account: Address): Promise<bigint> => {
  const of = { to: pool.pool, abi: poolAbi, functionName: 'getUserAccountData', args: [account] } as const
  // Without a price there is no answer.
  const data = await readContract(rpc, of).catch(() => undefined)
  return data?.[5] ?? maxUint256
}

/** Liquidations of up to `count` accounts that are below their line: all of the debt or a part, for aTokens or for what is below. */
export const liquidations = async (scene: Scene, count: number): Promise<readonly Action[]> => {
  const { random, accounts } = scene
  const healths = await Promise.all(accounts.map((account) => healthOf(scene, account)))
  const below = accounts.filter((_, index) => (healths[index] ?? maxUint256) < WAD)
  const actions: Action[] = []
  for (const borrower of random.sample(below, count)) {
    const debts = await heldBy(scene, borrower, 'variableDebtToken')
    const collaterals = await heldBy(scene, borrower, 'aToken')
    if (debts.length === 0 || collaterals.length === 0) continue
    const debt = random.pick(debts)
    const unit = 10n ** BigInt(scene.pool.reserves[debt]?.decimals ?? 18)
    actions.push({
      ...{ kind: 'liquidate', liquidator: random.pick(accounts), borrower, debt },
      collateral: random.pick(collaterals),
      amount: random.chance(0.7) ? maxUint256 : random.bigint(2_000n * unit) + 1n,
      receiveAToken: random.chance(0.4),
    })
  }
  return actions
}

/** Another loan of an account, which may owe already. */
export const newLoan = ({ random, accounts }: Scene): readonly Action[] => {
  const account = random.pick(accounts)
  const { supplies, borrows = {} } = randomAccount(random, account)
  const amounts = (kind: 'supply' | 'borrow', of: Readonly<Record<string, bigint>>): Action[] =>
    Object.entries(of).map(([asset, amount]) => ({ kind, account, asset, amount }))
  return [...amounts('supply', supplies), ...amounts('borrow', borrows)]
}

/** Two prices fall so far that some loans owe more than their collateral is worth. */
export const crash = ({ random }: Scene): readonly Action[] =>
  random.sample(RESERVES, 2).map(({ symbol: asset, price }) => ({
    ...{ kind: 'setPrice', asset, price: (price * BigInt(random.integer(20, 80))) / 100n },
  }))

/** A reserve's deficit, where there is one, is covered, all or a part. */
export const coverDeficit = async (scene: Scene): Promise<readonly Action[]> => {
  const { devnet, artifacts, pool, random } = scene
  if (!artifacts.offers('PoolInstance', 'getReserveDeficit')) return []
  for (const { asset } of random.sample(Object.values(pool.reserves), Number.POSITIVE_INFINITY)) {
    const data = artifacts.encode('PoolInstance', 'getReserveDeficit', { asset })
    const call = { to: pool.pool, data }
    const deficit = BigInt(await devnet.rpc.request<Hex>('eth_call', [call, 'latest']))
    if (deficit === 0n) continue
    const amount = random.chance(0.5) ? maxUint256 : random.bigint(deficit) + 1n
    const held = { asset, amount: deficit * 2n + 1n, onBehalfOf: pool.umbrella, referralCode: 0 }
    return [
      toPool(scene, FUNDER, 'supply', held),
      toPool(scene, pool.umbrella, 'eliminateReserveDeficit', { asset, amount }),
    ]
  }
  return []
}

const someOf = ({ random }: Scene, { decimals }: Reserve): bigint =>
  random.bigint(10n ** BigInt(decimals) * 3n) + 1n

/** A debt that one account takes and another owes. */
const delegated = (scene: Scene): readonly Action[] => {
  const { artifacts, random, accounts } = scene
  const [onBehalfOf, delegatee] = [random.pick(accounts), random.pick(accounts)]
  const reserve = anyReserve(scene)
  const { asset, variableDebtToken: to } = reserve
  const amount = someOf(scene, reserve)
  const args = { delegatee, amount: maxUint256 }
  const data = artifacts.encode('VariableDebtTokenInstance', 'approveDelegation', args)
  const borrow = { asset, amount, interestRateMode: 2, referralCode: 0, onBehalfOf }
  return [{ kind: 'call', from: onBehalfOf, to, data }, toPool(scene, delegatee, 'borrow', borrow)]
}

/** A flash loan that is not given back, but owed. */
const flashLoan = (scene: Scene): readonly Action[] => {
  const { random, accounts, receiver: receiverAddress } = scene
  const from = random.pick(accounts)
  const reserve = anyReserve(scene)
  const of = { assets: [reserve.asset], amounts: [someOf(scene, reserve)], interestRateModes: [2] }
  return [
    toPool(scene, from, 'flashLoan', {
      ...{ receiverAddress, ...of, onBehalfOf: from, params: '0x', referralCode: 0 },
    }),
  ]
}

/** Somebody else supplies, so that the account's supply begins without its doing. */
const gift = (scene: Scene): readonly Action[] => {
  const { random, accounts } = scene
  const reserve = anyReserve(scene)
  const args = { asset: reserve.asset, amount: someOf(scene, reserve), referralCode: 0 }
  return [toPool(scene, FUNDER, 'supply', { ...args, onBehalfOf: random.pick(accounts) })]
}

const toTreasury = (scene: Scene): readonly Action[] => {
  const assets = Object.values(scene.pool.reserves).map(({ asset }) => asset)
  return [toPool(scene, FUNDER, 'mintToTreasury', { assets })]
}

/** A position manager of the account's choice decides for it. */
const managed = (scene: Scene): readonly Action[] => {
  if (!scene.artifacts.offers('PoolInstance', 'approvePositionManager')) return []
  const { random, accounts } = scene
  const [onBehalfOf, positionManager] = [random.pick(accounts), random.pick(accounts)]
  const { asset } = anyReserve(scene)
  const approve = toPool(scene, onBehalfOf, 'approvePositionManager', { positionManager, approve: true })
  const act = random.chance(0.5)
    ? toPool(scene, positionManager, 'setUserEModeOnBehalfOf', {
        categoryId: random.integer(0, 3),
        onBehalfOf,
      })
    : toPool(scene, positionManager, 'setUserUseReserveAsCollateralOnBehalfOf', {
        ...{ asset, useAsCollateral: random.chance(0.6), onBehalfOf },
      })
  return [approve, act]
}

const overlapping = (scene: Scene): readonly Action[] => [
  { kind: 'setEMode', account: scene.random.pick(scene.accounts), category: 3 },
]

/** Underlying that is sent past the pool. */
const stray = (scene: Scene): readonly Action[] => {
  const reserve = anyReserve(scene)
  const args = [reserve.aToken, someOf(scene, reserve)] as const
  const data = encodeFunctionData({ abi: tokenAbi, functionName: 'transfer', args })
  return [{ kind: 'call', from: FUNDER, to: reserve.asset, data }]
}

const UNUSUAL = [delegated, flashLoan, gift, toTreasury, managed, overlapping, stray]

/** Something that accounts seldom do. */
export const unusual = (scene: Scene): readonly Action[] => scene.random.pick(UNUSUAL)(scene)
