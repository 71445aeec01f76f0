// `check` of Venus core against the comptroller's own liquidity, and liquidations actually executed, of markets and of VAI, directly
// and through the liquidator contract: what is predicted is what moves.
import {
  type Address,
  decodeEventLog,
  encodeEventTopics,
  encodeFunctionData,
  getAddress,
  type Hex,
} from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Chain } from '../../src/chain/chain.ts'
import type { BlockRef } from '../../src/model/block.ts'
import type { LiquidationOutcome } from '../../src/model/liquidation.ts'
import { envOf } from '../../src/monitor/assessing.ts'
import { readAccounts } from '../../src/monitor/on-demand.ts'
import type { Adapter, Env, Mirror } from '../../src/protocols/adapter.ts'
import type { VenusRequest } from '../../src/protocols/venus-core/execution.ts'
import type { VenusMarket, VenusPosition } from '../../src/protocols/venus-core/state.ts'
import { offersOf } from '../../src/risk/liquidation-options.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import type { ChainLog } from '../devnet/mining.ts'
import { namedAccount, type Transaction } from '../devnet/plan.ts'
import { createRandom, type Random } from '../devnet/random.ts'
import { comptrollerAbi, vaiControllerAbi, vTokenAbi } from '../devnet/venus-core/abis.ts'
import { createVenusActivity, type VenusActivity } from '../devnet/venus-core/random-activity.ts'
import { deployVenus, enrich, type Venus, venusOn } from '../devnet/venus-core/venus.ts'
import { readAfresh } from '../support/afresh.ts'
import { chainAt } from '../support/follower.ts'
import { sized } from '../support/size.ts'
import { venusDataAt } from '../support/venus-data.ts'

const ACCOUNTS = sized(8, 32)
const ROUNDS = sized(4, 10)
const TIMEOUT_MS = sized(120_000, 1_800_000)
const BLOCK_SECONDS = 12
const BLOCKS_PER_ROUND_MAX = 200
const READ_ROUNDS_MAX = 12
const WAYS_MAX = sized(2, 3)
const LIQUIDATOR: Address = namedAccount('venus liquidator')

let devnet: Devnet
let venus: Venus
let chain: Chain
let adapter: Adapter
beforeAll(async () => {
  devnet = await startDevnet()
  venus = await deployVenus(devnet)
  chain = chainAt(devnet.url, devnet.chainId)
  adapter = venusOn(devnet, venus).adapter
})
afterAll(() => {
  chain.close()
  return devnet.stop()
})

/** Venus lists its markets itself: there is nothing to remember. */
const catalogue = {
  store: { load: () => undefined, save: () => undefined },
  reorgDepthMax: 0,
  onProgress: () => undefined,
}

/** Every account as `check` reads it, against the contract. */
const checkAll = async (block: BlockRef, accounts: readonly Address[]): Promise<number> => {
  const wanted = [venusOn(devnet, venus)]
  const read = await readAccounts(chain, block, wanted, accounts, READ_ROUNDS_MAX, catalogue)
  expect(read.failures).toEqual([])
  const truth = await venusDataAt(devnet, venus.addresses, block.hash, accounts)
  for (const assessment of read.assessments) {
    const { owner } = assessment
    const expected = truth.get(owner)
    if (assessment.kind === 'unassessable') {
      expect([owner, assessment.detail, expected?.code]).toEqual([owner, assessment.detail, 13n])
      continue
    }
    const ours = (assessment.liquidationValue ?? 0n) - assessment.debtValue
    const vai = assessment.debt.find(({ symbol }) => symbol === 'VAI')?.amount ?? 0n
    expect([owner, ours, vai, assessment.fidelity]).toEqual([
      owner,
      expected?.accrued,
      expected?.vai,
      'exact',
    ])
    expect(assessment.stored?.isLiquidatable).toBe((expected?.stored ?? 0n) < 0n)
  }
  return read.assessments.length
}

const topicOf = (eventName: 'LiquidateBorrow' | 'Transfer'): Hex =>
  encodeEventTopics({ abi: vTokenAbi, eventName })[0] as Hex

/** Both liquidation events say the same in the same words. */
const isLiquidation = ({ topics }: ChainLog): boolean =>
  topics[0] === topicOf('LiquidateBorrow') ||
  topics[0] === encodeEventTopics({ abi: vaiControllerAbi, eventName: 'LiquidateVAI' })[0]

