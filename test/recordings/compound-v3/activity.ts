// A block of what happens at a Comet: loans opened, changed, moved, absorbed and sold; prices, pauses and upgrades.
import { encodeFunctionData, erc20Abi, maxUint256 } from 'viem'
import type { Transaction } from '../../devnet/plan.ts'
import type { Named } from '../artifacts.ts'
import { assetConfigOf, type CometToken } from './deploy.ts'
import {
  amountWorth,
  collateralOf,
  debtOf,
  fund,
  isLiquidatable,
  planListing,
  priceOf,
  report,
  roomOf,
  type Scene,
  toComet,
} from './scene.ts'

type Happening = (scene: Scene) => Promise<readonly Transaction[]> | readonly Transaction[]

const PER_MILLE = 10n ** 15n
const WORTH_MIN = 5
const WORTH_MAX = 20_000
/** Wide enough for any one transaction, whatever it does. */
const UPGRADE_GAS = 60_000_000

const anyWorth = ({ random }: Scene): number => random.magnitude(WORTH_MIN, WORTH_MAX)

const anyCollateral = ({ random, market }: Scene): CometToken => random.pick(market.collaterals)

const supplyCollateral: Happening = (scene) => {
  const account = scene.random.pick(scene.accounts)
  const token = anyCollateral(scene)
  const amount = amountWorth(scene, token, anyWorth(scene))
  const supply = toComet(scene, account, 'supply', { asset: token.asset, amount })
  return [...fund(scene, account, token, amount), supply]
}

const borrow: Happening = async (scene) => {
  const { random, market } = scene
  const account = random.pick(scene.accounts)
  const room = await roomOf(scene, account)
  const amount = random.chance(0.7) ? room : random.bigint(room) + 1n
  return [toComet(scene, account, 'withdraw', { asset: market.base.asset, amount })]
}

const repay: Happening = async (scene) => {
  const { random, market } = scene
  const [account, payer] = [random.pick(scene.accounts), random.pick(scene.accounts)]
  const debt = await debtOf(scene, account)
  const amount = random.chance(0.6)
    ? random.bigint(debt + 2n)
    : amountWorth(scene, market.base, anyWorth(scene))
  const asked = random.chance(0.2) ? maxUint256 : amount
  const supply = { dst: account, asset: market.base.asset, amount: asked }
  return [...fund(scene, payer, market.base, 2n * (amount + debt)), toComet(scene, payer, 'supplyTo', supply)]
}

const withdrawCollateral: Happening = async (scene) => {
  const { random, market } = scene
  const account = random.pick(scene.accounts)
  const balances = await collateralOf(scene, account)
  const held = market.collaterals.flatMap(({ asset }, index) => {
    const balance = balances[index] ?? 0n
    return balance > 0n ? [{ asset, balance }] : []
  })
  const { asset, balance } = held.length > 0 ? random.pick(held) : { ...anyCollateral(scene), balance: 1n }
  const amount = random.chance(0.4) ? balance : random.bigint(balance) + 1n
  return [toComet(scene, account, 'withdraw', { asset, amount })]
}

/** Debt goes from one to another without any event where both owe. */
const transferBase: Happening = async (scene) => {
  const { random } = scene
  const [src, dst] = [random.pick(scene.accounts), random.pick(scene.accounts)]
  const amount = random.chance(0.5) ? ((await debtOf(scene, dst)) + 1n) / 2n : (await roomOf(scene, src)) / 3n
  return [toComet(scene, src, 'transfer', { dst, amount: random.chance(0.1) ? maxUint256 : amount })]
}

const transferCollateral: Happening = async (scene) => {
  const { random, market } = scene
  const [src, dst] = [random.pick(scene.accounts), random.pick(scene.accounts)]
  const index = random.integer(0, market.collaterals.length - 1)
  const balance = (await collateralOf(scene, src))[index] ?? 0n
  const amount = random.chance(0.3) ? balance : random.bigint(balance + 1n)
  return [toComet(scene, src, 'transferAsset', { dst, asset: market.collaterals[index]?.asset, amount })]
}

