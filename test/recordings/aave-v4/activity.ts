// A block of what happens at an instance: loans opened, changed, liquidated and written off, prices, time and governance.
import { type Address, maxUint256 } from 'viem'
import type { Transaction } from '../../devnet/plan.ts'
import type { Spoke } from './deploy.ts'
import { governance } from './governance.ts'
import {
  accountDataOf,
  amountWorth,
  fund,
  type Held,
  heldBy,
  priceOf,
  report,
  type Scene,
  toSpoke,
} from './scene.ts'

export type Happening = (scene: Scene) => Promise<readonly Transaction[]> | readonly Transaction[]

const WAD = 10n ** 18n
const WORTH_MIN = 5
const WORTH_MAX = 60_000
/** 1e26 a US dollar. */
const DOLLAR = 10n ** 26n

const anyWorth = ({ random }: Scene): number => random.magnitude(WORTH_MIN, WORTH_MAX)

const anySpoke = ({ random, instance }: Scene): Spoke =>
  random.chance(0.7) ? (instance.spokes[0] as Spoke) : random.pick(instance.spokes)

const supply: Happening = (scene) => {
  const { random, accounts } = scene
  const [account, spoke] = [random.pick(accounts), anySpoke(scene)]
  const id = random.integer(0, spoke.reserves.length - 1)
  const token = spoke.reserves[id]?.token
  if (!token) return []
  const amount = amountWorth(scene, token, anyWorth(scene))
  const args = { reserveId: id, amount, onBehalfOf: account }
  const enable = { reserveId: id, usingAsCollateral: true, onBehalfOf: account }
  return [
    ...fund(account, token, amount, spoke.address),
    toSpoke(scene, account, spoke.address, 'supply', args),
    ...(random.chance(0.7) ? [toSpoke(scene, account, spoke.address, 'setUsingAsCollateral', enable)] : []),
  ]
}

/** Nearly all that an account may still borrow by what the spoke says, in US dollars; a little at least. */
const roomOf = async (scene: Scene, spoke: Spoke, account: Address): Promise<number> => {
  const data = await accountDataOf(scene, spoke, account)
  if (!data) return WORTH_MIN
  const line = (data.totalCollateralValue * data.avgCollateralFactor) / WAD
  const room = (line - data.totalDebtValueRay / 10n ** 27n) / DOLLAR
  return Math.max(WORTH_MIN, Number(room) * 0.97)
}

const borrow: Happening = async (scene) => {
  const { random, accounts } = scene
  const [account, spoke] = [random.pick(accounts), anySpoke(scene)]
  const id = random.integer(0, spoke.reserves.length - 1)
  const token = spoke.reserves[id]?.token
  if (!token) return []
  const room = await roomOf(scene, spoke, account)
  const amount = amountWorth(scene, token, random.chance(0.7) ? room : random.magnitude(1, room + 1))
  return [toSpoke(scene, account, spoke.address, 'borrow', { reserveId: id, amount, onBehalfOf: account })]
}

/** An account with something of the kind wanted, in some spoke. */
const holding = async (
  scene: Scene,
  isWanted: (held: Held) => boolean,
): Promise<{ account: Address; spoke: Spoke; held: Held } | undefined> => {
  const spoke = anySpoke(scene)
  for (const account of scene.random.sample(scene.accounts, 4)) {
    const wanted = (await heldBy(scene, spoke, account)).filter(isWanted)
    if (wanted.length > 0) return { account, spoke, held: scene.random.pick(wanted) }
  }
  return undefined
}

const repay: Happening = async (scene) => {
  const { random } = scene
  const found = await holding(scene, ({ owed }) => owed > 0n)
  if (!found) return []
  const { account, spoke, held } = found
  const amount = random.chance(0.3) ? maxUint256 : random.bigint(held.owed + 2n)
  const args = { reserveId: held.id, amount, onBehalfOf: account }
  return [
    ...fund(account, held.listing.token, 2n * held.owed, spoke.address),
    toSpoke(scene, account, spoke.address, 'repay', args),
  ]
}

const withdraw: Happening = async (scene) => {
  const { random } = scene
  const found = await holding(scene, ({ supplied }) => supplied > 0n)
  if (!found) return []
  const { account, spoke, held } = found
  const amount = random.chance(0.3) ? maxUint256 : random.bigint(held.supplied) + 1n
  const args = { reserveId: held.id, amount, onBehalfOf: account }
  return [toSpoke(scene, account, spoke.address, 'withdraw', args)]
}

/** Collateral switched on or off, dynamic configuration or risk premium taken over. */
const refresh: Happening = async (scene) => {
  const { random } = scene
  const found = await holding(scene, ({ supplied, owed }) => supplied > 0n || owed > 0n)
  if (!found) return []
  const { account, spoke, held } = found
  const to = spoke.address
  const toggle = { reserveId: held.id, usingAsCollateral: !held.isCollateral, onBehalfOf: account }
  return [
    random.pick([
      toSpoke(scene, account, to, 'setUsingAsCollateral', toggle),
      toSpoke(scene, account, to, 'updateUserDynamicConfig', { onBehalfOf: account }),
      toSpoke(scene, account, to, 'updateUserRiskPremium', { onBehalfOf: account }),
    ]),
  ]
}

/** Where somebody's health is below one: who, and in which spoke. */
const belowOne = async (scene: Scene): Promise<readonly (readonly [spoke: Spoke, user: Address])[]> => {
  const { accounts, instance } = scene
  const pairs = instance.spokes.flatMap((spoke) => accounts.map((account) => [spoke, account] as const))
  const data = await Promise.all(pairs.map(([spoke, account]) => accountDataOf(scene, spoke, account)))
  return pairs.filter((_, index) => (data[index]?.healthFactor ?? WAD) < WAD)
}