/** What a liquidation's logs say that moved: vTokens of the collateral's market, and tokens of the debt that the payer gave. */
const movedIn = (logs: readonly ChainLog[], collateral: Address, debtAsset: Address) => {
  const moved = { seizeTokens: 0n, toLiquidator: 0n, toTreasury: 0n, paid: 0n }
  for (const log of logs) {
    const topics = log.topics as [Hex, ...Hex[]]
    if (isLiquidation(log)) moved.seizeTokens = BigInt(`0x${log.data.slice(-64)}`)
    if (topics[0] !== topicOf('Transfer') || topics.length !== 3) continue
    const { args } = decodeEventLog({ abi: vTokenAbi, eventName: 'Transfer', topics, data: log.data })
    const token = getAddress(log.address)
    if (token === collateral && args.to === LIQUIDATOR) moved.toLiquidator += args.amount
    if (token === collateral && args.to === venus.addresses.treasury) moved.toTreasury += args.amount
    if (token === debtAsset && args.from === LIQUIDATOR) moved.paid += args.amount
  }
  return moved
}

/** The env of a transaction in the next block, whose prices are those of the last. */
const nextEnv = (mirror: Mirror, block: BlockRef): Env => {
  const next = { ...block, number: block.number + 1n, timestamp: block.timestamp + BLOCK_SECONDS }
  return envOf(mirror, next, () => null)
}

type Loan = { readonly market: VenusMarket; readonly position: VenusPosition; readonly env: Env }

/** What somebody accrues in the same block, before. */
const accruals = ({ accrueFirst = [] }: VenusRequest): readonly Transaction[] =>
  accrueFirst.map((to) => ({
    ...{ from: LIQUIDATOR, to },
    data:
      to === venus.addresses.vaiController
        ? encodeFunctionData({ abi: vaiControllerAbi, functionName: 'accrueVAIInterest' })
        : encodeFunctionData({ abi: vTokenAbi, functionName: 'accrueInterest' }),
  }))

/** Mines our transaction of a request in the next block. */
const send = async ({ market, position }: Loan, request: VenusRequest, repay: bigint) => {
  const { to, data, value } = adapter.call(market, position, { ...request, repay })
  const transaction = { from: LIQUIDATOR, to, data, ...(value === undefined ? {} : { value }) }
  const { outcomes } = await devnet.send([...accruals(request), transaction], BLOCK_SECONDS)
  const sent = outcomes.at(-1)
  if (!sent) throw new Error('nothing was sent')
  return {
    reason: sent.reason,
    moved: movedIn(sent.logs, request.collateralAsset, request.debtAsset),
    value: value ?? 0n,
  }
}

/** The state behind a liquidation: the account's, and the totals of the markets that it touched. */
const expectAfter = async (mirror: Mirror, outcome: LiquidationOutcome, request: VenusRequest) => {
  const { market, position } = outcome.after
  const owner = position?.owner
  const head = await chain.head()
  const { deployment } = mirror
  const fresh = await readAfresh(chain, head, { adapter, deployment }, owner ? [owner] : [])
  if (owner)
    expect({ ...fresh.positions.get(`comptroller:${owner}`), asOf: 0n }).toEqual({ ...position, asOf: 0n })
  const totalsOf = (state: unknown) => {
    const { cTokens } = state as VenusMarket
    return [request.borrowed, request.collateralAsset].map((address) => cTokens[address]?.totals)
  }
  expect(totalsOf(fresh.markets.get('comptroller'))).toEqual(totalsOf(market))
}

/**
 * Executes one way to liquidate in the next block, as our transaction says it, and holds what moved against what was predicted.
 * The chain is as before afterwards.
 */