/** Accounts below their line, one by one or together, and others with them. */
const absorb: Happening = async (scene) => {
  const { random, accounts } = scene
  const verdicts = await Promise.all(accounts.map((account) => isLiquidatable(scene, account)))
  const below = accounts.filter((_, index) => verdicts[index])
  const chosen = random.sample(below.length > 0 ? below : accounts, random.integer(1, 2))
  const absorber = random.pick(accounts)
  return [toComet(scene, absorber, 'absorb', { absorber, accounts: chosen })]
}

const buyCollateral: Happening = (scene) => {
  const { random, market } = scene
  const buyer = random.pick(scene.accounts)
  const amount = amountWorth(scene, market.base, random.magnitude(1, 2_000))
  const sale = { asset: anyCollateral(scene).asset, minAmount: 0n, baseAmount: amount, recipient: buyer }
  return [...fund(scene, buyer, market.base, amount), toComet(scene, buyer, 'buyCollateral', sale)]
}

/** Accruals, a withdrawal of nothing, tokens sent past the contract: what moves principals, totals or reserves by little. */
const trifle: Happening = (scene) => {
  const { random, market } = scene
  const account = random.pick(scene.accounts)
  const token = random.pick([market.base, ...market.collaterals])
  const amount = amountWorth(scene, token, 1)
  const args = [market.comet, amount] as const
  const data = encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args })
  return random.pick([
    [toComet(scene, account, 'accrueAccount', { account: random.pick(scene.accounts) })],
    [toComet(scene, account, 'withdraw', { asset: market.base.asset, amount: 0n })],
    [...fund(scene, account, token, amount), { from: account, to: token.asset, data }],
  ])
}

const priceAt = (scene: Scene, token: CometToken, factor: number): Promise<readonly Transaction[]> => {
  const price = BigInt(Math.max(1, Math.round(Number(token.price) * factor)))
  if (token.feed) scene.prices.set(token.symbol, price)
  return report(scene, token, price)
}

const movePrice: Happening = (scene) => {
  const { random, market } = scene
  return random.chance(0.1)
    ? priceAt(scene, market.base, random.magnitude(0.97, 1.03))
    : priceAt(scene, anyCollateral(scene), random.magnitude(0.6, 1.6))
}

/** Half of the collaterals fall, some so far that reserves lose by it. */
const crash: Happening = async (scene) => {
  const { random, market } = scene
  const tokens = random.sample(market.collaterals, Math.ceil(market.collaterals.length / 2))
  const reports = tokens.map((token) => priceAt(scene, token, random.magnitude(0.2, 0.8)))
  return (await Promise.all(reports)).flat()
}

const breakFeed: Happening = (scene) => report(scene, anyCollateral(scene), scene.random.pick([0n, -1n]))

/** What the Configurator is told, and the upgrade that puts it into force. */
const configured = (scene: Scene, functionName: string, args: Named): readonly Transaction[] => {
  const { artifacts, market } = scene
  const { admin: from, configurator, proxyAdmin, comet: cometProxy } = market
  const data = artifacts.encode('Configurator', functionName, { cometProxy, ...args })
  const deploy = artifacts.encode('CometProxyAdmin', 'deployAndUpgradeTo', {
    ...{ configuratorProxy: configurator, cometProxy },
  })
  return [
    { from, to: configurator, data },
    { from, to: proxyAdmin, data: deploy, gas: UPGRADE_GAS },
  ]
}

/** One factor, rate or cap becomes another. */
const upgrade: Happening = (scene) => {
  const { random } = scene
  const mille = (min: number, max: number): bigint => BigInt(random.integer(min, max)) * PER_MILLE
  const { asset, decimals } = anyCollateral(scene)
  const changes: readonly (readonly [string, Named])[] = [
    ['updateAssetLiquidateCollateralFactor', { newLiquidateCF: mille(850, 950) }],
    ['updateAssetBorrowCollateralFactor', { newBorrowCF: mille(500, 690) }],
    ['updateAssetLiquidationFactor', { newLiquidationFactor: mille(800, 980) }],
    ['updateAssetSupplyCap', { newSupplyCap: random.pick([0n, 10n ** BigInt(decimals + 7)]) }],
    ['setStoreFrontPriceFactor', { newStoreFrontPriceFactor: mille(0, 1_000) }],
    ['setBorrowKink', { newBorrowKink: mille(500, 950) }],
    ['setBorrowPerYearInterestRateBase', { newBase: mille(0, 100) }],
    ['setSupplyPerYearInterestRateSlopeLow', { newSlope: mille(10, 60) }],
  ]
  const [functionName, args] = random.pick(changes)
  return configured(scene, functionName, { asset, ...args })
}

