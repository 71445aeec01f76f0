// What the pool's admins change, in the words of whatever release is deployed.
import { type Address, encodeAbiParameters, parseAbiParameters, zeroAddress } from 'viem'
import type { Action } from '../../devnet/aave-v3/actions.ts'
import { E_MODES, RESERVES, type ReserveSpec } from '../../devnet/aave-v3/reserves.ts'
import type { Random } from '../../devnet/random.ts'
import type { Artifacts, Named } from '../artifacts.ts'
import { type RecordedPool, SEQUENCER } from './deploy.ts'

/** A change, and what undoes it a block later where it would stop all activity. */
export type Governance = { readonly actions: readonly Action[]; readonly undo?: readonly Action[] }

type World = {
  readonly artifacts: Artifacts
  readonly pool: RecordedPool
  readonly random: Random
  readonly reserve: ReserveSpec
}

type Make = (world: World) => Governance

/** A change by this function of the configurator. */
type Change = { readonly functionName: string; readonly make: Make }

const CATEGORIES = [1, 2, 3]

const toConfigurator = ({ artifacts, pool }: World, functionName: string, args: Named): Action => ({
  kind: 'call',
  from: pool.admin,
  to: pool.configurator,
  data: artifacts.encode('PoolConfiguratorInstance', functionName, args),
})

const assetOf = ({ pool, reserve }: World): Named => ({ asset: pool.reserves[reserve.symbol]?.asset })

/** One call of the configurator with these arguments and the reserve's asset. */
const configured = (functionName: string, argsOf: (world: World) => Named = () => ({})): Change => ({
  functionName,
  make: (world) => ({
    actions: [toConfigurator(world, functionName, { ...assetOf(world), ...argsOf(world) })],
  }),
})

/** A switch of the configurator that is turned back in the next block. */
const switched = (functionName: string, on: Named, off: (random: Random) => Named): Change => ({
  functionName,
  make: (world) => ({
    actions: [toConfigurator(world, functionName, { ...assetOf(world), ...on })],
    undo: [toConfigurator(world, functionName, { ...assetOf(world), ...off(world.random) })],
  }),
})

const collateral = ({ random, reserve }: World): Named => {
  const liquidationThreshold = reserve.liquidationThreshold - random.integer(-300, 1_500)
  const ltv = random.chance(0.3) ? 0 : Math.min(reserve.ltv, liquidationThreshold)
  return { ltv, liquidationThreshold, liquidationBonus: 10_000 + random.integer(100, 1_200) }
}

const category = ({ random }: World): Named => {
  const { category: categoryId, label, ...ratios } = random.pick(E_MODES)
  const liquidationThreshold = ratios.liquidationThreshold + random.integer(-400, 200)
  const ltv = Math.min(ratios.ltv, liquidationThreshold - 50)
  const { liquidationBonus } = ratios
  const isolated = random.chance(0.3)
  return { categoryId, label, ltv, liquidationThreshold, liquidationBonus, oracle: zeroAddress, isolated }
}

const curve = ({ random }: World): Named => {
  const types = parseAbiParameters('uint16 optimal, uint32 base, uint32 slope1, uint32 slope2')
  const [optimal, base] = [random.integer(4_000, 9_500), random.integer(0, 200)]
  const [slope1, slope2] = [random.integer(100, 1_000), random.integer(2_000, 30_000)]
  return { rateData: encodeAbiParameters(types, [optimal, base, slope1, slope2]) }
}

const anyCategory = ({ random }: World): Named => ({ categoryId: random.pick(CATEGORIES) })