const liquidateBy = async (mirror: Mirror, loan: Loan, request: VenusRequest) => {
  const { repay: asked = 0n } = request
  const { market, position, env } = loan
  const outcome = adapter.liquidate(market, position, env, request)
  if (outcome.kind === 'blocked') throw new Error(`terms offered what is blocked: ${outcome.revert}`)
  const snapshot = await devnet.snapshot()
  const more = adapter.liquidate(market, position, env, { ...request, repay: asked + 1n })
  const isRefused = (await send(loan, request, asked + 1n)).moved.seizeTokens === 0n
  expect([more.kind, request.method]).toEqual([isRefused ? 'blocked' : 'liquidated', request.method])
  await devnet.revert(snapshot)
  const { reason, moved, value } = await send(loan, request, asked)
  const seized = outcome.seized[0]?.amount ?? 0n
  const fee = outcome.protocolFee[0]?.amount ?? 0n
  const isNative = market.cTokens[request.borrowed]?.isNative === true
  const isContract = market.liquidatorContract !== undefined
  // The contract takes all that is asked for, and keeps what VAI's controller does not take.
  const isVaiThroughContract = isContract && request.borrowed === venus.addresses.vaiController
  expect({ reason, ...moved, paid: isNative ? value : moved.paid }).toEqual({
    reason: undefined,
    seizeTokens: seized + fee,
    toLiquidator: seized,
    toTreasury: fee,
    paid: isVaiThroughContract ? asked : outcome.repaid.amount,
  })
  await expectAfter(mirror, outcome, request)
  await devnet.revert(snapshot)
}

type Tally = { executed: number; vai: number; throughContract: number; native: number }

const liquidateAll = async (mirror: Mirror, loan: Loan, tally: Tally): Promise<void> => {
  const { market } = loan
  for (const { request } of offersOf({ adapter, ...loan }).slice(0, WAYS_MAX)) {
    const one = request as VenusRequest
    await liquidateBy(mirror, loan, one)
    tally.executed += 1
    tally.vai += Number(one.borrowed === venus.addresses.vaiController)
    tally.throughContract += Number(market.liquidatorContract !== undefined)
    tally.native += Number(market.cTokens[one.borrowed]?.isNative === true)
  }
}

/** Somebody moves prices until loans fall, and blocks pass; in turn, liquidations go through the contract only. */
const disturb = async (random: Random, activity: VenusActivity, round: number): Promise<void> => {
  for (let block = 0; block < 4; block++) await devnet.send(activity.next(), BLOCK_SECONDS)
  await devnet.send(activity.crash(), BLOCK_SECONDS)
  const { admin, comptroller, liquidator } = venus.addresses
  const contract = round % 2 === 0 ? '0x0000000000000000000000000000000000000000' : liquidator
  const call = { abi: comptrollerAbi, functionName: '_setLiquidatorContract' } as const
  const data = encodeFunctionData({ ...call, args: [contract] })
  await devnet.send([{ from: admin, to: comptroller, data }], BLOCK_SECONDS)
  await devnet.mine({ blocks: random.integer(1, BLOCKS_PER_ROUND_MAX) })
}

test(
  `${ACCOUNTS * ROUNDS} random states equal the contract, and liquidations move what was predicted`,
  async () => {
    const random = createRandom(20_261_126)
    const { addresses } = venus
    const accounts = Array.from({ length: ACCOUNTS }, (_, index) => devnet.account(index))
    await enrich(devnet, addresses, [...accounts, LIQUIDATOR])
    const activity = createVenusActivity({ random, addresses, accounts })
    await devnet.send(accounts.flatMap((account) => activity.open(account)))
    const tally: Tally = { executed: 0, vai: 0, throughContract: 0, native: 0 }
    let checked = 0
    for (let round = 0; round < ROUNDS; round++) {
      const opened = await devnet.snapshot()
      await disturb(random, activity, round)
      const block = await chain.head()
      checked += await checkAll(block, accounts)
      const mirror = await readAfresh(chain, block, venusOn(devnet, venus), accounts)
      const market = mirror.markets.get('comptroller') as VenusMarket
      const env = nextEnv(mirror, block)
      for (const position of mirror.positions.values())
        await liquidateAll(mirror, { market, position: position as VenusPosition, env }, tally)
      await devnet.revert(opened)
    }
    console.log(
      `Venus core: ${checked} states checked; ${tally.executed} liquidations executed as predicted, ${tally.vai} of VAI, ${tally.native} of the native coin, ${tally.throughContract} through the liquidator contract`,
    )
    expect(checked).toBeGreaterThan(ACCOUNTS * ROUNDS * 0.7)
    expect(Math.min(tally.vai, tally.native, tally.throughContract)).toBeGreaterThan(0)
  },
  TIMEOUT_MS,
)
