// The sample bot on a chain of real contracts: it hears of a loan that has become liquidatable, liquidates it, and gets what it was told.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BotWorld, startBotWorld } from '../support/bot-world.ts'
import { until } from '../support/until.ts'

let world: BotWorld
beforeAll(async () => {
  world = await startBotWorld()
})
afterAll(() => world?.stop())

test('a price falls, the bot sends the call of the best option, and the amounts are the option’s to the unit', async () => {
  const { devnet, client, account } = world
  expect(world.said()).toEqual([{ event: 'listening', account, chain: devnet.chainId }])
  const told = await world.fall()
  const [debt, collateral] = ['USDC', 'WETH'].map((name) => devnet.addresses.reserves[name]?.asset)
  expect(told).toMatchObject({
    event: 'liquidated',
    position: `${devnet.chainId}:aave-v3:main:pool:${devnet.account(0)}`,
    isAsTold: true,
  })
  expect([told['repaid'], told['seized']]).toEqual([told['repay'], told['seize']])
  expect(BigInt(String(told['block'])) > BigInt(String(told['told']))).toBe(true)
  await until('the daemon has seen it', async () => (await client.liquidations()).liquidations.length > 0)
  const { liquidations } = await client.liquidations()
  expect(liquidations).toMatchObject([
    {
      ...{ transactionHash: told['transaction'], liquidator: account, position: told['position'] },
      ...{ debtAsset: debt, repaid: told['repaid'], collateralAsset: collateral, seized: told['seized'] },
    },
  ])
})

test('it is short enough to be read', () => {
  const source = readFileSync(join(import.meta.dirname, '../../scripts/sample-bot.ts'), 'utf8')
  expect(source.trimEnd().split('\n').length).toBeLessThanOrEqual(80)
})
