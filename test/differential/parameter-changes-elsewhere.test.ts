// Parameter changes beyond Aave, held against the same block without them: Compound v2, Venus, Morpho.
import { type Address, encodeFunctionData, type Hex } from 'viem'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Wanted } from '../../src/monitor/track.ts'
import { comptrollerAbi as compoundAbi } from '../devnet/compound-v2/abis.ts'
import * as compound from '../devnet/compound-v2/compound.ts'
import { createCompoundActivity } from '../devnet/compound-v2/random-activity.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { deployMorpho } from '../devnet/morpho-blue/morpho.ts'
import { createMorphoActivity } from '../devnet/morpho-blue/random-activity.ts'
import { createRandom } from '../devnet/random.ts'
import { comptrollerAbi as venusAbi } from '../devnet/venus-core/abis.ts'
import { createVenusActivity } from '../devnet/venus-core/random-activity.ts'
import * as venus from '../devnet/venus-core/venus.ts'
import { closeFollower } from '../support/follower.ts'
import { morphoOn } from '../support/morpho-loans.ts'
import { expectEffect, startWatchers, tellOne, type Watchers } from '../support/parameter-changes.ts'

const ACCOUNTS = 10
const PERCENT = 10n ** 16n
/** ComptrollerStorage.Action. */
const LIQUIDATE = 5

let devnet: Devnet
let watchers: Watchers
const accounts = (): readonly Address[] =>
  Array.from({ length: ACCOUNTS }, (_, index) => devnet.account(index))
const start = async (wanted: Wanted): Promise<void> => {
  watchers = await startWatchers(devnet, wanted, accounts())
}

const namesOf = ({ changes }: Awaited<ReturnType<typeof tellOne>>): readonly string[] =>
  changes.map(({ name }) => name)

describe('elsewhere', () => {
  beforeAll(async () => {
    devnet = await startDevnet()
  })
  afterEach(() => {
    closeFollower(watchers.book)
    closeFollower(watchers.watching)
  })
  afterAll(() => devnet.stop())

  test('Compound v2: a collateral factor and the close factor', async () => {
    const deployed = await compound.deployCompoundV2(devnet)
    const { addresses } = deployed
    await compound.enrich(devnet, addresses, accounts())
    const activity = createCompoundActivity({ random: createRandom(5), addresses, accounts: accounts() })
    await devnet.send(accounts().flatMap((account) => activity.open(account)))
    await start(compound.compoundOn(devnet, deployed))
    const abi = compoundAbi
    const send = (...data: readonly Hex[]) =>
      devnet.send(data.map((one) => ({ from: addresses.admin, to: addresses.comptroller, data: one })))
    for (const { cToken } of Object.values(addresses.markets)) {
      const told = await tellOne(watchers, () =>
        send(
          encodeFunctionData({ abi, functionName: '_setCollateralFactor', args: [cToken, 30n * PERCENT] }),
          encodeFunctionData({ abi, functionName: '_setCloseFactor', args: [60n * PERCENT] }),
        ),
      )
      expect(namesOf(told)).toContain('closeFactor')
      expectEffect(told)
    }
    const [{ cToken } = { cToken: addresses.oracle }] = Object.values(addresses.markets)
    const paused = await tellOne(watchers, () =>
      send(encodeFunctionData({ abi, functionName: '_setBorrowPaused', args: [cToken, true] })),
    )
    expect(namesOf(paused)).toEqual(['isBorrowPaused'])
    expectEffect(paused)
  })

  test('Venus: collateral factors, and a pause of liquidations', async () => {
    const deployed = await venus.deployVenus(devnet)
    const { addresses } = deployed
    await venus.enrich(devnet, addresses, accounts())
    const activity = createVenusActivity({ random: createRandom(5), addresses, accounts: accounts() })
    await devnet.send(accounts().flatMap((account) => activity.open(account)))
    await start(venus.venusOn(devnet, deployed))
    const abi = venusAbi
    const send = (data: Hex) => devnet.send([{ from: addresses.admin, to: addresses.comptroller, data }])
    let moved = 0
    for (const { vToken } of Object.values(addresses.markets)) {
      const args = [vToken, 20n * PERCENT] as const
      const told = await tellOne(watchers, () =>
        send(encodeFunctionData({ abi, functionName: '_setCollateralFactor', args })),
      )
      expect(namesOf(told)).toEqual(['liquidationThreshold', 'maxLtv'])
      expectEffect(told)
      moved += told.moves.length
    }
    expect(moved).toBeGreaterThan(0)
    const [{ vToken } = { vToken: addresses.comptroller }] = Object.values(addresses.markets)
    const args = [[vToken], [LIQUIDATE], true] as const
    const told = await tellOne(watchers, () =>
      send(encodeFunctionData({ abi, functionName: '_setActionsPaused', args })),
    )
    expect(namesOf(told)).toEqual(['isLiquidatePaused'])
    expectEffect(told)
  })

  test('Morpho: a fee, which moves nobody', async () => {
    const morpho = await deployMorpho(devnet)
    await morpho.fundAccounts(accounts())
    const activity = createMorphoActivity(devnet, morpho, createRandom(5), accounts(), ['weth'])
    for (const account of accounts())
      await morpho.act(await activity.open('weth', account), { tolerateReverts: true })
    await start(morphoOn(devnet, morpho))
    const told = await tellOne(watchers, () =>
      morpho.act([{ kind: 'setFee', market: 'weth', fee: 15n * PERCENT }]),
    )
    expect(told.changes).toMatchObject([
      { name: 'reserveFactor', symbol: 'USDC', before: 0n, after: 15n * PERCENT, unit: 'wad' },
    ])
    expectEffect(told)
    expect(told.moves).toEqual([])
  })
})
