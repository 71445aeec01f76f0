// A devnet with a few loans and a daemon that follows and serves it, for tests of the API.
import { expect } from 'vitest'
import { type Client, createClient as createTyped } from '../../src/client/client.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { ENS_REGISTRY } from '../devnet/ens.ts'
import { createChecker, createClient, documentedFetch, type OpenApi, type Reply, servedAt } from './api.ts'
import { type Daemon, startDaemon } from './daemon.ts'
import { until } from './until.ts'
import { createWorkspace, type Workspace } from './workspace.ts'

const ETHER = 10n ** 18n
export const [TOKEN, READER] = ['a-token-that-writes', 'a-token-that-reads']

export type ApiWorld = {
  readonly devnet: Devnet
  readonly work: Workspace
  readonly daemon: Daemon
  readonly document: OpenApi
  /** What programs use, with the token that reads; its answers are as the document has them. */
  readonly client: Client
  /** The same with the token that writes. */
  readonly writer: Client
  /** With the token that reads. */
  readonly ask: ReturnType<typeof createClient>
  /** The same; the answer is as the document has it. */
  get(path: string): Promise<Reply>
  /** With the token that writes, unless told; the answer is as the document has it. */
  send(method: string, path: string, body?: unknown, token?: string | null): Promise<Reply>
  /** The position of an account. */
  idOf(index: number): string
  stop(): Promise<void>
}

const SERVER = {
  port: 0,
  token: TOKEN,
  tokens: [{ name: 'reader', token: READER }],
  cors: ['https://app.example.org'],
  requestsPerMinuteMax: 60_000,
  bodyBytesMax: 2_000,
}

/** Accounts 0 to 3 owe 900, 1,500, 1,200 and 600 USDC against one WETH each, which falls to 1,760; account 1, which is watched, is liquidated in part. */
const happen = async (devnet: Devnet): Promise<void> => {
  await devnet.setPrice('WETH', 1_760n * 10n ** 8n)
  await devnet.act({
    kind: 'liquidate',
    liquidator: devnet.account(9),
    borrower: devnet.account(1),
    debt: 'USDC',
    collateral: 'WETH',
    amount: 100_000_000n,
  })
}

const asDocumented = (check: ReturnType<typeof createChecker>, ask: ApiWorld['ask']) => ({
  get: async (path: string): Promise<Reply> => {
    const reply = await ask(path)
    expect(check('GET', path, reply)).toEqual([])
    return reply
  },
  send: async (
    method: string,
    path: string,
    body?: unknown,
    token: string | null = TOKEN,
  ): Promise<Reply> => {
    const reply = await ask(path, { method, token, ...(body === undefined ? {} : { body }) })
    expect(check(method, path, reply)).toEqual([])
    return reply
  },
})

/** Starts it and waits until the daemon has all of it; `hook` is told of alerts. */
export const startApiWorld = async ({ hook }: { readonly hook?: string } = {}): Promise<ApiWorld> => {
  const devnet = await startDevnet({ stateBlocksMax: 1_000 })
  await devnet.openAccounts(
    [900n, 1_500n, 1_200n, 600n].map((debt, index) => ({
      account: devnet.account(index),
      supplies: { WETH: ETHER },
      borrows: { USDC: debt * 1_000_000n },
    })),
  )
  const work = createWorkspace(devnet, {
    rpc: [devnet.url],
    chain: { unreachableSecondsMax: 1, ens: { registry: ENS_REGISTRY } },
    watch: [{ account: devnet.account(1), label: 'treasury' }],
    ...(hook === undefined ? {} : { webhook: { url: hook } }),
    more: { server: SERVER },
  })
  const daemon = startDaemon(work.configFile)
  const url = await servedAt(daemon)
  const ask = createClient(url, READER)
  const document: OpenApi = (await ask('/openapi.json', { token: null })).body
  const check = createChecker(document)
  const [client, writer] = [READER, TOKEN].map((token) =>
    createTyped({ url, token, fetch: documentedFetch(check) }),
  ) as [Client, Client]
  await until('it is complete', async () => {
    const { status, blocks } = await client.status()
    return status === 'green' && blocks[0]?.isComplete === true
  })
  await happen(devnet)
  const head = String((await devnet.head()).number)
  await until('it follows', async () => (await client.status()).block?.number === head)
  return {
    ...{ devnet, work, daemon, document, client, writer, ask },
    ...asDocumented(check, ask),
    idOf: (index) => `${devnet.chainId}:aave-v3:main:pool:${devnet.account(index)}`,
    stop: async () => {
      await daemon.kill()
      await devnet.stop()
    },
  }
}