/** Accounts whose health is below one, now and then anybody: of a debt and a collateral, mostly as much as is taken. */
const liquidate: Happening = async (scene) => {
  const { random, accounts } = scene
  const below = await belowOne(scene)
  if (below.length === 0 && random.chance(0.8)) return []
  const [spoke, user] = below.length > 0 ? random.pick(below) : [anySpoke(scene), random.pick(accounts)]
  const held = await heldBy(scene, spoke, user)
  const [debts, collaterals] = [held.filter(({ owed }) => owed > 0n), held.filter((one) => one.isCollateral)]
  if (debts.length === 0 || collaterals.length === 0) return []
  const [debt, collateral] = [random.pick(debts), random.pick(collaterals)]
  const liquidator = random.pick(accounts)
  const debtToCover = random.chance(0.7) ? maxUint256 : random.bigint(debt.owed) + 1n
  const args = {
    ...{ collateralReserveId: collateral.id, debtReserveId: debt.id, user, debtToCover },
    receiveShares: random.chance(0.3),
  }
  return [
    ...fund(liquidator, debt.listing.token, 2n * debt.owed + 1n, spoke.address),
    toSpoke(scene, liquidator, spoke.address, 'liquidationCall', args),
  ]
}

const movePrice: Happening = (scene) => {
  const { random, instance, prices } = scene
  const { token } = random.pick(instance.listings)
  const isStable = token.price < 200_000_000n
  const factor = isStable ? random.magnitude(0.97, 1.03) : random.magnitude(0.7, 1.4)
  const price = BigInt(Math.max(1, Math.round(Number(token.price) * factor)))
  prices.set(token.symbol, price)
  return report(scene, token, price)
}

/** All at once, and deep: what is left does not cover the debts. */
const crash: Happening = async (scene) => {
  const { random, instance, prices } = scene
  const volatile = instance.listings.filter(({ token }) => token.price >= 200_000_000n)
  const moved = await Promise.all(
    random.sample(volatile, 2).map(({ token }) => {
      const price = (priceOf(scene, token) * BigInt(random.integer(30, 70))) / 100n
      prices.set(token.symbol, price)
      return report(scene, token, price)
    }),
  )
  return moved.flat()
}

const breakFeed: Happening = (scene) =>
  report(scene, scene.random.pick(scene.instance.listings).token, scene.random.pick([0n, -1n]))

/** The last price is said again, whatever a feed says. */
const mendFeeds: Happening = async (scene) => {
  const tokens = new Set(scene.instance.listings.map(({ token }) => token))
  const said = await Promise.all([...tokens].map((token) => report(scene, token, priceOf(scene, token))))
  return said.flat()
}

/** A loan of an account in some spoke: one collateral, one debt of a third to two thirds of it. */
const loanOf = (scene: Scene, account: Address): readonly Transaction[] => {
  const { random } = scene
  const spoke = anySpoke(scene)
  const [collateral = 0, debt = 1] = random.sample([...spoke.reserves.keys()], 2)
  const [token, owed] = [spoke.reserves[collateral]?.token, spoke.reserves[debt]?.token]
  if (!token || !owed) return []
  const worth = random.magnitude(2_000, 60_000)
  const amount = amountWorth(scene, token, worth)
  const to = spoke.address
  const own = { reserveId: collateral, onBehalfOf: account }
  const borrowed = amountWorth(scene, owed, worth * (0.33 + 0.33 * random.next()))
  return [
    ...fund(account, token, amount, to),
    toSpoke(scene, account, to, 'supply', { ...own, amount }),
    toSpoke(scene, account, to, 'setUsingAsCollateral', { ...own, usingAsCollateral: true }),
    toSpoke(scene, account, to, 'borrow', { reserveId: debt, amount: borrowed, onBehalfOf: account }),
  ]
}

const open: Happening = (scene) => loanOf(scene, scene.random.pick(scene.accounts))

const HAPPENINGS: readonly (readonly [happening: Happening, weight: number])[] = [
  ...([
    [supply, 14],
    [borrow, 16],
    [repay, 8],
    [withdraw, 8],
    [refresh, 6],
  ] as const),
  ...([
    [liquidate, 18],
    [movePrice, 14],
    [crash, 3],
    [breakFeed, 1],
    [mendFeeds, 6],
  ] as const),
  [open, 10],
  [governance, 10],
]

const pickHappening = ({ random }: Scene): Happening => {
  const total = HAPPENINGS.reduce((sum, [, weight]) => sum + weight, 0)
  let roll = random.next() * total
  for (const [happening, weight] of HAPPENINGS) {
    roll -= weight
    if (roll < 0) return happening
  }
  return supply
}

/** What happens in one block: mostly one thing, sometimes several. */
export const happenings = async (scene: Scene): Promise<readonly Transaction[]> => {
  const count = scene.random.chance(0.6) ? 1 : scene.random.integer(2, 4)
  const transactions: Transaction[] = []
  for (let index = 0; index < count; index += 1) transactions.push(...(await pickHappening(scene)(scene)))
  return transactions
}

/** Liquidity in every reserve, from somebody who borrows nothing, and a loan of each account. */
export const opening = async (scene: Scene, funder: Address): Promise<readonly Transaction[]> => {
  const { instance, accounts } = scene
  const liquidity = instance.spokes.flatMap(({ address, reserves }) =>
    reserves.flatMap(({ token }, id) => {
      const amount = amountWorth(scene, token, 1_000_000)
      const args = { reserveId: id, amount, onBehalfOf: funder }
      return [...fund(funder, token, amount, address), toSpoke(scene, funder, address, 'supply', args)]
    }),
  )
  const loans = accounts.flatMap((account) => loanOf(scene, account))
  return [...liquidity, ...loans]
}
