// A devnet with a hundred loans that lived through a crash, and a daemon that follows and serves them: what the page is looked at with.
import type { Address } from 'viem'
import { openLoans } from '../../scripts/demo/loans.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { ENS_REGISTRY } from '../devnet/ens.ts'
import { createClient, servedAt } from './api.ts'
import { startDaemon } from './daemon.ts'
import { until } from './until.ts'
import { type Receiver, startReceiver } from './webhook.ts'
import { createWorkspace } from './workspace.ts'

export const [WRITES, READS] = ['a-token-that-writes', 'a-token-that-reads']
const DAY_SECONDS = 86_400
const HOUR_SECONDS = 3_600

export type WebWorld = {
  readonly url: string
  readonly devnet: Devnet
  /** Of the daemon, for the command line. */
  readonly configFile: string
  /** Accounts with a loan; the first five are watched, the first of them nearest to the line. */
  readonly accounts: readonly Address[]
  /** Who is told of alerts, by the name of `hook`; with a spare one, at another path by the name of `spare`. */
  readonly hook: Receiver
  /** Sets a price in whole US dollars and waits until the daemon has it. */
  setPrice(symbol: string, dollars: number): Promise<void>
  /** Waits until the daemon has the head. */
  follow(): Promise<void>
  /** Ends the daemon as a power cut would. */
  killDaemon(): Promise<void>
  stop(): Promise<void>
}

export type WebWorldOptions = {
  /** Without tokens, anybody who reaches it may read and write. */
  readonly hasTokens?: boolean
  /** Whether prices have fallen, hour by hour, and come back a bit. */
  readonly isStormy?: boolean
  readonly hasSpare?: boolean
}

const storm = async ({ setPrice, follow, devnet, accounts }: WebWorld): Promise<void> => {
  await devnet.increaseTime(30 * DAY_SECONDS)
  // Oracles have reported since.
  for (const [symbol, dollars] of Object.entries({ WBTC: 60_050, LINK: 15.1, USDC: 1.0001, DAI: 0.9999 }))
    await setPrice(symbol, dollars)
  for (const dollars of [2_950, 3_020, 2_900, 2_688, 2_500, 2_330, 2_210, 2_111]) {
    await devnet.increaseTime(HOUR_SECONDS)
    await setPrice('WETH', dollars)
  }
  const [treasury, whale] = accounts
  if (!treasury || !whale) return
  await devnet.act([{ kind: 'repay', account: whale, asset: 'USDC', amount: 4_000_000_000n }], {
    tolerateReverts: true,
  })
  await follow()
  await devnet.act(
    ['USDC', 'DAI'].map((asset) => ({
      kind: 'liquidate',
      liquidator: devnet.account(9_999),
      borrower: treasury,
      debt: asset,
      collateral: 'WETH',
      amount: 10n ** 30n,
    })),
    { tolerateReverts: true },
  )
  await follow()
  await devnet.increaseTime(HOUR_SECONDS)
  await setPrice('WETH', 2_240)
}

/** Starts it and waits until the daemon has all of it. */
export const startWebWorld = async (options: WebWorldOptions = {}): Promise<WebWorld> => {
  const devnet = await startDevnet({ liquidity: 700_000n, stateBlocksMax: 1_000 })
  const hook = await startReceiver()
  const loans = await openLoans(devnet)
  const tokens = { token: WRITES, tokens: [{ name: 'reader', token: READS }] }
  const told = (name: string) => ({ name, webhook: { url: new URL(name, hook.url).href } })
  const work = createWorkspace(devnet, {
    rpc: [devnet.url],
    chain: { unreachableSecondsMax: 2, ens: { registry: ENS_REGISTRY } },
    watch: loans.flatMap(({ account, label }) => (label ? [{ account, label }] : [])),
    webhook: { url: hook.url },
    more: {
      ...(options.hasSpare ? { receivers: [told('hook'), told('spare')] } : {}),
      server: { port: 0, requestsPerMinuteMax: 60_000, ...(options.hasTokens ? tokens : {}) },
    },
  })
  const daemon = startDaemon(work.configFile)
  const url = await servedAt(daemon)
  const ask = createClient(url, options.hasTokens ? READS : null)
  const follow = async (): Promise<void> => {
    const head = String((await devnet.head()).number)
    await until('it follows', async () => {
      const { body } = await ask('/v1/status')
      return body.blocks?.[0]?.isComplete && body.block?.number === head
    })
  }
  const world: WebWorld = {
    ...{ url, devnet, hook, follow, configFile: work.configFile },
    accounts: loans.map(({ account }) => account),
    setPrice: async (symbol, dollars) => {
      await devnet.setPrice(symbol, BigInt(Math.round(dollars * 1e8)))
      await follow()
    },
    killDaemon: daemon.kill,
    stop: async () => {
      await daemon.kill()
      await hook.stop()
      await devnet.stop()
    },
  }
  await follow()
  if (options.isStormy) await storm(world)
  await follow()
  return world
}
