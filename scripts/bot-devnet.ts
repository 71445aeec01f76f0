// npm run bot:devnet: the sample bot at work. A local chain with real contracts, a daemon that follows it, a price that falls, a liquidation.
import { startBotWorld } from '../test/support/bot-world.ts'

const show = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

show('starting a local chain, a daemon that follows it, and the bot …')
const world = await startBotWorld()
try {
  const { client, devnet } = world
  show(`the bot said ${JSON.stringify(world.said()[0])}`)
  const { positions } = await client.positions()
  for (const one of positions)
    if (one.kind === 'assessed') show(`  ${one.id}: health ${Number(one.healthFactor) / 1e18}`)
  show(`WETH falls from ${Number(await devnet.price('WETH')) / 1e8} to 1760 US dollars`)
  show(`the bot said ${JSON.stringify(await world.fall(), null, 2)}`)
} finally {
  await world.stop()
}
