// ponder indexing the events of a pool beside our bootstrap and cycles, over the same chain.
import { type Abi, encodeEventTopics, parseAbi } from 'viem'
import { spread, timed } from '../measure.ts'
import type { Report } from '../report.ts'
import { cycleOnce, followAll, type World } from '../world.ts'
import { type IndexedChain, type Ponder, startPonder } from './ponder-process.ts'

const POOL_EVENTS = [
  'event Borrow(address indexed reserve, address user, address indexed onBehalfOf, uint256 amount, uint8 interestRateMode, uint256 borrowRate, uint16 indexed referralCode)',
  'event ReserveUsedAsCollateralEnabled(address indexed reserve, address indexed user)',
  'event ReserveUsedAsCollateralDisabled(address indexed reserve, address indexed user)',
  'event ReserveDataUpdated(address indexed reserve, uint256 liquidityRate, uint256 stableBorrowRate, uint256 variableBorrowRate, uint256 liquidityIndex, uint256 variableBorrowIndex)',
]
const TOKEN_EVENTS = [
  'event Mint(address indexed caller, address indexed onBehalfOf, uint256 value, uint256 balanceIncrease, uint256 index)',
  'event Burn(address indexed from, address indexed target, uint256 value, uint256 balanceIncrease, uint256 index)',
  'event BalanceTransfer(address indexed from, address indexed to, uint256 value, uint256 index)',
]

/** Blocks beyond which ponder takes history as final, and so by its fast path. */
const FINAL_BLOCKS = 64
const LIVE_BLOCKS = 10
const REPAYMENTS_PER_BLOCK = 200
const REPAID = 1_000_000n

const indexedChain = ({ devnet }: World): IndexedChain => {
  const reserves = Object.values(devnet.addresses.reserves)
  const tokens = reserves.flatMap(({ aToken, variableDebtToken }) => [aToken, variableDebtToken])
  return {
    url: devnet.url,
    chainId: devnet.chainId,
    fromBlock: devnet.fromBlock,
    contracts: {
      pool: { addresses: [devnet.addresses.pool], abi: POOL_EVENTS },
      tokens: { addresses: tokens, abi: TOKEN_EVENTS },
    },
  }
}

const topicsOf = (signatures: readonly string[]): readonly string[] => {
  const abi: Abi = parseAbi(signatures)
  return abi.flatMap((item) =>
    item.type === 'event' ? (encodeEventTopics({ abi, eventName: item.name }) as string[]).slice(0, 1) : [],
  )
}

/** Events of a span, counted by the node. */
const countEvents = async ({ devnet }: World, chain: IndexedChain, fromBlock: number): Promise<number> => {
  const counts = await Promise.all(
    Object.values(chain.contracts).map(async ({ addresses, abi }) => {
      const span = { fromBlock: `0x${fromBlock.toString(16)}`, toBlock: 'latest' }
      const filter = { ...span, address: addresses, topics: [topicsOf(abi)] }
      return (await devnet.rpc.request<readonly unknown[]>('eth_getLogs', [filter])).length
    }),
  )
  return counts.reduce((sum, count) => sum + count, 0)
}

const backfillOf = async (ponder: Ponder): Promise<number> => {
  const started = await ponder.line(({ msg }) => msg === 'Started backfill indexing')
  const completed = await ponder.line(({ msg }) => msg === 'Completed backfill indexing across all chains')
  await ponder.line(({ msg }) => msg === 'Started live indexing')
  return completed.time - started.time
}

/** Milliseconds from noticing a block to having indexed it. */
const liveOf = async (ponder: Ponder, number: number): Promise<number> => {
  const noticed = await ponder.line(
    (line) => line.msg === 'Received new head block' && line.number === number,
  )
  const indexed = await ponder.line((line) => line.msg === 'Indexed block' && line.number === number)
  return indexed.time - noticed.time
}

const repayIn = async ({ devnet, payers }: World, round: number): Promise<number> => {
  const actions = Array.from({ length: REPAYMENTS_PER_BLOCK }, (_, index) => ({
    kind: 'repay' as const,
    account: payers[(round * REPAYMENTS_PER_BLOCK + index) % payers.length] ?? devnet.account(0),
    asset: 'USDC',
    amount: REPAID,
  }))
  return (await devnet.act(actions)).block.number
}

const rowOf = (what: string, events: number, ours: number, theirs: number) => [
  what,
  events,
  ours,
  (events * 1_000) / ours,
  theirs,
  (events * 1_000) / theirs,
  theirs / ours,
]

/** History from nothing, then block by block; for every block ponder goes first and we wait for it. */
export const benchPonder = async (world: World): Promise<Report> => {
  const { devnet, borrowers } = world
  await devnet.mine({ blocks: FINAL_BLOCKS })
  const chain = indexedChain(world)
  const history = await countEvents(world, chain, devnet.fromBlock)
  const bootstrap = await timed(() => followAll(world))
  const follower = bootstrap.value
  const ponder = await startPonder(chain)
  try {
    const backfillMs = await backfillOf(ponder)
    if ((await ponder.eventCount()) !== history) throw new Error('ponder did not index all of the history')
    const blocks: { readonly ours: number; readonly theirs: number; readonly events: number }[] = []
    for (let round = 0; round < LIVE_BLOCKS; round++) {
      const number = await repayIn(world, round)
      const theirs = await liveOf(ponder, number)
      const { ms: ours } = await timed(() => cycleOnce(follower))
      blocks.push({ ours, theirs, events: await countEvents(world, chain, number) })
    }
    const middle = (of: 'ours' | 'theirs' | 'events') => spread(blocks.map((block) => block[of])).median
    return {
      name: 'ponder',
      title: `events of ${borrowers} drawn accounts, ours (durable commit, every position assessed) beside ponder (one write an event, PGlite)`,
      columns: ['events', 'count', 'ours ms', 'ours/s', 'ponder ms', 'ponder/s', 'ponder / ours'],
      rows: [
        rowOf('history, from nothing', history, bootstrap.ms, backfillMs),
        rowOf(`a block, median of ${LIVE_BLOCKS}`, middle('events'), middle('ours'), middle('theirs')),
      ],
    }
  } finally {
    await ponder.stop()
  }
}
