// A devnet with two loans, a daemon that follows and serves it, and the sample bot with an account of its own, ready to act.
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { type Address, encodeFunctionData, type Hex, numberToHex, parseAbi } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { type Client, createClient } from '../../src/client/client.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { servedAt } from './api.ts'
import { startDaemon } from './daemon.ts'
import { until } from './until.ts'
import { createWorkspace } from './workspace.ts'

const TOKEN = 'a-token-of-the-bot'
const ROOT = join(import.meta.dirname, '..', '..')
const DOLLAR = 10n ** 8n
const USDC = 10n ** 6n
const ETHER = 10n ** 18n

export type BotWorld = {
  readonly devnet: Devnet
  readonly client: Client
  /** The bot's account. */
  readonly account: Address
  /** What the bot has printed so far. */
  said(): readonly Readonly<Record<string, unknown>>[]
  /** Lets the price fall to where the first loan can be liquidated, and mines until the bot says how it went. */
  fall(): Promise<Readonly<Record<string, unknown>>>
  stop(): Promise<void>
}

/** Gas and debt asset for the bot. */
const fund = async (devnet: Devnet, account: Address): Promise<void> => {
  await devnet.rpc.request('anvil_setBalance', [account, numberToHex(100n * ETHER)])
  const data = encodeFunctionData({
    abi: parseAbi(['function mint(address, uint256)']),
    args: [account, 10_000n * USDC],
  })
  await devnet.send([
    { from: devnet.account(9), to: devnet.addresses.reserves['USDC']?.asset as Address, data },
  ])
}

const startBot = (devnet: Devnet, url: string, key: Hex): ChildProcess =>
  spawn(process.execPath, ['--import', 'tsx', 'scripts/sample-bot.ts'], {
    cwd: ROOT,
    env: {
      ...{ PATH: process.env['PATH'], PLIMSOLL_URL: url, PLIMSOLL_TOKEN: TOKEN },
      ...{ RPC_URL: devnet.url, PRIVATE_KEY: key, MIN_USD: '1' },
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })

const linesOf = (child: ChildProcess): BotWorld['said'] => {
  let text = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  return () =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
}

/** The daemon's work place: it follows the devnet and serves the bot. */
const startFollowing = async (devnet: Devnet) => {
  const { configFile } = createWorkspace(devnet, {
    rpc: [devnet.url],
    more: { server: { port: 0, tokens: [{ name: 'bot', token: TOKEN }] } },
  })
  const daemon = startDaemon(configFile)
  const url = await servedAt(daemon)
  const client = createClient({ url, token: TOKEN })
  await until('it has read every loan', async () => {
    const { status, blocks } = await client.status()
    return status === 'green' && blocks[0]?.isComplete === true
  })
  return { daemon, url, client }
}

/** Starts all of it and waits until the bot listens. */
export const startBotWorld = async (): Promise<BotWorld> => {
  const devnet = await startDevnet({ stateBlocksMax: 1_000 })
  await devnet.openAccounts(
    [1_500n, 900n].map((debt, index) => ({
      account: devnet.account(index),
      supplies: { WETH: ETHER },
      borrows: { USDC: debt * USDC },
    })),
  )
  const key = generatePrivateKey()
  const account = privateKeyToAccount(key).address
  await fund(devnet, account)
  const { daemon, url, client } = await startFollowing(devnet)
  const bot = startBot(devnet, url, key)
  const said = linesOf(bot)
  await until('the bot listens', () => said().some(({ event }) => event === 'listening'))
  return {
    ...{ devnet, client, account, said },
    fall: async () => {
      const before = said().length
      await devnet.setPrice('WETH', 1_760n * DOLLAR)
      await until('the bot has acted', async () => {
        if (said().length === before) await devnet.mine()
        return said().length > before
      })
      return said()[before] ?? {}
    },
    stop: async () => {
      bot.kill()
      await daemon.kill()
      await devnet.stop()
    },
  }
}