/** Another collateral, or another feed of one: contracts that nobody knew. */
const surprise: Happening = (scene) => {
  const { random, market } = scene
  const { collaterals } = market
  if (random.chance(0.5)) {
    const { plan, token } = planListing(scene, BigInt(random.integer(1, 1_000)) * 10n ** 8n)
    collaterals.push(token)
    const assetConfig = assetConfigOf(token, collaterals.length)
    return [...plan.transactions, ...configured(scene, 'addAsset', { assetConfig })]
  }
  const old = anyCollateral(scene)
  const { plan, token } = planListing(scene, priceOf(scene, old))
  collaterals.splice(collaterals.indexOf(old), 1, { ...token, asset: old.asset, decimals: old.decimals })
  const args = { asset: old.asset, newPriceFeed: token.feed?.proxy }
  return [...plan.transactions, ...configured(scene, 'updateAssetPriceFeed', args)]
}

const pause = (scene: Scene, chance: number): Transaction => {
  const paused = () => scene.random.chance(chance)
  return toComet(scene, scene.market.admin, 'pause', {
    ...{ supplyPaused: paused(), transferPaused: paused(), withdrawPaused: paused() },
    ...{ absorbPaused: paused(), buyPaused: paused() },
  })
}

/** Nothing is paused, and every feed says a price again. */
const restored = async (scene: Scene): Promise<readonly Transaction[]> => {
  const reports = scene.market.collaterals.map((token) => report(scene, token, priceOf(scene, token)))
  return [pause(scene, 0), ...(await Promise.all(reports)).flat()]
}

const ORDINARY: readonly Happening[] = [
  ...[supplyCollateral, supplyCollateral, borrow, borrow, borrow, repay, withdrawCollateral],
  ...[transferBase, transferBase, transferCollateral, absorb, absorb, absorb, buyCollateral, trifle],
]

/** Opens a loan of each account, at which the first of them lends. */
export const opening = async (scene: Scene): Promise<readonly Transaction[]> => {
  const { accounts, random, market } = scene
  const lent = amountWorth(scene, market.base, 4_000_000)
  const { admin, base } = market
  const lending = toComet(scene, admin, 'supply', { asset: base.asset, amount: lent })
  const supplies = accounts.flatMap((account) =>
    random.sample(market.collaterals, random.integer(1, 4)).flatMap((token) => {
      const amount = amountWorth(scene, token, anyWorth(scene))
      const supply = toComet(scene, account, 'supply', { asset: token.asset, amount })
      return [...fund(scene, account, token, amount), supply]
    }),
  )
  return [...fund(scene, admin, base, lent), lending, ...supplies]
}

/** The transactions of a block: a few ordinary ones, prices, and now and then what the admins and faults do. */
export const happenings = async (scene: Scene): Promise<readonly Transaction[]> => {
  const { random } = scene
  const chosen: Happening[] = Array.from({ length: random.integer(0, 6) }, () => random.pick(ORDINARY))
  if (random.chance(0.5)) chosen.unshift(movePrice)
  if (random.chance(0.15)) chosen.unshift(crash)
  if (random.chance(0.05)) chosen.unshift(breakFeed)
  if (random.chance(0.08)) chosen.push(upgrade)
  if (random.chance(0.008)) chosen.push(surprise)
  if (random.chance(0.05)) chosen.push((of) => [pause(of, 0.4)])
  if (random.chance(0.2)) chosen.unshift(restored)
  const transactions: Transaction[] = []
  for (const happen of chosen) transactions.push(...(await happen(scene)))
  return transactions
}
