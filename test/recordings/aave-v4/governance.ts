// What the security council does: risk settings of spokes, caps and halts of hubs, rates, fees, deficits, listings, upgrades.
import { encodeFunctionData, parseAbi } from 'viem'
import type { Transaction } from '../../devnet/plan.ts'
import type { Random } from '../../devnet/random.ts'
import {
  dynamicConfig,
  type HubListing,
  OPEN,
  ratesOf,
  reserveConfig,
  type Spoke,
  UNLIMITED,
} from './deploy.ts'
import { amountWorth, mintTo, type Scene, toHub, toSpoke } from './scene.ts'

const proxyAdminAbi = parseAbi([
  'function upgradeAndCall(address proxy, address implementation, bytes data) payable',
])

type Act = (scene: Scene) => readonly Transaction[]

const anyReserve = ({ random, instance }: Scene): { spoke: Spoke; id: number; listing: HubListing } => {
  const spoke = random.pick(instance.spokes)
  const id = random.integer(0, spoke.reserves.length - 1)
  return { spoke, id, listing: spoke.reserves[id] as HubListing }
}

const anyDynamic = (random: Random, id: number, factorMin: number) => ({
  ...dynamicConfig(id),
  collateralFactor: random.integer(factorMin, 8_700),
  maxLiquidationBonus: random.integer(10_100, 11_400),
  liquidationFee: random.integer(0, 6_000),
})

/** A new key, or another content of an old one. */
const dynamics: Act = (scene) => {
  const { random, instance } = scene
  const { spoke, id } = anyReserve(scene)
  const isNew = random.chance(0.7)
  const config = anyDynamic(random, id, isNew && random.chance(0.1) ? 0 : 5_500)
  const args = { reserveId: id, dynamicConfigKey: 0, dynamicConfig: config }
  const functionName = isNew ? 'addDynamicReserveConfig' : 'updateDynamicReserveConfig'
  return [toSpoke(scene, instance.admin, spoke.address, functionName, args)]
}

/** Mostly back to normal, so that life goes on. */
const reserve: Act = (scene) => {
  const { random, instance } = scene
  const { spoke, id } = anyReserve(scene)
  const base = { ...reserveConfig(id), collateralRisk: random.integer(0, 30_000) }
  const config = {
    ...base,
    ...random.pick([{}, {}, {}, { paused: true }, { frozen: true }, { borrowable: false }]),
  }
  return [toSpoke(scene, instance.admin, spoke.address, 'updateReserveConfig', { reserveId: id, config })]
}

const liquidations: Act = (scene) => {
  const { random, instance } = scene
  const mille = (min: number, max: number): bigint => BigInt(random.integer(min, max)) * 10n ** 15n
  const config = {
    targetHealthFactor: mille(1_000, 1_250),
    healthFactorForMaxBonus: mille(700, 990),
    liquidationBonusFactor: random.integer(0, 10_000),
  }
  const { address } = random.pick(instance.spokes)
  return [toSpoke(scene, instance.admin, address, 'updateLiquidationConfig', { config })]
}

const caps: Act = (scene) => {
  const { random, instance } = scene
  const { spoke, listing } = anyReserve(scene)
  const { hub, assetId } = listing
  const changed = random.pick([
    ...[{}, {}, {}, { halted: true }, { active: false }],
    ...[{ drawCap: 1n }, { addCap: 1n }, { riskPremiumThreshold: 100n }, { drawCap: UNLIMITED - 1n }],
  ])
  const args = { assetId, spoke: spoke.address, config: { ...OPEN, ...changed } }
  return [toHub(scene, instance.admin, hub, 'updateSpokeConfig', args)]
}

const rates: Act = (scene) => {
  const { random, instance } = scene
  const { hub, assetId } = random.pick(instance.listings)
  const irData = ratesOf(random.integer(4_000, 9_500), random.integer(0, 400), 600, 9_000)
  return [toHub(scene, instance.admin, hub, 'setInterestRateData', { assetId, irData })]
}

const fees: Act = (scene) => {
  const { random, instance } = scene
  const { hub, assetId } = random.pick(instance.listings)
  const irStrategy = instance.strategies[hub]
  const liquidityFee = random.integer(0, 5_000)
  const config = {
    feeReceiver: instance.feeReceiver,
    liquidityFee,
    irStrategy,
    reinvestmentController: instance.admin,
  }
  return [
    toHub(scene, instance.admin, hub, 'updateAssetConfig', { assetId, config, irData: '0x' }),
    toHub(scene, instance.admin, hub, 'mintFeeShares', { assetId }),
  ]
}

/** The council as a spoke of its own: it supplies, covers a deficit, sweeps liquidity away and brings it back. */
const asSpoke: Act = (scene) => {
  const { random, instance } = scene
  const { admin } = instance
  const { spoke, listing } = anyReserve(scene)
  const { hub, assetId, token } = listing
  const amount = amountWorth(scene, token, random.magnitude(10, 5_000))
  const call = (functionName: string, args: object) =>
    toHub(scene, admin, hub, functionName, { assetId, ...args })
  return random.pick([
    [mintTo(admin, token, hub, amount), call('add', { amount })],
    [
      ...[mintTo(admin, token, hub, amount), call('add', { amount })],
      call('eliminateDeficit', { amount: random.bigint(amount) + 1n, spoke: spoke.address }),
    ],
    [call('sweep', { amount })],
    [mintTo(admin, token, hub, amount), call('reclaim', { amount })],
    [mintTo(admin, token, hub, amount)],
  ])
}

/** GOV comes to the first spoke; refused once it is there. */
const list: Act = (scene) => {
  const { instance } = scene
  const { hub, assetId, token } = instance.unlisted
  const [first] = instance.spokes
  if (!first) return []
  const id = first.reserves.length
  const args = { hub, assetId, priceSource: token.feed.proxy }
  const spoke = first.address
  return [
    toHub(scene, instance.admin, hub, 'addSpoke', { assetId, spoke, config: OPEN }),
    toSpoke(scene, instance.admin, spoke, 'addReserve', {
      ...{ ...args, config: reserveConfig(1), dynamicConfig: dynamicConfig(id) },
    }),
  ]
}

/** The second spoke gets the same code anew. */
const upgrade: Act = ({ instance }) => {
  const { proxyAdmin, proxy, implementation } = instance.upgrade
  const data = encodeFunctionData({
    abi: proxyAdminAbi,
    functionName: 'upgradeAndCall',
    args: [proxy, implementation, '0x'],
  })
  return [{ from: instance.admin, to: proxyAdmin, data }]
}

const ACTS: readonly Act[] = [
  dynamics,
  dynamics,
  dynamics,
  reserve,
  reserve,
  liquidations,
  caps,
  caps,
  rates,
  fees,
  asSpoke,
  asSpoke,
  list,
  upgrade,
]

/** One act of governance. */
export const governance: Act = (scene) => scene.random.pick(ACTS)(scene)