const CHANGES: readonly Change[] = [
  configured('configureReserveAsCollateral', collateral),
  configured('setLiquidationProtocolFee', ({ random }) => ({ newFee: random.integer(0, 3_000) })),
  configured('setReserveFactor', ({ random }) => ({ newReserveFactor: random.integer(0, 5_000) })),
  configured('setReserveInterestRateData', curve),
  configured('setDebtCeiling', ({ random }) => ({ newDebtCeiling: random.integer(0, 3) * 1_000_000_00 })),
  configured('setSupplyCap', ({ random }) => ({ newSupplyCap: random.integer(0, 1) * 10 ** 9 })),
  configured('disableLiquidationGracePeriod'),
  switched('setReserveFreeze', { freeze: true }, () => ({ freeze: false })),
  switched('setReserveBorrowing', { enabled: false }, () => ({ enabled: true })),
  switched('setReserveLtvzero', { ltvZero: true }, () => ({ ltvZero: false })),
  switched('setSiloedBorrowing', { newSiloed: true }, () => ({ newSiloed: false })),
  switched('setReservePause', { paused: true }, (random) => ({
    ...{ paused: false, gracePeriod: random.integer(0, 14_400) },
  })),
  switched('setPoolPause', { paused: true }, (random) => ({
    paused: false,
    ...(random.chance(0.5) ? { gracePeriod: random.integer(1, 7_200) } : {}),
  })),
  configured('setEModeCategory', category),
  configured('setAssetCollateralInEMode', (world) => ({
    ...anyCategory(world),
    allowed: world.random.chance(0.7),
  })),
  configured('setAssetBorrowableInEMode', (world) => ({
    ...anyCategory(world),
    borrowable: world.random.chance(0.7),
  })),
  configured('setAssetLtvzeroInEMode', (world) => ({
    ...anyCategory(world),
    ltvzero: world.random.chance(0.4),
  })),
  configured('setEModeCategoryIsolated', (world) => ({
    ...anyCategory(world),
    isolated: world.random.chance(0.4),
  })),
]

/** The sequencer goes down or comes back; from then on the sentinel's grace period counts. */
const sequencer: Make = ({ random }) => ({
  actions: [{ kind: 'setPrice', asset: SEQUENCER, price: random.chance(0.4) ? 1n : 0n }],
})

/** For a block there is no sentinel, whatever it would say: contracts that nobody knew, twice. */
export const unguarded = (artifacts: Artifacts, pool: RecordedPool): Governance => {
  if (!pool.sentinel) return { actions: [] }
  const name = (newPriceOracleSentinel: Address): Action => ({
    ...{ kind: 'call', from: pool.admin, to: pool.poolAddressesProvider },
    data: artifacts.encode('PoolAddressesProvider', 'setPriceOracleSentinel', { newPriceOracleSentinel }),
  })
  return { actions: [name(zeroAddress)], undo: [name(pool.sentinel)] }
}

/** The oracle takes an asset's price from the dollar's own feed, and back. */
const source: Make = ({ artifacts, pool, reserve: { symbol } }) => {
  const assets = [pool.reserves[symbol]?.asset]
  const read = (feed: string): Action => {
    const args = { assets, sources: [pool.feeds[feed]?.proxy] }
    const data = artifacts.encode('AaveOracle', 'setAssetSources', args)
    return { kind: 'call', from: pool.admin, to: pool.oracle, data }
  }
  return { actions: [read('PEG')], undo: [read(symbol)] }
}

const aggregator: Make = ({ reserve }) => ({
  actions: [{ kind: 'replaceAggregator', asset: reserve.symbol }],
})

/** Everything in use again, whatever a reorg undid. */
export const restored = (artifacts: Artifacts, pool: RecordedPool, random: Random): readonly Action[] =>
  RESERVES.flatMap((reserve): Action[] => {
    const world = { artifacts, pool, random, reserve }
    const asset = pool.reserves[reserve.symbol]?.asset
    return [
      { kind: 'mendFeed', asset: reserve.symbol },
      toConfigurator(world, 'setReservePause', { asset, paused: false }),
      toConfigurator(world, 'setReserveFreeze', { asset, freeze: false }),
      toConfigurator(world, 'setReserveBorrowing', { asset, enabled: true }),
    ]
  })

/** One change by the admins; what a release lacks is never picked. */
export const govern = (artifacts: Artifacts, pool: RecordedPool, random: Random): Governance => {
  const offered = CHANGES.filter(({ functionName }) =>
    artifacts.offers('PoolConfiguratorInstance', functionName),
  )
  const others = [source, aggregator, ...(pool.sentinel ? [sequencer, sequencer] : [])]
  const make = random.pick([...offered.map((change) => change.make), ...others])
  return make({ artifacts, pool, random, reserve: random.pick(RESERVES) })
}
